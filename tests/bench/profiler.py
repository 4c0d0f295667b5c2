# SPDX-License-Identifier: GPL-2.0
"""Where a packet's instructions go: the blocks that insns.c counted, by function.

Each measured run is one file profile.N in the lab's folder; profile.json tells which is what.
"""
import bisect, collections, json, os, subprocess


def build(top):
    """Compiles the plugin, if need be, and returns its path."""
    source, plugin = f'{top}/tests/bench/insns.c', f'{top}/build/bench/insns.so'
    if not os.path.exists(plugin) or os.path.getmtime(plugin) < os.path.getmtime(source):
        os.makedirs(os.path.dirname(plugin), exist_ok=True)
        subprocess.run(['gcc', '-O2', '-Wall', '-shared', '-fPIC', '-fvisibility=hidden',
                        '-o', plugin, source], check=True)
    return plugin


class Symbols:
    def __init__(self, path):
        found = {}
        with open(path, encoding='ascii') as f:
            for line in f:
                words = line.split()
                if words[1] in 'tTwW' and words[2] not in ('_text', '_stext', 'startup_64'):
                    found.setdefault(int(words[0], 16), words[2] + (' ' + words[3] if len(words) > 3 else ''))
        self.addresses = sorted(found)
        self.names = [found[a] for a in self.addresses]

    def find(self, addr):
        if addr < 1 << 63:
            return 'user space', 0
        i = bisect.bisect_right(self.addresses, addr) - 1
        return self.names[i], addr - self.addresses[i]


def functions(path, symbols):
    """name -> [instructions, atomic instructions, calls]"""
    counts = collections.defaultdict(lambda: [0, 0, 0])
    with open(path, encoding='ascii') as f:
        for line in f:
            addr, insns, atomics, runs = line.split()
            name, offset = symbols.find(int(addr, 16))
            entry = counts[name]
            entry[0] += int(insns) * int(runs)
            entry[1] += int(atomics) * int(runs)
            entry[2] += int(runs) * (offset == 0)
    return counts


def tables(out, least=4):
    """For each row, who runs how much per packet; contenders side by side, the largest first."""
    with open(out + '/profile.json', encoding='ascii') as f:
        runs = json.load(f)
    symbols = Symbols(out + '/kallsyms')
    rows = collections.defaultdict(dict)
    for run in runs:
        rows[run['row']][run['contender']] = (functions(f"{out}/profile.{run['number']}", symbols), run['packets'])
    for row, columns in rows.items():
        names = list(columns)
        yield f"{row}: instructions, calls and atomic instructions per packet, by function"
        yield '  '.join(f'{n:>22}' for n in names)
        per = {n: {fn: [x / packets for x in c] for fn, c in counts.items()}
               for n, (counts, packets) in columns.items()}
        yield '  '.join('{:9.0f} {:5} {:6.1f}'.format(sum(c[0] for c in per[n].values()), '',
                                                       sum(c[1] for c in per[n].values())) for n in names) + '  total'
        every = {fn for n in names for fn in per[n]}
        for fn in sorted(every, key=lambda fn: -max(per[n].get(fn, [0])[0] for n in names)):
            if max(per[n].get(fn, [0])[0] for n in names) < least:
                continue
            yield '  '.join('{:9.1f} {:5.1f} {:6.1f}'.format(c[0], c[2], c[1]) if c else ' ' * 22
                            for c in (per[n].get(fn) for n in names)) + '  ' + fn
        yield ''
