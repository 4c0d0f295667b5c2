// SPDX-License-Identifier: GPL-2.0
#include "supervisor.hpp"

#include <algorithm>

#include <systemd/sd-daemon.h>

#include <fmt/format.h>

namespace lb::lbd {

namespace {

// Who does not listen is no reason to fail.
void tell(const std::string &what)
{
    ::sd_notify(0, what.c_str());
}

} // namespace

void Supervisor::ready() const
{
    tell("READY=1");
}

void Supervisor::reloading() const
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch(); // CLOCK_MONOTONIC
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                     std::chrono::duration_cast<std::chrono::microseconds>(now).count()));
}

void Supervisor::stopping() const
{
    tell("STOPPING=1");
}

void Supervisor::status(const std::string &line)
{
    auto text = line;
    std::ranges::replace(text, '\n', ' ');
    if (text == status_)
        return;
    tell("STATUS=" + text);
    status_ = std::move(text);
}

void Supervisor::alive() const
{
    tell("WATCHDOG=1");
}

std::optional<std::chrono::microseconds> Supervisor::interval()
{
    std::uint64_t limit = 0;
    if (::sd_watchdog_enabled(0, &limit) <= 0)
        return {};
    return std::chrono::microseconds(limit) / 2;
}

} // namespace lb::lbd
