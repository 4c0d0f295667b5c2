// SPDX-License-Identifier: GPL-2.0
#pragma once

#include "../base/error.hpp"

#include <string>

namespace lb::lbctl {

// Moves this process into the network namespace of that name (of ip-netns) or path. A director
// opened afterwards is that namespace's.
Result<void> enterNetns(const std::string &name);

} // namespace lb::lbctl
