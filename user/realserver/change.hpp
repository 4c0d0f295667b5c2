// SPDX-License-Identifier: GPL-2.0
// Makes this machine a real server for an address, or lets it be none: reads, plans, notes what it
// is about to do, does it.
#pragma once

#include "plan.hpp"

#include <functional>

namespace lb::realserver {

using Tell = std::function<void(const Action &)>;

// @tell hears of what was done. What was done before an error is noted, and undone by down().
Result<void> up(const Wish &wish, const Tell &tell);
Result<void> down(const Ip &vip, const Tell &tell);

// What was wanted of this address, for check; nothing when nothing is known.
std::optional<Wish> wishOf(const Ip &vip);

} // namespace lb::realserver
