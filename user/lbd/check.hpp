// SPDX-License-Identifier: GPL-2.0
// lbd check FILE: what is wrong with a configuration, before anybody runs it.
#pragma once

#include <span>
#include <string_view>

namespace lb::lbd {

// The exit status: 0 when there is nothing to complain of, 1 otherwise, 2 when the command itself
// is wrong. Findings go to standard output, notes among them do not make it fail.
int check(std::span<const std::string_view> words);

} // namespace lb::lbd
