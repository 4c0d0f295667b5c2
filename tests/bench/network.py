# SPDX-License-Identifier: GPL-2.0
"""The path a packet takes: client, director and server, each a namespace, in a row.

    client c0 ------- dc director ds ------- s0 server
             172.16.0.0/30         10.1.0.0/16
             fd00:c::/64           fd00:5::/64

c0 and s0 take turns as the source (pktgen) and the sink (a tc filter that counts and drops). All
real servers are neighbours on ds with the link address of s0; all clients are behind one gateway,
c0. Neighbours are permanent and nothing speaks unasked, so that what is counted is what was sent.
"""
import contextlib, ctypes, ipaddress, json, mmap, subprocess, time

_libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000

MAC = {'c0': '02:00:00:00:00:0c', 'dc': '02:00:00:00:0d:0c',
       'ds': '02:00:00:00:0d:05', 's0': '02:00:00:00:00:05'}

VIPS = {4: ipaddress.ip_address('192.0.2.1'), 6: ipaddress.ip_address('2001:db8::1')}
CLIENTS = {4: ipaddress.ip_address('198.18.0.1'), 6: ipaddress.ip_address('2001:db8:c::1')}
SERVERS = {4: ipaddress.ip_address('10.1.1.0'), 6: ipaddress.ip_address('fd00:5::1000')}
PORT = 80


class BenchError(Exception):
    pass


def run(*argv, text=None, output=False):
    """Runs a program that must succeed; in the namespace the caller is in."""
    done = subprocess.run(argv, input=text, text=True, stderr=subprocess.PIPE,
                          stdout=subprocess.PIPE if output else subprocess.DEVNULL)
    if done.returncode:
        raise BenchError(f"{' '.join(argv)}: status {done.returncode}: {done.stderr.strip()[:500]}")
    return done.stdout


def _setns(path):
    with open(path, encoding='ascii') as f:
        if _libc.setns(f.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f'setns {path}')


@contextlib.contextmanager
def inside(netns):
    """Within it, this process is in the named network namespace."""
    _setns('/run/netns/' + netns)
    try:
        yield
    finally:
        _setns('/proc/1/ns/net')


def sysctl(key, value):
    with open('/proc/sys/' + key.replace('.', '/'), 'w', encoding='ascii') as f:
        f.write(str(value))


def busy_ns():
    """Guest nanoseconds, which are instructions, that this CPU spent in tasks and not idle."""
    with open('/proc/schedstat', encoding='ascii') as f:
        return sum(int(line.split()[7]) for line in f if line.startswith('cpu'))


def settle():
    """Waits until what the kernel has put off (namespaces to remove, grace periods) is done."""
    for _ in range(200):
        start, busy = time.monotonic_ns(), busy_ns()
        time.sleep(0.05)
        if (busy_ns() - busy) < 0.1 * (time.monotonic_ns() - start):
            return
    raise BenchError('the system does not come to rest')


def mark():
    """Stands around what is measured; see profiling()."""


def profiling():
    """Makes mark() execute the instruction that insns.c looks for."""
    global mark
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b'\x66\x87\xdb\xc3')  # xchg %bx,%bx; ret
    call = ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))

    def mark_for_plugin():
        call()
        mark_for_plugin.count += 1

    mark_for_plugin.count, mark_for_plugin.page = 0, page
    mark = mark_for_plugin


