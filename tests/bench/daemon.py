#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""How long lbd and keepalived take to start and to reload, in one run and on one machine.

    qemu/lab run --kernel um --mem 1536 -- tests/bench/daemon.py [--rounds N] [--only lbd|keepalived]

Each runs in a network namespace of its own, keepalived on ip_vs. The time is from the command, or the
signal, until the table shows what was asked for, by asking for the one service that it is about. Times of one run are to
be compared with each other, not with those of another machine. With checks, each server has a TCP_CHECK every
minute, and answers it.
"""
import argparse, os, shutil, signal, statistics, subprocess, sys, tempfile, time

SERVERS = '10.99.0.0/16'
ANSWER = '''
import socket
s = socket.create_server(('', 80), backlog=4096)
while True:
    s.accept()[0].close()
'''

KEEPALIVED_LIMIT = 600


def address(n):
    return f'10.{100 + n // 65536}.{n // 256 % 256}.{n % 256}'


def configuration(services, servers, weight, check):
    """The first server of the middle service has @weight."""
    lines = []
    for s in range(services):
        lines.append(f'virtual_server {address(s)} 80 {{\nlb_algo wlc\nlb_kind NAT\nprotocol TCP')
        for r in range(servers):
            w = weight if s == services // 2 and r == 0 else 1
            lines.append(f'real_server 10.99.{s % 250}.{r + 1} 80 {{\nweight {w}\n{check}}}')
        lines.append('}')
    return '\n'.join(lines) + '\n'


def run(*command):
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}")
    return done.stdout


class Contender:
    """In a namespace; @folder has its configuration."""

    def __init__(self, folder):
        self.folder, self.conf = folder, f'{folder}/{self.name}.conf'
        run('ip', 'netns', 'add', self.name)
        self.inside = ['nsenter', f'--net=/run/netns/{self.name}']
        run(*self.inside, 'ip', 'link', 'set', 'lo', 'up')
        run(*self.inside, 'ip', 'route', 'add', 'local', SERVERS, 'dev', 'lo')
        self.process = None
        self.check = ''
        self.server = subprocess.Popen([*self.inside, sys.executable, '-c', ANSWER])

    def write(self, services, servers, weight):
        with open(self.conf, 'w', encoding='ascii') as f:
            f.write(configuration(services, servers, weight, self.check))

    def shows(self, services, weight):
        """The middle service's first server has @weight."""
        done = subprocess.run([*self.inside, *self.query(f'{address(services // 2)}:80')], capture_output=True, text=True,
                              check=False)
        return done.returncode == 0 and self.has(done.stdout, f'10.99.{services // 2 % 250}.1:80', weight)

    def until(self, services, weight):
        begin = time.monotonic()
        while not self.shows(services, weight):
            if time.monotonic() - begin > KEEPALIVED_LIMIT:
                raise TimeoutError(f'{self.name} does not get there')
            time.sleep(0.005)

    def start(self, services, servers):
        self.write(services, servers, 1)
        begin = time.monotonic()
        self.process = subprocess.Popen([*self.inside, *self.command()], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        # Services come in the order of the file, or all at once.
        last = address(services - 1)
        while subprocess.run([*self.inside, *self.query(f'{last}:80')], capture_output=True, check=False).returncode:
            if self.process.poll() is not None:
                raise RuntimeError(f'{self.name} has ended')
            time.sleep(0.005)
        self.until(services, 1)
        took = time.monotonic() - begin
        while not self.listens():
            time.sleep(0.005)
        return took

    def listens(self):
        """It would hear of a reload."""
        return True

    def reload(self, services, servers, weight):
        self.write(services, servers, weight)
        begin = time.monotonic()
        self.reload_now()
        self.until(services, weight)
        return time.monotonic() - begin

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Lbd(Contender):
    name = 'lbd'

    def command(self):
        return ['lbd', 'run', '--folder', f'{self.folder}/run', self.conf]

    def query(self, service):
        return ['lbctl', 'dest', 'list', 'tcp', service, '--json']

    def has(self, text, server, weight):
        ip = server.rsplit(':', 1)[0]
        return any(f'"addr":"{ip}"' in part and f'"weight":{weight}' in part
                   for part in text.replace(' ', '').split('},'))

    def listens(self):
        return subprocess.run(['lbd', 'status', '--folder', f'{self.folder}/run'], capture_output=True, check=False).returncode == 0

    def reload_now(self):
        run(*self.inside, 'lbd', 'reload', '--folder', f'{self.folder}/run')

    def stop(self):
        super().stop()
        run(*self.inside, 'lbctl', 'flush')


class Keepalived(Contender):
    name = 'keepalived'

    def command(self):
        return ['keepalived', '-n', '-C', '-l', '-f', self.conf, '-p', f'{self.folder}/k.pid', '-c', f'{self.folder}/c.pid']

    def query(self, service):
        return ['ipvsadm', '-Ln', '-t', service]

    def has(self, text, server, weight):
        return any(w[1:2] == [server] and w[3:4] == [str(weight)] for w in map(str.split, text.splitlines()))

    def reload_now(self):
        self.process.send_signal(signal.SIGHUP)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--only')
    args = parser.parse_args()
    run('modprobe', 'ip_vs')
    run('modprobe', 'ip_vs_wlc')
    run('insmod', os.environ['LB_KO'], 'ipvs=0')
    folder = tempfile.mkdtemp()
    print(f"{'':46} {'lbd':>10} {'keepalived':>10}  seconds, median of {args.rounds} (start: one)")
    contenders = []
    try:
        contenders += [c(folder) for c in (Lbd, Keepalived) if args.only in (None, c.name)]
        for services, servers, check, who in ((1000, 10, '', contenders),
                                              (1000, 10, 'TCP_CHECK {\nconnect_timeout 3\n}\n', contenders),
                                              (10000, 10, '', [c for c in contenders if c.name == 'lbd'])):
            starts, reloads = {}, {}
            for c in who:
                c.check = check
                starts[c.name] = c.start(services, servers)
            # One after the other: what slows the machine slows both.
            for r in range(args.rounds):
                for c in who:
                    reloads.setdefault(c.name, []).append(c.reload(services, servers, r + 2))
            for c in who:
                c.stop()
            for what, times in ('start', starts), ('reload, one server changed', {n: statistics.median(t) for n, t in reloads.items()}):
                row = ''.join(f' {times[n]:>10.3f}' if n in times else f" {'-':>10}" for n in ('lbd', 'keepalived'))
                what = what + (', TCP_CHECKs' if check else '')
                print(f'{services} x {servers} {what}'.ljust(46) + row, flush=True)
            if any(c.server.poll() is not None for c in contenders):
                raise RuntimeError('the servers that are checked have ended')
    finally:
        for c in contenders:
            c.server.kill()
        shutil.rmtree(folder)
    return 0


if __name__ == '__main__':
    sys.exit(main())
