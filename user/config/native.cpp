// SPDX-License-Identifier: GPL-2.0
// What a virtual server has that lb takes and ip_vs does not: slow_start, timeout, mss_clamp, orphans.
#include "../netlink/names.hpp"
#include "virtual_server_keywords.hpp"

namespace lb::config {

namespace {

// STATE SECONDS: of a state of TCP or SCTP, or udp, as lbctl calls it.
void takeTimeout(VirtualServer &server, Arguments &arguments)
{
    const auto *state = arguments.word("a state of connections");
    if (!state)
        return;
    const auto setting = netlink::timeoutOf(state->text);
    if (!setting)
        arguments.refuse(
            *state, fmt::format("no connection is in a state '{}'", state->text),
            "one as established, fin-wait, udp, sctp-established: lbctl settings list");
    const auto seconds = arguments.number("a time in seconds", 1, LB_TIMEOUT_MAX);
    if (setting && seconds)
        server.timeouts[*setting] = static_cast<std::uint32_t>(*seconds);
}

// auto | off | BYTES
void takeMssClamp(VirtualServer &server, Arguments &arguments)
{
    if (arguments.take("auto"))
        server.mssClamp = LB_MSS_CLAMP_AUTO;
    else if (arguments.take("off"))
        server.mssClamp = 0;
    else if (const auto bytes = arguments.number("an MSS in bytes", 1, LB_MSS_CLAMP_AUTO - 1))
        server.mssClamp = static_cast<std::uint16_t>(*bytes);
}

void takeOrphans(VirtualServer &server, Arguments &arguments)
{
    if (const auto what = arguments.choice("what becomes of a removed server's connections",
                                           netlink::orphansNames()))
        server.orphans = static_cast<std::uint8_t>(*what);
}

constexpr Keyword<VirtualServer> keywords[] = {
    {"slow_start", number<&VirtualServer::slowStart, 0, LB_SLOW_START_MAX>},
    {"timeout", takeTimeout},
    {"mss_clamp", takeMssClamp},
    {"orphans", takeOrphans},
};

} // namespace

std::span<const Keyword<VirtualServer>> nativeKeywords()
{
    return keywords;
}

} // namespace lb::config
