// SPDX-License-Identifier: GPL-2.0
// What a running ip_vs has: its services as rules, by its netlink family, and its connections, by
// its file. It is only read.
#pragma once

#include "../netlink/lb.hpp"

#include <functional>
#include <string>

namespace lb::ipvsadm {

struct Live {
    // As ipvsadm -R reads them, thresholds and timeouts among them; destinations in the order in
    // which ip_vs asks them.
    std::string rules{};
    std::vector<netlink::ServiceKey> marks{};                        // services of firewall marks
    std::map<netlink::ServiceKey, std::vector<Endpoint>> services{}; // and their destinations
};

// ENOENT when ip_vs is not loaded: what else answers to its names is lb itself.
Result<Live> readLive();

// A line of /proc/net/ip_vs_conn; nothing of a template, or of what has no client's port yet.
std::optional<netlink::Connection> readConn(std::string_view line);

// Calls @visit for each connection, with the mark of the service that it is of.
Result<void> readConns(const Live &live,
                       const std::function<Result<void>(const netlink::Connection &)> &visit);

} // namespace lb::ipvsadm
