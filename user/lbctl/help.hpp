// SPDX-License-Identifier: GPL-2.0
#pragma once

#include "grammar.hpp"

#include <string>

namespace lb::lbctl {

std::string overview();
std::string help(const Command &command);

} // namespace lb::lbctl
