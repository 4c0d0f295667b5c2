// SPDX-License-Identifier: GPL-2.0
// The blocks virtual_server, real_server and virtual_server_group.
#pragma once

#include "keyword.hpp"
#include "virtual_server.hpp"

namespace lb::config {

// NAT, DR, TUN [type ipip|gue port NUMBER|gre] [nocsum|csum|remcsum]
std::optional<Forwarding> takeForwarding(Arguments &arguments);

// ADDRESS [PORT] { ... }
void takeRealServer(VirtualServer &into, Arguments &arguments);

// ADDRESS [PORT] | fwmark MARK | group NAME { ... }
void takeVirtualServer(std::vector<VirtualServer> &into, Arguments &arguments);

// NAME { ... }
void takeGroup(std::vector<VirtualServerGroup> &into, Arguments &arguments);

} // namespace lb::config
