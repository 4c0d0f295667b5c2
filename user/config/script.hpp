// SPDX-License-Identifier: GPL-2.0
// A program that a configuration asks to be run: its words, and as whom.
#pragma once

#include "arguments.hpp"

#include <string>
#include <vector>

namespace lb::config {

struct Script {
    std::vector<std::string> words{}; // the first is the program; empty: none
    std::string user{};               // of script_user unless given
    std::string group{};
    Where where{};

    friend bool operator==(const Script &, const Script &) = default;
};

// What keepalived makes of a quoted command: words between blanks, those in single quotes whole.
std::vector<std::string> splitCommand(std::string_view command);

// COMMAND [USER [GROUP]]
std::optional<Script> takeScript(Arguments &arguments);

} // namespace lb::config
