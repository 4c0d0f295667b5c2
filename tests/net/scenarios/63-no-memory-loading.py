#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Every single allocation that loading the module makes fails once, ours for each namespace among them: it is
loaded, or it is not and nothing is left behind (kmemleak, at the end of the run).

    kernels that can inject failures (umdbg, x86dbg)
"""
import ctypes, os, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from faults import Faults, can_fail
from genl import check, finish

libc = ctypes.CDLL(None, use_errno=True)


def module(faults):
    """It is loaded, or is not and leaves nothing behind."""
    ko = os.open(os.environ['LB_KO'], os.O_RDONLY)
    points, wrong = 0, []
    for n, failed, injected in faults.each(lambda: libc.syscall(313, ko, b'', 0)):     # finit_module
        points += injected
        there = os.path.isdir('/sys/module/lb')
        if bool(failed) == there:
            wrong.append((n, failed, there))
        if there and injected:
            subprocess.run(['rmmod', 'lb'], check=True)
    check(f'loading the module: {points} allocations fail, each once', points > 100 and not wrong, (points, wrong[:5]))


def main():
    if not can_fail():
        return 0
    if os.path.isdir('/sys/module/lb'):
        subprocess.run(['rmmod', 'lb'], check=True)
    module(Faults())
    return finish()


sys.exit(main())
