# SPDX-License-Identifier: GPL-2.0
"""The links' far ends, where packets are sent and collected; behind them lib.sh's director.

Nothing is waited for by time. The whole path from a link's end, through the director, to another
link's end runs on one CPU and in order, so after the packets of a step a marker is sent around all
links; when it is back, what has not come out will not come.
"""
import contextlib, ctypes, os, socket, struct, subprocess, sys

from commands import Commands
from packet import ADDRESS, Bad, address, fold

HERE = os.path.dirname(os.path.abspath(__file__))
LINKS = 'client', 'rs1', 'rs2'
MAC_DIRECTOR, MAC_PEER = bytes.fromhex('020000000001'), bytes.fromhex('020000000002')


@contextlib.contextmanager
def inside(namespace):
    """Not for longer: processes that are left in a namespace are ended with it."""
    libc = ctypes.CDLL(None, use_errno=True)
    home = os.open('/proc/self/ns/net', os.O_RDONLY)
    try:
        with open('/run/netns/' + namespace) as f:
            if libc.setns(f.fileno(), 0):
                raise OSError(ctypes.get_errno(), 'setns ' + namespace)
        yield
    finally:
        libc.setns(home, 0)
        os.close(home)


class Network:
    def __init__(self, balancer):
        self.shell = subprocess.Popen(
            ['bash', '-c', '. "$0/../lib.sh"; trap - EXIT; wires; load_balancer; echo "$director"; echo "$wire"; '
             'while read -r line; do eval "$line" >&2; echo $?; done; cleanup', HERE],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {'BALANCER': balancer})
        self.director = self.shell.stdout.readline().strip()
        namespace = self.shell.stdout.readline().strip()
        if not namespace:
            sys.exit('not ok - the network could be set up')
        self.sockets = {}
        with inside(namespace):
            for link in LINKS:
                k = self.sockets[link] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
                k.setsockopt(263, 15, 1)            # PACKET_VNET_HDR: unfinished checksums are seen as such
                k.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)    # SO_RCVBUFFORCE
                k.bind((link, 3))
                k.settimeout(10)
        self.balancer, self.commands = balancer, None
        self.meet_balancer()
        self.count, self.buffer = 0, memoryview(bytearray(70000))

    def meet_balancer(self):
        """After it was loaded: its family and its files are those of a module."""
        if self.commands:
            self.commands.close()
        with inside(self.director):
            self.commands = Commands(self.balancer)

    def do(self, command):
        """-> status; not between batch and end_batch, which are for tell(), with what is between."""
        status = self.commands.run(command)
        return self.tell(command) if status is None else status

    def tell(self, command):
        """To lib.sh -> status"""
        self.shell.stdin.write(command + '\n')
        self.shell.stdin.flush()
        status = int(self.shell.stdout.readline() or 99)
        if 'forget' in command.split():
            self.meet_balancer()
        return status

    def send(self, link, packet):
        vnet = bytes(10)
        if packet.partial:
            kind = {0: 0, 16: 1, 6: 3}[packet.partial if packet.gso else 0]
            if kind == 1 and packet.bytes[0] >> 4 == 6:
                kind = 4
            if kind == 3:
                kind = 5                        # VIRTIO_NET_HDR_GSO_UDP_L4
            vnet = struct.pack('=BBHHHH', 1, kind, 14 + packet.transport_at + (packet.partial + 4 if kind in (1, 4) else 8),
                               packet.gso, 14 + packet.transport_at, packet.partial)
        ethertype = b'\x86\xdd' if packet.bytes[:1] and packet.bytes[0] >> 4 == 6 else b'\x08\0'
        if packet.bytes[:1] and packet.bytes[0] >> 4 not in (4, 6):
            ethertype = b'\x08\0'
        self.sockets[link].send(vnet + MAC_DIRECTOR + MAC_PEER + ethertype + packet.bytes)

    def collect(self):
        """What came out on each link since the last call."""
        self.count += 1
        marker = b'marker%d' % self.count
        for a, b in (('client', 'rs1'), ('rs1', 'rs2'), ('rs2', 'client')):
            ip = struct.pack('!BBHHHBBH', 0x45, 0, 28 + len(marker), 1, 0, 64, 17, 0) + address(ADDRESS['v4'][a]) + address(ADDRESS['v4'][b])
            ip = ip[:10] + struct.pack('!H', ~fold(ip) & 0xffff) + ip[12:] + struct.pack('!HHHH', 9, 9, 8 + len(marker), 0) + marker
            self.sockets[a].send(bytes(10) + MAC_DIRECTOR + MAC_PEER + b'\x08\0' + ip)
        out = {}
        for link in LINKS:
            out[link] = []
            while True:
                try:
                    size, where = self.sockets[link].recvfrom_into(self.buffer)
                except socket.timeout:
                    raise Bad(f'the marker to {link} was lost')
                if where[2] == socket.PACKET_OUTGOING:
                    continue
                frame = bytes(self.buffer[:size])
                if frame.endswith(b'marker%d' % self.count):
                    break
                vnet, ether, ip = frame[:10], frame[10:24], frame[24:]
                if ether[12:] not in (b'\x08\0', b'\x86\xdd') or noise(ip):
                    continue
                out[link].append((ether, finish_checksum(vnet, ether + ip)[14:], struct.unpack_from('=H', vnet, 4)[0] if vnet[1] else 0))
        return out

    def close(self):
        self.commands.close()
        self.shell.stdin.close()
        self.shell.wait()
        for k in self.sockets.values():
            k.close()


def noise(ip):
    """Neighbour and multicast listener discovery, which nobody asked for, and what is said of fragments that wait
    in vain: that is for times, not for orders, to tell."""
    if ip[0] >> 4 != 6:
        return ip[9] == 1 and ip[20:22] == b'\x0b\x01'
    nh, at = ip[6], 40
    if nh == 0 and len(ip) > 48:
        nh, at = ip[40], 48
    return nh == 58 and len(ip) > at and (ip[at] in (130, 131, 132, 133, 134, 135, 136, 137, 143) or ip[at:at + 2] == b'\x03\x01')


def finish_checksum(vnet, frame):
    flags, _, _, _, start, offset = struct.unpack('=BBHHHH', vnet)
    if not flags & 1:
        return frame
    value = ~fold(frame[start:]) & 0xffff
    return frame[:start + offset] + struct.pack('!H', value) + frame[start + offset + 2:]
