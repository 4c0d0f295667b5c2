// SPDX-License-Identifier: GPL-2.0
// One run of lbctl, from its words to its exit status.
#pragma once

#include "context.hpp"

#include <string>
#include <vector>

namespace lb::lbctl {

enum class Exit { done = 0, refused = 1, usage = 2 };

Exit run(std::span<const std::string> words, const Streams &streams);

// The message for a command that failed: "dest add: --weight 70000: too large (at most 65535)".
std::string explain(const Error &error, const Arguments &arguments);

} // namespace lb::lbctl
