#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Changes services of lb or of ip_vs, as lines of standard input say, in lib.sh's words:

    edits.py lb|ipvs

    vs_add|vs_set tcp|udp SERVICE SCHEDULER [FLAG,...]
    vs_del        tcp|udp SERVICE
    rs_add|rs_set tcp|udp SERVICE DESTINATION METHOD WEIGHT [UPPER LOWER]
    rs_del        tcp|udp SERVICE DESTINATION

"fwmark" or "fwmark6" in the place of a protocol makes SERVICE a mark.

Each line is answered by one: "done", or why not. For scenarios of hundreds of changes, where a process for
each, lbctl's or ipvsadm's, takes most of the time.
"""
import ipaddress, os, socket, struct, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from genl import COMMANDS, Socket, attr, key, number

PROTOCOL = {'tcp': socket.IPPROTO_TCP, 'udp': socket.IPPROTO_UDP}


def place(text):
    """-> address family, packed address, port"""
    host, port = text.rsplit(':', 1)
    address = ipaddress.ip_address(host.strip('[]'))
    return (socket.AF_INET if address.version == 4 else socket.AF_INET6), address.packed, int(port)


def fwmark(protocol, service):
    """-> address family, mark; None for a service that is an address"""
    return {'fwmark': (socket.AF_INET, int(service)), 'fwmark6': (socket.AF_INET6, int(service))}[protocol] \
        if protocol.startswith('fwmark') else None


def u16(n):
    return struct.pack('=H', n)


def be16(n):
    return struct.pack('!H', n)


def u32(n):
    return struct.pack('=I', n)


class Lb:
    COMMAND = {'vs_add': 'service-new', 'vs_set': 'service-set', 'vs_del': 'service-del',
               'rs_add': 'dest-new', 'rs_set': 'dest-set', 'rs_del': 'dest-del'}
    FLAGS = {'fallback': 1, 'port': 2}
    METHOD = {'nat': 0, 'direct': 1, 'tunnel': 2}

    def __init__(self):
        self.socket = Socket('lb')

    @staticmethod
    def key(protocol, service):
        if mark := fwmark(protocol, service):
            return key(family=u16(mark[0]), fwmark=u32(mark[1]), protocol=None, addr=None, port=None)
        family, addr, port = place(service)
        return key(family=u16(family), protocol=bytes([PROTOCOL[protocol]]), addr=addr, port=be16(port))

    def change(self, verb, protocol, service, *rest):
        named = self.key(protocol, service)

        def set_of(name, parts):
            return b''.join(attr(number(name, n), v, nested=n in ('key', 'service')) for n, v in parts)
        if verb == 'vs_del':
            body = set_of('service', [('key', named)])
        elif verb[0] == 'v':
            flags = sum(self.FLAGS[f] for f in rest[1].split(',')) if len(rest) > 1 else 0
            body = set_of('service', [('key', named), ('scheduler', rest[0].encode() + b'\0'), ('sched-flags', u32(flags))])
        else:
            family, addr, port = place(rest[0])
            parts = [('service', named), ('family', u16(family)), ('addr', addr), ('port', be16(port))]
            if verb != 'rs_del':
                parts += [('method', bytes([self.METHOD[rest[1]]])), ('weight', u32(int(rest[2])))]
                if len(rest) > 3:
                    parts += [('upper', u32(int(rest[3]))), ('lower', u32(int(rest[4])))]
            body = set_of('dest', parts)
        error, _, text = self.socket.ask(COMMANDS[self.COMMAND[verb]], body)
        return error, text


class Ipvs:
    """uapi linux/ip_vs.h: IPVS_CMD_*, IPVS_CMD_ATTR_*, IPVS_SVC_ATTR_*, IPVS_DEST_ATTR_*"""
    COMMAND = {'vs_add': 1, 'vs_set': 2, 'vs_del': 3, 'rs_add': 5, 'rs_set': 6, 'rs_del': 7}
    FLAGS = {'fallback': 8, 'port': 16}             # IP_VS_SVC_F_SCHED1, 2
    METHOD = {'nat': 0, 'direct': 3, 'tunnel': 2}   # IP_VS_CONN_F_MASQ, DROUTE, TUNNEL

    def __init__(self):
        self.socket = Socket('IPVS')

    @staticmethod
    def key(protocol, service):
        if mark := fwmark(protocol, service):
            return mark[0], attr(1, u16(mark[0])) + attr(5, u32(mark[1]))
        family, addr, port = place(service)
        return family, attr(1, u16(family)) + attr(2, u16(PROTOCOL[protocol])) + attr(3, addr.ljust(16, b'\0')) + attr(4, be16(port))

    def change(self, verb, protocol, service, *rest):
        family, body = self.key(protocol, service)
        if verb in ('vs_add', 'vs_set'):
            flags = sum(self.FLAGS[f] for f in rest[1].split(',')) if len(rest) > 1 else 0
            netmask = b'\xff' * 4 if family == socket.AF_INET else u32(128)
            body += attr(6, rest[0].encode() + b'\0') + attr(7, u32(flags) + b'\xff' * 4) + attr(8, u32(0)) + attr(9, netmask)
        body = attr(1, body, nested=True)
        if verb[0] == 'r':
            family, addr, port = place(rest[0])
            dest = attr(1, addr.ljust(16, b'\0')) + attr(2, be16(port)) + attr(11, u16(family))
            if verb != 'rs_del':
                upper, lower = rest[3:] or (0, 0)
                dest += attr(3, u32(self.METHOD[rest[1]])) + attr(4, u32(int(rest[2]))) + attr(5, u32(int(upper))) + attr(6, u32(int(lower)))
            body += attr(2, dest, nested=True)
        error, _, text = self.socket.ask(self.COMMAND[verb], body)
        return error, text


def main():
    balancer = {'lb': Lb, 'ipvs': Ipvs}[sys.argv[1]]()
    for line in sys.stdin:
        error, text = balancer.change(*line.split())
        print(f'{os.strerror(error)} {text}' if error else 'done', flush=True)


if __name__ == '__main__':
    main()
