// SPDX-License-Identifier: GPL-2.0
// lbd run, and lbd start, which is the same in the background.
#pragma once

#include <span>
#include <string_view>

namespace lb::lbd {

// -> exit status
int run(std::span<const std::string_view> words);
int start(std::span<const std::string_view> words);

} // namespace lb::lbd
