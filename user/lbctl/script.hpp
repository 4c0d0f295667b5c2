// SPDX-License-Identifier: GPL-2.0
// Changes and models written as lbctl commands: what save prints and restore reads.
#pragma once

#include "../plane/model.hpp"
#include "names.hpp"

#include <string>

namespace lb::lbctl {

// "dest add tcp 192.0.2.1:80 10.0.0.1:8080 --method nat --weight 2", without lbctl's name.
std::string toCommand(const netlink::Change &change);

std::string toScript(const plane::Model &model);

} // namespace lb::lbctl
