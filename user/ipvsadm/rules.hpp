// SPDX-License-Identifier: GPL-2.0
// A file of ipvsadm's rules, one command per line: read as a whole, carried out as a whole.
#pragma once

#include "../plane/diff.hpp"
#include "command.hpp"
#include "outcome.hpp"

#include <vector>

namespace lb::ipvsadm {

struct Rule {
    std::size_t line = 0; // from 1
    Command command{};
};

struct Rules {
    std::string file{};
    std::string text{};
    std::vector<Rule> rules{};
};

// All of @text, or all that is wrong with it. Lines that begin with # say nothing.
Outcome<Rules> readRules(std::string file, std::string text);

// Where they lead to from @model: -A and -a add to it, -E, -e, -D, -d and -C change it.
Outcome<plane::Model> applied(const Rules &rules, plane::Model model);

// "FILE:LINE: what is wrong", the line and a mark below its word @column, if one is to blame.
std::string complain(const Rules &rules, std::size_t line, std::size_t column,
                     std::string_view what);

} // namespace lb::ipvsadm
