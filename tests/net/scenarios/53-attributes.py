#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Wrong netlink attributes are refused: each of every command's, missing, short, long, out of range, doubled
in meaning; driven by the netlink spec, so a new attribute is tested the day it is declared.

    director alone; raw generic netlink messages

Refused means an errno in the answer (never silence), and a configuration that stays as it was.
"""
import os, socket, struct, subprocess, sys, yaml

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = yaml.safe_load(open(os.path.join(HERE, '../../../Documentation/netlink/specs/lb.yaml')))
SETS = {s['name']: s for s in SPEC['attribute-sets']}
CONST = {d['name']: d['value'] for d in SPEC['definitions'] if d['type'] == 'const'}
ENUM = {d['name']: len(d['entries']) for d in SPEC['definitions'] if d['type'] in ('enum', 'flags')}
SIZE = {'u8': 1, 'u16': 2, 'u32': 4, 'u64': 8}
ACK, DUMP, ROOT = 4, 0x300, 1
passed = failed = 0


def check(claim, good, got=''):
    global passed, failed
    if good:
        passed += 1
        print(f'ok - {claim}')
    else:
        failed += 1
        print(f'not ok - {claim}: got {got}')


def attr(kind, payload, nested=False):
    return struct.pack('=HH', 4 + len(payload), kind | (0x8000 if nested else 0)) + payload + bytes(-len(payload) % 4)


class Socket:
    def __init__(self):
        self.s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)        # NETLINK_GENERIC
        self.s.bind((0, 0))
        self.s.setsockopt(270, 11, 1)       # NETLINK_EXT_ACK
        self.s.settimeout(10)
        self.seq = 0
        self.family = 16
        # CTRL_CMD_GETFAMILY: the id is attribute 1 of the answer.
        for kind, body in self.ask(3, attr(2, b'lb\0'))[1]:
            if kind == 16:
                self.family = dict(attributes(body[4:]))[1]
        self.family = struct.unpack('=H', self.family)[0]

    def ask(self, command, payload, flags=0, version=1):
        """-> errno, messages, the sentence of the extended ack"""
        self.seq += 1
        message = struct.pack('=BBH', command, version, 0) + payload
        self.s.send(struct.pack('=IHHII', 16 + len(message), self.family, ROOT | ACK | flags, self.seq, 0) + message)
        answers = []
        while True:
            data = self.s.recv(1 << 20)
            while data:
                size, kind, flag, seq, _ = struct.unpack('=IHHII', data[:16])
                body, data = data[16:size], data[(size + 3) & ~3:]
                if seq != self.seq:
                    continue
                if kind == 2 or kind == 3:
                    error = -struct.unpack('=i', body[:4])[0] if len(body) >= 4 else 0
                    text = ''
                    if flag & 0x200:        # NLM_F_ACK_TLVS, behind the request's header or the request
                        at = 4 if kind == 3 else 4 + (16 if flag & 0x100 else (struct.unpack('=I', body[4:8])[0] + 3) & ~3)
                        text = dict(attributes(body[at:])).get(1, b'').rstrip(b'\0').decode()
                    return error, answers, text
                answers.append((kind, body))


def attributes(data):
    while len(data) >= 4:
        size, kind = struct.unpack('=HH', data[:4])
        if size < 4:
            return
        yield kind & 0x3fff, data[4:size]
        data = data[(size + 3) & ~3:]


def number(spec_set, name):
    return 1 + [a['name'] for a in SETS[spec_set]['attributes']].index(name)


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


def key(**change):
    parts = {'family': struct.pack('=H', socket.AF_INET), 'protocol': b'\6', 'addr': socket.inet_aton('192.0.2.1'),
             'port': struct.pack('!H', 80)} | change
    return b''.join(attr(number('key', n), v) for n, v in parts.items() if v is not None)


KEY = key()
V4 = {'family': struct.pack('=H', 2), 'addr': socket.inet_aton('10.0.0.11'), 'port': struct.pack('!H', 80)}
# What each command needs besides the policy, to get past it; and which attributes it cannot do without.
NEED = {'service-new': ['key', 'scheduler'], 'service-set': ['key'], 'service-del': ['key'], 'dest-new': ['service', 'addr'],
        'dest-set': ['service', 'addr'], 'dest-del': ['service', 'addr'], 'txn-commit': ['id'], 'txn-abort': ['id'],
        'txn-get': ['id']}


def lbctl(*args, text=None):
    return subprocess.run(['lbctl', *args], input=text, capture_output=True, text=True, check=True).stdout


def main():
    if not os.path.isdir('/sys/module/lb'):
        subprocess.run(['insmod', os.environ['LB_KO']], check=True)
    # A namespace of our own, which ends with us.
    import ctypes
    if ctypes.CDLL(None).unshare(0x40000000):
        sys.exit('not ok - unshare')
    lbctl('service', 'add', 'tcp', '192.0.2.1:80', '--scheduler', 'rr')
    lbctl('dest', 'add', 'tcp', '192.0.2.1:80', '10.0.0.11:80')
    before = lbctl('save')
    nl = Socket()

    operations, command = [], 0
    for op in SPEC['operations']['list']:
        command = op.get('value', command + 1)
        operations.append((op['name'], command, op))
    for name, command, op in operations:
        if 'do' not in op and 'dump' not in op:
            continue
        spec_set = op['attribute-set']
        declared = {a['name']: a for a in SETS[spec_set]['attributes']}
        wanted = ((op.get('do') or {}).get('request') or {}).get('attributes') or []
        attrs = [declared[w] for w in wanted if w not in ('pad', 'txn')]
        txn = [declared['txn']] if 'txn' in wanted else []
        given = {'method': b'\0', 'drain': b'\0'}
        if spec_set == 'dest':
            given |= V4 | {'weight': struct.pack('=I', 1)}
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
            elif kind == 'nest':
                for what, payload in [('empty', b''), ('of 3 bytes', b'abc'), ('cut off', KEY[:-5]), ('random', os.urandom(40)),
                                      ('too long inside', struct.pack('=HH', 400, 1) + bytes(8))]:
                    must_fail(f'{n} {what}', build(spec_set, here, given, n, payload))
                for part in ('family', 'protocol', 'addr', 'port'):
                    must_fail(f'{n} without {part}', build(spec_set, here, given, n, key(**{part: None})))
                    must_fail(f'{n} with a short {part}', build(spec_set, here, given, n, key(**{part: b''})))
                    must_fail(f'{n} with a long {part}', build(spec_set, here, given, n, key(**{part: bytes(20)})))
                for part, v in (('family', struct.pack('=H', 3)), ('family', struct.pack('=H', 10)), ('protocol', b'\x01'),
                                ('protocol', b'\xff'), ('port', bytes(2))):
                    must_fail(f'{n} with {part} {v.hex()}', build(spec_set, here, given, n, key(**{part: v})))
        must_fail('an attribute nobody declared', build(spec_set, attrs, given) + attr(60, bytes(4)))
        if name not in ('flush',):
            must_fail('an attribute shorter than its header', build(spec_set, attrs, given)[:0] + struct.pack('=HH', 2, 1))
        check(f'{name}: {total} wrong requests are refused', refused == total, f'{total - refused} taken: ' + ', '.join(wrong[:8]))
        if lbctl('save') != before:
            check(f'{name}: the configuration stays', False, 'another one')
            lbctl('restore', text=before)

    last = max(c for _, c, _ in operations)
    codes = [nl.ask(c, b'')[0] for c in (0, last + 1, 255)]
    check('unknown commands are refused', all(codes), codes)
    # A transaction belongs to its socket, and a wrong id is nobody's.
    other = Socket()
    ids = dict((name, c) for name, c, _ in operations)
    error, answers, _ = nl.ask(ids['txn-begin'], b'')
    txn = dict(attributes(answers[0][1][4:]))[number('txn', 'id')]
    check('a transaction is opened', not error and len(txn) == 4, error)
    theirs = other.ask(ids['txn-commit'], attr(number('txn', 'id'), txn))[0]
    check("another socket's transaction cannot be committed", theirs, theirs)
    staged = attr(number('service', 'key'), key(port=struct.pack('!H', 99)), True) + attr(number('service', 'scheduler'), b'rr\0')
    check("nor added to", other.ask(ids['service-new'], staged + attr(number('service', 'txn'), txn))[0] != 0)
    check('but by its own', nl.ask(ids['service-new'], staged + attr(number('service', 'txn'), txn))[0] == 0)
    check('staged is not done', lbctl('save') == before)
    nl.s.close()
    check('closing the socket forgets it', lbctl('save') == before)
    # Messages of random bytes, from a printed seed.
    import random
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
            other.ask(rnd.randrange(0, last + 2), body, rnd.choice((0, 0, DUMP)))
        except socket.timeout:
            silent += 1
    check('random messages are all answered', not silent, f'{silent} without answer')
    lbctl('flush')
    lbctl('restore', text=before)
    check('and all is well afterwards', 'service add' in lbctl('save'))
    print(f'{passed} passed, {failed} failed')
    return failed != 0


sys.exit(main())
