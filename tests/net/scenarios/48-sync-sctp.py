#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""An SCTP association that was opened through one director goes on through the other, be it lb or ip_vs: with the
same server, in both directions, with right checksums.

    wire: client ---- director (lb; another one is ip_vs's, beside it) ---- wire: rs1, rs2

Messages that come out of one director by the link of rs1 are put into the other one's; a packet takes either. Chunks are
written here, so that no kernel needs SCTP of its own.
"""
import json, os, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..'), os.path.join(HERE, '../packets')]
import table, told
from genl import check, finish
from packet import ADDRESS, address, crc32c

SERVERS, N = ('rs1', 'rs2'), 4


def begin(balancer):
    network = told.Director(balancer)
    env = {'balancer': balancer, 'family': 'v4', 'protocol': 'sctp', 'method': 'nat'}
    if network.do(table.substitute('vs_add @@ @vip:80 rr && rs_add @@ @vip:80 @rs1:rs nat 1 && '
                                   'rs_add @@ @vip:80 @rs2:rs nat 1', env)):
        sys.exit('not ok - the scenario could be set up')
    return network


def send(network, port, link, chunk):
    """-> the links where SCTP came out, and what"""
    env = {'balancer': network.balancer, 'rs': 'rs1', 'kernel': '6.12', 'family': 'v4', 'protocol': 'sctp', 'method': 'nat',
           'rs port': 8080, 'port': port}
    network.send(link, table.Packet(f'sctp {chunk} client > vip' if link == 'client' else f'sctp {chunk} {link} > client', env))
    return [(at, ip) for at, packets in network.collect().items() for _, ip, _ in packets if ip[9] == 132]


def right(ip, src, sport, dst, dport):
    sctp = ip[(ip[0] & 15) * 4:]
    return ip[12:20] == address(ADDRESS['v4'][src]) + address(ADDRESS['v4'][dst]) and \
        sctp[:4] == sport.to_bytes(2, 'big') + dport.to_bytes(2, 'big') and \
        sctp[8:12] == crc32c(sctp[:8] + bytes(4) + sctp[12:]).to_bytes(4, 'little')


def opened(network, port):
    """-> the server, and that it was told: of a client's packets, INIT and COOKIE ECHO among them, the seventh tells"""
    out = send(network, port, 'client', 'INIT')
    if len(out) != 1 or out[0][0] not in SERVERS:
        sys.exit(f'not ok - {network.balancer} opens an association')
    server = out[0][0]
    for link, chunk in [(server, 'INIT-ACK'), ('client', 'COOKIE-ECHO'), (server, 'COOKIE-ACK')] + [('client', 'DATA')] * 5:
        send(network, port, link, chunk)
    return server


def established(network):
    """-> client ports"""
    command = ['lbctl', 'conn', 'list', '--json'] if network.balancer == 'lb' else ['cat', '/proc/net/ip_vs_conn']
    out = subprocess.run(['nsenter', '--net=/run/netns/' + network.director, *command], stdout=subprocess.PIPE, check=True, text=True).stdout
    if network.balancer == 'lb':
        return {c['client-port'] for c in json.loads(out) if c['state'] == 'sctp-established'}
    return {int(w[2], 16) for w in map(str.split, out.splitlines()[1:]) if w[0] == 'SCTP' and w[7] == 'ESTABLISHED'}


def learnt(network, ports):
    end = time.monotonic() + told.LONG
    while not set(ports) <= established(network):
        if time.monotonic() > end:
            return False
        time.sleep(.02)
    return True


def goes_on(a, b, first):
    what, ports = f'{a.balancer} to {b.balancer}', range(first, first + N)
    a.rules(2, 5)
    b.start('backup')
    a.start('master')
    servers = {port: opened(a, port) for port in ports}
    check(f'{what}: two servers', set(servers.values()) == set(SERVERS), servers)
    # Nothing is made of DATA alone.
    check(f'{what}: before, the other one knows none', not any(at in SERVERS for p in ports for at, _ in send(b, p, 'client', 'DATA')))
    for message in a.listen(ports[-1]):
        told.carry(message, b)
    check(f'{what}: the other one learns of all', learnt(b, ports), established(b))
    for direction in 'from the client', 'from the server':
        good = 0
        for port, server in servers.items():
            if direction == 'from the client':
                out, want = send(b, port, 'client', 'DATA'), server
                good += [at for at, _ in out] == [want] and right(out[0][1], 'client', port, server, 8080)
            else:
                out, want = send(b, port, server, 'DATA'), 'client'
                good += [at for at, _ in out] == [want] and right(out[0][1], 'vip', 80, 'client', port)
        check(f'{what}: they go on there, {direction}', good == N, good)
    a.stop('master')
    b.stop('backup')


def main():
    os.sched_setaffinity(0, {0})
    lb, ipvs = networks = [begin(balancer) for balancer in ('lb', 'ipvs')]
    goes_on(lb, ipvs, 4001)
    goes_on(ipvs, lb, 5001)
    for network in networks:
        network.close()
    return finish()


sys.exit(main())
