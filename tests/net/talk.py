#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Small talk over UDP and TCP, for scenarios that need a word of control over sockets.

    talk.py udp-server NAME PORT...          answers every datagram with NAME
    talk.py mirror ADDRESS PORT              answers every datagram with whom it came from
    talk.py udp ADDRESS PORT N [SOURCEPORT [TEXT]]
                                             sends N datagrams, from one port each (or all from
                                             SOURCEPORT), prints who answered each, or -
    talk.py tcp-server NAME PORT...          says NAME, then repeats what it is told
    talk.py tcp ADDRESS PORT N [SOURCEPORT]  N connections, one after the other, from SOURCEPORT each;
                                             the client closes first; prints who answered, or why not
    talk.py hold ADDRESS PORT N              opens N connections, prints who answered; then for each
                                             line of its input talks over all and prints how many
                                             answered; ends with its input
    talk.py hammer ADDRESS PORT SECONDS      connections, one after the other, as fast as they go;
                                             prints how many were answered and how many not;
                                             SIGTERM ends it early
    talk.py sink-server NAME PORT...         takes what is sent, answers with its MD5 at the end
    talk.py upload ADDRESS PORT FILE         sends FILE, prints the MD5 that comes back
"""
import hashlib, selectors, signal, socket, sys, time

what, *rest = sys.argv[1:]
family = socket.AF_INET6 if ':' in rest[0] else socket.AF_INET


def connect(source=0, timeout=3.0):
    s = socket.socket(family, socket.SOCK_STREAM)
    s.settimeout(timeout)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if source:
        s.bind(('', source))
    s.connect((rest[0], int(rest[1])))
    return s


def server(kind):
    name, ports = rest[0].encode(), rest[1:]
    loop = selectors.DefaultSelector()
    for port in ports:
        s = socket.socket(socket.AF_INET6, kind)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        s.bind(('::', int(port)))
        if kind == socket.SOCK_STREAM:
            s.listen(1024)
        loop.register(s, selectors.EVENT_READ, 'listening')
    while True:
        for key, _ in loop.select():
            s = key.fileobj
            if kind == socket.SOCK_DGRAM:
                _, pktinfo, _, peer = s.recvmsg(2048, 256)
                # The answer leaves from the address that was asked.
                s.sendmsg([name], [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, pktinfo[0][2][:16] + bytes(4))], 0, peer)
            elif key.data == 'listening':
                c = s.accept()[0]
                c.sendall(name + b'\n')
                loop.register(c, selectors.EVENT_READ, 'connected')
            else:
                try:
                    data = s.recv(2048)
                    if data:
                        s.sendall(data)
                except OSError:
                    data = b''
                if not data:
                    loop.unregister(s)
                    s.close()


def mirror():
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.bind((rest[0], int(rest[1])))
        while True:
            peer = s.recvfrom(2048)[1]
            s.sendto(b'%s %d' % (peer[0].encode(), peer[1]), peer)


def udp():
    for _ in range(int(rest[2])):
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.settimeout(2)
            if len(rest) > 3 and int(rest[3]):
                s.bind(('', int(rest[3])))
            s.connect((rest[0], int(rest[1])))
            try:
                s.send(rest[4].encode() if len(rest) > 4 else b'who?')
            except PermissionError:
                pass    # dropped on this very host, which may say why, as others would
            try:
                print(s.recv(2048).decode())
            except OSError as e:
                print('-', e.strerror or 'timeout')


def tcp():
    for _ in range(int(rest[2])):
        try:
            s = connect(int(rest[3]) if len(rest) > 3 else 0)
            print(s.recv(100).decode().strip())
            # We close first, so that TIME_WAIT is ours and the director's.
            s.shutdown(socket.SHUT_WR)
            s.recv(100)
            s.close()
        except OSError as e:
            print('-', e.strerror or 'timeout')


def hold():
    held = []
    for _ in range(int(rest[2])):
        s = connect()
        print(s.recv(100).decode().strip())
        held.append(s)
    print('held', flush=True)
    for line in sys.stdin:
        answered = 0
        for s in held:
            try:
                s.settimeout(float(line.strip() or 3))
                s.sendall(b'there?')
                answered += s.recv(100).startswith(b'there?')   # twice, if it was once delayed
            except OSError:
                pass
        print(answered, flush=True)


def hammer():
    end, good, bad, why = time.monotonic() + float(rest[2]), 0, 0, ''
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
    while time.monotonic() < end and not stopped:
        try:
            s = connect(timeout=1)
            good += len(s.recv(100)) > 0
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
            s.close()
        except OSError as e:
            bad, why = bad + 1, e.strerror or 'timeout'
    print(good, bad, why)


def sink():
    """One connection at a time, on whichever port it comes."""
    loop = selectors.DefaultSelector()
    for port in rest[1:]:
        s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(('::', int(port)))
        s.listen(16)
        loop.register(s, selectors.EVENT_READ)
    while True:
        for key, _ in loop.select():
            c, digest = key.fileobj.accept()[0], hashlib.md5()
            while data := c.recv(1 << 16):
                digest.update(data)
            c.sendall(digest.hexdigest().encode())
            c.close()


def upload():
    with open(rest[2], 'rb') as f:
        data = f.read()
    s = connect(timeout=60)
    try:
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
        print(s.recv(100).decode())
    except OSError as e:
        print('-', e.strerror or 'timeout')


{'sink-server': sink, 'upload': upload, 'udp-server': lambda: server(socket.SOCK_DGRAM), 'tcp-server': lambda: server(socket.SOCK_STREAM),
 'mirror': mirror, 'udp': udp, 'tcp': tcp, 'hold': hold, 'hammer': hammer}[what]()
