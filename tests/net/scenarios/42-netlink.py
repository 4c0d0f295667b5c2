#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The family IPVS, attribute by attribute: each command with each attribute left out, of every wrong length, of odd
values, and random ones, gets the same error of lb as of ip_vs, and leaves the same tables behind.

One module after the other, each in a namespace of its own. What is on purpose otherwise is in DIFFERENT.
"""
import errno, glob, os, random, re, socket, struct, sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
from genl import DUMP, Socket, attr, attributes, check, finish, on_both, wait_for

# linux/ip_vs.h
CMD = {n: i for i, n in enumerate('- NEW_SERVICE SET_SERVICE DEL_SERVICE GET_SERVICE NEW_DEST SET_DEST DEL_DEST GET_DEST NEW_DAEMON '
                                  'DEL_DAEMON GET_DAEMON SET_CONFIG GET_CONFIG SET_INFO GET_INFO ZERO FLUSH'.split())}
TOP = {'service': 1, 'dest': 2, 'daemon': 3, 'tcp': 4, 'tcp-fin': 5, 'udp': 6}
SERVICE = {n: i for i, n in enumerate('- af protocol addr port fwmark sched flags timeout netmask stats pe stats64'.split())}
DEST = {n: i for i, n in enumerate('- addr port method weight upper lower active inactive persistent stats af stats64 tunnel '
                                   'tunnel-port tunnel-flags'.split())}
DAEMON = {n: i for i, n in enumerate('- state ifn id maxlen group group6 port ttl'.split())}


def threads():
    """-> name and state of each, as far as it lives while we look"""
    for stat in glob.glob('/proc/[0-9]*/stat'):
        try:
            text = open(stat).read()
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield text[text.index('(') + 1:text.rindex(')')], text[text.rindex(')') + 2]


def u8(n):
    return struct.pack('=B', n & 0xff)


def u16(n):
    return struct.pack('=H', n & 0xffff)


def u32(n):
    return struct.pack('=I', n & 0xffffffff)


def be16(n):
    return struct.pack('!H', n)


def ip(text):
    return socket.inet_pton(socket.AF_INET6 if ':' in text else socket.AF_INET, text)


# Whole ones, by name; what a request changes is given as {name: bytes}, None to leave it out.
KEY = {'af': u16(2), 'protocol': u16(6), 'addr': ip('192.0.2.1').ljust(16, b'\0'), 'port': be16(80)}
KEY6 = KEY | {'af': u16(10), 'addr': ip('2001:db8::1')}
MARK = {'af': u16(2), 'fwmark': u32(7)}
POLICY = {'sched': b'rr\0', 'flags': u32(0) + u32(~0), 'timeout': u32(0), 'netmask': u32(~0)}
SERVER = {'addr': ip('10.0.0.11').ljust(16, b'\0'), 'port': be16(8080)}
MANNER = {'method': u32(0), 'weight': u32(1), 'upper': u32(0), 'lower': u32(0)}
ROLE = {'state': u32(1), 'ifn': b'd0\0', 'id': u32(3)}

# Values that mean something at the edges of what there is, by attribute.
ODD = {
    'service': {
        'af': [u16(n) for n in (0, 1, 3, 10, 0x0a00, 0xffff)], 'protocol': [u16(n) for n in (0, 1, 17, 132, 255, 256 + 6, 0xffff)],
        'addr': [bytes(16), ip('224.0.0.1').ljust(16, b'\0'), ip('2001:db8::9'), b'\xff' * 16, ip('192.0.2.1') + b'\1' * 12],
        'port': [be16(0), be16(65535)], 'fwmark': [u32(n) for n in (0, 7, 8, ~0)],
        'sched': [b'\0', b'nosuch\0', b'rr', b'wrr\0', b'sh\0', b'mh\0', b'r' * 15 + b'\0', b'rr\0junk\0'],
        'flags': [u32(f) + u32(m) for f in (0, 1, 2, 4, 8, 16, 32, ~0) for m in (0, 1, ~0)],
        'timeout': [u32(n) for n in (1, 300, 86400 * 31, 0x7fffffff, ~0)],
        'netmask': [u32(0), u32(0x00ffffff), u32(0x00ff00ff), u32(0xff000000), u32(64), u32(128), u32(129)],
        'pe': [b'\0', b'sip\0', b'nosuch\0', b's' * 16 + b'\0'], 'stats': [attr(1, u32(5))], 'stats64': [attr(1, bytes(8))]},
    'dest': {
        'addr': [bytes(16), ip('224.0.0.1').ljust(16, b'\0'), ip('2001:db8::11'), ip('10.0.0.1').ljust(16, b'\0'), b'\xff' * 16],
        'port': [be16(0), be16(80), be16(65535)], 'method': [u32(n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 0x100, ~0)],
        'weight': [u32(n) for n in (0, 65535, 65536, 0x7fffffff)], 'upper': [u32(n) for n in (1, 10, ~0)],
        'lower': [u32(n) for n in (1, 10, ~0)], 'active': [u32(9)], 'inactive': [u32(9)], 'persistent': [u32(9)],
        'stats': [attr(1, u32(5))], 'af': [u16(n) for n in (0, 1, 2, 10, 0xffff)], 'stats64': [attr(1, bytes(8))],
        'tunnel': [u8(n) for n in (0, 1, 2, 3, 255)], 'tunnel-port': [be16(0), be16(6080)],
        'tunnel-flags': [u16(n) for n in (0, 1, 2, 3, 4, 0xffff)]},
    'daemon': {
        'state': [u32(n) for n in (0, 2, 3, 4, ~0)], 'ifn': [b'\0', b'eth7\0', b'lo\0', b'd0', b'd' * 15 + b'\0'],
        'id': [u32(n) for n in (0, 255, 256, ~0)], 'maxlen': [u16(n) for n in (0, 1, 99, 1000, 1472, 1473, 65535)],
        'group': [ip('224.0.0.82'), ip('10.0.0.1'), bytes(4)], 'group6': [ip('ff02::82'), ip('2001:db8::1'), bytes(16)],
        'port': [u16(n) for n in (0, 1, 8848, 65535)], 'ttl': [u8(n) for n in (0, 1, 255)]},
}
SIZES = (0, 1, 2, 3, 4, 5, 15, 16, 17)

# What differs on purpose: the request, what lb says, what ip_vs says; Documentation/ipvs.md says why.
DIFFERENT = [(re.compile(request), ours, theirs) for request, ours, theirs in (
    ('NEW_SERVICE: protocol ', 'EPROTONOSUPPORT', 'done'),
    ('NEW_SERVICE: (addr|fwmark) ', 'EADDRNOTAVAIL', 'done'),
    ('..._SERVICE: flags ', 'EINVAL', 'done'),
    ('..._SERVICE: netmask ', 'EINVAL', 'done'),
    ('..._SERVICE: (flags|timeout|netmask|pe) ', 'done', 'done'),
    ('..._DEST: method ', 'EINVAL', 'done'),
    ('..._DEST: method ', 'EINVAL', 'EEXIST'),
    ('..._DEST: method ', 'EINVAL', 'ENOENT'),
    ('..._DEST: (method|(dest without )?tunnel(-port|-flags)?) ?', 'done', 'done'),
    ('..._DEST: tunnel ', 'EINVAL', 'done'),
    ('NEW_DEST: port ', 'EINVAL', 'done'),
    ('..._DEST: weight ', 'ERANGE', 'done'),
    ('..._DEST: weight ', 'ERANGE', 'EEXIST'),
    ('NEW_DAEMON: id ', 'EINVAL', 'done'),
)]


def nest(number, names, values):
    return attr(number, b''.join(attr(names[n], v) for n, v in values.items() if v is not None), nested=True)


class Asker:
    def __init__(self, seed):
        self.nl, self.said, self.random = Socket('IPVS'), [], random.Random(seed)

    def table(self):
        """What there is, without counters and rates, in no order."""
        out = []
        for kind, names, command in ((1, SERVICE, 'GET_SERVICE'), (3, DAEMON, 'GET_DAEMON')):
            for _, body in self.nl.ask(CMD[command], b'', DUMP)[1]:
                own = dict(attributes(dict(attributes(body[4:])).get(kind, b'')))
                out.append(f'{kind} ' + ' '.join(f'{n}={own[i].hex()}' for n, i in names.items() if i in own and 'stats' not in n))
                if kind == 1:
                    key = attr(1, b''.join(attr(i, own[i]) for i in range(1, 6) if i in own), nested=True)
                    for _, body in self.nl.ask(CMD['GET_DEST'], key, DUMP)[1]:
                        dest = dict(attributes(dict(attributes(body[4:]))[2]))
                        out.append(f'  {out[-1][:60]} ' + ' '.join(f'{n}={dest[i].hex()}' for n, i in DEST.items()
                                                                    if i in dest and 'stats' not in n))
        return sorted(out) + [body.hex() for _, body in self.nl.ask(CMD['GET_CONFIG'], b'')[1]]

    def base(self):
        """A service with a destination, one of a mark, one of IPv6 with another; no daemon."""
        ask = self.nl.ask
        ask(CMD['FLUSH'], b'')
        # ip_vs finds a thread that has not run yet to be interrupted, and netlink answers no such request.
        wait_for(lambda: all(state == 'S' for name, state in threads() if name[:6] in ('ipvs-m', 'ipvs-b')))
        for state in (1, 2):
            ask(CMD['DEL_DAEMON'], nest(3, DAEMON, {'state': u32(state)}))
        ask(CMD['SET_CONFIG'], attr(4, u32(900)) + attr(5, u32(120)) + attr(6, u32(300)))
        errors = [ask(CMD['NEW_SERVICE'], nest(1, SERVICE, given | POLICY))[0] for given in (KEY, MARK)]
        errors.append(ask(CMD['NEW_SERVICE'], nest(1, SERVICE, KEY6 | POLICY | {'netmask': u32(128)}))[0])
        for key, given in ((KEY, SERVER), (KEY6, SERVER | {'addr': ip('2001:db8::11'), 'af': u16(10)})):
            errors.append(ask(CMD['NEW_DEST'], nest(1, SERVICE, key) + nest(2, DEST, given | MANNER))[0])
        if any(errors):
            raise RuntimeError(f'base: {errors}')
        self.clean = self.table()

    def ask(self, what, command, payload, flags=0):
        error, answers, _ = self.nl.ask(CMD[command], payload, flags)
        got = [errno.errorcode.get(error, error) if error else 'done']
        if not error:
            self.look(got)
        # Answers but for those with counters, which tables are made of.
        if not flags and command != 'GET_SERVICE':
            got += [body.hex() for _, body in answers]
        elif flags:
            got.append(f'{len(answers)} answers')
        self.said.append((f'{command}: {what}', got))

    def look(self, got):
        """Adds what there is to @got when that has changed, and makes it as it was."""
        now = self.table()
        if now != self.clean:
            got += now
            self.base()

    def each(self, command, part, names, given, build):
        """@build(changed) -> payload, for each attribute of @part."""
        for name in list(names)[1:]:
            if given.get(name) is not None:
                self.ask(f'{part} without {name}', command, build(given | {name: None}))
            for size in SIZES:
                # Zeros, which no name and no number are: what is long enough is odd, too.
                self.ask(f'{name} of {size} bytes', command, build(given | {name: bytes(size)}))
            for value in ODD[part][name]:
                self.ask(f'{name} {value.hex()}', command, build(given | {name: value}))
            for _ in range(2):
                value = self.random.randbytes(self.random.randrange(24))
                self.ask(f'{name} random {value.hex()}', command, build(given | {name: value}))

        # None of what was refused has done anything.
        self.said.append((f'{command}: what there is after all of it', []))
        self.look(self.said[-1][1])

    def nests(self, command, number, rest=b''):
        """Attributes that should hold others."""
        whole = nest(1, SERVICE, KEY | POLICY) + rest
        for what, payload in (('nothing', b''), ('an empty one', attr(number, b'')), ('3 bytes', attr(number, b'abc')),
                              ('half of one', attr(number, struct.pack('=HH', 400, 1) + bytes(8))),
                              ('shorter than its header', attr(number, struct.pack('=HH', 2, 1) + bytes(8))),
                              ('one that nobody knows', attr(number, attr(77, bytes(4)))),
                              ('twice', whole + whole), ('one more, unknown', whole + attr(60, bytes(4))),
                              ('one cut off', whole + struct.pack('=HH', 200, 1)),
                              ('without the flag of nests', attr(1, b''.join(attr(SERVICE[n], v) for n, v in (KEY | POLICY).items())) + rest)):
            self.ask(what, command, payload)


def ask():
    a = Asker(20261123)
    a.base()
    a.said.append(('what there is at first', a.clean))
    other = KEY | {'port': be16(81)}
    for command, given in (('NEW_SERVICE', other | POLICY), ('NEW_SERVICE', KEY6 | POLICY | {'port': be16(81), 'netmask': u32(128)}),
                           ('NEW_SERVICE', MARK | POLICY | {'fwmark': u32(9)}), ('NEW_SERVICE', KEY | POLICY), ('SET_SERVICE', KEY | POLICY),
                           ('SET_SERVICE', other | POLICY), ('DEL_SERVICE', KEY), ('GET_SERVICE', KEY), ('ZERO', KEY)):
        a.each(command, 'service', SERVICE, given, lambda v: nest(1, SERVICE, v))
    second = SERVER | MANNER | {'addr': ip('10.0.0.12').ljust(16, b'\0')}
    for command, key, given in (('NEW_DEST', KEY, second), ('NEW_DEST', KEY6, second | {'addr': ip('2001:db8::12'), 'af': u16(10)}),
                                ('NEW_DEST', MARK, second | {'method': u32(3)}), ('NEW_DEST', KEY, second | {'method': u32(2), 'tunnel': u8(1),
                                                                                                             'tunnel-port': be16(6080)}),
                                ('NEW_DEST', KEY, SERVER | MANNER), ('SET_DEST', KEY, SERVER | MANNER), ('SET_DEST', KEY, second),
                                ('DEL_DEST', KEY, SERVER)):
        a.each(command, 'dest', DEST, given, lambda v: nest(1, SERVICE, key) + nest(2, DEST, v))
    for command in ('NEW_DEST', 'DEL_DEST'):
        a.each(command, 'service', SERVICE, KEY, lambda v: nest(1, SERVICE, v) + nest(2, DEST, SERVER | MANNER))
    for command, given in (('NEW_DAEMON', ROLE), ('DEL_DAEMON', ROLE)):
        a.each(command, 'daemon', DAEMON, given, lambda v: nest(3, DAEMON, v))
    for name in ('tcp', 'tcp-fin', 'udp'):
        for value in [bytes(n) for n in SIZES] + [u32(n) for n in (1, 60, 86400 * 31, 0x7fffffff, 0x80000000, ~0)]:
            a.ask(f'{name} {value.hex()}', 'SET_CONFIG', attr(TOP[name], value))
    for command in CMD:
        if command == '-':
            continue
        a.nests(command, 2 if 'DEST' in command else 3 if 'DAEMON' in command else 1,
                nest(2, DEST, SERVER | MANNER) if 'DEST' in command else b'')
        a.ask('dumped', command, b'', DUMP)
        a.ask('dumped, of a service', command, nest(1, SERVICE, KEY), DUMP)
        a.ask('dumped, of none', command, nest(1, SERVICE, other), DUMP)
        a.ask('dumped, of half a service', command, nest(1, SERVICE, KEY | {'port': None}), DUMP)
        a.ask('dumped, of rubbish', command, attr(1, b'abc'), DUMP)
    for version in (0, 1, 2, 255):
        error, answers, _ = a.nl.ask(CMD['GET_INFO'], b'', version=version)
        a.said.append((f'version {version}', [error, len(answers)]))
    for command in (0, 18, 255):
        a.said.append((f'command {command}', [a.nl.ask(command, b'')[0]]))
    os.setresuid(65534, 65534, 65534)
    for command in CMD:
        if command != '-':
            a.said.append((f'{command} without privilege', [a.nl.ask(CMD[command], nest(1, SERVICE, KEY | POLICY))[0]]))
    return a.said


def main():
    answers = on_both(ask)
    wrong, same, purposely = {}, {}, {}
    for (what, want), (_, got) in zip(answers['ipvs'], answers['lb']):
        command = what.split(':')[0]
        if got == want:
            same[command] = same.get(command, 0) + 1
            continue
        if any(d.match(what) and got[0] == ours and want[0] == theirs for d, ours, theirs in DIFFERENT):
            purposely[command] = purposely.get(command, 0) + 1
            continue
        lost, more = [t for t in want if t not in got], [t for t in got if t not in want]
        wrong.setdefault(command, []).append(f'{what}: {more}, ip_vs says {lost}')
    for command in sorted({w.split(':')[0] for w, _ in answers['ipvs']}):
        check(f'{command}: {same.get(command, 0)} requests as in ip_vs, {purposely.get(command, 0)} otherwise on purpose',
              command not in wrong, '\n  '.join(wrong.get(command, [])))
    check('as many answers', len(answers['ipvs']) == len(answers['lb']) > 2000, len(answers['lb']))
    return finish()


sys.exit(main())
