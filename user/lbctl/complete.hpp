// SPDX-License-Identifier: GPL-2.0
// What may come next on a command line, for the shell: words of the grammar, and live services
// and destinations. Prints nothing when it does not know.
#pragma once

#include "context.hpp"

#include <vector>

namespace lb::lbctl {

// @words are those after "lbctl"; the last one is the one to complete, maybe empty.
std::vector<std::string> complete(Context &context, std::span<const std::string> words);

} // namespace lb::lbctl
