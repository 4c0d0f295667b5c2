// SPDX-License-Identifier: GPL-2.0
// That the module is there.
#pragma once

#include "../netlink/lb.hpp"

namespace lb::lbd {

// Loads lb.ko when it is missing. Blocks meanwhile: for the start only.
Result<netlink::Director> openDirector();

} // namespace lb::lbd
