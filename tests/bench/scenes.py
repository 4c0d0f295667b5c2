# SPDX-License-Identifier: GPL-2.0
"""What is measured. A scene sets one situation up and gives a figure for each of its rows.

A scene has
    rows          names of what it measures
    contenders    who is measured
    rounds        how often
    round(contender, wanted)    a generator: yields (row, figure) for the rows that are wanted
Rounds of the contenders take turns. What a scene keeps from one round to the next is in
self.kept[contender], and goes away with close().
"""
import contextlib, subprocess, time

from contenders import BALANCERS, PATHS, Ipvs, Service
import network as net
from network import CLIENTS, PORT, VIPS, BenchError, Network, busy_ns, inside, settle


def flows(family, number):
    """The addresses and ports of clients to step through, packet by packet.

    Their numbers have no common divisor, so that the pairs repeat only after the product: 65535.
    pktgen cannot step through IPv6 addresses, so there it is 64000. Ports begin at 1024: ip_vs
    schedules nothing that comes from port 20.
    """
    if number == 1:
        return CLIENTS[family], 1024
    if family == 6:
        return CLIENTS[6], (1024, 1024 + 64000 - 1)
    return (CLIENTS[4], CLIENTS[4] + 255 - 1), (1024, 1024 + 257 - 1)


MANY = {4: 255 * 257, 6: 64000}


def fresh_flows(family, batch=0):
    """Clients of which none comes twice: 15 million for IPv4, 60001 for IPv6; @batch has others."""
    if family == 6:
        return CLIENTS[6] + batch, (1024, 1024 + 60000)
    return (CLIENTS[4] + 256 * batch, CLIENTS[4] + 256 * batch + 250), (1024, 1024 + 60000)


SHORT = {1: '1', 1000: '1k', 10000: '10k', 100000: '100k', 1000000: '1M'}


def spent(command, lines):
    """What a tool costs, in all tasks it gives work to; it must print at least so many @lines.

    They are counted by a process of its own, which costs the same for all contenders.
    """
    start = busy_ns()
    net.mark()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as tool:
        printed = int(subprocess.run(['wc', '-l'], stdin=tool.stdout, check=True, capture_output=True).stdout)
    net.mark()
    elapsed = busy_ns() - start
    if tool.returncode or printed < lines:
        raise BenchError(f"{' '.join(command)}: status {tool.returncode}, {printed} lines, not {lines}")
    return elapsed


def in_words(number):
    return '1 flow' if number == 1 else '64k flows'


class Scene:
    rounds = 3
    contenders = BALANCERS

    def __init__(self):
        self.kept = {}

    def close(self, contender):
        network = self.kept.pop(contender, None)
        if network:
            network.remove()


class Established(Scene):
    """Packets of flows that are known, towards the server and, for nat, back."""
    most = 16384

    def __init__(self, method, family):
        super().__init__()
        self.method, self.family = method, family
        self.service = Service(VIPS[family], PORT, 'rr', method, range(1))
        self.rows = {}
        for way, reply in (('nat in', False), ('nat reply', True)) if method == 'nat' else ((method, False),):
            for number in (1, MANY[family]):
                self.rows[f'established/v{family}/{way}/{in_words(number)}'] = (reply, number)

    def open(self, contender):
        network = self.kept[contender] = Network(contender.name)
        contender.prepare(network, [self.service])
        # Before anything is counted, every flow has been seen in both directions.
        for reply, number in self.rows.values():
            self.send(contender, reply, number, number)
        settle()

    def send(self, contender, reply, number, count):
        network, clients = self.kept[contender], flows(self.family, number)
        if reply:
            addr, port, _ = next(self.service.destinations())
            return network.send(count, addr, port, *clients, reply=True)
        return network.send(count, *clients, *contender.target(self.service))

    def round(self, contender, wanted):
        if contender not in self.kept:
            self.open(contender)
        for row in wanted:
            reply, number = self.rows[row]
            yield row, self.send(contender, reply, number, 8192 if number == 1 else self.most)


