#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Opens TCP connections with bare SYNs and tells which destination each was sent to.

    syns.py FROM_NS FROM_DEV TO_NS TO_DEV VIP PORT WORD...

Destinations are recognised by the last byte of the link-layer address the balancer chose: 0a is
A, 0b is B. A word is +N (open N connections) or -X,Y (reset connections that went to X, Y: the
oldest first) or, after a word, nothing. One line is printed: the letters, in order. Words come
from standard input, one line of them at a time, when none are given; each line is answered by one.

The packets are made by hand so that a sequence of thousands is a matter of a second, and the
order of packets is the order of picks: all of them pass through one CPU.
"""
import ctypes, os, socket, struct, sys

CLIENT = socket.inet_aton('198.51.100.2')


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


def segment(vip, sport, dport, flags):
    ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 40, 1, 0x4000, 64, 6, 0, CLIENT, vip)
    ip = ip[:10] + struct.pack('!H', csum(ip)) + ip[12:]
    tcp = struct.pack('!HHIIBBHHH', sport, dport, 1, 0, 0x50, flags, 1024, 0, 0)
    pseudo = struct.pack('!4s4sHH', CLIENT, vip, 6, 20)
    return ip + tcp[:16] + struct.pack('!H', csum(pseudo + tcp)) + tcp[18:]


def main():
    os.sched_setaffinity(0, {0})
    from_ns, from_dev, to_ns, to_dev, vip, port, *words = sys.argv[1:]
    vip, port = socket.inet_aton(vip), int(port)
    out = packet_socket(from_ns, from_dev, 0)
    to = packet_socket(to_ns, to_dev, 0x800)
    to.settimeout(1)
    ether = bytes.fromhex('020000000002 020000000001 0800')
    opened, sport = {}, 1024

    def send(sport, flags):
        out.send(ether + segment(vip, sport, port, flags))
        while True:
            frame = to.recv(2048)
            if frame[23] == 6 and struct.unpack('!H', frame[34:36])[0] == sport:
                return chr(frame[5] - 10 + ord('A'))

    for line in [words] if words else (l.split() for l in sys.stdin):
        seen = ''
        for word in line:
            if word[0] == '@':
                port, opened = int(word[1:]), {}
            elif word[0] == '+':
                for _ in range(int(word[1:])):
                    try:
                        x = send(sport, 2)
                        opened.setdefault(x, []).append(sport)
                    except TimeoutError:
                        x = '-'
                    seen += x
                    sport += 1
            elif word[0] == '-':
                for x in word[1:].split(','):
                    send(opened[x].pop(0), 4)
        print(seen, flush=True)


main()
