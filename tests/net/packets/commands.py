# SPDX-License-Identifier: GPL-2.0
"""The commands of tables that need no process: changes of destinations and services, by edits.py, and settings. Under
emulation a process takes longer than all of a case's packets.
"""
import os, re, struct, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import edits
from genl import COMMANDS, attr, number

EDIT = re.compile(r'(vs_(add|set) (tcp|udp) \S+ \w+|(vs_del (tcp|udp) \S+)|'
                  r'rs_(add|set) (tcp|udp) \S+ \S+ (nat|direct|tunnel) \d+|rs_del (tcp|udp) \S+ \S+)$')
SETTING = re.compile(r'setting ([\w-]+) (\d+)$')


class Commands:
    """Of the namespace in which it was made."""
    def __init__(self, balancer):
        # ip_vs's settings, as this namespace sees them wherever they are opened from.
        self.settings = None if balancer == 'lb' else os.open('/proc/sys/net/ipv4/vs', os.O_RDONLY | os.O_DIRECTORY)
        self.edits = {'lb': edits.Lb, 'ipvs': edits.Ipvs}[balancer]()

    def close(self):
        self.edits.socket.s.close()
        if self.settings is not None:
            os.close(self.settings)

    def run(self, line):
        """-> status of a line that is of such commands only, joined by ; or &&; None if it is not"""
        parts = re.split(r'\s*(;|&&)\s*', line)
        if not all(EDIT.match(p) or SETTING.match(p) for p in parts[::2]):
            return None
        status = 0
        for joint, command in zip([';'] + parts[1::2], parts[::2]):
            if joint == ';' or not status:
                status = self.one(command)
        return status

    def one(self, command):
        m = SETTING.match(command)
        if not m:
            error, text = self.edits.change(*command.split())
        elif self.settings is None:
            error, _, text = self.edits.socket.ask(COMMANDS['settings-set'],
                                                   attr(number('settings', m[1]), struct.pack('=I', int(m[2]))))
        else:
            error, text = self.sysctl(m[1].replace('-', '_'), m[2])
        if error:
            print(f'# {command}: {os.strerror(error)} {text}')
        return int(bool(error))

    def sysctl(self, name, value):
        try:
            f = os.open(name, os.O_WRONLY, dir_fd=self.settings)
            try:
                os.write(f, value.encode())
            finally:
                os.close(f)
        except OSError as e:
            return e.errno, name
        return 0, ''
