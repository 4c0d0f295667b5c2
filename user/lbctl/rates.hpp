// SPDX-License-Identifier: GPL-2.0
#pragma once

#include "../netlink/lb.hpp"

namespace lb::lbctl {

// What was counted between two looks, per second and rounded to the nearest. A counter that went
// back belongs to an object that was removed and added again: its count is all new.
netlink::Rates ratesBetween(const netlink::Stats &before, const netlink::Stats &after,
                            std::uint64_t milliseconds);

} // namespace lb::lbctl
