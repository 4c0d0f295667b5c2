// SPDX-License-Identifier: GPL-2.0
// The other side: one question to an lbd, and its answer, or what follows it. Blocks.
#pragma once

#include "../base/error.hpp"
#include "socket.hpp"

#include <functional>

#include <nlohmann/json_fwd.hpp>

namespace lb::control {

// What lbd refuses is an Error with its words; ECONNREFUSED when none runs there.
Result<nlohmann::json> ask(const std::string &folder, const nlohmann::json &request);
// The same by the path of the socket.
Result<nlohmann::json> askAt(const std::string &socket, const nlohmann::json &request);
// @visit gets each line behind the answer until it returns false; EPIPE: lbd has ended.
Result<void> follow(const std::string &socket, const nlohmann::json &request,
                    const std::function<bool(const nlohmann::json &)> &visit);

} // namespace lb::control
