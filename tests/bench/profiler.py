# SPDX-License-Identifier: GPL-2.0
"""Where a packet's instructions go: the blocks that insns.c counted, by function.

Each measured run is one file profile.N in the lab's folder, and modules.N the modules' symbols then;
profile.json tells which is what.
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
    def __init__(self, kernel, modules):
        found = {}
        for line in kernel + modules:
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


def lines(path):
    with open(path, encoding='ascii') as f:
        return f.readlines()


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
    """For each row, what a packet costs each contender, by module and then by function."""
    with open(out + '/profile.json', encoding='ascii') as f:
        runs = json.load(f)
    kernel = [line for line in lines(out + '/kallsyms') if '[' not in line]
    rows = collections.defaultdict(dict)
    for run in runs:
        symbols = Symbols(kernel, lines(f"{out}/modules.{run['number']}"))
        counts = functions(f"{out}/profile.{run['number']}", symbols)
        rows[run['row']][run['contender']] = {
            name: [n / run['packets'] for n in count] for name, count in counts.items()}
    for row, columns in rows.items():
        yield f'{row}: instructions, calls and atomic instructions per packet'
        yield '  '.join(f'{name:>22}' for name in columns)
        yield from _lines({name: _sums(f, lambda _: 'total') for name, f in columns.items()}, 0)
        yield from _lines({name: _sums(f, _module) for name, f in columns.items()}, 1)
        yield from _lines(columns, least)
        yield ''


def _module(function):
    return function[function.index('['):] if '[' in function else '[kernel]'


def _sums(counts, key):
    sums = collections.defaultdict(lambda: [0, 0, None])
    for function, (insns, atomics, _) in counts.items():
        entry = sums[key(function)]
        entry[0] += insns
        entry[1] += atomics
    return sums


def _lines(columns, least):
    most = collections.defaultdict(float)
    for counts in columns.values():
        for name, count in counts.items():
            most[name] = max(most[name], count[0])
    for name in sorted(most, key=lambda name: -most[name]):
        if most[name] >= least:
            yield '  '.join(_cell(counts.get(name)) for counts in columns.values()) + '  ' + name
    yield ''


def _cell(count):
    if not count:
        return ' ' * 22
    insns, atomics, calls = count
    return f"{insns:9.1f} {'' if calls is None else f'{calls:.1f}':>5} {atomics:6.1f}"
