#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The older interface, socket options: the same answers and errors of lb as of ip_vs, byte for byte, for the same
calls in the same order; with lengths too short and too long, and without privilege.

One module after the other, each in a namespace of its own.
"""
import ctypes, errno, os, socket, struct, sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
from genl import check, finish, on_both

LIBC = ctypes.CDLL(None, use_errno=True)
BASE = 1024 + 64 + 64
SET = {n: BASE + i for i, n in enumerate('NONE INSERT ADD EDIT DEL FLUSH LIST ADDDEST DELDEST EDITDEST TIMEOUT '
                                        'STARTDAEMON STOPDAEMON RESTORE SAVE ZERO'.split())}
GET = {n: BASE + i for i, n in enumerate('VERSION INFO SERVICES SERVICE DESTS DEST TIMEOUT DAEMON'.split())}
TCP, UDP, SCTP = 6, 17, 132
ANY = 0xffffffff


def ip(text):
    return socket.inet_aton(text)


# linux/ip_vs.h; "x" are the compiler's.
def service(proto=TCP, addr='192.0.2.1', port=80, mark=0, sched=b'rr', flags=0, timeout=0, mask=ANY):
    return struct.pack('=H2x4s2s2xI16sIII', proto, ip(addr), struct.pack('!H', port), mark, sched, flags, timeout, mask)


def dest(addr='10.0.0.11', port=8080, flags=0, weight=1, upper=0, lower=0):
    return struct.pack('=4s2s2xIiII', ip(addr), struct.pack('!H', port), flags, weight, upper, lower)


# struct ip_vs_daemon_user: role, interface, id
def daemon(role, interface=b'd0', number=0):
    return struct.pack('=i16si', role, interface, number)


def error(ret):
    return errno.errorcode[ctypes.get_errno()] if ret else 'done'


class Calls:
    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self.said = []

    def set(self, what, option, data=b''):
        buffer = ctypes.create_string_buffer(data, max(len(data), 1))
        ret = LIBC.setsockopt(self.socket.fileno(), 0, option, buffer, len(data))
        self.said.append((what, error(ret)))

    def get(self, what, option, size, data=b'', chunk=None):
        """With @chunk, answers are so long, behind 8 bytes, and their order is nobody's business."""
        buffer = ctypes.create_string_buffer(data.ljust(size, b'\0'), max(size, len(data), 1))
        length = ctypes.c_int(size)
        ret = LIBC.getsockopt(self.socket.fileno(), 0, option, buffer, ctypes.byref(length))
        answer = buffer.raw[:length.value].hex() if not ret else ''
        if chunk:
            answer = answer[:16] + ' '.join(sorted(answer[i:i + 2 * chunk] for i in range(16, len(answer), 2 * chunk)))
        self.said.append((what, f'{error(ret)} {length.value} {answer}'))


def lists(c, when):
    c.get(f'{when}: version', GET['VERSION'], 64)
    c.get(f'{when}: info', GET['INFO'], 12)
    c.get(f'{when}: timeouts', GET['TIMEOUT'], 12)
    for named in ({}, {'proto': UDP, 'port': 53}, {'mark': 7}, {'addr': '192.0.2.2'}):
        c.get(f'{when}: service {named}', GET['SERVICE'], SIZE_ENTRY, entry(named))
        for n in (0, 1, 3, 9):
            head = dests(n, **named)
            c.get(f'{when}: {n} destinations of {named}', GET['DESTS'], len(head), head)
    for n in (0, 9):
        c.get(f'{when}: {n} services', GET['SERVICES'], *services(n), SIZE_ENTRY)


def entry(named):
    """struct ip_vs_service_entry with its name"""
    n = {'proto': TCP, 'addr': '192.0.2.1', 'port': 80, 'mark': 0} | named
    head = struct.pack('=H2x4s2s2xI', n['proto'], ip(n['addr']), struct.pack('!H', n['port']), n['mark'])
    return head.ljust(SIZE_ENTRY, b'\0')


def dests(n, proto=TCP, addr='192.0.2.1', port=80, mark=0):
    head = struct.pack('=H2x4s2s2xII', proto, ip(addr), struct.pack('!H', port), mark, n)
    head = head.ljust((len(head) + 7) & ~7, b'\0')
    return head + bytes(n * SIZE_DEST)


def services(n):
    return 8 + n * SIZE_ENTRY, struct.pack('=I4x', n)


