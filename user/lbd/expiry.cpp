// SPDX-License-Identifier: GPL-2.0
#include "expiry.hpp"

#include "utc.hpp"

#include <fmt/format.h>

namespace lb::lbd {

std::optional<std::string> Expiry::see(const std::string &target, Time ends, Time now)
{
    if (ends - now > soon) {
        told_.erase(target);
        return {};
    }
    const auto was = told_.find(target);
    if (was != told_.end() && was->second.ends == ends && now - was->second.at < again)
        return {};
    told_[target] = {ends, now};
    if (ends <= now)
        return fmt::format("the certificate of {} has ended at {}", target, utc(ends));
    constexpr auto day = std::chrono::hours(24);
    const auto days = (ends - now) / day;
    return fmt::format("the certificate of {} ends at {}, in {} day{}", target, utc(ends), days,
                       days == 1 ? "" : "s");
}

} // namespace lb::lbd
