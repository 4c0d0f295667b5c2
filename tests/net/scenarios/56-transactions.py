#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Transactions: whose they are, what they hold, when a commit is refused and what it says then.

    director alone; raw generic netlink messages
"""
import errno, os, socket, struct, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from genl import COMMANDS, Socket, attr, attributes, check, finish, key, lbctl, number, own_namespace


def u32(value):
    return struct.pack('=I', value)


def service(port):
    return attr(number('service', 'key'), key(port=struct.pack('!H', port)), True)


def dest(port, address, dest_port):
    return (attr(number('dest', 'service'), key(port=struct.pack('!H', port)), True) +
            attr(number('dest', 'addr'), socket.inet_aton(address)) +
            attr(number('dest', 'port'), struct.pack('!H', dest_port)))


RR = attr(number('service', 'scheduler'), b'rr\0')
DIRECT = attr(number('dest', 'method'), b'\1')


class Transaction:
    def __init__(self):
        self.nl = Socket()
        error, answers, text = self.nl.ask(COMMANDS['txn-begin'], b'')
        assert not error, text
        self.id = self.reply(answers)['id']

    @staticmethod
    def reply(answers):
        names = ('id', 'staged', 'failed', 'reason', 'generation', 'attribute')
        known = {number('txn', n): n for n in names}
        found = {known[k]: v for k, v in attributes(answers[0][1][4:])}
        return {n: v.rstrip(b'\0').decode() if n == 'reason' else struct.unpack('=I', v)[0] for n, v in found.items()}

    def stage(self, command, payload, by=None):
        kind = {'ser': 'service', 'des': 'dest', 'flu': 'service', 'set': 'settings'}[command[:3]]
        return (by or self.nl).ask(COMMANDS[command], payload + attr(number(kind, 'txn'), u32(self.id)))

    def ask(self, command, by=None, generation=None):
        payload = attr(number('txn', 'id'), u32(self.id))
        if generation is not None:
            payload += attr(number('txn', 'generation'), u32(generation))
        error, answers, text = (by or self.nl).ask(COMMANDS[command], payload)
        return error, self.reply(answers) if answers else {}, text


def generation():
    _, answers, _ = Socket().ask(COMMANDS['info-get'], b'')
    return struct.unpack('=I', dict(attributes(answers[0][1][4:]))[number('info', 'generation')])[0]


def main():
    own_namespace()
    lbctl('service', 'add', 'tcp', '192.0.2.1:80', '--scheduler', 'rr')
    before = lbctl('save')

    # It belongs to its socket, and ends with it.
    txn, other = Transaction(), Socket()
    check("another socket's cannot be committed", txn.ask('txn-commit', by=other)[0] == errno.EPERM)
    check('nor aborted', txn.ask('txn-abort', by=other)[0] == errno.EPERM)
    check('nor added to', txn.stage('service-new', service(99) + RR, by=other)[0] == errno.EPERM)
    check('but by its own', txn.stage('service-new', service(99) + RR)[0] == 0)
    check('what is staged is not done', lbctl('save') == before)
    txn.nl.s.close()
    check('closing the socket forgets it', lbctl('save') == before)

    # All kinds of commands at once, one generation.
    txn, was = Transaction(), generation()
    udp = attr(number('settings', 'udp'), u32(123))
    for command, payload in (('service-new', service(81) + RR), ('dest-new', dest(81, '10.0.0.1', 8080)),
                             ('settings-set', udp), ('service-del', service(80))):
        error, _, text = txn.stage(command, payload)
        check(f'{command} is staged', not error, text)
    check('and not done', lbctl('save') == before and generation() == was)
    error, reply, text = txn.ask('txn-commit', generation=was)
    check('the commit is done', not error, text)
    check('and says what it did', reply == {'id': txn.id, 'staged': 4, 'generation': was + 1}, reply)
    after = lbctl('save')
    check('services are changed', '192.0.2.1:81' in after and '192.0.2.1:80 ' not in after, after)
    check('settings with them', 'settings set udp 123\n' in after, after)
    check('it is over', txn.ask('txn-get')[0] == errno.ENOENT)

    # Somebody else was quicker.
    txn, was = Transaction(), generation()
    txn.stage('settings-set', attr(number('settings', 'udp'), u32(200)))
    lbctl('settings', 'set', 'udp', '201')
    error, _, text = txn.ask('txn-commit', generation=was)
    check('a commit to another generation is refused', error == errno.ESTALE, error)
    check('and says which one it is', str(was + 1) in text, text)
    check('nothing was changed', 'udp 201\n' in lbctl('save'))
    check('it is still there', txn.ask('txn-get')[1].get('staged') == 1)
    check('and can be committed to the new one', txn.ask('txn-commit', generation=was + 1)[0] == 0)
    check('which is done', 'udp 200\n' in lbctl('save'))

    # A command that the configuration refuses: which one, which attribute and why; nothing is done.
    before = lbctl('save')
    for what, command, payload, error, kind, blamed in (
            ('a service twice', 'service-new', service(81) + RR, errno.EEXIST, 'service', 'key'),
            ('a service that is not there', 'service-del', service(7), errno.ESRCH, 'service', 'key'),
            ('a destination without its service', 'dest-new', dest(7, '10.0.0.2', 7), errno.ESRCH, 'dest', 'service'),
            ('a multicast destination', 'dest-new', dest(81, '224.0.0.1', 81), errno.EINVAL, 'dest', 'addr'),
            ('a destination that is not there', 'dest-del', dest(81, '10.0.0.2', 81), errno.ENOENT, 'dest', 'addr'),
            ('another port by direct', 'dest-new', dest(81, '10.0.0.2', 82) + DIRECT, errno.EINVAL, 'dest', 'port')):
        txn = Transaction()
        txn.stage('settings-set', attr(number('settings', 'udp'), u32(77)))
        txn.stage('service-new', service(82) + RR)
        staged, _, text = txn.stage(command, payload)
        got, _, text = txn.ask('txn-commit')
        check(f'{what} is staged, and refused by the commit', not staged and got == error, (staged, got))
        _, reply, _ = txn.ask('txn-get')
        check(f'{what}: which and why', reply.get('failed') == 2 and reply.get('reason') and
              f'command 3 of 3: {reply["reason"]}'.startswith(text[:70]), (reply, text))
        check(f'{what}: the attribute to blame', reply.get('attribute') == number(kind, blamed), reply)
        txn.nl.s.close()
    check('nothing of that was done', lbctl('save') == before)
    return finish()


sys.exit(main())
