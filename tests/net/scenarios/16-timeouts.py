#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A service's own timeouts hold for its connections, and no one else's; ip_vs has none to compare with.

    wire: client ---- director ---- wire: rs1

Timeouts are hours apart, so that what is left of one tells which it is, however slow the machine.
"""
import json, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '../packets'))
import table

HOUR = 3600
passed = failed = 0


def check(claim, got, want):
    global passed, failed
    if got == want:
        passed += 1
        print(f'ok - {claim}')
    else:
        failed += 1
        print(f'not ok - {claim}: got {got}, want {want}')


class Bed:
    def __init__(self):
        self.network = table.Network('lb')
        self.port = 1024

    def lbctl(self, *words):
        return subprocess.run(['nsenter', '--net=/run/netns/' + self.network.director, 'lbctl', *words],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def do(self, *words):
        done = self.lbctl(*words)
        if done.returncode:
            sys.exit(f'not ok - lbctl {" ".join(words)}: {done.stdout}')
        return done.stdout

    def send(self, method, *packets):
        """From the client ("l4 S vip:81") or, after "<", from the destination; one client port for all."""
        env = {'balancer': 'lb', 'rs': 'rs1', 'kernel': '6.12', 'family': 'v4', 'protocol': 'tcp', 'method': method,
               'rs port': 8080 if method == 'nat' else 80, 'port': self.port}
        for p in packets:
            self.network.send('rs1' if p.startswith('<') else 'client', table.Packet(p.removeprefix('<'), env))
        self.network.collect()

    def left(self):
        """State and timeout of the connection of this client port, to the hour or, if shorter, the minute."""
        conns = json.loads(self.do('conn', 'list', '--client', f'198.51.100.2:{self.port}', '--json'))
        if len(conns) != 1:
            return f'{len(conns)} connections'
        ms = conns[0]['expires-ms']
        seconds = -(-(ms - 250) // 1000)
        return conns[0]['state'], f'{-(-seconds // HOUR)}h' if seconds > HOUR // 2 else f'{-(-seconds // 60)}m'

    def next(self):
        self.port += 1


def main():
    os.sched_setaffinity(0, {0})
    bed = Bed()
    tcp = 'established=5h,fin-wait=4h,syn-recv=3h'
    for port, more in ((80, ['--timeout', tcp]), (81, [])):
        for p, text in (('tcp', tcp), ('udp', 'udp=7h'), ('sctp', 'sctp-init1=6h')):
            own = ['--timeout', text] if more else []
            bed.do('service', 'add', p, f'192.0.2.1:{port}', *own)

    for method in ('nat', 'direct'):
        for port in (80, 81):
            for p in ('tcp', 'udp', 'sctp'):
                at = f'10.0.1.2:{8080 if method == "nat" else port}'
                bed.do('dest', 'add', p, f'192.0.2.1:{port}', at, '--method', method)
        fin = '<l4 F rs1 > client' if method == 'nat' else 'l4 F client > vip'
        bed.send(method, 'l4 S client > vip')
        check(f'{method}: a SYN opens one with the service\'s timeout', bed.left(), ('syn-recv', '3h'))
        bed.send(method, 'l4 A client > vip')
        check(f'{method}: another state has another', bed.left(), ('established', '5h'))
        bed.send(method, fin)
        check(f'{method}: and another', bed.left(), ('fin-wait', '4h'))
        if method == 'direct':
            bed.send(method, 'l4 R client > vip')
            check(f'{method}: a state that the service says nothing of has the namespace\'s', bed.left(), ('close', '1m'))
        bed.next()
        bed.send(method, 'l4 S client > vip:81', 'l4 A client > vip:81')
        check(f'{method}: other services have the namespace\'s', bed.left(), ('established', '15m'))
        bed.next()
        bed.send(method, 'udp client > vip data 4')
        check(f'{method}: of UDP', bed.left(), ('udp', '7h'))
        bed.next()
        bed.send(method, 'udp client > vip:81 data 4')
        check(f'{method}: of another UDP service', bed.left(), ('udp', '5m'))
        bed.next()
        bed.send(method, 'sctp INIT client > vip')
        check(f'{method}: of SCTP', bed.left(), ('sctp-init1', '6h'))
        bed.next()
        for port in (80, 81):
            for p in ('tcp', 'udp', 'sctp'):
                bed.do('dest', 'del', p, f'192.0.2.1:{port}', f'10.0.1.2:{8080 if method == "nat" else port}')

    # Changed for connections that live: from their next packet on, that is seen to be another than the last.
    bed.do('dest', 'add', 'tcp', '192.0.2.1:80', '10.0.1.2:8080')
    bed.send('nat', 'l4 S client > vip', 'l4 A client > vip')
    check('the service\'s own', bed.left(), ('established', '5h'))

    def becomes(what, want):
        for _ in range(300):
            bed.send('nat', 'l4 A client > vip')
            if bed.left() == want:
                break
        check(what, bed.left(), want)

    bed.do('service', 'set', 'tcp', '192.0.2.1:80', '--timeout', 'tcp-established=9h')
    becomes('changed, it is another', ('established', '9h'))
    check('all were replaced', bed.do('save').count('--timeout established=9h\n'), 1)
    bed.do('settings', 'set', 'tcp-established', str(2 * HOUR))
    bed.do('service', 'set', 'tcp', '192.0.2.1:80', '--timeout', 'none')
    becomes('gone, it is the namespace\'s', ('established', '2h'))
    bed.do('settings', 'set', 'tcp-established', '900')
    bed.do('service', 'set', 'tcp', '192.0.2.1:80', '--timeout', 'established=9h')
    becomes('and back', ('established', '9h'))
    bed.do('service', 'del', 'tcp', '192.0.2.1:80')
    bed.do('service', 'add', 'tcp', '192.0.2.1:80')
    bed.do('dest', 'add', 'tcp', '192.0.2.1:80', '10.0.1.2:8080')
    becomes('the service removed and added again has none', ('established', '15m'))

    # What is said is what is there.
    text = 'established=90s,last-ack=1d'
    bed.do('service', 'set', 'tcp', '192.0.2.1:80', '--timeout', 'last-ack=24h,tcp-established=90')
    check('it is saved', bed.do('save').count(f'--timeout {text}\n'), 1)
    check('it is listed', bed.do('service', 'list').count(f'timeout {text}'), 1)
    shown = json.loads(bed.do('service', 'show', 'tcp', '192.0.2.1:80', '--json'))
    check('in JSON', shown['timeouts'], {'tcp-established': 90, 'tcp-last-ack': 24 * HOUR})
    bed.do('service', 'set', 'tcp', '192.0.2.1:80', '--scheduler', 'rr')
    check('what is not given stays', bed.do('save').count(f'--timeout {text}\n'), 1)
    refusals = (('udp', 'established=1h', 1, 'a service of udp can have timeouts of its states only'),
                ('sctp', 'fin-wait=1h', 1, 'a service of sctp can have timeouts of its states only'),
                ('tcp', 'sctp-init=1h', 1, 'a service of tcp can have timeouts of its states only'),
                ('tcp', 'established=32d', 2, 'too long'), ('tcp', 'established=0', 2, 'too short'),
                ('tcp', 'establisht=1h', 2, "did you mean 'established'"), ('tcp', 'established', 2, 'time of established'),
                ('tcp', 'established=1h,established=2h', 2, 'twice'), ('tcp', 'conn-max=5', 2, 'not a state'))
    before = bed.do('save')
    for p, text, status, why in refusals:
        done = bed.lbctl('service', 'set', p, '192.0.2.1:80', '--timeout', text)
        check(f'{p} {text} is refused', (done.returncode, why in done.stdout or done.stdout), (status, True))
    check('and nothing has changed', bed.do('save'), before)
    bed.network.close()
    print(f'{passed} passed, {failed} failed')
    return failed != 0


sys.exit(main())
