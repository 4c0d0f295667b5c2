// SPDX-License-Identifier: GPL-2.0
#include "number.hpp"

#include <charconv>

#include <fmt/core.h>

namespace lb {

Result<std::uint64_t> parseNumber(std::string_view text, std::uint64_t min, std::uint64_t max)
{
    std::uint64_t value = 0;
    const char *end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value);

    if (failure == std::errc::invalid_argument || stop != end)
        return Error{.what = fmt::format("'{}' is not a number", text),
                     .hint = fmt::format("from {} to {}", min, max)};
    if (failure == std::errc::result_out_of_range || value > max)
        return Error{.what = fmt::format("{} is too large", text),
                     .hint = fmt::format("at most {}", max)};
    if (value < min)
        return Error{.what = fmt::format("{} is too small", text),
                     .hint = fmt::format("at least {}", min)};
    return value;
}

} // namespace lb
