#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What a backup hears is checked before it is believed: each kind of nonsense is counted by what is wrong with it and
opens nothing; what is right is made true; and after many random messages (SEED=..., MESSAGES=...) it still listens.

    director alone: what is sent to the group by d0 comes back to it
"""
import os, random, socket, struct, subprocess, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from genl import COMMANDS, Socket, attr, attributes, check, finish, lbctl, number, own_namespace


def ip(*args):
    subprocess.run(['ip', *args], check=True)


own_namespace()
os.sched_setaffinity(0, {0})
ip('link', 'set', 'lo', 'up')
ip('link', 'add', 'd0', 'type', 'veth', 'peer', 'name', 'd1')
for dev in 'd0', 'd1':
    ip('link', 'set', dev, 'up')
ip('addr', 'add', '10.9.0.1/24', 'dev', 'd0')
nl = Socket()
lbctl('service', 'add', 'tcp', '192.0.2.1:80', '--scheduler', 'rr')
lbctl('dest', 'add', 'tcp', '192.0.2.1:80', '10.0.0.11:8080')


def start(**given):
    parts = {'role': b'\2', 'ifname': b'd0\0', 'id': b'\7'} | given
    return nl.ask(COMMANDS['sync-start'], b''.join(attr(number('sync', n), v) for n, v in parts.items()))


def counts():
    total = {}
    for kind, body in nl.ask(COMMANDS['stats-get'], b'')[1]:
        for what, nest in attributes(body[4:]):
            if what == number('total', 'sync'):
                one = dict(attributes(nest))
                name = one[number('sync-counter', 'name')].rstrip(b'\0').decode()
                total[name] = struct.unpack('=Q', one[number('sync-counter', 'value')])[0]
    return total


sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton('10.9.0.1'))
sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)


def send(message):
    sender.sendto(message, ('224.0.0.81', 8848))


def heard(message):
    """-> what was counted of it"""
    before = counts()
    send(message)
    for _ in range(500):
        after = counts()
        changed = {n: after[n] - before[n] for n in after if after[n] != before[n]}
        if set(changed) - {'received-messages'} or (changed and message[4:5] == b'\0'):
            return changed
        time.sleep(.01)
    return changed


def record(flags=0, state=1, proto=6, client='198.51.100.2', vip='192.0.2.1', dest='10.0.0.11', ports=(4000, 80, 8080), timeout=60,
           kind=0, options=b'', size=None, mark=0, version=0):
    body = struct.pack('!IHHHHII', flags, state, *ports, mark, timeout)
    body += socket.inet_aton(client) + socket.inet_aton(vip) + socket.inet_aton(dest) + options
    return struct.pack('!BBH', kind, proto, size if size is not None else version << 12 | 4 + len(body)) + body


def message(*records, conns=None, sync_id=7, size=None, version=1, spare=0, first=0):
    body = b''
    for r in records:
        body += bytes(-len(body) % 4) + r
    return struct.pack('!BBHBBH', first, sync_id, size if size is not None else 8 + len(body),
                       len(records) if conns is None else conns, version, spare) + body


def old(flags=0, state=1, proto=6, conns=1, size=28):
    return struct.pack('!BBHBBHHH', conns, 7, size, 0, proto, 4001, 80, 8080) + socket.inet_aton('198.51.100.2') + \
        socket.inet_aton('192.0.2.1') + socket.inet_aton('10.0.0.11') + struct.pack('!HH', flags, state)


GOOD = message(record())
BELIEVED = {'received-messages': 1}
TEMPLATE, NO_CPORT, ONE_PACKET = 0x1000, 0x800, 0x2000
BAD = [
    ('a few bytes', b'\0\7\0', {'bad-size': 1}),
    ('a wrong length', message(record(), size=43), {'bad-size': 1}),
    ('more connections than there are', message(record(), conns=2), {'bad-size': 1}),
    ('fewer', message(record(), record(), conns=1), {'bad-size': 1}),
    ('a connection cut short', message(record()[:-1]), {'bad-size': 1}),
    ('a record larger than the message', message(record(size=0xfff)), {'bad-size': 1}),
    ('a record smaller than any', message(record(size=35)), {'bad-record': 1}),
    ('a record of size 0', message(record(size=0)), {'bad-record': 1}),
    ('an unknown kind', message(record(kind=4)), {'bad-record': 1}),
    ('IPv6 in the room of IPv4', message(record(kind=1)), {'bad-record': 1}),
    ("a record's unknown version", message(record(version=1)), {'bad-record': 1}),
    ('version 2', message(record(), version=2), {'bad-version': 1}),
    ('another id', message(record(), sync_id=8), {'other-id': 1}),
    ('an option of no length', message(record(options=b'\2\0')), {'bad-option': 1}),
    ('an option twice', message(record(options=b'\2\1a\2\1a')), {'bad-option': 1}),
    ('an option that is cut', message(record(options=b'\1\x18abc')), {'bad-option': 1}),
    ('numbers of another length', message(record(options=b'\1\3abc')), {'bad-option': 1}),
    ('a long name', message(record(options=b'\3\x11' + b'x' * 17)), {'bad-option': 1}),
    ('an unknown option', message(record(options=b'\5\1x')), {'bad-option': 1}),
    ('a good one before a bad one', message(record(), record(kind=9)), {'bad-record': 1}),
    ('a state TCP has not', message(record(state=11)), BELIEVED | {'bad-state': 1}),
    ('a state UDP has not', message(record(proto=17, state=1)), BELIEVED | {'bad-state': 1}),
    ('a state SCTP has not', message(record(proto=132, state=14)), BELIEVED | {'bad-state': 1}),
    ('a state beyond a byte', message(record(state=0xffff)), BELIEVED | {'bad-state': 1}),
    ('ICMP', message(record(proto=1)), BELIEVED | {'bad-protocol': 1}),
    ('one packet', message(record(flags=ONE_PACKET)), BELIEVED | {'bad-flags': 1}),
    ('no client port', message(record(flags=NO_CPORT)), BELIEVED | {'bad-flags': 1}),
    ('a template of those', message(record(flags=TEMPLATE | NO_CPORT)), BELIEVED | {'bad-flags': 1}),
    ("a template's state", message(record(flags=TEMPLATE, state=2)), BELIEVED | {'bad-state': 1}),
    ('a template of no service', message(record(flags=TEMPLATE)), BELIEVED | {'no-service': 1}),
    ('an unknown engine', message(record(flags=TEMPLATE, options=b'\2\1a\3\1x')), BELIEVED | {'bad-option': 1}),
    ('an id without an engine', message(record(flags=TEMPLATE, options=b'\2\1a')), BELIEVED | {'bad-option': 1}),
    ('a multicast client', message(record(client='224.0.0.1')), BELIEVED | {'bad-address': 1}),
    ('a destination nowhere', message(record(dest='0.0.0.0')), BELIEVED | {'bad-address': 1}),
    ('a destination everywhere', message(record(dest='255.255.255.255')), BELIEVED | {'bad-address': 1}),
    ('version 0, cut', old(size=27)[:27], {'bad-size': 1}),
    ('version 0, more than there are', old(conns=2), {'bad-size': 1}),
    ('version 0, numbers that are not there', old(flags=0x200), {'bad-size': 1}),
    ('version 0, one packet', old(flags=ONE_PACKET), BELIEVED | {'bad-flags': 1}),
    ('version 0, an unknown state', old(state=11), BELIEVED | {'bad-state': 1}),
    ('longer than any', message(*[record()] * 60), {'bad-size': 1}),
]


def conns():
    return int(lbctl('conn', 'count').strip())


def main():
    error, _, text = start()
    check('a backup starts', not error, (error, text))
    for what, bad, want in BAD:
        got = heard(bad)
        check(f'{what}: {", ".join(want)}', got == want, got)
    check('nothing was opened', conns() == 0, conns())

    check('a good one', heard(GOOD) == BELIEVED | {'received-conns': 1})
    check('the end of another does not end it', heard(message(record(flags=0x100, state=6, dest='10.0.0.12'))) == BELIEVED | {'stale': 1})
    check('is a connection', conns() == 1, conns())
    check('the same in version 0', heard(old()) == BELIEVED | {'received-conns': 1})
    check('it goes where another one says', heard(message(record(dest='10.0.0.12'))) == BELIEVED | {'received-conns': 1})
    check('and that is all', conns() == 2, conns())
    many = [record(client=f'198.51.{100 + i // 200}.{1 + i % 200}', dest=f'10.{1 + i // 200}.0.{1 + i % 200}') for i in range(1100)]
    for i in range(0, len(many), 40):
        heard(message(*many[i:i + 40]))
    check('of unknown destinations, so many', conns() <= 1 + 1024, conns())
    check('what is more is counted', counts()['conn-limit'] >= 1100 - 1024, counts())

    seed, n = int(os.environ.get('SEED', '20261122')), int(os.environ.get('MESSAGES', '3000'))
    print(f'# seed {seed}, {n} messages')
    rnd = random.Random(seed)
    for _ in range(n):
        b = bytearray(rnd.choice([GOOD, message(record(), record(options=b'\2\1a\3\3sip', flags=TEMPLATE)), old()] + [m for _, m, _ in BAD[:40]]))
        for _ in range(rnd.randrange(4)):
            b[rnd.randrange(len(b))] = rnd.randrange(256)
        if rnd.random() < .3:
            del b[rnd.randrange(len(b)):]
        if len(b) >= 4 and rnd.random() < .8:
            b[1:4] = struct.pack('!BH', 7, len(b))
        send(bytes(b))
    got = heard(GOOD)
    check('it still listens', got.get('received-messages'), got)
    lbctl('flush')
    lbctl('conn', 'del', '--all')
    check('and stops', not nl.ask(COMMANDS['sync-stop'], attr(number('sync', 'role'), b'\2'))[0])
    return finish()


sys.exit(main())
