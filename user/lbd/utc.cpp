// SPDX-License-Identifier: GPL-2.0
#include "utc.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace lb::lbd {

std::string utc(std::chrono::system_clock::time_point time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%FT%TZ}", fmt::gmtime(seconds.time_since_epoch().count()));
}

std::string utcWithMilliseconds(std::chrono::system_clock::time_point time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds);
    return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(seconds.time_since_epoch().count()),
                       rest.count());
}

} // namespace lb::lbd
