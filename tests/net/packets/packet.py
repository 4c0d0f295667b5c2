# SPDX-License-Identifier: GPL-2.0
"""A packet in the notation of README.md, as bytes, and which of them may be anything."""
import re, socket, struct

OTHER = {'v4': 'v6', 'v6': 'v4'}
# The director's address on a link is dir, dir1, dir2; lib.sh's wires() gives them.
ADDRESS = {
    'v4': {'client': '198.51.100.2', 'dir': '198.51.100.1', 'far': '203.0.113.9', 'far2': '203.0.113.10', 'far3': '203.0.113.11', 'vip': '192.0.2.1',
           'rs1': '10.0.1.2', 'dir1': '10.0.1.1', 'rs2': '10.0.2.2', 'dir2': '10.0.2.1', 'lan': '10.0.1.9'},
    'v6': {'client': '2001:db8:c::2', 'dir': '2001:db8:c::1', 'far': '2001:db8:99::9', 'far2': '2001:db8:99::10', 'far3': '2001:db8:99::11', 'vip': '2001:db8:f::1',
           'rs1': '2001:db8:1::2', 'dir1': '2001:db8:1::1', 'rs2': '2001:db8:2::2', 'dir2': '2001:db8:2::1',
           'lan': '2001:db8:1::9'},
}
ICMP_TYPES = {
    'v4': {'echo': (8, 0), 'echo-reply': (0, 0), 'net-unreach': (3, 0), 'host-unreach': (3, 1), 'port-unreach': (3, 3),
           'too-big': (3, 4), 'proto-unreach': (3, 2), 'admin': (3, 13), 'ttl-exceeded': (11, 0), 'reassembly': (11, 1), 'param-problem': (12, 0),
           'timestamp': (13, 0), 'redirect': (5, 1), 'quench': (4, 0)},
    'v6': {'echo': (128, 0), 'echo-reply': (129, 0), 'net-unreach': (1, 0), 'host-unreach': (1, 3), 'port-unreach': (1, 4),
           'too-big': (2, 0), 'admin': (1, 1), 'ttl-exceeded': (3, 0), 'reassembly': (3, 1), 'param-problem': (4, 0), 'proto-unreach': (4, 1)},
}
WITH_VALUE = ('ttl id tos flow frag data seq ack win opts mtu doff sum ipsum len ihl trunc urg ulen ptr sid version fid '
              'gso proto stale quoted tag gue gre from text').split()
WORDS = 'df more fresh partial short hbh dstopt rh'.split()
# RFC 9260, 3.2; and what the TCP flags of an l4 packet mean in SCTP.
CHUNKS = {'DATA': 0, 'INIT': 1, 'INIT-ACK': 2, 'SACK': 3, 'HEARTBEAT': 4, 'HEARTBEAT-ACK': 5, 'ABORT': 6, 'SHUTDOWN': 7,
          'SHUTDOWN-ACK': 8, 'ERROR': 9, 'COOKIE-ECHO': 10, 'COOKIE-ACK': 11, 'SHUTDOWN-COMPLETE': 14, 'FUTURE': 200}
AS_CHUNK = {'S': 'INIT', 'SA': 'INIT-ACK', 'F': 'SHUTDOWN', 'FA': 'SHUTDOWN', 'R': 'ABORT', 'RA': 'ABORT'}
# What "data" and "from" cut their bytes out of.
PATTERN = bytes((i * 7 + 3) & 255 for i in range(256)) * 512


class Bad(Exception):
    """The table cannot be understood."""


def text(word):
    """A payload of text: _ is a space, / ends a line."""
    return word.replace('_', ' ').replace('/', '\r\n').encode()


