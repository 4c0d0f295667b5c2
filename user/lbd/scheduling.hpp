// SPDX-License-Identifier: GPL-2.0
// How lbd itself is scheduled: checker_priority, _rt_priority, _no_swap, _cpu_affinity and their
// likes of VRRP. Programs that it runs are scheduled as usual (process/child.hpp).
#pragma once

#include "../base/log.hpp"
#include "../config/globals.hpp"

namespace lb::lbd {

// The most urgent of @a and @b; on the CPUs of both.
config::Scheduling urgent(const config::Scheduling &a, const config::Scheduling &b);

// What cannot be done is told, and left.
void schedule(const config::Scheduling &scheduling, const Log &log);

} // namespace lb::lbd
