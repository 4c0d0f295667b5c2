// SPDX-License-Identifier: GPL-2.0
// What becomes of the connections of a server that is not to be used any more: on_failure and
// on_removal. keepalived knows the first two of failures, and the first of removals.
#pragma once

#include "arguments.hpp"

#include <linux/lb.h>

namespace lb::config {

struct Leaving {
    enum class How : std::uint8_t {
        remove,  // the destination goes; what becomes of its connections the service says (orphans)
        inhibit, // it stays with weight 0, and its connections go on
        drain,   // it takes no new ones and leads no one there by persistence, until the deadline
    };
    How how = How::remove;
    std::optional<std::uint32_t> deadline{}; // seconds, of drain; never unless given
    std::uint8_t end = LB_DRAIN_END_KEEP;    // LB_DRAIN_END_*, what is done at the deadline

    friend bool operator==(const Leaving &, const Leaving &) = default;
};

// Of a server that a reload lacks: who is served gets a minute to finish, and is told then.
inline constexpr Leaving usualRemoval{
    .how = Leaving::How::drain, .deadline = 60, .end = LB_DRAIN_END_RESET};

// remove | inhibit | drain [SECONDS [keep|reset|reschedule]] | cut [reset|reschedule]
// inhibit only if @mayInhibit.
std::optional<Leaving> takeLeaving(Arguments &arguments, bool mayInhibit);

} // namespace lb::config
