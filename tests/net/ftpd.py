#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""An FTP server for scenarios: anonymous, may read and write.

    ftpd.py [--port N] [--active-port N] [--passive A-B] DIRECTORY ADDRESS...

Active data connections come from any port, as pyftpdlib does it, or from --active-port. What
it says of itself is what it knows: the address that the control connection came to.
"""
import argparse, logging

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import ActiveDTP, FTPHandler
from pyftpdlib.servers import FTPServer

parser = argparse.ArgumentParser()
parser.add_argument('--port', type=int, default=21)
parser.add_argument('--active-port', type=int, default=0)
parser.add_argument('--passive', default='')
parser.add_argument('directory')
parser.add_argument('address', nargs='+')
args = parser.parse_args()


class Active(ActiveDTP):
    def connect_af_unspecified(self, addr, source_address=None):
        return super().connect_af_unspecified(addr, (source_address[0], args.active_port))

    def create_socket(self, *how):
        super().create_socket(*how)
        self.set_reuse_addr()


class Handler(FTPHandler):
    authorizer = DummyAuthorizer()
    active_dtp = Active
    banner = 'ready'


# It says that anonymous users should not write.
logging.basicConfig(level=logging.ERROR)
Handler.authorizer.add_anonymous(args.directory, perm='elradfmw')
if args.passive:
    low, high = map(int, args.passive.split('-'))
    Handler.passive_ports = range(low, high + 1)
servers = [FTPServer((address, args.port), Handler) for address in args.address]
servers[0].serve_forever(handle_exit=False)