class Paths(Established):
    """The same without a balancer: what the generator, a redirect and a router cost."""
    contenders = PATHS

    def __init__(self, family):
        super().__init__('direct', family)
        self.rows = {row.replace('established', 'path').replace('direct/', ''): what
                     for row, what in self.rows.items()}


class Opening(Scene):
    """Packets that each open a connection, in a table that holds @others."""
    count = 8192

    def __init__(self, scheduler, pool, method='direct', family=4, others=0, persist=0):
        super().__init__()
        self.row = (f'new/v{family}/{method}/{scheduler}/{pool}' + (f'/{others // 1000}k open' if others else '') +
                    ('/persistent' if persist else ''))
        self.rows = [self.row]
        if scheduler == 'p2c':
            self.contenders = [c for c in BALANCERS if c.name == 'lb']  # ip_vs has none
        self.family, self.pool, self.others = family, pool, others
        self.service = Service(VIPS[family], PORT, scheduler, method, range(pool), persist)

    def round(self, contender, wanted):
        network = self.kept[contender] = Network(contender.name, servers=self.pool)
        contender.prepare(network, [self.service])
        if self.others:
            network.send(self.others, *fresh_flows(self.family, 1), *contender.target(self.service))
        settle()
        yield self.row, network.send(self.count, *fresh_flows(self.family), *contender.target(self.service))
        self.close(contender)
        settle()


class Flood(Scene):
    """What clients pay for connections that a flood has opened since theirs."""
    flood, known = 240000, 16384

    def __init__(self, method):
        super().__init__()
        self.established, self.new = f'flood/v4/{method}/established', f'flood/v4/{method}/new'
        self.rows = [self.established, self.new]
        self.service = Service(VIPS[4], PORT, 'rr', method, range(16))

    def round(self, contender, wanted):
        network = self.kept[contender] = Network(contender.name, servers=16)
        contender.prepare(network, [self.service])
        target = contender.target(self.service)
        network.send(self.known, *fresh_flows(4, 0), *target)
        network.send(self.flood, *fresh_flows(4, 1), *target)
        settle()
        figures = {self.established: network.send(self.known, *fresh_flows(4, 0), *target),
                   self.new: network.send(Opening.count, *fresh_flows(4, 2), *target)}
        yield from ((row, figures[row]) for row in wanted)
        self.close(contender)
        settle()


class Services(Scene):
    """Many services with two destinations each: to load, to list, and for the packets to them.

    Packets go to all services in turn, so that none's place in a table matters.
    """
    LAYOUT = {1: (1, 1), 1000: (8, 125), 10000: (16, 625)}  # addresses and ports; no common divisor

    def __init__(self, number):
        super().__init__()
        self.number, self.batch = number, {}
        self.addresses, self.ports = self.LAYOUT[number]
        short = SHORT[number]
        self.established, self.new = f'services/{short}/established', f'services/{short}/new'
        self.load, self.list = f'services/{short}/load', f'services/{short}/list'
        self.rows = [self.established, self.new] + ([self.load, self.list] if number > 1 else [])

    def services(self):
        for i in range(self.number):
            yield Service(VIPS[4] + i % self.addresses, 1000 + i % self.ports, 'rr', 'direct', range(i % 512, i % 512 + 2))

    def targets(self):
        return (VIPS[4], VIPS[4] + self.addresses - 1), (1000, 1000 + self.ports - 1)

    def send(self, contender, batch):
        """Always the same 10000 flows for a batch, each from another client."""
        return self.kept[contender].send(10000, *fresh_flows(4, batch), *self.targets())

    def open(self, contender):
        network = self.kept[contender] = Network(contender.name, servers=514, vips=self.addresses)
        settle()
        self.batch[contender] = 0
        path = contender.write(self.services())
        with inside(network.director):
            load = self.per_command(contender.restore(path))
        self.send(contender, 0)
        return load

    def per_command(self, command, lines=0):
        """For each service and each destination."""
        return spent(command, lines) / (3 * self.number)

    def round(self, contender, wanted):
        if contender not in self.kept:
            load = self.open(contender)
            if self.load in wanted:
                yield self.load, load
        network = self.kept[contender]
        settle()
        if self.list in wanted:
            with inside(network.director):
                yield self.list, self.per_command(contender.listing(), 3 * self.number)
            settle()
        if self.established in wanted:
            yield self.established, self.send(contender, 0)
        if self.new in wanted:
            self.batch[contender] += 1
            yield self.new, self.send(contender, self.batch[contender])


