// SPDX-License-Identifier: GPL-2.0
// Whole numbers as people write them: decimal digits, nothing else.
#pragma once

#include "error.hpp"

#include <cstdint>
#include <string_view>

namespace lb {

Result<std::uint64_t> parseNumber(std::string_view text, std::uint64_t min, std::uint64_t max);

} // namespace lb
