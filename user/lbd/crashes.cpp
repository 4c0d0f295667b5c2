// SPDX-License-Identifier: GPL-2.0
#include "crashes.hpp"

#include "../base/number.hpp"

#include <fmt/format.h>

namespace lb::lbd {

Crashes Crashes::parse(std::string_view text)
{
    constexpr std::uint64_t latest = UINT32_MAX;

    Crashes crashes;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (const auto seconds = parseNumber(line, 0, latest))
            crashes.add(Time(std::chrono::seconds(*seconds)));
    }
    return crashes;
}

std::string Crashes::toText() const
{
    std::string text;
    for (const auto time : times_)
        text += fmt::format("{}\n", time.time_since_epoch().count());
    return text;
}

void Crashes::forget(Time now)
{
    std::erase_if(times_, [&](Time time) { return time <= now - remembered || time > now; });
}

} // namespace lb::lbd
