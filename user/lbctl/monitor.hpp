// SPDX-License-Identifier: GPL-2.0
#pragma once

#include "../netlink/lb.hpp"

#include <string>

namespace lb::lbctl {

// "dest-set tcp 192.0.2.1:80 10.0.0.1:8080 method nat weight 2 generation 7"
std::string toLine(const netlink::Event &event);

} // namespace lb::lbctl
