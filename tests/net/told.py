# SPDX-License-Identifier: GPL-2.0
"""What directors tell each other, read and carried on the links of packets/network.py, where no other director is.

A record of version 1 is a type, a protocol, a length and version, flags, a state, ports of client, VIP and
destination, a mark, seconds, and the three addresses; a message is 8 bytes and records, each at a multiple of 4.
"""
import collections, os, socket, struct, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'packets'))
import table

# Its MTU is what a master's messages are made for.
LINK = 'rs1'
GROUP, PORT = socket.inet_aton('224.0.0.81'), 8848
TEMPLATE = 0x1000
# As long as lib.sh waits: only what will never happen takes longer.
LONG = 180

Record = collections.namedtuple('Record', 'protocol flags state port dest')


class Director(table.Network):
    """A network whose director's daemon is on @LINK; what it says is kept, whenever it comes."""
    def __init__(self, balancer):
        self.messages = []
        super().__init__(balancer)

    def collect(self):
        out = super().collect()
        self.messages += filter(None, (told_in(ip) for _, ip, _ in out[LINK]))
        return out

    def must(self, commands):
        """@commands: by balancer; what prepares a test is not the test."""
        if self.do(commands[self.balancer]):
            sys.exit(f'not ok - the scenario could be set up: {commands[self.balancer]}')

    def start(self, role):
        self.must({'lb': f'lbctl sync start {role} --interface {LINK} --id 1',
                   'ipvs': f'ipvs --start-daemon {role} --mcast-interface {LINK} --syncid 1'})

    def stop(self, role):
        self.must({'lb': f'lbctl sync stop {role}', 'ipvs': f'ipvs --stop-daemon {role}'})

    def rules(self, threshold, period, refresh=0, retries=0, persist_mode=0):
        self.must({'lb': f'lbctl settings set sync-threshold {threshold} sync-period {period} sync-refresh-period {refresh} '
                         f'sync-retries {retries} sync-persist-mode {persist_mode}',
                   'ipvs': f'tune director ipv4/vs/sync_threshold="{threshold} {period}" ipv4/vs/sync_refresh_period={refresh} '
                           f'ipv4/vs/sync_retries={retries} ipv4/vs/sync_persist_mode={persist_mode}'})

    def listen(self, last):
        """-> messages since the last call, up to the one with a record of client port @last: one thread sends them, in order"""
        end, k = time.monotonic() + LONG, self.sockets[LINK]
        self.collect()
        while not any(r.port == last for message in self.messages for r in records(message)):
            if time.monotonic() > end:
                raise table.Bad(f'{self.balancer} never told of port {last}')
            try:
                frame, where = k.recvfrom(2048)
            except socket.timeout:
                continue
            if where[2] != socket.PACKET_OUTGOING and frame[22:24] == b'\x08\0' and (message := told_in(frame[24:])):
                self.messages.append(message)
        messages, self.messages = self.messages, []
        return messages


def told_in(ip):
    """-> the message that is in this packet, or nothing"""
    head = (ip[0] & 15) * 4
    if ip[0] >> 4 != 4 or ip[9] != 17 or ip[16:20] != GROUP or struct.unpack_from('!H', ip, head + 2)[0] != PORT:
        return b''
    return ip[head + 8:head + struct.unpack_from('!H', ip, head + 4)[0]]


def records(message):
    at, found = 8, []
    for _ in range(message[4]):
        _, protocol, size, flags, state, client, _, dest = struct.unpack_from('!BBHIHHHH', message, at)
        found.append(Record(protocol, flags, state, client, socket.inet_ntoa(message[at + 32:at + 36]) + f':{dest}'))
        at += (size & 0xfff) + 3 & ~3
    return found


def carry(message, network):
    """To a director that was not there, as its neighbour would send it: its own address would be refused."""
    udp = struct.pack('!HHHH', 4096, PORT, 8 + len(message), 0) + message
    ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(udp), 1, 0, 1, 17, 0) + socket.inet_aton('10.0.1.2') + GROUP
    ip = ip[:10] + struct.pack('!H', ~table.fold(ip) & 0xffff) + ip[12:] + udp
    network.sockets[LINK].send(bytes(10) + b'\x01\0\x5e\0\0\x51' + table.MAC_PEER + b'\x08\0' + ip)
