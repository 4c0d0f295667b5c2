// SPDX-License-Identifier: GPL-2.0
// That the module is there.
#pragma once

#include "../netlink/lb.hpp"

#include <string>

namespace lb::lbd {

enum class Missing : std::uint8_t { stays, loaded };

// The director of the network namespace @netns, or where we are if it is empty. lb.ko is loaded
// when it is missing, if @missing says so: that blocks, and is for the start only.
Result<netlink::Director> openDirector(const std::string &netns, Missing missing);

} // namespace lb::lbd
