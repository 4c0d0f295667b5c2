// SPDX-License-Identifier: GPL-2.0
// A regular expression of an url, searched for as keepalived does: by PCRE2, with its options and
// offsets, and with a bound to the work that it may make.
#pragma once

#include "../base/error.hpp"
#include "../config/probe.hpp"

#include <string_view>

namespace lb::health {

// Whether a match begins within the offsets. An error: the expression is none, or gave up.
Result<bool> found(const config::Regex &regex, std::string_view in);

} // namespace lb::health