class Network:
    """Three namespaces named after @name, with addresses, neighbours and @vips virtual addresses."""

    def __init__(self, name, servers=1, vips=1):
        self.client, self.director, self.server = (f'{name}-{part}' for part in 'cds')
        self.sink, self.sent = None, 0
        self._names = (self.client, self.director, self.server)
        run('ip', '-batch', '-', text=''.join(f'netns add {n}\n' for n in self._names))
        for name in self._names:
            with inside(name):
                for family in ('ipv4', 'ipv6'):
                    for key in ('all', 'default'):
                        sysctl(f'net.{family}.conf.{key}.forwarding', int(name == self.director))
                sysctl('net.ipv6.conf.default.addr_gen_mode', 1)
                sysctl('net.ipv6.conf.default.accept_dad', 0)
                sysctl('net.ipv6.conf.default.router_solicitations', 0)
        run('ip', '-batch', '-', text=f'''
link add c0 netns {self.client} address {MAC['c0']} type veth peer dc netns {self.director} address {MAC['dc']}
link add s0 netns {self.server} address {MAC['s0']} type veth peer ds netns {self.director} address {MAC['ds']}
''')
        for name, dev in ((self.client, 'c0'), (self.server, 's0')):
            with inside(name):
                run('ip', 'link', 'set', dev, 'up')
                drop_at_ingress(dev)
        with inside(self.director):
            run('ip', '-batch', '-', text=self._addresses(vips) + self._neighbours(servers))

    @staticmethod
    def _addresses(vips):
        lines = ['link set lo up', 'link set dc up', 'link set ds up',
                 'addr add 172.16.0.1/30 dev dc', 'addr add fd00:c::1/64 dev dc nodad',
                 'addr add 10.1.0.1/16 dev ds', 'addr add fd00:5::1/64 dev ds nodad',
                 f"neigh add 172.16.0.2 lladdr {MAC['c0']} dev dc nud permanent",
                 f"neigh add fd00:c::2 lladdr {MAC['c0']} dev dc nud permanent",
                 'route add 198.18.0.0/15 via 172.16.0.2', 'route add 2001:db8:c::/48 via fd00:c::2']
        for family, prefix in ((4, 32), (6, 128)):
            lines += [f'addr add {VIPS[family] + i}/{prefix} dev lo' for i in range(vips)]
        return '\n'.join(lines) + '\n'

    @staticmethod
    def _neighbours(servers):
        return ''.join(f"neigh add {SERVERS[family] + i} lladdr {MAC['s0']} dev ds nud permanent\n"
                       for family in (4, 6) for i in range(servers))

    def send(self, count, source, sport, target, dport, reply=False):
        """Sends @count UDP packets and returns the guest nanoseconds each took, the whole way.

        The four of the tuple are a value or a (first, last) pair to step through, packet by
        packet; together they repeat after the least common multiple of their lengths. All packets,
        and nothing else, must come out at the other end, or at self.sink.
        """
        here, there = ((self.client, 'c0', 'dc'), (self.server, 's0'))
        if reply:
            here, there = ((self.server, 's0', 'ds'), (self.client, 'c0'))
        there = self.sink or there
        self.sent = count
        before, back_before = sunk(*there), sunk(*here[:2])
        with inside(here[0]):
            elapsed = _pktgen(here[1], MAC[here[2]], count, source, sport, target, dport)
        arrived, back = sunk(*there) - before, sunk(*here[:2]) - back_before
        if arrived != count or back:
            raise BenchError(f'{count} packets sent, {arrived} arrived, {back} came back')
        return elapsed / count

    def remove(self):
        run('ip', '-batch', '-', text=''.join(f'netns del {n}\n' for n in self._names))


def drop_at_ingress(dev):
    """Makes @dev a sink. The director's multicast reports are not what was sent: a filter of their own."""
    run('tc', '-batch', '-', text=f'''
qdisc add dev {dev} ingress
filter add dev {dev} ingress pref 1 protocol ip matchall action drop
filter add dev {dev} ingress pref 2 protocol ipv6 u32 match ip6 dst ff02::/16 action drop
filter add dev {dev} ingress pref 3 protocol ipv6 matchall action drop
''')


def sunk(netns, dev):
    with inside(netns):
        filters = json.loads(run('tc', '-s', '-j', 'filter', 'show', 'dev', dev, 'ingress', output=True))
    return sum(action['stats']['packets'] for f in filters if f['kind'] == 'matchall'
               for action in f.get('options', {}).get('actions', []))


def _pair(value):
    return value if isinstance(value, tuple) else (value, value)


def _pktgen(dev, mac, count, source, sport, target, dport):
    def tell(file, *commands):
        for command in commands:
            try:
                with open('/proc/net/pktgen/' + file, 'w', encoding='ascii') as f:
                    f.write(command + '\n')
            except OSError as e:
                raise BenchError(f"pktgen refused '{command}': {e.strerror}") from e

    (source, source_last), (target, target_last) = _pair(source), _pair(target)
    (sport, sport_last), (dport, dport_last) = _pair(sport), _pair(dport)
    tell('kpktgend_0', 'rem_device_all', f'add_device {dev}')
    tell(dev, f'count {count}', 'delay 0', 'clone_skb 0', 'flag UDPCSUM', f'dst_mac {mac}')
    # A packet off the wire has one owner; pktgen keeps a hand on its own unless told not to (6.7 on),
    # and everybody who writes to it has to copy it.
    with contextlib.suppress(BenchError):
        tell(dev, 'flag !SHARED')
    if source.version == 6:
        if source != source_last or target != target_last:
            raise BenchError('pktgen cannot step through IPv6 addresses')
        tell(dev, f'src6 {source}', f'dst6 {target}', 'pkt_size 80')
    else:
        tell(dev, f'src_min {source}', f'src_max {source_last}', f'dst_min {target}',
             f'dst_max {target_last}', 'pkt_size 60')
    # pktgen's range of ports excludes its end, except that an empty range is its start.
    tell(dev, f'udp_src_min {sport}', f'udp_src_max {sport_last + (sport_last != sport)}',
         f'udp_dst_min {dport}', f'udp_dst_max {dport_last + (dport_last != dport)}')
    mark()
    tell('pgctrl', 'start')
    # It returns when the thread has stopped, or has not yet noticed that it should start.
    for _ in range(500):
        with open('/proc/net/pktgen/' + dev, encoding='ascii') as f:
            result = f.read().split('Result:')[1].split()
        # OK: 163482(c163482+d0) usec, 20000 (60byte,0frags)
        if result[0] == 'OK:' and int(result[3]) == count:
            mark()
            return int(result[1].split('(')[0]) * 1000
        time.sleep(0.01)
    raise BenchError(f"pktgen: {' '.join(result)[:200]}")
