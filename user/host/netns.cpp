// SPDX-License-Identifier: GPL-2.0
#include "../host/netns.hpp"

#include "../base/fd.hpp"

#include <cerrno>
#include <exception>

#include <fcntl.h>
#include <sched.h>

#include <fmt/core.h>

namespace lb::host {

Result<void> enterNetns(const std::string &name)
{
    const auto path = name.find('/') == std::string::npos ? "/run/netns/" + name : name;
    const Fd netns(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!netns)
        return Error{.what = fmt::format("there is no network namespace '{}'", name),
                     .hint = "'ip netns list' shows those that have a name"};
    if (::setns(netns.get(), CLONE_NEWNET) == 0)
        return {};
    if (errno == EPERM)
        return Error{.what = "entering a network namespace needs CAP_SYS_ADMIN: run it as root or "
                             "with sudo"};
    return Error{.what = systemError(errno, fmt::format("entering {}", path)).what};
}

Result<Visit> Visit::of(const std::string &name)
{
    Fd home(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
    if (!home)
        return systemError(errno, "/proc/thread-self/ns/net");
    if (const auto entered = enterNetns(name); !entered)
        return entered.error();
    return Visit(std::move(home));
}

Visit::~Visit()
{
    // In the wrong namespace, whatever is done next is done to the wrong machine.
    if (home_ && ::setns(home_.get(), CLONE_NEWNET) != 0)
        std::terminate();
}

} // namespace lb::host
