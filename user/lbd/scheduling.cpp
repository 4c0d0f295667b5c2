// SPDX-License-Identifier: GPL-2.0
#include "scheduling.hpp"

#include "../base/error.hpp"

#include <algorithm>
#include <cerrno>

#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <fmt/format.h>

namespace lb::lbd {

namespace {

template <typename T>
std::optional<T> either(const std::optional<T> &a, const std::optional<T> &b, auto better)
{
    return a && b ? std::optional(better(*a, *b)) : a ? a : b;
}

} // namespace

config::Scheduling urgent(const config::Scheduling &a, const config::Scheduling &b)
{
    const auto least = [](int x, int y) { return std::min(x, y); };
    const auto most = [](int x, int y) { return std::max(x, y); };
    config::Scheduling both{.nice = either(a.nice, b.nice, least),
                            .realtime = either(a.realtime, b.realtime, most),
                            .noSwap = a.noSwap || b.noSwap,
                            .cpus = a.cpus};
    // Either of them on any CPU is all on any CPU, unless only one of them says something.
    both.cpus.insert(both.cpus.end(), b.cpus.begin(), b.cpus.end());
    std::ranges::sort(both.cpus);
    both.cpus.erase(std::unique(both.cpus.begin(), both.cpus.end()), both.cpus.end());
    return both;
}

void schedule(const config::Scheduling &scheduling, const Log &log)
{
    const auto check = [&](bool done, const char *what) {
        if (!done)
            log(Level::warning, toString(systemError(errno, what)));
    };
    if (scheduling.nice)
        check(::setpriority(PRIO_PROCESS, 0, *scheduling.nice) == 0, "setting the priority");
    if (scheduling.realtime) {
        const sched_param parameter{.sched_priority = *scheduling.realtime};
        check(::sched_setscheduler(0, SCHED_RR, &parameter) == 0, "a real-time priority");
    }
    if (scheduling.noSwap)
        check(::mlockall(MCL_CURRENT | MCL_FUTURE) == 0, "locking the memory");
    if (!scheduling.cpus.empty()) {
        cpu_set_t set;
        CPU_ZERO(&set);
        for (const auto cpu : scheduling.cpus)
            if (cpu < CPU_SETSIZE)
                CPU_SET(cpu, &set);
        check(::sched_setaffinity(0, sizeof(set), &set) == 0, "choosing CPUs");
    }
}

} // namespace lb::lbd
