#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""lbd check says yes or no to a configuration as keepalived -t does, but for what lbd(8) lists.

    director: d0, an interface that is there; programs in SCRIPTS that others can and cannot change
"""
import ctypes, glob, os, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
from genl import check, finish


def virtual(lines='', real='', name='10.0.0.1 80', most='protocol TCP\nlb_algo rr\nlb_kind NAT\n'):
    return f'virtual_server {name} {{\n{most}{lines}\nreal_server 10.0.0.2 80 {{\n{real}\n}}\n}}\n'


def vrrp(lines='', most='interface d0\nvirtual_router_id 5\npriority 100\nvirtual_ipaddress {\n10.9.9.9/24\n}\n'):
    return f'vrrp_instance V {{\n{most}{lines}\n}}\n'


def block(name, lines):
    return f'{name} {{\n{lines}\n}}\n'


def url(lines):
    return block('HTTP_GET', block('url', 'path /\n' + lines))


def group(lines, kind='protocol TCP\nlb_algo rr\nlb_kind NAT\n'):
    return block('virtual_server_group g', lines) + virtual(name='group g', most=kind)


# Where only root can write, unlike below /tmp.
SCRIPTS = '/run/lbd-check'
# Each of these is not there, or root would give itself away by running it; the last ones it can run.
MISSING = ('nosuch', 'dangling', 'open/nosuch')
UNSAFE = ('world', 'group', 'owner', 'open/x', 'linked')
FINE = ('ok', 'private', 'roots', 'link')
ROOT = 'script_user root\n'
SECURE = ROOT + 'enable_script_security\n'


def make_scripts():
    os.makedirs(SCRIPTS + '/open')
    for name, mode, owner, group in (('ok', 0o755, 0, 0), ('private', 0o700, 0, 0), ('roots', 0o775, 0, 0), ('world', 0o777, 0, 0),
                                     ('group', 0o775, 0, 100), ('owner', 0o755, 1, 1), ('open/x', 0o755, 0, 0), ('plain', 0o644, 0, 0)):
        path = f'{SCRIPTS}/{name}'
        with open(path, 'w', encoding='ascii') as file:
            file.write('#!/bin/sh\n')
        os.chown(path, owner, group)
        os.chmod(path, mode)
    os.chmod(SCRIPTS + '/open', 0o777)
    for name, target in (('link', 'ok'), ('linked', 'open/x'), ('dangling', 'nosuch')):
        os.symlink(target, f'{SCRIPTS}/{name}')


def program(name):
    return f'"{SCRIPTS}/{name} word"'


def misc(name, lines=''):
    return virtual(real=block('MISC_CHECK', f'misc_path {program(name)}\n{lines}'))


def tracked(name):
    return block('vrrp_script s', f'script {program(name)}') + vrrp('track_script {\ns\n}')


def fifo(name):
    return block('global_defs', f'lvs_notify_fifo {SCRIPTS}/fifo\nlvs_notify_fifo_script {program(name)}') + virtual()


def every(name):
    """Each place that names a program, but vrrp_script, of which keepalived says more."""
    return (misc(name), virtual(f'quorum_up {program(name)}'), virtual(real=f'notify_down {program(name)}'), fifo(name),
            vrrp(f'notify_master {program(name)}'), block('global_defs', f'startup_script {program(name)}') + virtual())


def secure(text, lines=SECURE):
    return block('global_defs', lines) + text


SAME = [
    # the language
    '', '# nothing\n', 'foo bar\n', 'foo {\na b\n}\n', virtual(), virtual() + '}\n', virtual().rstrip()[:-1],
    virtual().replace('real_server', 'real_servr'), 'global_defs { router_id x }\n', 'global_defs\n{\nrouter_id x\n}\n',
    'include /nosuch\n', '$PORT=80\n' + virtual(name='10.0.0.1 $PORT'), '~SEQ(N, 1, 3) ' + virtual().replace('\n', ' '),
    # what is always there, and interfaces that are not
    *(block('static_ipaddress', f'10.9.8.1/24 {device}') + virtual() for device in ('dev d0', 'dev nosuch', 'dev d0 scope link')),
    *(block('static_routes', f'10.9.7.0/24 {way}') + virtual()
      for way in ('dev d0', 'dev nosuch', 'via 10.9.0.9 dev d0', 'via 10.9.0.9 dev nosuch', 'via 10.9.0.9', 'via 10.9.0.9 no_track', 'nexthop via 10.9.0.9 dev d0',
                  'no_track nexthop via 10.9.0.9 dev d0', 'via 10.9.0.9 or 10.9.0.8', 'oif d0')),
    *(block('static_rules', f'from 10.9.0.0/24 {rest} table 5') + virtual()
      for rest in ('', 'preference 100', 'order 100 iif d0', 'priority 100 iif nosuch', 'priority 100 oif nosuch')),
    *(vrrp(block('virtual_routes', f'10.9.6.0/24 {way}')) for way in ('dev d0', 'dev nosuch')),
    *(vrrp(block('virtual_rules', f'from 10.9.0.0/24 {rest} table 5')) for rest in ('', 'preference 100', 'preference 100 iif nosuch')),
    *(vrrp(f'state {state}\n' + block('authentication', f'auth_type {kind}\nauth_pass secret'))
      for state in ('MASTER', 'BACKUP') for kind in ('AH', 'PASS')),
    # virtual servers
    *(virtual(line) for line in (
        'lb_algo nosuch', 'lb_kind nat', 'protocol ICMP', 'delay_loop 0', 'delay_loop 0.5', 'delay_loop x', 'delay_loop 5 6',
        'quorum 0', 'quorum 5', 'hysteresis 1', 'alpha foo', 'ops', 'sh-port', 'hashed', 'flag-1', 'lvs_sched rr',
        'lb_kind TUN type gue', 'lb_kind TUN type gue port 0', 'lb_kind TUN type ipip csum', 'lb_kind TUN type gre csum',
        'persistence_timeout', 'persistence_timeout 0', 'persistence_timeout 30\npersistence_granularity 255.255.255.0',
        'quorum_up', 'virtualhost', 'ha_suspend', 'smtp_alert', 'smtp_alert maybe', 'retry 0',
        'retry 99999999999', 'warmup 0', 'connect_timeout 0', 'connect_timeout 1e3', 'ip_family inet6', 'omega',
        'sorry_server 10.0.0.9 80', 'sorry_server 10.0.0.9', 'inhibit_on_failure')),
    *(virtual(most=most) for most in ('', 'protocol TCP\n', 'protocol TCP\nlb_algo rr\n', 'lb_algo rr\nlb_kind NAT\n')),
    *(virtual(name=name) for name in ('10.0.0.1', '10.0.0.1 70000', '10.0.0.999 80', 'host 80', 'fwmark 5', 'fwmark 4294967296',
                                      '2001:db8::1 80', '10.0.0.1 80 junk')),
    virtual('persistence_timeout 30', name='10.0.0.1'),
    virtual(name='fwmark 5', most='lb_algo rr\nlb_kind NAT\n'),
    virtual(name='10.0.0.1 81', most='protocol TCP\nlb_algo rr\nlb_kind DR\n'),
    block('virtual_server 10.0.0.1 80', 'protocol TCP\nlb_algo rr\nlb_kind NAT'),
    # real servers
    *(virtual(real=line) for line in (
        'weight 65535', 'weight -1', 'weight', 'weight 1 2', 'weight 1x', 'uthreshold -1', 'inhibit_on_failure false',
        'lvs_method DR', 'lvs_method tun', 'lvs_method TUN type gre remcsum', 'fwmark 3', 'virtualhost x\nsnmp_name y',
        '}\nreal_server 10.0.0.2 80 {', '}\nreal_server 10.0.0.3 {', '}\nreal_server 2001:db8::1 80 {')),
    # probes
    *(virtual(real=probe) for probe in (
        'TCP_CHECK', block('TCP_CHECK', ''), block('TCP_CHECK', 'connect_port 99999'), block('TCP_CHECK', 'connect_ip x'),
        block('TCP_CHECK', 'nb_get_retry 3'), block('TCP_CHECK', '') * 2, url(''), url('status_code 200 300-310'),
        url('status_code'), url('status_code 99'), url('status_code 200-100'), url('digest 12'), url('virtualhost a'),
        block('HTTP_GET', 'http_protocol 3\nurl {\npath /\n}'), block('HTTP_GET', 'fast_recovery 3\nurl {\npath /\n}'),
        block('HTTP_GET', 'nb_get_retry 3\nurl {\npath /\n}'), block('SSL_GET', 'enable_sni\nurl {\npath /\n}'),
        block('HTTP_GET', ''), block('UDP_CHECK', 'payload xyz'), block('UDP_CHECK', 'payload 12 f\nrequire_reply 1X'),
        block('UDP_CHECK', 'min_reply_length 9\nmax_reply_length 3'), block('UDP_CHECK', 'max_reply_length 70000'),
        block('DNS_CHECK', 'type ANY'), block('DNS_CHECK', 'type a\nname example.org'), block('DNS_CHECK', 'name a..b'),
        block('SMTP_CHECK', 'helo_name a\nhost {\nconnect_ip 10.0.0.3\n}'), block('SMTP_CHECK', 'host 10.0.0.2 25'),
        block('MISC_CHECK', ''), block('FILE_CHECK', ''), block('FILE_CHECK', 'track_file nosuch'),
        block('PING_CHECK', 'retry 3'))),
    block('track_file f', 'file /tmp/f') + virtual(real=block('FILE_CHECK', 'track_file f')),
    # groups
    *(group(line) for line in ('10.0.0.1 80', '10.0.0.1', '10.0.0.1-5 80', '10.0.0.1-10.0.0.9 80', '10.0.0.9-10.0.0.1 80',
                               '10.0.0.9-5 80', '10.0.0.0/29 80', '10.0.0.0/33 80', '10.0.0.1-300 80', 'fwmark 5', 'fwmark x',
                               '', 'foo')),
    # globals
    *(block('global_defs', line) for line in (
        '', 'foo', 'router_id x', 'router_id', 'lvs_timeouts tcp 5', 'lvs_timeouts', 'lvs_timeouts tcp 5 foo 3', 'lvs_flush',
        'lvs_flush_on_stop XX', 'smtp_server 10.0.0.1 99999', 'smtp_server 10.0.0.1', 'notification_email a@b',
        'notification_email {\na@b\n}', 'vrrp_version 4', 'vrrp_version 3', 'vrrp_garp_interval 0', 'vrrp_garp_interval 70',
        'vrrp_garp_master_delay -1', 'vrrp_mcast_group4 10.0.0.1', 'checker_priority 50', 'enable_snmp_vrrp', 'enable_dbus',
        'default_interface nosuch')),
    # VRRP
    vrrp(),
    *(vrrp(line) for line in (
        'priority 0', 'priority 256', 'virtual_router_id 256', 'state FOO', 'interface nosuch', 'advert_int 0.005',
        'advert_int 256', 'preempt_delay 2000', 'track_script {\nnosuch\n}', 'foo', 'track_interface {\nnosuch\n}',
        'unicast_peer {\n2001:db8::1\n}', 'mcast_src_ip 2001:db8::1', 'virtual_ipaddress {\n10.9.9.10/24 dev nosuch\n}',
        'virtual_ipaddress {\n2001:db8::1/64\n}', 'virtual_ipaddress_excluded {\n2001:db8::1/64\n}',
        'use_vmac vrrp.51.nametoolong', 'authentication {\nauth_type FOO\n}',
        'authentication {\nauth_type PASS\nauth_pass abcdefghijk\n}', 'lvs_sync_daemon_interface d0',
        'authentication {\nauth_type PASS\nauth_pass abc\n}', 'state BACKUP\nnopreempt')),
    vrrp(most='virtual_router_id 5\nvirtual_ipaddress {\n10.9.9.9\n}\n'),
    vrrp(most='interface d0\nvirtual_ipaddress {\n10.9.9.9\n}\n'),
    vrrp() + vrrp().replace('instance V', 'instance W'), vrrp() + vrrp().replace('id 5', 'id 6'),
    vrrp() + block('vrrp_sync_group g', 'group {\nV\n}'), block('vrrp_sync_group g', ''),
    # programs that root would run: refused without enable_script_security, whoever can change them
    *(text for name in FINE + UNSAFE for text in (*every(name), tracked(name))),
    *(secure(text) for name in FINE for text in (*every(name), tracked(name))),
    *(secure(text, ROOT) for text in every('ok')),
    *(secure(tracked(name)) for name in MISSING + UNSAFE), *(tracked(name) for name in MISSING),
    *(misc('ok', f'user {user}') for user in ('root', 'nosuch', 'root nosuch')), misc('plain'),
    secure(misc('ok'), 'script_user nosuch'), secure(misc('ok'), 'enable_script_security'),
    secure(virtual(), 'script_user nosuch'), secure(virtual(), 'script_user root nosuch'),
]

# Refused by lbd only, each on purpose.
STRICTER = {
    'a group that is not there': virtual(name='group nosuch'),
    'the same virtual server twice': virtual() * 2,
    'the same group twice': block('virtual_server_group g', '10.0.0.1 80') * 2,
    'a netmask that is none': virtual('persistence_timeout 30\npersistence_granularity 24'),
    'a weight that lb does not take': virtual(real='weight 70000'),
    'a lower threshold above the upper': virtual(real='uthreshold 5\nlthreshold 9'),
    'servers of another family than the group': group('2001:db8::1-f 80'),
    'more addresses than anybody wants': group('10.0.0.0/8 80'),
    **{f'a program that is not there ({name}, {number})': text for name in MISSING for number, text in enumerate(every(name))},
    **{f'a program that is not run, as others can change it ({name}, {number})': secure(text)
       for name in UNSAFE for number, text in enumerate(every(name))},
    'a program that cannot be executed': secure(misc('plain')),
    'a user that is not there, to notify': virtual(real=f'notify_up {program("ok")} nosuch'),
}

# Accepted by lbd only: what keepalived has not; and keepalived -t ends itself with a signal as soon as a program runs
# as anybody but root.
LAXER = {
    'HTTP/2': virtual(real=block('HTTP_GET', 'http_protocol 2\nurl {\npath /\n}')),
    'a program of a user of its own': misc('ok', 'user daemon'),
    'a program that its user can change': misc('owner', 'user daemon'),
    'a user of their own for all programs': secure(misc('world'), 'script_user daemon\nenable_script_security'),
}


SAMPLES = '/usr/share/doc/keepalived/samples/keepalived.conf.*'
# Whose programs are not there, which keepalived -t does not mind.
WITHOUT_PROGRAMS = {'misc_check', 'misc_check_arg', 'quorum', 'vrrp.scripts', 'vrrp.sync'}


def judge_samples():
    """What comes with keepalived to begin with; where documentation is not installed there is none."""
    for number in 0, 1, 2, 3:
        subprocess.run(['ip', 'link', 'add', f'eth{number}', 'type', 'veth', 'peer', 'name', f'p{number}'], check=True)
    for path in sorted(glob.glob(SAMPLES)):
        name = os.path.basename(path).removeprefix('keepalived.conf.')
        (theirs, said), (ours, told) = says(['keepalived', '-t', '-f'], path), says(['lbd', 'check'], path)
        if name in WITHOUT_PROGRAMS:
            check(f'the sample {name} lacks programs', not ours and theirs and 'there is no program' in told, told)
        else:
            check(f'the sample {name}', ours == theirs, f'lbd: {ours}, {told!r}; keepalived: {theirs}, {said!r}')


def says(command, path):
    """Whether it accepts, and what it said. keepalived is known to crash on some that it refuses."""
    done = subprocess.run([*command, path], capture_output=True, text=True, check=False, timeout=60)
    return done.returncode == 0, done.stdout + done.stderr


def main():
    if ctypes.CDLL(None).unshare(0x40000000):
        sys.exit('not ok - unshare')
    subprocess.run('ip link set lo up; ip link add d0 type veth peer name d1; ip link set d0 up; ip link set d1 up; ip address add 10.9.0.1/24 dev d0',
                   shell=True, check=True)
    make_scripts()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'x.conf')

        def judge(text):
            with open(path, 'w', encoding='ascii') as file:
                file.write(text)
            return says(['keepalived', '-t', '-f'], path), says(['lbd', 'check'], path)

        wrong = 0
        accepted = 0
        for text in SAME:
            (theirs, said), (ours, told) = judge(text)
            accepted += theirs
            if theirs != ours:
                wrong += 1
                check(f'as keepalived: {text!r}', False, f'lbd: {ours}, {told!r}; keepalived: {theirs}, {said!r}')
        check(f'{len(SAME)} configurations are judged as by keepalived', not wrong, wrong)
        check('it accepts some and refuses some', 40 < accepted < len(SAME) - 40, accepted)
        for what, text in STRICTER.items():
            (theirs, _), (ours, told) = judge(text)
            check(f'{what} is refused', theirs and not ours and ': warning: ' in told or ': error: ' in told, told)
        for what, text in LAXER.items():
            (theirs, _), (ours, told) = judge(text)
            check(f'{what} is accepted', ours and not theirs, told)
        for text, told in (
                (misc('world'), "x.conf:8:11: warning: '/run/lbd-check/world' would run as root, and others can change it"),
                (misc('nosuch'), "x.conf:8:11: warning: there is no program '/run/lbd-check/nosuch'"),
                (secure(tracked('open/x')), "error: '/run/lbd-check/open/x' would run as root, and others can change it")):
            ours = judge(text)[1]
            check(f'it says where: {told}', not ours[0] and told in ours[1], ours[1])
    judge_samples()
    return finish()


sys.exit(main())
