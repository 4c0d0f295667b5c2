// SPDX-License-Identifier: GPL-2.0
#include "sync.hpp"

#include "../netlink/names.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace lb::lbd {

namespace {

std::vector<std::uint8_t> rolesOf(const std::optional<config::SyncDaemon> &daemon)
{
    if (!daemon)
        return {};
    if (!daemon->instance.empty())
        return {LB_SYNC_ROLE_BACKUP};
    return {LB_SYNC_ROLE_MASTER, LB_SYNC_ROLE_BACKUP};
}

netlink::SyncDaemon asked(const config::SyncDaemon &daemon, std::uint8_t role)
{
    netlink::SyncDaemon asks{.role = role,
                             .interface = daemon.interface,
                             .id = daemon.id.value_or(0),
                             .maxLength = daemon.maxLength,
                             .group = daemon.group,
                             .ttl = daemon.ttl};
    if (daemon.port)
        asks.port = daemon.port->value;
    return asks;
}

// What is not asked for may be anything.
bool fits(const netlink::SyncDaemon &runs, const netlink::SyncDaemon &asks)
{
    const auto same = [](const auto &is, const auto &wanted) { return !wanted || is == wanted; };
    return runs.interface == asks.interface && same(runs.id, asks.id) &&
           same(runs.maxLength, asks.maxLength) && same(runs.group, asks.group) &&
           same(runs.port, asks.port) && same(runs.ttl, asks.ttl);
}

} // namespace

void followSync(netlink::Director &director, const std::optional<config::SyncDaemon> &before,
                const std::optional<config::SyncDaemon> &wanted, const Log &log)
{
    if (!before && !wanted)
        return;
    const auto daemons = director.syncDaemons();
    if (!daemons) {
        log(Level::error, fmt::format("lvs_sync_daemon: {}", toString(daemons.error())));
        return;
    }
    const auto had = rolesOf(before), wants = rolesOf(wanted);
    for (const std::uint8_t role : {LB_SYNC_ROLE_MASTER, LB_SYNC_ROLE_BACKUP}) {
        const auto name = netlink::syncRoleName(role);
        const auto runs = std::ranges::find(*daemons, role, &netlink::SyncDaemon::role);
        const bool isWanted = std::ranges::find(wants, role) != wants.end();
        if (isWanted && runs != daemons->end() && fits(*runs, asked(*wanted, role)))
            continue;
        const bool ours = std::ranges::find(had, role) != had.end();
        if (runs != daemons->end() && (isWanted || ours))
            if (const auto done = director.stopSync(role); !done)
                log(Level::error,
                    fmt::format("the sync {} does not end: {}", name, toString(done.error())));
        if (!isWanted)
            continue;
        if (const auto done = director.startSync(asked(*wanted, role)); !done)
            log(Level::error, fmt::format("the sync {} on {} is not started: {}", name,
                                          wanted->interface, toString(done.error())));
        else
            log(Level::notice,
                fmt::format("the sync {} on {} is started", name, wanted->interface));
    }
}

} // namespace lb::lbd
