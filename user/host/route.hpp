// SPDX-License-Identifier: GPL-2.0
// Which way the kernel would send a packet from here.
#pragma once

#include "../base/ip.hpp"

#include <optional>

namespace lb::host {

struct Route {
    std::optional<Ip> gateway{}; // none for the networks of this machine itself
    int interface = 0;
};

// To @ip, unmarked and from any address. An error when there is none.
Result<Route> routeTo(const Ip &ip);

} // namespace lb::host
