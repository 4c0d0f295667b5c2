// SPDX-License-Identifier: GPL-2.0
// The other side: one question to the lbd of a folder, and its answer. Blocks.
#pragma once

#include "../base/error.hpp"
#include "socket.hpp"

#include <nlohmann/json_fwd.hpp>

namespace lb::control {

// What lbd refuses is an Error with its words; ECONNREFUSED when none runs there.
Result<nlohmann::json> ask(const std::string &folder, const nlohmann::json &request);

} // namespace lb::control
