# SPDX-License-Identifier: GPL-2.0
"""Allocations that fail, one at a time, by the kernel's fault injection."""
import os

from genl import check

FAILSLAB = '/sys/kernel/debug/failslab'


def can_fail():
    if os.path.isdir(FAILSLAB):
        return True
    print('# this kernel cannot make allocations fail')
    return False


class Faults:
    """The nth allocation of this thread fails, for n from 1 until there is no nth."""

    def __init__(self):
        for name, value in (('ignore-gfp-wait', 'N'), ('verbose', '0')):
            with open(f'{FAILSLAB}/{name}', 'w', encoding='ascii') as f:
                f.write(value)
        self.fd = os.open('/proc/thread-self/fail-nth', os.O_RDWR)

    def each(self, do, most=5000):
        """Yields what do() returned, and whether something failed in it: the last time nothing did."""
        for n in range(1, most):
            order = b'%d' % n
            os.pwrite(self.fd, order, 0)
            result = do()
            left = int(os.pread(self.fd, 16, 0))
            os.pwrite(self.fd, b'0', 0)
            yield n, result, not left
            if left:
                return
        check(f'there is an end to its allocations, before {most}', False)
