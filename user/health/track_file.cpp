// SPDX-License-Identifier: GPL-2.0
#include "track_file.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

namespace lb::health {

namespace {

constexpr std::int64_t heaviest = UINT16_MAX; // that a destination takes

std::int64_t limit(std::int64_t value)
{
    return std::clamp<std::int64_t>(value, INT32_MIN, INT32_MAX);
}

} // namespace

std::optional<std::int64_t> fileValue(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\v\f"), text.size()));
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code == std::errc::result_out_of_range)
        return text.starts_with('-') ? INT32_MIN : INT32_MAX;
    if (code != std::errc())
        return {};
    return limit(value);
}

std::int64_t weigh(std::int64_t value, std::int64_t weight, bool reverse)
{
    if (weight == 0)
        return (value != 0) != reverse ? fault : 0;
    return limit(limit(value) * limit(reverse ? -weight : weight));
}

Verdict fileVerdict(std::optional<std::string_view> text, const config::TrackFile &file,
                    const config::FileProbe &probe, std::int64_t own)
{
    const auto value = text ? fileValue(*text) : std::nullopt;
    const auto weight = probe.weight.value_or(file.weight);
    const bool reverse = probe.weight ? probe.reverse : file.reverse;
    const auto said = weigh(value.value_or(0), weight, reverse);
    const auto *const what = text ? "no number in it, taken as 0" : "not there, taken as 0";
    auto why = fmt::format("{}: {}", file.path, value ? std::to_string(*value) : what);

    if (said == fault)
        return {.why = std::move(why)};
    if (!probe.dynamic)
        return {.good = true, .why = std::move(why)};
    const auto asked = std::clamp<std::int64_t>(own + said, 0, heaviest);
    why += fmt::format(", weight {}", asked);
    return {.good = true, .why = std::move(why), .weight = asked};
}

} // namespace lb::health
