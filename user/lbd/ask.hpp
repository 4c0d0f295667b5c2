// SPDX-License-Identifier: GPL-2.0
// The commands that ask an lbd that runs: stop, reload, status.
#pragma once

#include <span>
#include <string_view>

namespace lb::lbd {

// -> exit status; lbd status: 3 when none runs, as LSB's status action says
int stop(std::span<const std::string_view> words);
int reload(std::span<const std::string_view> words);
int status(std::span<const std::string_view> words);

} // namespace lb::lbd
