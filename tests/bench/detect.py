#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""How soon lbd and keepalived notice that a server has died, and that it is back, in one run.

    qemu/lab run --kernel um -- tests/bench/detect.py [--rounds N] [--only lbd|keepalived]

Each is in a network namespace of its own with the same servers behind it, keepalived on ip_vs. Every check has delay_loop 1,
one retry after a second, and connect_timeout 3. A server is killed (its port refuses), stopped (it accepts and does not
answer), or its host goes dark (nothing comes back); the time is from then until the table lacks it.
"""
import argparse, os, shutil, signal, statistics, subprocess, sys, tempfile, time

LIMIT = 30      # seconds after which nobody has noticed

CHECKS = {
    'TCP_CHECK': 'TCP_CHECK {{\n{timers}\n}}',
    'HTTP_GET': 'HTTP_GET {{\nurl {{\npath /\nstatus_code 200\n}}\n{timers}\n}}',
}
TIMERS = 'connect_timeout 3\nretry 1\ndelay_before_retry 1'
FAILURES = ('killed', 'stopped', 'dark')


def run(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more).stdout


def inside(name, *command):
    return ['nsenter', f'--net=/run/netns/{name}', *command]


class Server:
    """nginx in the namespace @name."""

    def __init__(self, name, folder):
        self.name, self.folder, self.process = name, f'{folder}/{name}', None
        os.makedirs(self.folder)
        with open(f'{self.folder}/conf', 'w', encoding='ascii') as f:
            f.write(f'daemon off; master_process off; user root; pid {self.folder}/pid; error_log stderr;\n'
                    'events {}\nhttp { access_log off;\n' +
                    ''.join(f'{k}_temp_path {self.folder};\n' for k in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi')) +
                    'server { listen 80; location / { return 200 hello; } } }\n')

    def start(self):
        self.process = subprocess.Popen(inside(self.name, 'nginx', '-p', self.folder, '-c', f'{self.folder}/conf'),
                                        stderr=subprocess.DEVNULL)

    def fail(self, how):
        if how == 'killed':
            self.process.kill()
            self.process.wait()
        elif how == 'stopped':
            self.process.send_signal(signal.SIGSTOP)
        else:
            run('ip', '-n', self.name, 'link', 'set', 'eth0', 'down')

    def mend(self, how):
        if how == 'killed':
            self.start()
        elif how == 'stopped':
            self.process.send_signal(signal.SIGCONT)
        else:
            run('ip', '-n', self.name, 'link', 'set', 'eth0', 'up')


class Contender:
    def __init__(self, folder):
        self.folder, self.conf, self.process = folder, f'{folder}/{self.name}.conf', None
        self.server = Server(f'{self.name}-rs', folder)
        for n in self.name, self.server.name:
            run('ip', 'netns', 'add', n)
            run('ip', '-n', n, 'link', 'set', 'lo', 'up')
        run('ip', '-n', self.name, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', self.server.name)
        for n, ip in (self.name, '10.0.0.1'), (self.server.name, '10.0.0.11'):
            run('ip', '-n', n, 'addr', 'add', f'{ip}/24', 'dev', 'eth0')
            run('ip', '-n', n, 'link', 'set', 'eth0', 'up')
        self.server.start()

    def serves(self):
        return '10.0.0.11:80' in subprocess.run(inside(self.name, *self.query), capture_output=True, text=True, check=False).stdout

    def until(self, serves):
        begin = time.monotonic()
        while self.serves() != serves:
            if time.monotonic() - begin > LIMIT:
                return None
            time.sleep(0.01)
        return time.monotonic() - begin

    def measure(self, check, how, rounds):
        with open(self.conf, 'w', encoding='ascii') as f:
            f.write('virtual_server 192.0.2.1 80 {\ndelay_loop 1\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n'
                    f'real_server 10.0.0.11 80 {{\n{CHECKS[check].format(timers=TIMERS)}\n}}\n}}\n')
        self.process = subprocess.Popen(inside(self.name, *self.command()), stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        downs, ups = [], []
        if self.until(True) is None:
            raise TimeoutError(f'{self.name} does not start')
        for _ in range(rounds):
            time.sleep(2.3)         # not in step with the checks
            self.server.fail(how)
            downs.append(self.until(False))
            self.server.mend(how)
            if downs[-1] is None:
                break
            ups.append(self.until(True))
        self.process.terminate()
        self.process.wait()
        run(*inside(self.name, *self.clear))
        return tuple(statistics.median(t) if t and None not in t else None for t in (downs, ups))


class Lbd(Contender):
    name, query, clear = 'lbd', ('lbctl', 'dest', 'list', 'tcp', '192.0.2.1:80'), ('lbctl', 'flush')

    def command(self):
        return ['lbd', 'run', '--folder', f'{self.folder}/run', self.conf]


class Keepalived(Contender):
    name, query, clear = 'keepalived', ('ipvsadm', '-Ln', '-t', '192.0.2.1:80'), ('ipvsadm', '-C')

    def command(self):
        return ['keepalived', '-n', '-C', '-l', '-f', self.conf, '-p', f'{self.folder}/k.pid', '-c', f'{self.folder}/c.pid']


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--only')
    args = parser.parse_args()
    run('modprobe', 'ip_vs')
    run('modprobe', 'ip_vs_rr')
    run('insmod', os.environ['LB_KO'], 'ipvs=0')
    folder = tempfile.mkdtemp()
    try:
        who = [c(folder) for c in (Lbd, Keepalived) if args.only in (None, c.name)]
        print(f"{'seconds, median of ' + str(args.rounds):24}" + ''.join(f'{c.name + " out":>16}{"back":>8}' for c in who))
        for check in CHECKS:
            for how in FAILURES:
                row = f'{check} {how}'.ljust(24)
                for c in who:
                    row += ''.join((f'{t:.2f}' if t is not None else 'never').rjust(w)
                                   for t, w in zip(c.measure(check, how, args.rounds), (16, 8)))
                print(row, flush=True)
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == '__main__':
    sys.exit(main())
