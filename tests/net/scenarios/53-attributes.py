#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Wrong netlink attributes are refused: each of every command's, missing, short, long, out of range, doubled
in meaning; driven by the netlink spec, so a new attribute is tested the day it is declared.

    director alone; raw generic netlink messages

Refused means an errno in the answer (never silence), and a configuration that stays as it was.
"""
import os, random, socket, struct, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from genl import COMMANDS, CONST, DUMP, KEY, SETS, SPEC, Socket, attr, check, finish, key, lbctl, number, own_namespace

ENUM = {d['name']: len(d['entries']) for d in SPEC['definitions'] if d['type'] == 'enum'}
ENUM |= {d['name']: 1 << len(d['entries']) for d in SPEC['definitions'] if d['type'] == 'flags'}
SIZE = {'u8': 1, 'u16': 2, 'u32': 4, 'u64': 8}


def value(spec_set, a, given):
    """A value that the policy takes; sense is made by `given`."""
    name = a['name']
    if name in given:
        return given[name]
    kind = a['type']
    if kind in SIZE:
        return int(limit(a, 'min', 0)).to_bytes(SIZE[kind], sys.byteorder)
    if kind == 'string':
        return b'rr\0'
    if kind == 'binary':
        return socket.inet_aton('192.0.2.1')
    if name == 'timeouts':
        return attr(number('settings', 'tcp-established'), struct.pack('=I', 60))
    if kind == 'nest':
        return KEY
    return b''


def limit(a, which, default):
    v = (a.get('checks') or {}).get(which, default)
    return CONST.get(v, v)


def build(spec_set, attrs, given, change=None, payload=None):
    out = b''
    for a in attrs:
        v = value(spec_set, a, given)
        if a['name'] == change:
            if payload is None:
                continue
            v = payload
        out += attr(number(spec_set, a['name']), v, a['type'] == 'nest')
    return out


V4 = {'family': struct.pack('=H', 2), 'addr': socket.inet_aton('10.0.0.11'), 'port': struct.pack('!H', 80)}
# What each command needs besides the policy, to get past it; and which attributes it cannot do without.
NEED = {'service-new': ['key', 'scheduler'], 'service-set': ['key'], 'service-del': ['key'], 'dest-new': ['service', 'addr'],
        'dest-set': ['service', 'addr'], 'dest-del': ['service', 'addr'], 'txn-commit': ['id'], 'txn-abort': ['id'],
        'txn-get': ['id'],
        'conn-adopt': ['protocol', 'client-addr', 'client-port', 'virtual-addr', 'virtual-port', 'dest-addr', 'dest-port', 'state']}
# A connection that would be taken.
ADOPTED = {'family': struct.pack('=H', 2), 'protocol': b'\6', 'client-addr': socket.inet_aton('198.51.100.2'),
           'client-port': struct.pack('!H', 4000), 'virtual-addr': socket.inet_aton('192.0.2.1'),
           'virtual-port': struct.pack('!H', 80), 'dest-family': struct.pack('=H', 2),
           'dest-addr': socket.inet_aton('10.0.0.11'), 'dest-port': struct.pack('!H', 80), 'state': b'\1',
           'expires-ms': struct.pack('=Q', 1000), 'fwmark': bytes(4)}
# What makes no sense in it, one at a time.
NOT_ADOPTED = [('family', struct.pack('=H', 10)), ('family', struct.pack('=H', 3)), ('protocol', b'\1'), ('protocol', b'\x32'),
               ('client-addr', bytes(4)), ('client-addr', socket.inet_aton('224.0.0.1')), ('client-port', bytes(2)),
               ('virtual-addr', socket.inet_aton('255.255.255.255')), ('virtual-addr', socket.inet_aton('192.0.2.9')),
               ('virtual-port', bytes(2)), ('virtual-port', struct.pack('!H', 81)), ('dest-family', struct.pack('=H', 10)),
               ('dest-addr', socket.inet_aton('10.0.0.12')), ('dest-addr', bytes(16)), ('dest-port', bytes(2)),
               ('dest-port', struct.pack('!H', 81)), ('state', b'\x0b'), ('state', b'\x0c'), ('state', b'\xff'),
               ('fwmark', struct.pack('=I', 5))]


def main():
    own_namespace()
    lbctl('service', 'add', 'tcp', '192.0.2.1:80', '--scheduler', 'rr')
    lbctl('dest', 'add', 'tcp', '192.0.2.1:80', '10.0.0.11:80')
    before = lbctl('save')
    nl = Socket()

    for op in SPEC['operations']['list']:
        name, command = op['name'], COMMANDS[op['name']]
        if 'do' not in op and 'dump' not in op:
            continue
        spec_set = op['attribute-set']
        declared = {a['name']: a for a in SETS[spec_set]['attributes']}
        wanted = ((op.get('do') or {}).get('request') or {}).get('attributes') or []
        attrs = [declared[w] for w in wanted if w not in ('pad', 'txn')]
        txn = [declared['txn']] if 'txn' in wanted else []
        given = {'method': b'\0', 'drain': b'\1', 'persist-prefix': b'\x20'}
        if spec_set == 'dest':
            given |= V4 | {'weight': struct.pack('=I', 1)}
        if name == 'conn-adopt':
            given |= ADOPTED
        refused, total, wrong = 0, 0, []

        def must_fail(what, payload):
            nonlocal refused, total
            total += 1
            error, _, text = nl.ask(command, payload)
            if error and 1 <= error < 4096:
                refused += 1
            else:
                wrong.append(what)

        for n in NEED.get(name, []):
            must_fail(f'{n} missing', build(spec_set, attrs, given, n))
        for a in attrs + txn:
            here = attrs if a in attrs else attrs + txn
            n, kind = a['name'], a['type']
            if kind in SIZE:
                size = SIZE[kind]
                for length in {0, size - 1, size + 1, size + 4}:
                    must_fail(f'{n} of {length} bytes', build(spec_set, here, given, n, bytes(length)))
                top = limit(a, 'max', None)
                if a.get('enum') and a['enum'] in ENUM and spec_set != 'conn':
                    top = ENUM[a['enum']] - 1
                if top is not None and int(top) < 256 ** size - 1:
                    for v in (int(top) + 1, 256 ** size - 1):
                        must_fail(f'{n} {v}', build(spec_set, here, given, n, v.to_bytes(size, sys.byteorder)))
                low = limit(a, 'min', 0)
                if int(low):
                    must_fail(f'{n} {low - 1}', build(spec_set, here, given, n, (low - 1).to_bytes(size, sys.byteorder)))
            elif kind == 'binary':
                for length in (0, 1, 3, 5, 15, 17, 200):
                    must_fail(f'{n} of {length} bytes', build(spec_set, here, given, n, bytes([1]) * length))
            elif kind == 'string':
                for text in (b'', b'\0', b'x' * 16, b'x' * 4000 + b'\0', b'\xff\xfe%n%s\0'):
                    must_fail(f'{n} of {len(text)} bytes', build(spec_set, here, given, n, text))
            elif n == 'timeouts':
                def own(setting, value):
                    return build(spec_set, here, given, n, attr(number('settings', setting), value))
                second = struct.pack('=I', 1)
                for setting in ('conn-max', 'generation', 'txn', 'conntrack', 'sloppy-sctp'):
                    must_fail(f'{n}: {setting}', own(setting, second))
                for setting in ('udp', 'sctp-none', 'sctp-closed'):
                    must_fail(f'{n}: {setting} of tcp', own(setting, second))
                for v in (b'', bytes(3), bytes(4), struct.pack('=I', CONST['timeout-max'] + 1), bytes(8)):
                    must_fail(f'{n}: {v.hex()}', own('tcp-established', v))
                for what, payload in [('of 3 bytes', b'abc'), ('cut off', value(spec_set, a, {})[:-3]),
                                      ('too long inside', struct.pack('=HH', 400, 1) + bytes(8))]:
                    must_fail(f'{n} {what}', build(spec_set, here, given, n, payload))
            elif kind == 'nest':
                for what, payload in [('empty', b''), ('of 3 bytes', b'abc'), ('cut off', KEY[:-5]), ('random', os.urandom(40)),
                                      ('too long inside', struct.pack('=HH', 400, 1) + bytes(8))]:
                    must_fail(f'{n} {what}', build(spec_set, here, given, n, payload))
                for part in ('family', 'protocol', 'addr', 'port'):
                    must_fail(f'{n} without {part}', build(spec_set, here, given, n, key(**{part: None})))
                    must_fail(f'{n} with a short {part}', build(spec_set, here, given, n, key(**{part: b''})))
                    must_fail(f'{n} with a long {part}', build(spec_set, here, given, n, key(**{part: bytes(20)})))
                for part, v in (('family', struct.pack('=H', 3)), ('family', struct.pack('=H', 10)), ('protocol', b'\x01'),
                                ('protocol', b'\xff'), ('fwmark', struct.pack('=I', 5)), ('fwmark', bytes(4))):
                    must_fail(f'{n} with {part} {v.hex()}', build(spec_set, here, given, n, key(**{part: v})))
                mark = dict.fromkeys(('protocol', 'addr', 'port'))
                for what, change in (('a mark and no family', {'family': None, 'fwmark': struct.pack('=I', 5)}),
                                     ('the mark 0', {'fwmark': bytes(4)}), ('a short mark', {'fwmark': b'\5'}),
                                     ('a mark of family 3', {'family': struct.pack('=H', 3), 'fwmark': struct.pack('=I', 5)})):
                    must_fail(f'{n} with {what}', build(spec_set, here, given, n, key(**(mark | change))))
        if name == 'conn-adopt':
            for n, v in NOT_ADOPTED:
                must_fail(f'{n} {v.hex()}', build(spec_set, attrs, given, n, v))
            check('a connection that makes sense is adopted', nl.ask(command, build(spec_set, attrs, given))[0] == 0)
            check('there is one', lbctl('conn', 'count').split()[0] == '1', lbctl('conn', 'count'))
        must_fail('an attribute nobody declared', build(spec_set, attrs, given) + attr(1 + max(number(spec_set, a) for a in declared), bytes(4)))
        if name not in ('flush',):
            must_fail('an attribute shorter than its header', build(spec_set, attrs, given)[:0] + struct.pack('=HH', 2, 1))
        check(f'{name}: {total} wrong requests are refused', refused == total, f'{total - refused} taken: ' + ', '.join(wrong[:8]))
        if lbctl('save') != before:
            check(f'{name}: the configuration stays', False, 'another one')
            lbctl('restore', text=before)

    last = max(COMMANDS.values())
    codes = [nl.ask(c, b'')[0] for c in (0, last + 1, 255)]
    check('unknown commands are refused', all(codes), codes)
    # Messages of random bytes, from a printed seed.
    seed = int(os.environ.get('SEED', '20261122'))
    print(f'# seed {seed}')
    rnd = random.Random(seed)
    silent = 0
    for _ in range(int(os.environ.get('MESSAGES', '2000'))):
        body = b''.join(attr(rnd.randrange(0, 16), rnd.randbytes(rnd.choice((0, 1, 2, 4, 4, 8, 16, 20))), rnd.random() < .2)
                        for _ in range(rnd.randrange(0, 6)))
        if rnd.random() < .2:
            body = rnd.randbytes(len(body))
        try:
            nl.ask(rnd.randrange(0, last + 2), body, rnd.choice((0, 0, DUMP)))
        except socket.timeout:
            silent += 1
    check('random messages are all answered', not silent, f'{silent} without answer')
    lbctl('flush')
    lbctl('restore', text=before)
    check('and all is well afterwards', 'service add' in lbctl('save'))
    return finish()


sys.exit(main())