class Memory(Scene):
    """What a connection takes: the objects allocated for it with the slack around them, and its share of the table.

    Not free memory before and after: what earlier scenes have let go comes back at times of its own.
    """
    rounds = 1
    batches, each = 4, 50000

    def __init__(self, method, family):
        super().__init__()
        self.row = f'memory/v{family}/{method}'
        self.rows = [self.row]
        self.family = family
        self.service = Service(VIPS[family], PORT, 'rr', method, range(16))

    def round(self, contender, wanted):
        network = self.kept[contender] = Network(contender.name, servers=16)
        contender.prepare(network, [self.service])
        # Some of the path's own buffers are allocated by the first packets.
        network.send(1000, *fresh_flows(self.family, self.batches), *contender.target(self.service))
        before = self.taken(contender, network)
        for batch in range(self.batches):
            network.send(self.each, *fresh_flows(self.family, batch), *contender.target(self.service))
        yield self.row, (self.taken(contender, network) - before) / (self.batches * self.each)
        self.close(contender)

    @staticmethod
    def taken(contender, network):
        settle()
        with inside(network.director):
            return slab_bytes() + contender.table_bytes()


class Clients(Services):
    """The same services by ip_vs's own client, Debian's ipvsadm, whoever is loaded."""
    rounds = 1
    tool = Ipvs()

    def __init__(self, number):
        super().__init__(number)
        self.load, self.list = (row.replace('services', 'ipvsadm') for row in (self.load, self.list))
        self.rows = [self.load, self.list]

    def round(self, contender, wanted):
        with contender.alone(), contextlib.ExitStack() as stack:
            stack.callback(self.close, contender)
            network = self.kept[contender] = Network(contender.name, servers=514, vips=self.addresses)
            network.sent = 3 * self.number
            settle()
            with inside(network.director):
                load = self.per_command(self.tool.restore(self.tool.write(self.services())))
            if self.load in wanted:
                yield self.load, load
            settle()
            if self.list in wanted:
                with inside(network.director):
                    listing = self.per_command(self.tool.listing(), 3 * self.number)
                yield self.list, listing


class Dump(Scene):
    """Connections, listed by ip_vs's own client from /proc/net/ip_vs_conn."""
    rounds = 1

    def __init__(self, number):
        super().__init__()
        self.number = number
        self.rows = [f'ipvsadm/{SHORT[number]}/dump']
        self.service = Service(VIPS[4], PORT, 'rr', 'direct', range(16))

    def round(self, contender, wanted):
        with contender.alone(), contextlib.ExitStack() as stack:
            stack.callback(self.close, contender)
            network = self.kept[contender] = Network(contender.name, servers=16)
            contender.prepare(network, [self.service])
            network.send(self.number, *fresh_flows(4), *contender.target(self.service))
            settle()
            with inside(network.director):
                figure = spent(['ipvsadm', '-Lcn'], self.number) / self.number
            network.sent = self.number
            yield wanted[0], figure


def slab_bytes():
    """Of all objects in use, each with its part of the pages it lies in."""
    with open('/proc/sys/vm/drop_caches', 'w', encoding='ascii') as f:
        f.write('3')
    time.sleep(6)       # what kfree_rcu() was given is freed five seconds later
    settle()
    with open('/proc/slabinfo', encoding='ascii') as f:
        caches = [line.split() for line in f][2:]
    return sum(int(c[1]) * int(c[5]) * 4096 / int(c[4]) for c in caches)

