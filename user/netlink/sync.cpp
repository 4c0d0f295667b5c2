// SPDX-License-Identifier: GPL-2.0
#include "lb.hpp"

#include <cerrno>

namespace lb::netlink {

Result<SyncDaemon> decodeSync(const Attributes &attributes)
{
    const auto group = attributes.find(LB_A_SYNC_GROUP);
    if (!group)
        return Error{.code = EBADMSG, .what = "the module's reply lacks a group"};
    auto ip = Ip::fromBytes(group->size() == 4 ? Family::inet : Family::inet6, *group);
    if (!ip)
        return ip.error();
    return SyncDaemon{.role = attributes.u8(LB_A_SYNC_ROLE).value_or(0),
                      .interface = std::string(attributes.string(LB_A_SYNC_IFNAME).value_or("")),
                      .id = attributes.u8(LB_A_SYNC_ID),
                      .maxLength = attributes.u16(LB_A_SYNC_MAX_LENGTH),
                      .group = *ip,
                      .port = attributes.u16(LB_A_SYNC_PORT),
                      .ttl = attributes.u8(LB_A_SYNC_TTL),
                      .ports = attributes.u32(LB_A_SYNC_PORTS).value_or(0)};
}

Result<std::vector<SyncDaemon>> Director::syncDaemons()
{
    auto ask = message(LB_CMD_SYNC_GET);
    std::vector<SyncDaemon> daemons;
    std::optional<Error> broken;
    auto done = socket_.dump(
        ask,
        [&](const Reply &reply) {
            auto daemon = decodeSync(reply.attributes);
            if (daemon)
                daemons.push_back(std::move(*daemon));
            else
                broken = daemon.error();
            return true;
        },
        [&] { daemons.clear(); });
    if (!done)
        return done.error();
    if (broken)
        return *broken;
    return daemons;
}

Result<void> Director::startSync(const SyncDaemon &daemon)
{
    auto ask = message(LB_CMD_SYNC_START);
    ask.u8(LB_A_SYNC_ROLE, daemon.role);
    ask.string(LB_A_SYNC_IFNAME, daemon.interface);
    if (daemon.id)
        ask.u8(LB_A_SYNC_ID, *daemon.id);
    if (daemon.maxLength)
        ask.u16(LB_A_SYNC_MAX_LENGTH, *daemon.maxLength);
    if (daemon.group)
        ask.bytes(LB_A_SYNC_GROUP, daemon.group->bytes());
    if (daemon.port)
        ask.u16(LB_A_SYNC_PORT, *daemon.port);
    if (daemon.ttl)
        ask.u8(LB_A_SYNC_TTL, *daemon.ttl);
    return socket_.request(ask, [](const Reply &) { return true; });
}

Result<void> Director::stopSync(std::uint8_t role)
{
    auto ask = message(LB_CMD_SYNC_STOP);
    ask.u8(LB_A_SYNC_ROLE, role);
    return socket_.request(ask, [](const Reply &) { return true; });
}

} // namespace lb::netlink
