// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <string_view>

namespace lb {

inline constexpr std::string_view version = "0.1.0";

} // namespace lb