class StatsUser(ctypes.Structure):
    _fields_ = [(n, ctypes.c_uint32) for n in ('conns', 'inpkts', 'outpkts')] + \
               [(n, ctypes.c_uint64) for n in ('inbytes', 'outbytes')] + \
               [(n, ctypes.c_uint32) for n in ('cps', 'inpps', 'outpps', 'inbps', 'outbps')]


class ServiceEntry(ctypes.Structure):
    _fields_ = [('protocol', ctypes.c_uint16), ('addr', ctypes.c_uint32), ('port', ctypes.c_uint16), ('fwmark', ctypes.c_uint32),
                ('sched', ctypes.c_char * 16), ('flags', ctypes.c_uint), ('timeout', ctypes.c_uint), ('netmask', ctypes.c_uint32),
                ('num_dests', ctypes.c_uint), ('stats', StatsUser)]


class DestEntry(ctypes.Structure):
    _fields_ = [('addr', ctypes.c_uint32), ('port', ctypes.c_uint16), ('conn_flags', ctypes.c_uint), ('weight', ctypes.c_int),
                ('upper', ctypes.c_uint32), ('lower', ctypes.c_uint32), ('active', ctypes.c_uint32), ('inactive', ctypes.c_uint32),
                ('persistent', ctypes.c_uint32), ('stats', StatsUser)]


SIZE_ENTRY, SIZE_DEST = ctypes.sizeof(ServiceEntry), ctypes.sizeof(DestEntry)


def lengths(c):
    """Every command, with every length up to some, that is not the right one."""
    for name, option in SET.items():
        if name in ('STARTDAEMON', 'STOPDAEMON', 'NONE', 'FLUSH'):
            continue
        for size in (0, 1, 11, 12, 13, 43, 44, 45, 67, 68, 69, 128, 300):
            if (name, size) == ('TIMEOUT', 12):
                continue        # any bytes are timeouts
            # A service that there is none of, so that nothing is done by what is long enough.
            c.set(f'SET_{name} of {size} bytes', option, service(port=9).ljust(size, b'\0')[:size])
    for name, option in GET.items():
        if name == 'DAEMON':
            continue
        for size in (0, 4, 8, 11, 12, 24, 63, 64, 65, SIZE_ENTRY - 1, SIZE_ENTRY, SIZE_ENTRY + 1):
            c.get(f'GET_{name} of {size} bytes', option, size)
    for n in (1, 0x10000000, 0xffffffff):
        c.get(f'{n} services in few bytes', GET['SERVICES'], 16, struct.pack('=I4x', n))
        c.get(f'{n} destinations in few bytes', GET['DESTS'], 24, dests(0)[:16] + struct.pack('=I', n))


def daemons(c):
    """Of the synchronisation: 1 is a master, 2 a backup."""
    def look(when):
        c.get(f'{when}: daemons', GET['DAEMON'], 48)

    def stop(what, d):
        c.set(what, SET['STOPDAEMON'], d)
        # ip_vs says so when its thread had not begun to run; it is stopped all the same.
        if c.said[-1][1] == 'EINTR':
            c.said[-1] = (what, 'done')

    look('without any')
    for size in (0, 1, 23, 25, 47):
        c.get(f'daemons in {size} bytes', GET['DAEMON'], size)
        c.set(f'a daemon of {size} bytes', SET['STARTDAEMON'], daemon(1).ljust(size, b'\0')[:size])
        c.set(f'no daemon of {size} bytes', SET['STOPDAEMON'], daemon(1).ljust(size, b'\0')[:size])
    for what, d in (('master', daemon(1, number=7)), ('backup', daemon(2, number=255)), ('neither', daemon(0)),
                    ('both', daemon(3)), ('another', daemon(4)), ('on no interface', daemon(1, b'')),
                    ('on one that is not there', daemon(1, b'nosuch0')), ('on a long name', daemon(1, b'x' * 16))):
        stop(f'{what}: stop', d)
        c.set(f'{what}: start', SET['STARTDAEMON'], d)
        c.set(f'{what}: start again', SET['STARTDAEMON'], d)
        look(f'{what}: started')
        stop(f'{what}: stop', d)
        stop(f'{what}: stop again', d)
        look(f'{what}: stopped')
    c.set('a master', SET['STARTDAEMON'], daemon(1, number=1))
    c.set('a backup beside it', SET['STARTDAEMON'], daemon(2, number=2))
    look('two')
    stop('the master stops', daemon(1))
    look('one')
    stop('the backup stops, by another id', daemon(2, number=9))
    look('none')


