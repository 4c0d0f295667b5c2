// SPDX-License-Identifier: GPL-2.0
// Whole seconds as people write them: 90, 90s, 15m, 1h, 2d.
#pragma once

#include "error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace lb {

// Seconds, from @min to @max of them.
Result<std::uint32_t> parseDuration(std::string_view text, std::uint32_t min, std::uint32_t max);
// In the largest unit that tells it all.
std::string showDuration(std::uint32_t seconds);

} // namespace lb