class Packet:
    """One line of the notation, built: its bytes, and which of them may be anything."""

    def __init__(self, text, env):
        self.any = set()            # offsets whose value is the director's own choice
        self.partial = self.gso = 0
        self.source = None          # offset of a source port that carries entropy
        self.balancer = env['balancer']
        tokens = re.findall(r'[{}]|[^\s{}]+', text)
        if tokens and tokens[0] == 'forwarded':
            tokens = forwarded(tokens[1:], env)
        self.bytes = self.build(tokens, env)

    def build(self, tokens, env):
        depth = 0
        for i, t in enumerate(tokens):
            depth += {'{': 1, '}': -1}.get(t, 0)
            if t == '|' and not depth:
                break
        else:
            i = 0
        if i:
            inner = self.build(tokens[i + 1:], env)
            self.any.clear()
            p = parse(tokens[:i], env)
            payload, proto = self.encapsulate(p, inner)
            whole = self.network(p, payload, proto)
            if proto == 17 and not (p.get('frag') and not p['frag'].startswith('0-')):
                self.source = self.transport_at
            return whole
        p = parse(tokens, env)
        return self.network(p, self.transport(p, env), p.get('proto', PROTOCOL[p['l4'], p['family']]))

    def transport(self, p, env):
        """The layer 4 header and data, checksums right unless told otherwise."""
        data = PATTERN[p.get('from', 0):][:p.get('data', 0)]
        data = text(p['text']) if 'text' in p else data
        v6 = p['family'] == 'v6'
        if p['l4'] == 'tcp':
            opts = bytes.fromhex(p.get('opts', ''))
            flags = sum(1 << 'FSRPAUEC'.index(f) for f in p['flags'])
            whole = struct.pack('!HHIIBBHHH', p['sport'], p['dport'], p.get('seq', 1), p.get('ack', 0),
                                p.get('doff', 5 + len(opts) // 4) << 4, flags, p.get('win', 1024), 0, p.get('urg', 0)) + opts + data
        elif p['l4'] == 'udp':
            whole = struct.pack('!HHHH', p['sport'], p['dport'], p.get('ulen', 8 + len(data)), 0) + data
        elif p['l4'] == 'sctp':
            return self.sctp(p, data, env)
        elif p['l4'] in ('raw', 'esp', 'ah'):
            return data
        else:
            kind, code = ICMP_TYPES[p['family']][p['type']]
            rest = struct.pack('!HH', p.get('id', 0), p.get('seq', 0)) if 'echo' in p['type'] else struct.pack('!I', p.get('mtu', 0))
            if p.get('ptr') is not None:
                rest = struct.pack('!I', p['ptr']) if v6 else struct.pack('!B3x', p['ptr'])
            if p.get('quote'):
                quoted = Packet(' '.join(p['quote']), env).bytes
                if p.get('short'):
                    quoted = quoted[:(40 if v6 else (quoted[0] & 15) * 4) + 8]
                data = quoted[:p.get('quoted', 1280 - 40 - 8 if v6 else 576 - 20 - 8)]
            whole = struct.pack('!BBH', kind, code, 0) + rest + data
        at = {'tcp': 16, 'udp': 6, 'icmp': 2}[p['l4']]
        src, dst = address(p['src']), address(p['dst'])
        if p.get('stale'):      # as it was before addresses and ports changed, and nobody corrected it
            was, port, _ = endpoint(p['stale'], env)
            old_src, old_dst, ports = src, dst, whole[:4]
            if p['src'] != ADDRESS[p['family']]['client']:
                src, whole = address(was), struct.pack('!H', port) + whole[2:]
            else:
                dst, whole = address(was), whole[:2] + struct.pack('!H', port) + whole[4:]
        number = PROTOCOL[p['l4'], p['family']]
        pseudo = b'' if p['l4'] == 'icmp' and not v6 else src + dst + struct.pack('!II', len(whole), number)
        value = ~fold(pseudo + whole) & 0xffff
        if p['l4'] == 'udp' and not value:
            value = 0xffff
        whole = whole[:at] + struct.pack('!H', value) + whole[at + 2:]
        if p.get('stale'):
            if p.get('sum') == 'kept':      # wrong before, and as wrong after: updated by the difference
                before, after = src + dst + whole[:4], old_src + old_dst + ports
                value = struct.unpack('!H', wrong_sum(whole, at)[at:at + 2])[0]
                value = fold(struct.pack('!HHH', value, fold(before), ~fold(after) & 0xffff))
                whole = whole[:at] + struct.pack('!H', value) + whole[at + 2:]
            whole = ports + whole[4:]
        if p.get('sum') == 'bad':
            whole = wrong_sum(whole, at)
        elif p.get('sum') == '0':
            whole = whole[:at] + b'\0\0' + whole[at + 2:]
        if p.get('partial') or p.get('gso'):    # only the pseudo header is summed: the rest is the device's to do
            whole = whole[:at] + struct.pack('!H', fold(pseudo)) + whole[at + 2:]
            self.partial, self.gso = at, p.get('gso', 0)
        return whole

    def sctp(self, p, data, env):
        """An SCTP packet. The last chunk has the data, unpadded, so that there are packets of every length."""
        ports = struct.pack('!HH', p['sport'], p['dport'])
        rest = b''
        for i, name in enumerate(p.get('chunks', [])):
            value = data if i == len(p['chunks']) - 1 else b''
            if name in ('INIT', 'INIT-ACK'):
                value = struct.pack('!IIHHI', 0x01020304, 65536, 10, 10, 1) + value
            elif name == 'DATA':
                value = struct.pack('!IHHI', p.get('seq', 1), 0, 0, 0) + value
            rest += struct.pack('!BBH', CHUNKS[name], 3 if name == 'DATA' else 0, 4 + len(value)) + value
        tag = struct.pack('!I', p.get('tag', 0x05060708))
        summed = ports
        if p.get('stale'):      # as it was before the port changed, and nobody corrected it
            port = struct.pack('!H', endpoint(p['stale'], env)[1])
            summed = port + ports[2:] if p['src'] != ADDRESS[p['family']]['client'] else ports[:2] + port
        value = crc32c(summed + tag + bytes(4) + rest)
        if p.get('sum') == 'kept':      # wrong before, and as wrong after
            value = crc32c(ports + tag + bytes(4) + rest) ^ 0x7755
        elif p.get('sum') == 'bad':
            value ^= 0x7755
        elif p.get('sum') == '0':
            value = 0
        return ports + tag + struct.pack('<I', value) + rest

    def encapsulate(self, p, inner):
        """-> what comes behind the outer IP header, and its protocol"""
        v4 = inner[0] >> 4 == 4
        if 'gre' in p:
            head = struct.pack('!HH', 0x8000 if p['gre'] == 'normal' else 0, 0x800 if v4 else 0x86dd)
            if p['gre'] == 'normal':
                head += struct.pack('!HH', ~fold(head + bytes(4) + inner) & 0xffff, 0)
            return head + inner, 47
        if 'gue' not in p:
            return inner, 4 if v4 else 41
        option = b''
        if self.partial:        # left to the receiver: private flags, where the sum begins and where it goes
            option = struct.pack('!IHH', 1 << 31, self.transport_at, self.transport_at + self.partial)
            self.partial = 0
        gue = struct.pack('!BBH', len(option) // 4, 4 if v4 else 41, 1 if option else 0) + option + inner
        udp = struct.pack('!HHHH', 0, 6080, 8 + len(gue), 0)
        if p['gue'] != 'none':
            pseudo = address(p['src']) + address(p['dst']) + struct.pack('!II', 8 + len(gue), 17)
            udp = udp[:6] + struct.pack('!H', ~fold(pseudo + udp + gue) & 0xffff)
        return udp + gue, 17

    def with_source(self, got):
        """The bytes with the source port that @got has, if it is one that may be."""
        if self.source is None or len(got) < self.source + 8:
            return self.bytes
        at, b = self.source, self.bytes
        port, = struct.unpack_from('!H', got, at)
        # RFC 8086, 3.2.1; ip_vs has net.ipv4.ip_local_port_range.
        if port not in (range(49152, 65536) if self.balancer == 'lb' else range(32768, 61000)):
            return b
        check = b[at + 6:at + 8]
        if check != b'\0\0':
            check = struct.pack('!H', ~fold(struct.pack('!HH', ~struct.unpack('!H', check)[0] & 0xffff, port)) & 0xffff or 0xffff)
        return b[:at] + got[at:at + 2] + b[at + 2:at + 6] + check + b[at + 8:]

    def network(self, p, payload, proto):
        """The IP header, its options or extensions, and the part of the payload that is meant."""
        more = p.get('more', 0)
        first = 0
        if p.get('frag'):
            first, last = (int(x) if x else None for x in p['frag'].split('-'))
            if last is not None and last < len(payload):
                more = 1
            payload = payload[first:last]
        if p.get('fresh') or p.get('id') == '*':
            p['id'], p['flow'] = '*', p.get('flow', '*')
        if p['family'] == 'v4':
            opts = bytes.fromhex(p.get('ipopts', ''))
            whole = struct.pack('!BBHHHBBH', p.get('version', 4) << 4 | p.get('ihl', 5 + len(opts) // 4), p.get('tos', 0),
                                p.get('len', 20 + len(opts) + len(payload)), 0 if p.get('id') == '*' else p.get('id', 1),
                                ((2 if p.get('df') else 0) | more) << 13 | first // 8, p.get('ttl', 64), proto, 0)
            whole += address(p['src']) + address(p['dst']) + opts
            whole = whole[:10] + struct.pack('!H', ~fold(whole) & 0xffff) + whole[12:] + payload
            if p.get('ipsum') == 'bad':
                whole = whole[:10] + bytes([whole[10] ^ 0x55]) + whole[11:]
            if p.get('id') == '*':
                self.any |= {4, 5, 10, 11}
            self.transport_at = 20 + len(opts)
        else:
            chain = []
            for name, number in (('hbh', 0), ('dstopt', 60), ('rh', 43)):
                if p.get(name):
                    # Hop-by-hop and destination options: a PadN of 4. Routing: type 0, no segment left.
                    chain.append((number, b'\x01\x04\0\0\0\0' if number != 43 else b'\0\0\0\0\0\0'))
            if p.get('frag') or more:
                chain.append((44, struct.pack('!HI', first | more, 0 if p.get('fid') == '*' else p.get('fid', 1))))
            body = payload
            for number, rest in reversed(chain):
                body = bytes([proto, 0]) + rest + body
                proto = number
            if p.get('fid') == '*':
                at = 40 + 8 * [n for n, _ in chain].index(44)
                self.any |= {at + 4, at + 5, at + 6, at + 7}
            flow = 0 if p.get('flow') == '*' else p.get('flow', 0)
            whole = struct.pack('!IHBB', p.get('version', 6) << 28 | p.get('tos', 0) << 20 | flow, p.get('len', len(body)),
                                proto, p.get('ttl', 64)) + address(p['src']) + address(p['dst']) + body
            if p.get('flow') == '*':
                self.any |= {1, 2, 3}       # of the first, half is the class: difference() looks
            self.transport_at = 40 + len(body) - len(payload)
        return whole[:p['trunc']] if 'trunc' in p else whole


def address(text):
    return socket.inet_pton(socket.AF_INET6 if ':' in text else socket.AF_INET, text)


def wrong_sum(b, at):
    return b[:at] + bytes([b[at] ^ 0x55, b[at + 1] ^ 0x77]) + b[at + 2:]


def crc32c(b):
    n = 0xffffffff
    for byte in b:
        n = n >> 8 ^ CRC32C[(n ^ byte) & 255]
    return n ^ 0xffffffff


def crc32c_step(n):
    for _ in range(8):
        n = n >> 1 ^ (0x82f63b78 if n & 1 else 0)
    return n


CRC32C = [crc32c_step(n) for n in range(256)]


def fold(b):
    """The sum of RFC 1071: of numbers modulo 2^16 - 1, written so that only nothing adds up to 0."""
    n = int.from_bytes(b + b'\0' * (len(b) % 2), 'big')
    return n % 0xffff or (n and 0xffff)


def forwarded(tokens, env):
    """What the method makes of a packet to the VIP, written as if it were unchanged."""
    rs = env['rs']
    if env['method'] == 'direct':
        return tokens
    if env['method'] == 'nat':
        i = tokens.index('>')
        return tokens[:i + 1] + [rs] + tokens[i + 2:]
    keep = []
    header = tokens[:tokens.index('{')] if '{' in tokens else tokens
    for word in ('ttl', 'tos'):
        if word in header:
            i = header.index(word)
            keep += header[i:i + 2]
    if 'df' in header and env['family'] == 'v4':
        keep.append('df')
    return ['dir' + rs[2:], '>', rs] + keep + ['fresh', '|'] + tokens


def parse(tokens, env):
    p, i = {'family': env['family'], 'l4': 'raw', 'flags': ''}, 0
    tokens = list(tokens)
    while i < len(tokens):
        t = tokens[i]
        if t == 'sctp':
            i += 1
            p['l4'], p['chunks'] = 'sctp', [c for c in tokens[i].split('+') if c != '-']
            if unknown := [c for c in p['chunks'] if c not in CHUNKS]:
                raise Bad(f'no chunk {unknown[0]}')
        elif t in ('tcp', 'udp', 'l4'):
            p['l4'] = env['protocol'] if t == 'l4' else t
            p['chunks'] = ['DATA']
            if i + 1 < len(tokens) and re.fullmatch('[SAFRPUECN.]+', tokens[i + 1]):
                i += 1
                p['flags'] = tokens[i].replace('.', '')
                p['chunks'] = [AS_CHUNK.get(p['flags'], 'DATA')]
        elif t in ('esp', 'ah'):
            p['l4'] = t
        elif t == 'icmp':
            i += 1
            p['l4'], p['type'] = 'icmp', tokens[i]
            if tokens[i] not in ICMP_TYPES[env['family']]:
                raise Bad(f'no ICMP type {tokens[i]}')
        elif t == '{':
            depth, start = 1, i + 1
            while depth:
                i += 1
                depth += {'{': 1, '}': -1}.get(tokens[i], 0)
            p['quote'] = tokens[start:i]
        elif t == 'ipopts':
            i += 1
            p['ipopts'] = tokens[i]
        elif i + 1 < len(tokens) and tokens[i + 1] == '>':
            p['src'], p['sport'], p['family'] = endpoint(t, env)
            p['dst'], p['dport'], p['family'] = endpoint(tokens[i + 2], env)
            i += 2
        elif t in WITH_VALUE:
            i += 1
            v = tokens[i]
            p[t] = int(v, 0) if re.fullmatch('0x[0-9a-f]+|[0-9]+', v) and t not in ('frag', 'sum', 'opts', 'text') else v
        elif t in WORDS:
            p[t] = 1
        else:
            raise Bad(f'what is "{t}"?')
        i += 1
    if 'src' not in p:
        raise Bad('no "source > destination"')
    return p


def endpoint(name, env):
    """An address and a port by name; an x behind the name is the other address family."""
    name, _, port = name.partition(':')
    family = env['family']
    if name.endswith('x'):
        name, family = name[:-1], OTHER[family]
    if name not in ADDRESS[family]:
        raise Bad(f'who is "{name}"?')
    default = {'client': env['port'], 'vip': 80, 'rs1': env['rs port'], 'rs2': env['rs port']}.get(name, 0)
    if port.startswith('+'):
        return ADDRESS[family][name], default + int(port), family
    return ADDRESS[family][name], int(port) if port else default, family


AF = {'v4': socket.AF_INET, 'v6': socket.AF_INET6}
PROTOCOL = {('tcp', f): 6 for f in AF} | {('udp', f): 17 for f in AF} | {('sctp', f): 132 for f in AF} | {('icmp', 'v4'): 1, ('icmp', 'v6'): 58} | {
    ('raw', f): 59 for f in AF} | {('esp', f): 50 for f in AF} | {('ah', f): 51 for f in AF}
