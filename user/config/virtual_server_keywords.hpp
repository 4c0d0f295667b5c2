// SPDX-License-Identifier: GPL-2.0
// The blocks virtual_server, real_server and virtual_server_group.
#pragma once

#include "keyword.hpp"
#include "virtual_server.hpp"

namespace lb::config {

// NAT, DR, TUN [type ipip|gue port NUMBER|gre] [nocsum|csum|remcsum]
std::optional<Forwarding> takeForwarding(Arguments &arguments);

// inhibit_on_failure [BOOL]; on_failure, on_removal as takeLeaving() has them.
template <typename T>
void takeInhibit(T &into, Arguments &arguments)
{
    if (const auto inhibit = arguments.boolean())
        into.onFailure = Leaving{.how = *inhibit ? Leaving::How::inhibit : Leaving::How::remove};
}
template <typename T>
void takeOnFailure(T &into, Arguments &arguments)
{
    if (const auto leaving = takeLeaving(arguments, true))
        into.onFailure = leaving;
}
template <typename T>
void takeOnRemoval(T &into, Arguments &arguments)
{
    if (const auto leaving = takeLeaving(arguments, false))
        into.onRemoval = leaving;
}

// What lb has and ip_vs has not: slow_start, timeout, mss_clamp, orphans.
std::span<const Keyword<VirtualServer>> nativeKeywords();

// ADDRESS [PORT] { ... }
void takeRealServer(VirtualServer &into, Arguments &arguments);

// ADDRESS [PORT] | fwmark MARK | group NAME { ... }
void takeVirtualServer(std::vector<VirtualServer> &into, Arguments &arguments);

// NAME { ... }
void takeGroup(std::vector<VirtualServerGroup> &into, Arguments &arguments);

} // namespace lb::config
