# SPDX-License-Identifier: GPL-2.0
"""Who is compared: each takes packets from client to server through the director in its own way.

A contender has a name and
    load()                        its modules
    prepare(network, services)    the director made ready, in a network that was made for it alone
    target(service)               the address and port that a client sends to
A balancer has besides
    unload()                      what load() has loaded
    alone()                       a context in which it alone is loaded, and answers ip_vs's clients
    script(services)              a configuration, as lines for its tool's restore command
    restore(path)                 that command
    listing()                     the command that shows all services with their destinations
    table_bytes()                 what its table of connections takes now, in the current namespace
"""
import contextlib, dataclasses, json, os, shutil, subprocess

from network import SERVERS, BenchError, drop_at_ingress, inside, run, settle


@dataclasses.dataclass(frozen=True)
class Service:
    """A UDP service: where clients reach it, whom it chooses from (offsets into SERVERS), how many
    seconds a client stays where he is (0: no persistence)."""
    vip: object
    port: int
    scheduler: str
    method: str
    servers: range
    persist: int = 0

    def destinations(self):
        """Address, port and weight. nat changes the port too; for the others it cannot change."""
        weighted = self.scheduler not in ('rr', 'lc')
        for i in self.servers:
            yield (SERVERS[self.vip.version] + i, 8080 if self.method == 'nat' else self.port,
                   1 + i % 4 if weighted else 1)


def at(addr, port):
    return f'[{addr}]:{port}' if addr.version == 6 else f'{addr}:{port}'


class Path:
    """A way through the director without a balancer; clients send to the server itself."""

    def load(self):
        pass

    def target(self, service):
        addr, port, _ = next(service.destinations())
        return addr, port


class Discard(Path):
    """The generator's own cost: the packet ends where it enters the director."""
    name = 'discard'

    def prepare(self, network, services):
        with inside(network.director):
            drop_at_ingress('dc')
        network.sink = (network.director, 'dc')


class Redirect(Path):
    """The shortest way Linux has through a machine: from one device's ingress to another device."""
    name = 'redirect'

    def prepare(self, network, services):
        with inside(network.director):
            run('nft', '-f', '-', text='''
table netdev bench {
	chain ingress { type filter hook ingress device dc priority 0; fwd to ds; }
}
''')


class Forward(Path):
    """Plain IP forwarding, the floor for whoever lets packets take the stack's way."""
    name = 'forward'

    def prepare(self, network, services):
        pass


class Balancer:
    loaded = False

    @contextlib.contextmanager
    def alone(self):
        others = [b for b in BALANCERS if b.loaded]
        for balancer in others:
            balancer.unload()
        self.load(drop_in=True)
        try:
            yield
        finally:
            self.unload()
            for balancer in others:
                balancer.load()

    def prepare(self, network, services):
        command = self.restore(self.write(services))
        with inside(network.director):
            run(*command)

    def write(self, services):
        path = f'/run/{self.name}.script'
        with open(path, 'w', encoding='ascii') as f:
            f.writelines(line + '\n' for line in self.script(services))
        return path

    def target(self, service):
        return service.vip, service.port


def remove_modules(*names):
    """Namespaces that are still being removed in the background may hold them."""
    settle()
    for _ in range(20):
        try:
            return run('rmmod', *names)
        except BenchError as e:
            reason = e
            names = [n for n in names if os.path.isdir(f'/sys/module/{n}')]
            settle()
    raise reason


class Ipvs(Balancer):
    """Mainline ip_vs, configured by ipvsadm."""
    name = 'ip_vs'
    METHODS = {'nat': '-m', 'direct': '-g', 'tunnel': '-i'}

    MODULES = ['ip_vs', *(f'ip_vs_{s}' for s in 'rr wrr lc wlc sed nq fo ovf dh sh mh twos lblc lblcr'.split())]

    def load(self, drop_in=True):
        run('modprobe', '-a', *self.MODULES)
        self.loaded = True

    def unload(self):
        remove_modules(*reversed(self.MODULES))
        self.loaded = False

    def script(self, services):
        for s in services:
            yield f'-A -u {at(s.vip, s.port)} -s {s.scheduler}' + (f' -p {s.persist}' if s.persist else '')
            for addr, port, weight in s.destinations():
                yield f'-a -u {at(s.vip, s.port)} -r {at(addr, port)} {self.METHODS[s.method]} -w {weight}'

    def restore(self, path):
        return ['sh', '-c', 'exec ipvsadm -R < "$0"', path]

    def listing(self):
        return ['ipvsadm', '-Ln']

    def table_bytes(self):
        with open('/sys/module/ip_vs/parameters/conn_tab_bits', encoding='ascii') as f:
            return 8 << int(f.read())


class Lb(Balancer):
    """This tree's module, configured by lbctl."""
    name = 'lb'
    lbctl = module = None

    def load(self, drop_in=False):
        # Copies, because the tree may be built again while this runs.
        if not self.lbctl:
            self.lbctl = shutil.copy(shutil.which('lbctl') or 'lbctl', '/run/lbctl')
            self.module = shutil.copy(os.environ['LB_KO'], '/run/lb.ko')
        # Beside ip_vs, without the names that ip_vs wants, too.
        run('insmod', self.module, f'ipvs={int(drop_in)}')
        self.loaded = True

    def unload(self):
        remove_modules('lb')
        self.loaded = False

    def script(self, services):
        for s in services:
            yield f'service add udp {at(s.vip, s.port)} --scheduler {s.scheduler}' + (f' --persist {s.persist}' if s.persist else '')
            for addr, port, weight in s.destinations():
                yield f'dest add udp {at(s.vip, s.port)} {at(addr, port)} --method {s.method} --weight {weight}'

    def restore(self, path):
        return [self.lbctl, 'restore', path]

    def listing(self):
        return [self.lbctl, 'service', 'list']

    def table_bytes(self):
        return 8 * json.loads(subprocess.run([self.lbctl, 'version', '--json'], check=True, capture_output=True).stdout)['info']['buckets']


PATHS = [Discard(), Redirect(), Forward()]
BALANCERS = [Ipvs(), Lb()]