def ask():
    c = Calls()
    lists(c, 'at first')
    lengths(c)
    lists(c, 'after wrong lengths')
    daemons(c)
    c.set('a service', SET['ADD'], service())
    c.set('again', SET['ADD'], service())
    c.set('again, of an unknown scheduler', SET['ADD'], service(sched=b'nosuch'))
    lists(c, 'with one')
    c.set('an unknown scheduler', SET['ADD'], service(port=81, sched=b'nosuch'))
    c.set('a scheduler without an end', SET['ADD'], service(port=81, sched=b'r' * 16))
    c.set('an unknown protocol', SET['ADD'], service(proto=1))
    c.set('of UDP', SET['ADD'], service(proto=UDP, port=53, sched=b'wlc', flags=4))
    c.set('of a mark', SET['ADD'], service(addr='0.0.0.0', port=0, mark=7, sched=b'wrr', flags=1, timeout=300, mask=0x00ffffff))
    c.set('an unknown service edited', SET['EDIT'], service(port=9))
    c.set('an unknown service deleted', SET['DEL'], service(port=9))
    c.set('an unknown service, of an unknown scheduler, edited', SET['EDIT'], service(port=9, sched=b'nosuch'))
    c.set('edited', SET['EDIT'], service(sched=b'wlc', flags=1, timeout=60))
    c.set('edited, by an unknown scheduler', SET['EDIT'], service(sched=b'nosuch'))
    for what, d in (('nat', dest()), ('nat again', dest()), ('direct', dest('10.0.0.12', 80, 3, 5)),
                    ('tunnel', dest('10.0.0.13', 80, 2, 0)), ('bounds', dest('10.0.0.14', 80, 0, 1, 100, 10)),
                    ('bounds, turned', dest('10.0.0.15', 80, 0, 1, 10, 100)), ('weight below 0', dest('10.0.0.15', weight=-1)),
                    ('multicast', dest('224.0.0.1')), ('nowhere', dest('0.0.0.0'))):
        c.set(f'a destination: {what}', SET['ADDDEST'], service() + d)
    c.set('a destination of an unknown service', SET['ADDDEST'], service(port=9) + dest())
    c.set("a mark's destination", SET['ADDDEST'], service(mark=7) + dest('10.0.0.11', 0, 3))
    lists(c, 'with destinations')
    c.set('a destination edited', SET['EDITDEST'], service() + dest(weight=9))
    c.set('an unknown destination edited', SET['EDITDEST'], service() + dest('10.0.0.99'))
    c.set('a destination deleted', SET['DELDEST'], service() + dest('10.0.0.12', 80))
    c.set('an unknown destination deleted', SET['DELDEST'], service() + dest('10.0.0.99'))
    lists(c, 'edited')
    for t in ((100, 20, 30), (0, 0, 40), (-1, 0, 0), (0, 2147483647, 0)):
        c.set(f'timeouts {t}', SET['TIMEOUT'], struct.pack('=iii', *t))
        c.get(f'timeouts after {t}', GET['TIMEOUT'], 12)
    c.set('counters of all', SET['ZERO'], bytes(44))
    c.set('counters of one', SET['ZERO'], service())
    c.set('counters of an unknown one', SET['ZERO'], service(port=9))
    c.set('counters of a protocol that has no services', SET['ZERO'], service(proto=1))
    c.set('deleted', SET['DEL'], service())
    lists(c, 'without one')
    c.set('flushed', SET['FLUSH'])
    lists(c, 'flushed')
    c.set('below the range', BASE - 1, bytes(44))
    c.set('above the range', BASE + 16, bytes(44))
    os.setresuid(65534, 65534, 65534)
    for name, option in SET.items():
        c.set(f'without privilege: SET_{name}', option, service())
    for name, option in GET.items():
        c.get(f'without privilege: GET_{name}', option, 64)
    return c.said


def main():
    answers = on_both(ask)
    for (what, want), (_, got) in zip(answers['ipvs'], answers['lb']):
        check(what, got == want, f'{got}, ip_vs says {want}')
    check('as many answers', len(answers['ipvs']) == len(answers['lb']) > 300, len(answers['lb']))
    return finish()


sys.exit(main())
