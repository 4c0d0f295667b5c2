#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Opens TCP connections with bare SYNs and tells which destination each was sent to.

    syns.py FROM_NS FROM_DEV TO_NS TO_DEV VIP PORT WORD...

Destinations are recognised by the last byte of the link-layer address the balancer chose: 0a is
A, 0b is B. One line is printed: the letters, in order, - where the balancer chose none. Words come
from standard input, one line of them at a time, when none are given; each line is answered by one.
A word is

    +N      open N connections, all from one address
    *N      open N connections, each from another address and port: the same ones after each @
    -X,Y    reset connections that went to X, Y: the oldest first
    .X,Y    the same, by a FIN
    ^X,Y    acknowledge on the oldest of X, of Y, which are kept
    @PORT, @VIP/PORT
            go on with this service
    >N      go on with the N-th address after the service's

The packets are made by hand so that a sequence of thousands is a matter of a second, and the
order of packets is the order of picks: all of them pass through one CPU. What comes from no
address of the client's network is *'s: 198.18.0.0/16 and 2001:db8:12::/64.
"""
import ctypes, ipaddress, os, random, socket, struct, sys

CLIENT = {4: ipaddress.ip_address('198.51.100.2'), 6: ipaddress.ip_address('2001:db8:c::2')}
MANY = {4: int(ipaddress.ip_address('198.18.0.0')), 6: int(ipaddress.ip_address('2001:db8:12::'))}
MARK = socket.inet_aton('10.0.0.19')
ETHER = bytes.fromhex('020000000002 020000000001')
FIN, SYN, RST, ACK = 1, 2, 4, 16


def enter(ns):
    with open('/run/netns/' + ns) as f:
        if ctypes.CDLL(None, use_errno=True).setns(f.fileno(), 0x40000000):
            raise OSError(ctypes.get_errno(), 'setns ' + ns)


def packet_socket(ns, dev, proto):
    enter(ns)
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(proto))
    s.bind((dev, proto))
    return s


def csum(b):
    n = sum(struct.unpack(f'!{len(b) // 2}H', b))
    n = (n >> 16) + (n & 0xffff)
    return ~(n + (n >> 16)) & 0xffff


def ipv4(src, dst, proto, payload):
    ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), 1, 0x4000, 64, proto, 0, src, dst)
    return ETHER + b'\x08\x00' + ip[:10] + struct.pack('!H', csum(ip)) + ip[12:] + payload


def segment(client, sport, vip, dport, flags):
    src, dst = client.packed, vip.packed
    tcp = struct.pack('!HHIIBBHHH', sport, dport, 1, 0, 0x50, flags, 1024, 0, 0)
    tcp = tcp[:16] + struct.pack('!H', csum(src + dst + struct.pack('!HH', 6, 20) + tcp)) + tcp[18:]
    if vip.version == 4:
        return ipv4(src, dst, 6, tcp)
    return ETHER + b'\x86\xdd' + struct.pack('!IHBB', 6 << 28, 20, 6, 64) + src + dst + tcp


def ports(frame):
    """Of a TCP segment; None for what is none."""
    if frame[12:14] == b'\x08\x00' and frame[23] == 6:
        return struct.unpack('!HH', frame[34:38])
    if frame[12:14] == b'\x86\xdd' and frame[20] == 6:
        return struct.unpack('!HH', frame[54:58])
    return None


class Wire:
    def __init__(self, from_ns, from_dev, to_ns, to_dev):
        self.out = packet_socket(from_ns, from_dev, 0)
        self.to = packet_socket(to_ns, to_dev, 3)
        self.to.settimeout(60)
        self.marks = 0

    def send(self, connection, flags):
        """Where it went; None when what is sent behind it, and only routed, comes alone."""
        self.marks += 1
        mark = struct.pack('!HHHHI', 9, 9, 12, 0, self.marks)
        self.out.send(segment(*connection, flags))
        self.out.send(ipv4(CLIENT[4].packed, MARK, 17, mark))
        went = None
        while True:
            frame = self.to.recv(2048)
            if ports(frame) == (connection[1], connection[3]):
                went = chr(frame[5] - 10 + ord('A'))
            elif frame[12:14] == b'\x08\x00' and frame[23] == 17 and frame[34:46] == mark:
                return went


def main():
    os.sched_setaffinity(0, {0})
    *where, vip, port = sys.argv[1:7]
    wire, words = Wire(*where), sys.argv[7:]
    vip, port = ipaddress.ip_address(vip), int(port)
    first = vip
    opened, sport, others = {}, 1024, random.Random(1)

    def another():
        client = MANY[vip.version] | others.getrandbits(16 if vip.version == 4 else 64)
        return ipaddress.ip_address(client), others.randrange(1024, 65536), vip, port

    for line in [words] if words else (l.split() for l in sys.stdin):
        seen = ''
        for word in line:
            if word[0] == '@':
                *other, port = word[1:].split('/')
                vip, port = ipaddress.ip_address(other[0]) if other else first, int(port)
                first = vip
                opened, others = {}, random.Random(1)
            elif word[0] == '>':
                vip = first + int(word[1:])
            elif word[0] in '+*':
                for _ in range(int(word[1:])):
                    if word[0] == '*':
                        connection = another()
                    else:
                        connection, sport = (CLIENT[vip.version], sport, vip, port), sport + 1
                    x = wire.send(connection, SYN)
                    opened.setdefault(x, []).append(connection)
                    seen += x or '-'
            else:
                for x in word[1:].split(','):
                    if word[0] == '^':
                        wire.send(opened[x][0], ACK)
                        continue
                    wire.send(opened[x].pop(0), FIN if word[0] == '.' else RST)
        print(seen, flush=True)


main()
