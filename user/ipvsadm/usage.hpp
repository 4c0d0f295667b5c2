// SPDX-License-Identifier: GPL-2.0
// What ipvsadm -h and -v print.
#pragma once

#include <string>
#include <string_view>

namespace lb::ipvsadm {

std::string version();
std::string usage(std::string_view program);

} // namespace lb::ipvsadm
