// SPDX-License-Identifier: GPL-2.0
// Services with their destinations, in the orders that ipvsadm lists them in.
#pragma once

#include "../netlink/lb.hpp"

namespace lb::ipvsadm {

struct View {
    netlink::Service service{};
    std::vector<netlink::Destination> dests{}; // as ip_vs has them: the newest first
};

// All, or the one asked for; of one generation.
Result<std::vector<View>> readViews(netlink::Director &director,
                                    const std::optional<netlink::ServiceKey> &only);

void sort(std::vector<View> &views);

} // namespace lb::ipvsadm
