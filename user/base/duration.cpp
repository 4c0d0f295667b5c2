// SPDX-License-Identifier: GPL-2.0
#include "duration.hpp"

#include "number.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace lb {

namespace {

struct Unit {
    char letter;
    std::uint32_t seconds;
};

constexpr Unit units[] = {{'d', 24 * 60 * 60}, {'h', 60 * 60}, {'m', 60}, {'s', 1}};

} // namespace

Result<std::uint32_t> parseDuration(std::string_view text, std::uint32_t min, std::uint32_t max)
{
    const auto *unit = std::end(units) - 1;
    auto digits = text;

    if (!text.empty())
        if (const auto *found = std::ranges::find(units, text.back(), &Unit::letter);
            found != std::end(units)) {
            unit = found;
            digits.remove_suffix(1);
        }
    const auto number = parseNumber(digits, 0, UINT32_MAX);
    if (!number)
        return Error{.what = fmt::format("'{}' is not a time", text),
                     .hint = "seconds, or a number with s, m, h or d behind it"};
    const auto seconds = *number * unit->seconds;
    if (seconds < min || seconds > max)
        return Error{.what = fmt::format("{} is too {}", text, seconds < min ? "short" : "long"),
                     .hint = fmt::format("from {} to {}", showDuration(min), showDuration(max))};
    return static_cast<std::uint32_t>(seconds);
}

std::string showDuration(std::uint32_t seconds)
{
    for (const auto &unit : units)
        if (seconds != 0 && seconds % unit.seconds == 0)
            return fmt::format("{}{}", seconds / unit.seconds, unit.letter);
    return "0s";
}

} // namespace lb
