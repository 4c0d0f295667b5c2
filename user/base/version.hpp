// SPDX-License-Identifier: GPL-2.0
#pragma once

#include "../../include/lb_version.h"

#include <string_view>

namespace lb {

inline constexpr std::string_view version = LB_VERSION;

} // namespace lb
