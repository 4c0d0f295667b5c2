// SPDX-License-Identifier: GPL-2.0
// What commands that ask lbd have in common: its socket, the names of files, how it refuses.
#pragma once

#include "grammar.hpp"

#include <string>

#include <nlohmann/json.hpp>

namespace lb::lbctl {

// --socket PATH: an option of each of them.
inline constexpr Option socketOption{"--socket", "PATH",
                                     "where lbd answers; /run/lbd/lbd.sock unless given"};

std::string socketOf(const Arguments &arguments);

// lbd's answer. An error is told as it is: none of them is about this command's privileges.
Result<nlohmann::json> askLbd(const Arguments &arguments, const nlohmann::json &request);
Error fromLbd(Error error);

// lbd may be elsewhere.
std::string absolute(const std::string &file);

// One line, whatever it holds.
std::string toText(const nlohmann::json &json);
// "8.2s", "42s", "3m12s", "5h03m", "3d04h"
std::string showSeconds(double seconds);

// What lbd says of itself, for people; lbd status has it, too.
std::string statusText(const nlohmann::json &status);

} // namespace lb::lbctl
