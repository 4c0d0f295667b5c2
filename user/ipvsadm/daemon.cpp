// SPDX-License-Identifier: GPL-2.0
#include "daemon.hpp"

#include "errors.hpp"

#include <array>

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

std::uint8_t roleOf(const DaemonWords &words)
{
    return words.master ? LB_SYNC_ROLE_MASTER : LB_SYNC_ROLE_BACKUP;
}

// 0 is what ipvsadm leaves to the module.
netlink::SyncDaemon daemonOf(const DaemonWords &words)
{
    netlink::SyncDaemon daemon{.role = roleOf(words),
                               .interface = words.interface,
                               .id = static_cast<std::uint8_t>(words.syncid),
                               .group = words.group};
    if (words.maxlen != 0)
        daemon.maxLength = words.maxlen;
    if (words.port != 0)
        daemon.port = words.port;
    if (words.ttl != 0)
        daemon.ttl = words.ttl;
    return daemon;
}

std::string lineOf(const netlink::SyncDaemon &daemon)
{
    auto text = fmt::format("{} sync daemon (mcast={}, syncid={}",
                            daemon.role == LB_SYNC_ROLE_MASTER ? "master" : "backup",
                            daemon.interface, daemon.id.value_or(0));
    if (const auto maxlen = daemon.maxLength.value_or(0); maxlen != 0)
        text += fmt::format(", maxlen={}", maxlen);
    if (daemon.group)
        text += fmt::format(", group={}", toString(*daemon.group));
    if (const auto port = daemon.port.value_or(0); port != 0)
        text += fmt::format(", port={}", port);
    if (const auto ttl = daemon.ttl.value_or(0); ttl != 0)
        text += fmt::format(", ttl={}", ttl);
    return text + ")\n";
}

} // namespace

Outcome<void> setDaemon(netlink::Director &director, const Command &command)
{
    const auto done = command.verb == Verb::startDaemon
                          ? director.startSync(daemonOf(command.daemon))
                          : director.stopSync(roleOf(command.daemon));
    if (!done)
        return refuse(command.verb, done.error());
    return {};
}

Outcome<std::string> listDaemons(netlink::Director &director)
{
    std::array<std::string, 2> lines; // the master's comes first
    const auto daemons = director.syncDaemons();
    if (!daemons)
        return Refusal{1, ""}; // ipvsadm does not say why it could not list them
    for (const auto &daemon : *daemons)
        lines.at(daemon.role == LB_SYNC_ROLE_MASTER ? 0 : 1) = lineOf(daemon);
    return lines[0] + lines[1];
}

} // namespace lb::ipvsadm
