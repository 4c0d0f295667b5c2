// SPDX-License-Identifier: GPL-2.0
// What list, show, stats and rates share: services with their destinations below them, in the
// order that ipvsadm -L has.
#pragma once

#include "context.hpp"

#include <map>
#include <vector>

namespace lb::lbctl {

struct ServiceView {
    netlink::Service service{};
    std::vector<netlink::Destination> dests{};
};

// All services, or the one asked for; sorted by key, destinations in order of addition.
Result<std::vector<ServiceView>> readServices(netlink::Director &director,
                                              const std::optional<netlink::ServiceKey> &only);

// ", 250 s left, then reset"; empty without a deadline.
std::string timeLeft(const netlink::Draining &draining);

void printServices(Context &context, const std::vector<ServiceView> &views, bool brief);

// The five counters, headed as ipvsadm heads them, @suffix after each ("/s" for rates).
Table statsTable(const Sink &sink, std::string_view suffix);
Table::Row statsRow(std::string first, const netlink::Stats &stats);

} // namespace lb::lbctl
