#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Random packets through the hooks: nothing breaks, and good connections go on.

    wire: client ---- director (every method, both families) ---- wire: rs1, rs2

Packets of every kind the tables know are cut, stretched and overwritten at random, from a printed seed
(SEED=... repeats others, FRAMES=... sends more), and sent into every link. The kernel's complaints are the
lab's to see; here it is checked that the director still does its work and tells what it dropped.
"""
import os, random, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '../packets'))
import table

# What is mutated: a word of each kind the hooks look into.
GOOD = [
    'tcp S client > vip', 'tcp A client > vip data 100', 'udp client > vip data 40', 'tcp S client > vip:81', 'udp client > vip:81',
    'tcp S client > vip:82 data 9', 'udp client > vip:82 data 1300', 'tcp SA rs1:8080 > client', 'udp rs1:8080 > client data 30',
    'icmp echo client > vip id 3 data 20', 'icmp port-unreach client > vip { tcp SA vip:80 > client data 20 }',
    'icmp too-big far > vip mtu 600 { tcp A vip:80 > client data 900 }',
    'icmp ttl-exceeded lan > client { tcp S client > rs1:8080 ttl 1 }',
    'icmp port-unreach rs1 > client { udp client > rs1:8080 data 20 }',
    'icmp too-big lan > dir1 mtu 1300 { dir1 > rs1 | tcp A client > vip:82 data 900 }',
    'icmp port-unreach client > vip { icmp port-unreach vip > client { tcp S client > vip } }',
    'udp client > vip data 900 frag 0-304 id 9 fid 9', 'udp client > vip data 900 frag 304-608 id 9 fid 9',
    'udp client > vip data 900 frag 608- id 9 fid 9', 'client > vip | tcp S client > vip',
    'sctp INIT client > vip data 20', 'sctp COOKIE-ECHO+ABORT client > vip', 'sctp DATA client > vip:82 data 1300',
    'sctp INIT-ACK rs1:8080 > client data 9', 'icmp port-unreach rs1 > client { sctp INIT client > rs1:8080 data 20 }',
    'icmp port-unreach client > vip { sctp DATA vip:80 > client data 20 }',
]
GOOD4 = ['tcp S client > vip ipopts 01010101', 'udp client > vip ipopts 0704040000000000', 'tcp S client > vip ipopts 830704c0000201000000000000']
GOOD6 = ['tcp S client > vip hbh', 'udp client > vip dstopt rh', 'tcp S client > vip hbh dstopt rh frag 0-16']


def mutate(rnd, b):
    b = bytearray(b)
    for _ in range(rnd.choice((0, 1, 1, 1, 2, 3, 8))):
        how = rnd.randrange(6)
        at = min(rnd.randrange(len(b)), rnd.choice((20, 40, 60, 9999))) if b else 0
        if how == 0 and b:
            b[at] = rnd.randrange(256)
        elif how == 1 and b:
            b[at] ^= 1 << rnd.randrange(8)
        elif how == 2:
            del b[at:]
        elif how == 3:
            b += rnd.randbytes(rnd.randrange(1, 40))
        elif how == 4:
            b[at:at + 4] = rnd.choice((bytes(4), b'\xff' * 4, b'\0\0\0\1'))
        else:
            del b[at:at + rnd.randrange(1, 8)]
    # A right checksum lets more of them in than a wrong one would.
    if len(b) >= 20 and b[0] >> 4 == 4 and rnd.random() < .9:
        n = min(len(b), (b[0] & 15) * 4)
        if n >= 12:
            b[10:12] = b'\0\0'
            b[10:12] = (~table.fold(bytes(b[:n])) & 0xffff).to_bytes(2, 'big')
            if rnd.random() < .7 and n >= 20:
                b[2:4] = min(len(b), 65535).to_bytes(2, 'big')
                b[10:12] = b'\0\0'
                b[10:12] = (~table.fold(bytes(b[:n])) & 0xffff).to_bytes(2, 'big')
    elif len(b) >= 40 and b[0] >> 4 == 6 and rnd.random() < .8:
        b[4:6] = (len(b) - 40).to_bytes(2, 'big')
    return bytes(b[:1400])      # what the narrowest link takes


class Frame:
    partial = 0

    def __init__(self, b):
        self.bytes = b


def main():
    balancer = os.environ.get('BALANCER', 'lb')
    seed, frames = int(os.environ.get('SEED', '20261122')), int(os.environ.get('FRAMES', '4000'))
    print(f'# seed {seed}, {frames} frames')
    os.sched_setaffinity(0, {0})
    rnd = random.Random(seed)
    network = table.Network(balancer)
    pool = []
    base = {'balancer': balancer, 'rs': 'rs1', 'kernel': '6.12', 'port': 4000}
    for family in ('v4', 'v6'):
        for protocol in ('tcp', 'udp', 'sctp'):
            for port, rs, method in ((80, '@rs1:rs', 'nat'), (81, '@rs1:81', 'direct'), (82, '@rs2:82', 'tunnel')):
                env = base | {'family': family, 'protocol': protocol, 'method': method, 'rs port': 8080}
                if network.do(table.substitute(f'vs_add @@ @vip:{port} rr && rs_add @@ @vip:{port} {rs} {method} 1', env)):
                    sys.exit('not ok - the scenario could be set up')
        env = base | {'family': family, 'protocol': 'tcp', 'method': 'nat', 'rs port': 8080}
        pool += [table.Packet(text, env).bytes for text in GOOD + (GOOD4 if family == 'v4' else GOOD6)]

    passed = failed = came_out = 0
    try:
        for n in range(frames):
            b = mutate(rnd, rnd.choice(pool))
            if b:
                network.send(rnd.choice(table.LINKS), Frame(b))
            if n % 50 == 49:
                came_out += sum(len(v) for v in network.collect().values())
        claims = [('the director forwards what is not for it', True)]
    except table.Bad as e:
        claims = [(f'the director forwards what is not for it ({e})', False)]
    # What went to addresses where nobody is comes back as ICMP once the search for them is over: before
    # the rest, which asks for nothing but what it sends for.
    network.do('wait_for unresolved_none director')
    came_out += sum(len(v) for v in network.collect().values())
    print(f'# {came_out} packets came out')
    claims.append(('some of them were forwarded', came_out > frames / 20))
    for family in ('v4', 'v6'):
        for protocol in ('tcp', 'udp', 'sctp'):
            env = base | {'family': family, 'protocol': protocol, 'method': 'nat', 'rs port': 8080, 'port': 5000}
            case = table.Case('', [], '')
            case.lines = [('', [], '>', 'client', 'l4 S client > vip'), ('', [], '<', 'rs1', 'l4 S client > rs1 ttl 63'),
                          ('', [], '>', 'rs1', 'l4 SA rs1 > client'), ('', [], '<', 'client', 'l4 SA vip > client ttl 63')]
            wrong = table.run_case(network, case, env)
            claims.append((f'a good {family} {protocol} connection still works {wrong or ""}', not wrong))
    if balancer == 'lb':
        network.do('lbctl stats | sed -n "/Dropped/,\\$s/^/# /p"')
        claims.append(('drops are counted', network.do("lbctl stats | sed -n '/Dropped/,$p' | grep -q '^ *[1-9]'") == 0))
    network.close()
    for claim, good in claims:
        print(('ok - ' if good else 'not ok - ') + claim)
        passed, failed = passed + good, failed + (not good)
    if balancer == 'lb':
        done = subprocess.run(['rmmod', 'lb']).returncode == 0
        print('ok - the module can be unloaded' if done else 'not ok - the module can be unloaded')
        passed, failed = passed + done, failed + (not done)
    print(f'{passed} passed, {failed} failed')
    return failed != 0


sys.exit(main())
