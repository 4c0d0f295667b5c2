# SPDX-License-Identifier: GPL-2.0
"""The rows of the benchmark, in the order they are measured and printed, and the goals they have.

To add a row, add a scene here, or a new kind of scene to scenes.py.
"""
import fnmatch

from scenes import Clients, Dump, Established, Flood, Memory, Opening, Paths, Services

POOLS = (2, 16, 256, 2048, 4096)


def scenes():
    for family in (4, 6):
        yield Paths(family)
        for method in ('nat', 'direct', 'tunnel'):
            yield Established(method, family)
    for scheduler in ('rr', 'wrr', 'lc', 'wlc'):
        for pool in POOLS:
            yield Opening(scheduler, pool)
    for scheduler in ('sed', 'nq', 'fo', 'ovf', 'dh', 'sh', 'mh', 'twos', 'p2c', 'lblc', 'lblcr'):
        for pool in (2, 256, 4096):
            yield Opening(scheduler, pool)
    yield Opening('rr', 16, method='nat')
    yield Opening('rr', 16, family=6)
    yield Opening('rr', 16, persist=300)
    for method in ('direct', 'nat'):
        yield Opening('rr', 16, method=method, others=60000)
    for method in ('direct', 'nat'):
        yield Flood(method)
    for number in (1, 1000, 10000):
        yield Services(number)
    for method, family in (('direct', 4), ('nat', 4), ('nat', 6)):
        yield Memory(method, family)
    yield Clients(10000)
    yield Dump(100000)
    yield Dump(1000000)


# Enough to see where a change went, in two minutes.
QUICK = ('path/v4/*', 'established/v4/*', 'new/v4/direct/rr/16', 'new/v4/direct/wlc/2048', 'memory/v4/direct')

# The first pattern that fits a row is its goal: lb's figure over ip_vs's.
GOALS = (
    ('new/*/lc/2048', 0.20),
    ('new/*/wlc/2048', 0.20),
    ('memory/*', 0.60),
    ('ipvsadm/*/load', 0.50),
    ('ipvsadm/1M/dump', 0.20),
    ('path/*', None),
    ('*', 1.00),
)


def goal(row):
    return next(ratio for pattern, ratio in GOALS if fnmatch.fnmatch(row, pattern))


# ip_vs looks through all of its table again for every page that is read of it: an hour. By its whole name only.
SLOW = ('ipvsadm/1M/dump',)


def wanted(row, patterns):
    if row in SLOW:
        return row in patterns
    return any(fnmatch.fnmatch(row, p) or p in row for p in patterns)


def unit(row):
    if row.startswith('memory/'):
        return 'bytes'
    if row.endswith('/dump'):
        return 'per connection'
    return 'per command' if row.endswith(('/load', '/list')) else 'per packet'
