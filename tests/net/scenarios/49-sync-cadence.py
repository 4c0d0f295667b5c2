#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A connection is told as often as mainline ip_vs tells it, and in the same states, by whatever rules: sync-threshold,
sync-period, sync-refresh-period, sync-retries, sync-persist-mode.

    wire: client ---- director (lb; another one is ip_vs's, beside it) ---- wire: rs1, where the messages of the master are read, too

The same packets go through both. Rules by packets, and refresh periods so long that none ends, leave nothing to
time; retries are of time: what is to be early is so by seconds, what is to be late may be as late as it likes.
"""
import collections, os, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..'), os.path.join(HERE, '../packets')]
import table, told
from genl import check, finish

SERVICES = (('udp', 'vip:54', 'nat', ''), ('udp', 'vip:55', 'nat', '300'), ('tcp', 'vip:80', 'nat', ''),
            ('tcp', 'vip:81', 'direct', ''), ('sctp', 'vip:80', 'nat', ''))
MANY = 60


def client(protocol, *packets, to='vip'):
    return [('client', f'{protocol} {p} client > {to}'.replace('  ', ' ')) for p in packets]


def server(protocol, packet):
    return [('rs1', f'{protocol} {packet} rs1 > client')]


def tcp_opens():
    return client('tcp', 'S') + server('tcp', 'SA') + client('tcp', 'A')


def sctp_opens():
    return (client('sctp', 'INIT') + server('sctp', 'INIT-ACK') + client('sctp', 'COOKIE-ECHO') + server('sctp', 'COOKIE-ACK'))


TRAFFIC = {
    'datagrams': client('udp', *[''] * MANY, to='vip:54'),
    'datagrams of a persistent client': client('udp', *[''] * MANY, to='vip:55'),
    'TCP that the client ends': tcp_opens() + client('tcp', *['A'] * MANY, 'FA') + server('tcp', 'FA') + client('tcp', 'A', 'A'),
    'TCP that the server ends': tcp_opens() + client('tcp', *['A'] * MANY) + server('tcp', 'FA') + client('tcp', 'A', 'FA', 'A') +
                                server('tcp', 'A'),
    'TCP that is reset': tcp_opens() + client('tcp', *['A'] * MANY, 'R', 'R'),
    'TCP around the director': client('tcp', 'S', 'A', *['A'] * MANY, 'FA', 'A', to='vip:81'),
    'SCTP that the client ends': sctp_opens() + client('sctp', *['DATA'] * MANY, 'SHUTDOWN') + server('sctp', 'SHUTDOWN-ACK') +
                                 client('sctp', 'SHUTDOWN-COMPLETE'),
    'SCTP that the server ends': sctp_opens() + client('sctp', *['DATA'] * MANY) + server('sctp', 'SHUTDOWN') +
                                 client('sctp', 'SHUTDOWN-ACK') + server('sctp', 'SHUTDOWN-COMPLETE') + client('sctp', 'DATA'),
    'SCTP that is aborted': sctp_opens() + client('sctp', *['DATA'] * MANY, 'ABORT'),
}
# A connection's packets follow one another at once; no refresh period is over before their last, 10 seconds being
# the shortest that a period so long can become, and an eighth of it 150.
RULES = [dict(threshold=t, period=p, refresh=r, retries=n)
         for t, p in ((3, 50), (0, 1), (2, 5), (0, 4), (59, 60), (3, 0), (0, 0))
         for r, n in ((0, 0), (1200, 0), (1200, 3))] + [dict(threshold=2, period=5, persist_mode=1)]


def datagrams_told(threshold, period, refresh=0, retries=0, persist_mode=0):
    """Of so many datagrams, by ipvs-sysctl.rst"""
    if period:
        due = sum(n % period == threshold for n in range(1, MANY + 1))
    else:
        due = MANY if refresh else threshold in range(1, MANY + 1)
    return min(due, 1) if refresh else due


def environment(network, method='nat', port=0):
    return {'balancer': network.balancer, 'rs': 'rs1', 'kernel': '6.12', 'family': 'v4', 'protocol': 'tcp', 'method': method,
            'rs port': 8080 if method == 'nat' else 81, 'port': port}


def send(network, traffic, port):
    env = environment(network, 'direct' if traffic is TRAFFIC['TCP around the director'] else 'nat', port)
    made = {}
    for link, text in traffic:
        if (link, text) not in made:
            made[link, text] = table.Packet(text, env)
        network.send(link, made[link, text])


def begin(balancer):
    network = told.Director(balancer)
    for protocol, service, method, persist in SERVICES:
        env = environment(network, method)
        if network.do(table.substitute(f"vs_add {protocol} @{service} rr '' '{persist}' && "
                                       f'rs_add {protocol} @{service} @rs1:rs {method} 1', env)):
            sys.exit('not ok - the scenario could be set up')
    network.start('master')
    return network


def everything(network):
    """Each traffic by each of the rules -> {client port: which}"""
    port, ports = 1024, {}
    for n, rules in enumerate(RULES):
        network.rules(**rules)
        for what, traffic in TRAFFIC.items():
            send(network, traffic, port)
            network.collect()
            ports[port], port = (n, what), port + 1
    return ports


def heard(network, last):
    """-> what was told up to now; one datagram of client port @last, told as it is, marks the end"""
    network.rules(0, 1)
    send(network, TRAFFIC['datagrams'][:1], last)
    return [r for message in network.listen(last) for r in told.records(message)]


def by_rules(networks):
    answers = {}
    for network in networks:
        ports = everything(network)
        answers[network.balancer] = states = collections.defaultdict(list)
        for r in heard(network, 60000):
            if not r.flags & told.TEMPLATE and r.port in ports:
                states[ports[r.port]].append(r.state)
    ours, theirs = answers['lb'], answers['ipvs']
    for n, rules in enumerate(RULES):
        said = ', '.join(f'{name} {value}' for name, value in rules.items())
        for what in TRAFFIC:
            a, b = ours[n, what], theirs[n, what]
            check(f'{said}: {what}: {len(b)} times', a == b, f'{len(a)} times, as {brief(a)}, ip_vs as {brief(b)}')
        for balancer, states in answers.items():
            got, want = len(states[n, 'datagrams']), datagrams_told(**rules)
            check(f'{said}: datagrams, {balancer}: {want} times', got == want, got)
    check('ip_vs has told of connections in several states', len({s for b in theirs.values() for s in b}) > 4, theirs)


def brief(states):
    return ' '.join(f'{s}' for s in states[:8]) + (' ...' if len(states) > 8 else '')


def by_retries(networks):
    """Three datagrams at a time: an eighth of the period, 5 seconds, is over before the next three."""
    rules = dict(threshold=0, period=1, refresh=40, retries=2)
    for network in networks:
        network.rules(**rules)
    for n in range(4):
        if n:
            time.sleep(6.5)
        for network in networks:
            send(network, TRAFFIC['datagrams'][:3], 50000)
            network.collect()
    for network in networks:
        got = sum(r.port == 50000 for r in heard(network, 60001))
        # At once, twice more, and not a third time.
        check(f'{network.balancer}: told once, and again so many times', got == 3, got)


def main():
    os.sched_setaffinity(0, {0})
    networks = [begin(balancer) for balancer in ('lb', 'ipvs')]
    by_rules(networks)
    by_retries(networks)
    for network in networks:
        network.close()
    return finish()


sys.exit(main())
