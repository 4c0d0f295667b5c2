#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Runs packet tables: what goes in on one link, and every byte of what comes out on which.

    table.py [--balancer lb|ipvs]... [--list] [--match TEXT] [TABLE]...

README.md explains how tables are written. This file knows how they are read and how to compare; what a
line's bytes are is packet.py's, how they travel network.py's.
"""
import argparse, itertools, os, re, sys

from network import HERE, LINKS, MAC_DIRECTOR, MAC_PEER, Network
from packet import ADDRESS, OTHER, Bad, Packet, fold

DIMENSIONS = {'family': ('v4', 'v6'), 'protocol': ('tcp', 'udp', 'sctp'), 'method': ('nat', 'direct', 'tunnel'),
              'balancer': ('lb', 'ipvs')}


# --- tables

class Case:
    def __init__(self, name, only, where):
        self.name, self.only, self.where, self.lines = name, only, where, []


def read_table(path):
    """-> dimensions, setup lines, cases"""
    dims, setup, cases = dict(DIMENSIONS), [], []
    for n, line in enumerate(open(path), 1):
        line = re.sub(r'(^|\s)#.*', '', line).strip()
        where = f'{os.path.basename(path)}:{n}'
        if not line:
            continue
        word, rest = (line.split(None, 1) + [''])[:2]
        m = re.match(r'(\w+)(?:\[([^]]*)\])?\s+([<>])\s*(.*)', line)
        if word in DIMENSIONS:
            dims[word] = tuple(rest.split())
        elif word in ('setup', 'do', 'case') or word.startswith(('setup[', 'do[', 'case[')):
            m = re.match(r'(setup|do|case)(?:\[([^]]*)\])?\s+(.*)', line)
            only = (m[2] or '').split()
            if m[1] == 'setup':
                setup.append((only, m[3]))
            elif m[1] == 'case':
                cases.append(Case(m[3], only, where))
            else:
                cases[-1].lines.append((where, only, 'do', '', m[3]))
        elif m and m[1] in LINKS:
            cases[-1].lines.append((where, (m[2] or '').split(), m[3], m[1], m[4]))
        else:
            raise Bad(f'{where}: {line}')
    return dims, setup, cases


def meant(only, env):
    """Whether qualifiers such as [v4 tcp nat] include this environment."""
    for dim, values in list(DIMENSIONS.items()) + [('kernel', KERNELS)]:
        named = [w for w in only if w in values]
        if named and env[dim] not in named:
            return False
    unknown = [w for w in only if not any(w in v for v in DIMENSIONS.values()) and w not in KERNELS]
    if unknown:
        raise Bad(f'qualifier {unknown[0]}?')
    return True


KERNELS = ('6.1', '6.12')


# --- comparison

def dissect(ip):
    """Scapy takes seconds to start under emulation, so it is asked only when something differs."""
    from scapy.layers.inet import IP
    from scapy.layers.inet6 import IPv6
    return (IPv6 if ip[:1] and ip[0] >> 4 == 6 else IP)(ip)


def describe(ip):
    """One line a person can read."""
    return dissect(ip).summary() + f' len {len(ip)}'


def fields(ip):
    p = dissect(ip)
    for depth in itertools.count():
        layer = p.getlayer(depth)
        if layer is None:
            return
        for f in layer.fields_desc:
            yield f'{depth}:{layer.name}.{f.name}', layer.getfieldval(f.name)


def alike(ip, expected, whatever):
    if len(ip) != len(expected):
        return False
    ip = bytearray(ip)
    for i in whatever:
        ip[i:i + 1] = expected[i:i + 1]
    return ip == expected


def difference(link, want, got):
    if got is None:
        return f'{link}: nothing, not {describe(want.bytes)}'
    if want is None:
        return f'{link}: {describe(got[1])}, not nothing'
    ether, ip, _ = got
    if ether[:12] != MAC_PEER + MAC_DIRECTOR:
        return f'{link}: link-layer addresses {ether[:12].hex()}'
    expected = want.with_source(ip)
    if alike(ip, expected, want.any):
        if ip[0] >> 4 == 6 and (ip[1] ^ expected[1]) & 0xf0:
            return f'{link}: class {ip[0] & 15:x}{ip[1] >> 4:x} in {describe(ip)}'
        if 10 in want.any and fold(ip[:(ip[0] & 15) * 4]) != 0xffff:
            return f'{link}: IP checksum wrong in {describe(ip)}'
        return None
    a, b = dict(fields(ip)), dict(fields(expected))
    diff = [f'{k} {a.get(k)!r}, not {b.get(k)!r}' for k in list(a) + [k for k in b if k not in a] if a.get(k) != b.get(k) and 'Raw' not in k]
    return f'{link}: {describe(ip)}: ' + '; '.join(diff)[:400]


def run_case(network, case, env):
    """-> what is wrong, or nothing"""
    steps = []
    for where, only, verb, link, text in case.lines:
        if not meant(only, env):
            continue
        if verb == '<':
            if not steps:
                raise Bad(f'{where}: expects before it sends')
            steps[-1][3].append((where, link, text))
        else:
            steps.append((where, verb, (link, text), []))
    for where, verb, (link, text), expected in steps:
        if verb == 'do':
            status = network.do(substitute(text, env))
            if status:
                return [f'{where}: {text}: status {status}']
            got = network.collect()
        else:
            network.send(link, Packet(text, env))
            got = None
            # Packets of one step may be several: they go in one after another.
            if not expected and (steps[-1][0] != where) and next_is_send(steps, where):
                continue
            got = network.collect()
        wrong = []
        for l in LINKS:
            wants = []
            for w, k, t in expected:
                if k == l:
                    e = dict(env, rs=l) if l != 'client' else env
                    wants.append((w, Packet(t, e)))
            for want, seen in itertools.zip_longest(wants, got[l]):
                d = difference(l, want and want[1], seen)
                if d:
                    wrong.append(f'{want[0] if want else where}: {d}')
        if wrong:
            return wrong
    return []


def claim(env, case):
    return f"{env['balancer']} {env['method']} {env['family']} {env['protocol']}: {case.name}"


def next_is_send(steps, where):
    """Consecutive packets without an expectation between them are one burst."""
    i = [st[0] for st in steps].index(where)
    return steps[i + 1][1] == '>'


def substitute(text, env):
    a = ADDRESS[env['family']]

    def one(m):
        name, port = m[1], m[2]
        family = env['family']
        if name.endswith('x') and name[:-1] in a:
            name, family = name[:-1], OTHER[family]
        if name not in a:
            return m[0]
        if port == ':rs':
            port = ':8080' if env['method'] == 'nat' else ':' + re.search(r'@vip:(\d+)', text)[1]
        address = ADDRESS[family][name]
        return (f'[{address}]' if family == 'v6' and port else address) + (port or '')
    text = re.sub(r'@(\w+)(:\d+|:rs)?', one, text)
    return text.replace('@@', env['protocol']).replace('@method', env['method'])


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--balancer', action='append', choices=('lb', 'ipvs'))
    args.add_argument('--list', action='store_true')
    args.add_argument('--match', default='')
    args.add_argument('table', nargs='*')
    args = args.parse_args()
    tables = args.table or sorted(os.path.join(HERE, f) for f in os.listdir(HERE) if f.endswith('.table'))
    if args.list:
        for t in tables:
            print(os.path.basename(t))
        return 0
    os.sched_setaffinity(0, {0})
    kernel = '.'.join(os.uname().release.split('.')[:2])
    kernel = '6.1' if kernel == '6.1' else '6.12'
    passed = failed = 0
    port = 20000
    for balancer in args.balancer or ['lb']:
        network = Network(balancer)
        for path in tables:
            name = os.path.basename(path)[:-len('.table')]
            dims, setup, cases = read_table(path)
            for method in dims['method']:
                combos = [{'balancer': balancer, 'method': method, 'family': f, 'protocol': p, 'kernel': kernel, 'rs': 'rs1',
                           'rs port': 8080 if method == 'nat' else 80}
                          for f in dims['family'] for p in dims['protocol']]
                if not any(args.match in claim(env, case) for env in combos for case in cases if meant(case.only, env)):
                    continue
                network.tell('batch')
                for env in combos:
                    for only, line in setup:
                        if meant(only, env):
                            network.tell(substitute(line, env))
                if network.tell('end_batch'):
                    print(f'not ok - {name} ({balancer} {method}) could be set up')
                    failed += 1
                network.collect()
                for case in cases:
                    for env in combos:
                        if not meant(case.only, env) or args.match not in claim(env, case):
                            continue
                        port += 1
                        env['port'] = port
                        try:
                            wrong = run_case(network, case, env)
                        except (Bad, KeyError, ValueError) as e:
                            wrong = [f'{case.where}: {e!r}']
                        if wrong:
                            failed += 1
                            print(f'not ok - {claim(env, case)}: got {wrong[0]}')
                            for w in wrong[1:]:
                                print(f'#   {w}')
                            network.collect()
                        else:
                            passed += 1
                            print(f'ok - {claim(env, case)}')
                        sys.stdout.flush()
        network.close()
    print(f'{passed} passed, {failed} failed')
    return failed != 0 or not passed


if __name__ == '__main__':
    sys.exit(main())
