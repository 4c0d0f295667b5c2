// SPDX-License-Identifier: GPL-2.0
// A connection's line in ipvsadm -Lc.
#include "print.hpp"

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

// By LB_STATE_*.
constexpr std::string_view states[] = {
    "NONE",       "ESTABLISHED", "SYN_SENT",   "SYN_RECV", "FIN_WAIT", "TIME_WAIT", "CLOSE",
    "CLOSE_WAIT", "LAST_ACK",    "LISTEN",     "SYNACK",   "UDP",      "NONE",      "INIT1",
    "INIT",       "C-SENT",      "C-REPLIED",  "C-WAIT",   "COOKIE",   "C-ECHOED",  "ESTABLISHED",
    "S-SENT",     "S-RECEIVED",  "S-ACK-SENT", "REJECTED", "CLOSED",
};
static_assert(std::size(states) == LB_STATE_MAX + 1);

std::string protocolName(std::uint8_t protocol)
{
    switch (static_cast<Protocol>(protocol)) {
    case Protocol::tcp:
        return "TCP";
    case Protocol::udp:
        return "UDP";
    case Protocol::sctp:
        return "SCTP";
    }
    return protocol == 0 ? "IP" : fmt::format("IP_{}", protocol);
}

// The virtual address of a firewall mark's template is the mark.
Endpoint virtualOf(const netlink::Connection &conn)
{
    if (conn.fwmark == 0)
        return conn.service;
    std::array<std::uint8_t, 16> bytes{};
    const auto family = conn.client.ip.family();
    for (std::size_t i = 0; i < 4; i++)
        bytes.at(i) = static_cast<std::uint8_t>(conn.fwmark >> (24 - 8 * i));
    return {*Ip::fromBytes(family, std::span(bytes).first(family == Family::inet ? 4U : 16U)), {}};
}

} // namespace

std::optional<std::uint8_t> stateOf(Protocol protocol, std::string_view name)
{
    const auto [first, end] = [&]() -> std::pair<std::size_t, std::size_t> {
        switch (protocol) {
        case Protocol::tcp:
            return {LB_STATE_NONE, LB_STATE_UDP};
        case Protocol::udp:
            return {LB_STATE_UDP, LB_STATE_SCTP_NONE};
        default:
            return {LB_STATE_SCTP_NONE, std::size(states)};
        }
    }();
    for (auto state = first; state < end; state++)
        if (states[state] == name)
            return static_cast<std::uint8_t>(state);
    return std::nullopt;
}

std::string connectionsTitle(bool persistentConn)
{
    auto text = fmt::format("IPVS connection entries\npro expire {:<11} {:<18} {:<18} ", "state",
                            "source", "virtual");
    return text + (persistentConn
                       ? fmt::format("{:<18} {:<16} {}\n", "destination", "pe name", "pe_data")
                       : "destination\n");
}

void print(std::string &text, const netlink::Connection &conn, bool persistentConn, Names &names)
{
    const bool tpl = (conn.flags & LB_CONN_FLAGS_TEMPLATE) != 0;
    const auto protocol = toString(static_cast<Protocol>(conn.protocol)).empty()
                              ? std::nullopt
                              : std::optional(static_cast<Protocol>(conn.protocol));
    const auto seconds = conn.expiresMs / 1000;
    const auto out = std::back_inserter(text);

    fmt::format_to(out, "{:<3} {:<6} {:<11} ", protocolName(conn.protocol),
                   fmt::format("{:02}:{:02}", seconds / 60, seconds % 60),
                   tpl                               ? "ASSURED"
                   : conn.state >= std::size(states) ? "NONE"
                                                     : states[conn.state]);
    fmt::format_to(out, "{:<18} ", names.show(conn.client, protocol));
    fmt::format_to(out, "{:<18} ", names.show(virtualOf(conn), protocol));
    const auto &dest = names.show(conn.dest, protocol);
    if (persistentConn && !conn.persistId.empty())
        fmt::format_to(out, "{:<16} {:<18} {}\n", dest, "sip", conn.persistId);
    else
        fmt::format_to(out, "{}\n", dest);
}

} // namespace lb::ipvsadm
