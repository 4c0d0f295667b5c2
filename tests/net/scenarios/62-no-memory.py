#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Every single allocation that a command makes fails once: what is refused has changed nothing, what is not
is done, and nothing is lost (kmemleak, at the end of the run).

    director alone; raw generic netlink messages; kernels that can inject failures (umdbg, x86dbg)
"""
import os, struct, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from faults import Faults, can_fail
from genl import COMMANDS, DUMP, Socket, attr, attributes, check, finish, key, lbctl, number, own_namespace


def u32(value):
    return struct.pack('=I', value)


def service(port):
    return attr(number('service', 'key'), key(port=struct.pack('!H', port)), True)


def dest(port, last):
    return (attr(number('dest', 'service'), key(port=struct.pack('!H', port)), True) +
            attr(number('dest', 'addr'), bytes((10, 0, 0, last))) + attr(number('dest', 'port'), struct.pack('!H', port)))


SCHEDULER = attr(number('service', 'scheduler'), b'wlc\0')
WEIGHT = attr(number('dest', 'weight'), u32(7))


class Director(Socket):
    def __init__(self):
        super().__init__()
        self.s.settimeout(0)        # a command is over when it has been sent

    def message(self, command, payload=b'', flags=0):
        self.seq += 1
        body = struct.pack('=BBH', COMMANDS[command], 1, 0) + payload
        return struct.pack('=IHHII', 16 + len(body), self.family, 1 | 4 | flags, self.seq, 0) + body

    def send(self, message):
        """-> errno: the kernel could not even take it; 0"""
        try:
            self.s.send(message)
        except OSError as error:
            return error.errno
        return 0

    def answer(self):
        """-> errno of the ack, None if it was lost; the messages before it"""
        error, answers = None, []
        while True:
            try:
                data = self.s.recv(1 << 17)
            except BlockingIOError:
                return error, answers
            except OSError:         # ENOBUFS: an answer was lost
                continue
            while data:
                size, kind, _, seq, _ = struct.unpack('=IHHII', data[:16])
                if seq == self.seq and kind in (2, 3):
                    error = -struct.unpack('=i', data[16:20])[0]
                elif seq == self.seq:
                    answers.append(data[16:size])
                data = data[(size + 3) & ~3:]

    def command(self, command, payload=b''):
        self.send(self.message(command, payload))
        return self.answer()

    def one(self, command, payload, spec_set, name):
        """A u32 of its reply."""
        _, answers = self.command(command, payload)
        return dict(attributes(answers[0][4:]))[number(spec_set, name)]

    def generation(self):
        return struct.unpack('=I', self.one('info-get', b'', 'info', 'generation'))[0]


def changes(faults, nl, what, command, payload, undo):
    """All or nothing: done and one generation on, or refused and none. undo() is a command, too."""
    wrong, points = [], 0
    for n, failed, injected in faults.each(lambda m=None: nl.send(nl.message(command, payload))):
        error = failed or nl.answer()[0]
        points += injected
        now = nl.generation()
        went = now - changes.generation
        if went not in (0, 1) or error and went or error == 0 and not went or not injected and error:
            wrong.append((n, error, went))
        if went and injected:
            nl.command(*undo)
        changes.generation = nl.generation()
    check(f'{what}: {points} allocations fail, each once', points > 3 and not wrong, (points, wrong[:5]))


def looks(faults, nl, what, command, payload=b'', flags=0):
    """Refused or answered, and nothing changes."""
    points, errors = 0, set()
    for _, failed, injected in faults.each(lambda: nl.send(nl.message(command, payload, flags))):
        error, _ = (failed, []) if failed else nl.answer()
        points += injected
        if not injected:
            errors.add(error)
    check(f'{what}: {points} allocations fail, each once', points and errors == {0}, (points, errors))


def stage(nl):
    """-> a transaction that turns one service into four others"""
    txn = nl.one('txn-begin', b'', 'txn', 'id')
    staged = attr(number('service', 'txn'), txn)
    for port in range(100, 104):
        nl.command('service-new', service(port) + SCHEDULER + staged)
        for last in range(1, 6):
            nl.command('dest-new', dest(port, last) + attr(number('dest', 'txn'), txn))
    nl.command('service-del', service(80) + staged)
    nl.command('settings-set', attr(number('settings', 'udp'), u32(77)) + attr(number('settings', 'txn'), txn))
    return attr(number('txn', 'id'), txn)


def commits(faults, nl):
    """A commit fails at each of its allocations and is tried again with the same transaction; or is done."""
    before, was = lbctl('save'), nl.generation()
    points = survived = 0
    wrong = []
    txn = stage(nl)
    for n, failed, injected in faults.each(lambda: nl.send(nl.message('txn-commit', txn))):
        error = failed or nl.answer()[0]
        points += injected
        after = lbctl('save')
        done = (after.count('service add') == 4 and after.count('dest add') == 20 and 'udp 77' in after and
                ':80 ' not in after and nl.generation() == was + 1)
        if not done and (after != before or nl.generation() != was) or done and error or error == 0 and not done:
            wrong.append((n, error, after))
        if done and injected:
            survived += 1
            lbctl('restore', text=before)
            was, txn = nl.generation(), stage(nl)
    check(f'a commit: {points} allocations fail, each once, {survived} of them without harm',
          points > 40 and done and not wrong, (points, wrong[:2]))


def main():
    if not can_fail():
        return 0
    own_namespace()
    faults, nl = Faults(), Director()
    changes.generation = nl.generation()

    new80 = ('service-new', service(80) + SCHEDULER)
    changes(faults, nl, 'the first service', *new80, ('service-del', service(80)))
    changes(faults, nl, 'a destination', 'dest-new', dest(80, 1), ('dest-del', dest(80, 1)))
    nl.command('dest-new', dest(80, 2))
    changes.generation = nl.generation()
    changes(faults, nl, "a destination's weight", 'dest-set', dest(80, 1) + WEIGHT,
            ('dest-set', dest(80, 1) + attr(number('dest', 'weight'), u32(1))))
    changes(faults, nl, 'another scheduler', 'service-set', service(80) + attr(number('service', 'scheduler'), b'wrr\0'),
            ('service-set', service(80) + SCHEDULER))
    nl.command('service-set', service(80) + attr(number('service', 'scheduler'), b'lblcr\0'))
    nl.command('dest-set', dest(80, 1) + attr(number('dest', 'weight'), u32(1)))
    changes.generation = nl.generation()
    changes(faults, nl, 'a weight, and what lblcr has learnt', 'dest-set', dest(80, 1) + WEIGHT,
            ('dest-set', dest(80, 1) + attr(number('dest', 'weight'), u32(1))))
    nl.command('service-set', service(80) + SCHEDULER)
    changes.generation = nl.generation()
    changes(faults, nl, 'a setting', 'settings-set', attr(number('settings', 'udp'), u32(200)),
            ('settings-set', attr(number('settings', 'udp'), u32(300))))
    changes(faults, nl, 'a way past all destinations', 'settings-set', attr(number('settings', 'cache-bypass'), u32(1)),
            ('settings-set', attr(number('settings', 'cache-bypass'), u32(0))))
    changes(faults, nl, 'a deadline', 'dest-set', dest(80, 1) + attr(number('dest', 'drain'), b'\1') +
            attr(number('dest', 'deadline'), u32(60)), ('dest-set', dest(80, 1) + attr(number('dest', 'drain'), b'\0')))
    # Its seconds go by while others look at it.
    nl.command('dest-set', dest(80, 1) + attr(number('dest', 'drain'), b'\0'))
    changes.generation = nl.generation()
    changes(faults, nl, 'a destination less', 'dest-del', dest(80, 2), ('dest-new', dest(80, 2)))
    commits(faults, nl)
    looks(faults, nl, 'a service', 'service-get', service(100))
    looks(faults, nl, 'services', 'service-get', b'', DUMP)
    looks(faults, nl, 'destinations', 'dest-get', b'', DUMP)
    looks(faults, nl, 'connections', 'conn-get', b'', DUMP)
    looks(faults, nl, 'no more connections', 'conn-del', attr(number('conn', 'protocol'), b'\6'))
    looks(faults, nl, 'counters', 'stats-get')
    looks(faults, nl, 'a transaction', 'txn-begin')
    looks(faults, nl, 'all services less', 'flush')
    return finish()


sys.exit(main())
