#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A TCP connection is in the state that mainline ip_vs has it in, after whatever three segments; with secure-tcp, too.

    wire: client ---- director (lb, then ip_vs) ---- wire: rs1

Every sequence that begins with a client's SYN, by nat from both sides and by direct from the client's, goes through
either balancer, one client port each; then their lists of connections are compared, state by state. Every third
sequence is taken; EVERY=1 takes them all.
"""
import itertools, json, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '../packets'))
import table

EVERY = int(os.environ.get('EVERY', '3'))
# Of what has none of these ip_vs says that the connection is over; lb goes by RFC 9293, 3.10.7: it means nothing.
FLAGS = 'S SA A F FA R'.split()
# What ip_vs calls lb's states.
IPVS = {'SYN_SENT': 'syn-sent', 'SYN_RECV': 'syn-recv', 'FIN_WAIT': 'fin-wait', 'TIME_WAIT': 'time-wait', 'CLOSE_WAIT': 'close-wait',
        'LAST_ACK': 'last-ack', 'SYNACK': 'synack'}


def sequences(method):
    links = ('client', 'rs1') if method == 'nat' else ('client',)
    steps = [(link, f) for link in links for f in FLAGS]
    lengths = (1, 2) if method == 'nat' else (1, 2, 3)
    for n in lengths:
        for rest in itertools.product(steps, repeat=n):
            yield (('client', 'S'),) + rest


def states(balancer, director):
    """State by client port."""
    command = ['lbctl', 'conn', 'list', '--json'] if balancer == 'lb' else ['cat', '/proc/net/ip_vs_conn']
    out = subprocess.run(['nsenter', '--net=/run/netns/' + director, *command], stdout=subprocess.PIPE, check=True, text=True).stdout
    if balancer == 'lb':
        return {c['client-port']: c['state'] for c in json.loads(out)}
    words = (line.split() for line in out.splitlines()[1:])
    return {int(w[2], 16): IPVS.get(w[7], w[7].lower()) for w in words}


# Off; on; while memory is short, which it always is; while it is short, which it never is.
SETTINGS = {'': 'true', 'secure-tcp 3: ': 'setting secure-tcp 3',
            'secure-tcp 1, no memory: ': 'setting amemthresh 2147483647 && setting secure-tcp 1',
            'secure-tcp 1, memory: ': 'setting amemthresh 1 && setting secure-tcp 1'}


def run(balancer):
    """-> by setting and method, the state after each sequence"""
    network = table.Network(balancer)
    env = {'balancer': balancer, 'rs': 'rs1', 'kernel': '6.12', 'family': 'v4', 'protocol': 'tcp'}
    for method, port in (('nat', 80), ('direct', 81)):
        env |= {'method': method, 'rs port': 8080 if method == 'nat' else 81, 'port': 0}
        if network.do(table.substitute(f'vs_add @@ @vip:{port} rr && rs_add @@ @vip:{port} @rs1:rs {method} 1', env)):
            sys.exit('not ok - the scenario could be set up')
    result, port = {}, 1024
    for what, command in SETTINGS.items():
        if network.do(command):
            sys.exit('not ok - the setting could be set')
        for method, vip in (('nat', 'vip'), ('direct', 'vip:81')):
            todo, first = list(sequences(method))[::EVERY], port
            env |= {'method': method, 'rs port': 8080 if method == 'nat' else 81}
            for n, sequence in enumerate(todo):
                env['port'] = port = first + n
                for link, flags in sequence:
                    text = f'tcp {flags} client > {vip}' if link == 'client' else f'tcp {flags} rs1 > client'
                    network.send(link, table.Packet(text, env))
                if n % 50 == 49:
                    network.collect()
            network.collect()
            now, port = states(balancer, network.director), port + 1
            result[what, method] = [(s, now.get(first + n, 'nothing')) for n, s in enumerate(todo)]
    network.close()
    return result


def main():
    os.sched_setaffinity(0, {0})
    passed = failed = 0
    lb, ipvs = run('lb'), run('ipvs')
    for (what, method), theirs in ipvs.items():
        ours, ordinary = lb[what, method], ipvs['', method]
        wrong = [(s, a, b) for (s, a), (_, b) in zip(ours, theirs) if a != b]
        seen = {b for _, b in theirs}
        # The settings are felt, where they are to be.
        other = sum(a != b for a, b in zip(theirs, ordinary))
        enough = 'nothing' not in seen and len(seen) >= 4 and bool(other) == ('3' in what or 'no memory' in what)
        claim = f'{what}{method}: after {len(ours)} sequences of segments the states are those of ip_vs'
        print(f'# {method}: {" ".join(sorted(seen))}; {other} other than without settings')
        if wrong or not enough:
            failed += 1
            print(f'not ok - {claim}: got {len(wrong)} that differ, {len(seen)} states')
            for sequence, a, b in wrong[:10]:
                print('#   ' + ', '.join(f'{link} {f}' for link, f in sequence) + f': {a}, not {b}')
        else:
            passed += 1
            print(f'ok - {claim}')
    print(f'{passed} passed, {failed} failed')
    return failed != 0


sys.exit(main())
