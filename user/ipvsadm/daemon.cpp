// SPDX-License-Identifier: GPL-2.0
#include "daemon.hpp"

#include "../netlink/socket.hpp"
#include "errors.hpp"

#include <array>
#include <cerrno>

#include <arpa/inet.h>
#include <linux/ip_vs.h>

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

using netlink::Message;

struct Line {
    netlink::Socket socket;
    std::uint16_t family;
};

Result<Line> open()
{
    auto socket = netlink::Socket::open();
    if (!socket)
        return socket.error();
    const auto family = socket->resolve(IPVS_GENL_NAME);
    if (!family)
        return Error{.code = ENOPROTOOPT, .what = "there is no netlink family IPVS"};
    return Line{std::move(*socket), family->number};
}

void encode(Message &message, const DaemonWords &daemon, bool start)
{
    message.u32(IPVS_DAEMON_ATTR_STATE, daemon.master ? IP_VS_STATE_MASTER : IP_VS_STATE_BACKUP);
    message.string(IPVS_DAEMON_ATTR_MCAST_IFN, daemon.interface);
    message.u32(IPVS_DAEMON_ATTR_SYNC_ID, daemon.syncid);
    if (!start)
        return;
    if (daemon.maxlen != 0)
        message.u16(IPVS_DAEMON_ATTR_SYNC_MAXLEN, daemon.maxlen);
    if (daemon.port != 0)
        message.u16(IPVS_DAEMON_ATTR_MCAST_PORT, daemon.port);
    if (daemon.ttl != 0)
        message.u8(IPVS_DAEMON_ATTR_MCAST_TTL, daemon.ttl);
    if (daemon.group)
        message.bytes(daemon.group->family() == Family::inet6 ? IPVS_DAEMON_ATTR_MCAST_GROUP6
                                                              : IPVS_DAEMON_ATTR_MCAST_GROUP,
                      daemon.group->bytes());
}

std::string lineOf(const netlink::Attributes &daemon)
{
    const bool master = daemon.u32(IPVS_DAEMON_ATTR_STATE) == IP_VS_STATE_MASTER;
    auto text = fmt::format("{} sync daemon (mcast={}, syncid={}", master ? "master" : "backup",
                            daemon.string(IPVS_DAEMON_ATTR_MCAST_IFN).value_or(""),
                            daemon.u32(IPVS_DAEMON_ATTR_SYNC_ID).value_or(0));
    if (const auto maxlen = daemon.u16(IPVS_DAEMON_ATTR_SYNC_MAXLEN).value_or(0); maxlen != 0)
        text += fmt::format(", maxlen={}", maxlen);
    const auto six = daemon.find(IPVS_DAEMON_ATTR_MCAST_GROUP6);
    const auto group = six ? six : daemon.find(IPVS_DAEMON_ATTR_MCAST_GROUP);
    if (group)
        if (const auto ip = Ip::fromBytes(six ? Family::inet6 : Family::inet, *group))
            text += fmt::format(", group={}", toString(*ip));
    if (const auto port = daemon.u16(IPVS_DAEMON_ATTR_MCAST_PORT).value_or(0); port != 0)
        text += fmt::format(", port={}", port);
    if (const auto ttl = daemon.u8(IPVS_DAEMON_ATTR_MCAST_TTL).value_or(0); ttl != 0)
        text += fmt::format(", ttl={}", ttl);
    return text + ")\n";
}

} // namespace

Outcome<void> setDaemon(const Command &command)
{
    const bool start = command.verb == Verb::startDaemon;
    auto line = open();
    if (!line)
        return refuse(command.verb, line.error());

    Message ask(
        {.type = line->family,
         .command = static_cast<std::uint8_t>(start ? IPVS_CMD_NEW_DAEMON : IPVS_CMD_DEL_DAEMON),
         .version = IPVS_GENL_VERSION});
    ask.nest(IPVS_CMD_ATTR_DAEMON, [&] { encode(ask, command.daemon, start); });
    if (const auto done = line->socket.request(ask); !done)
        return refuse(command.verb, done.error());
    return {};
}

Outcome<std::string> listDaemons()
{
    // ipvsadm does not say why it could not list them.
    const Refusal silent{1, ""};
    std::array<std::string, 2> lines; // the master's comes first
    auto line = open();
    if (!line)
        return silent;

    Message ask(
        {.type = line->family, .command = IPVS_CMD_GET_DAEMON, .version = IPVS_GENL_VERSION});
    const auto done =
        line->socket.dump(ask,
                          [&](const netlink::Reply &reply) {
                              if (const auto daemon = reply.attributes.nest(IPVS_CMD_ATTR_DAEMON)) {
                                  const auto state = daemon->u32(IPVS_DAEMON_ATTR_STATE);
                                  lines.at(state == IP_VS_STATE_MASTER ? 0 : 1) = lineOf(*daemon);
                              }
                              return true;
                          },
                          {});
    if (!done)
        return silent;
    return lines[0] + lines[1];
}

} // namespace lb::ipvsadm
