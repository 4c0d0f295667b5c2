#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Bare TCP segments from a client to the VIP's port 80, and how many of them come out at rs1.

    segments.py WIRE COUNT FLAGS FIRST-PORT      on the network that lib.sh's "wires" makes; one source port each
    segments.py WIRE COUNT udp|init FIRST-PORT   datagrams, or INITs of SCTP, instead
    segments.py WIRE COUNT FLAGS FIRST-PORT flood   each from an address of its own, out of 198.18.0.0/15, at random

Nothing waits for a time: the way from link to link runs on one CPU and in order, so that a marker sent behind the
segments, which is only routed, comes out behind all of them.
"""
import ctypes, os, random, socket, struct, sys

CLIENT, VIP, RS1 = (socket.inet_aton(a) for a in ('198.51.100.2', '192.0.2.1', '10.0.1.2'))
ETHER = bytes.fromhex('020000000001 020000000002 0800')
FLAGS = {'F': 1, 'S': 2, 'R': 4, 'P': 8, 'A': 16}


def fold(data):
    n = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while n >> 16:
        n = (n >> 16) + (n & 0xffff)
    return ~n & 0xffff


def ipv4(src, dst, proto, payload):
    ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), 1, 0x4000, 64, proto, 0, src, dst)
    return ETHER + ip[:10] + struct.pack('!H', fold(ip)) + ip[12:] + payload


def segment(src, sport, flags):
    tcp = struct.pack('!HHIIBBHHH', sport, 80, 1, 1, 0x50, flags, 1024, 0, 0)
    check = fold(src + VIP + struct.pack('!HH', 6, 20) + tcp)
    return ipv4(src, VIP, 6, tcp[:16] + struct.pack('!H', check) + tcp[18:])


def packet(src, sport, what):
    """-> its protocol, the whole"""
    if what == 'udp':
        return 17, ipv4(src, VIP, 17, struct.pack('!HHHHI', sport, 80, 12, 0, 0))
    if what == 'init':
        # Nobody there reads it: no checksum.
        return 132, ipv4(src, VIP, 132, struct.pack('!HHIIBBHIIHHI', sport, 80, 0, 0, 1, 0, 20, 1, 65536, 1, 1, 1))
    return 6, segment(src, sport, sum(FLAGS[f] for f in what))


def main():
    os.sched_setaffinity(0, {0})
    wire, count, what, first, *flood = sys.argv[1:]
    with open('/run/netns/' + wire) as f:
        ctypes.CDLL(None).setns(f.fileno(), 0x40000000)
    links = {}
    for link in ('client', 'rs1'):
        links[link] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        links[link].bind((link, 0x800))
        links[link].setsockopt(socket.SOL_SOCKET, 33, 1 << 24)     # SO_RCVBUFFORCE
        links[link].settimeout(60)
    rnd, arrived = random.Random(int(first)), 0
    for n in range(int(count)):
        src, sport = CLIENT, int(first) + n
        if flood:
            src, sport = struct.pack('!I', 0xc6120000 + rnd.getrandbits(17)), rnd.randrange(1024, 65536)
        proto, frame = packet(src, sport, what)
        links['client'].send(frame)
        # A part at a time, or the receiver's buffer runs over.
        if n % 256 == 255 or n + 1 == int(count):
            mark = struct.pack('!HHHHI', 9, 9, 12, 0, n)
            links['client'].send(ipv4(CLIENT, RS1, 17, mark))
            while True:
                frame = links['rs1'].recv(2048)
                if frame[23:24] == b'\x11' and frame[34:46] == mark:
                    break
                if frame[23] == proto and frame[36:38] == b'\0\x50':
                    arrived += 1
    print(arrived)


main()
