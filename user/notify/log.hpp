// SPDX-License-Identifier: GPL-2.0
// How this room tells the operator of what went wrong with telling others.
#pragma once

#include <functional>
#include <string>

namespace lb::notify {

using Log = std::function<void(const std::string &line)>;

} // namespace lb::notify
