// SPDX-License-Identifier: GPL-2.0
// What a server said, as it may stand in a sentence for an operator.
#pragma once

#include <string>
#include <string_view>

namespace lb::health {

// As much of it as fits on the line of a log, and nothing that a terminal would obey.
std::string quote(std::string_view line);

} // namespace lb::health
