// SPDX-License-Identifier: GPL-2.0
// Reads a saved configuration: lbctl commands, one per line, that add up to a model.
#pragma once

#include "../plane/model.hpp"
#include "grammar.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lb::lbctl {

struct Complaint {
    std::size_t line = 0; // from 1
    Error error{};        // with its column
};

struct Reading {
    plane::Model model{};
    std::vector<Complaint> complaints{};
};

// @schedulers are those of the module, or empty when they are not known. With @adding, a
// destination's service need not be in the text.
Reading readFile(std::string_view text, std::span<const std::string> schedulers, bool adding);

// The complaint for people: file:line:column, the reason, the line, and a mark below the word.
std::string toString(const Complaint &complaint, std::string_view file, std::string_view text);

// The column of the word that the kernel's refusal of this line is about; 0 when none is known.
std::size_t columnOf(std::string_view text, std::size_t line, std::string_view attribute);

} // namespace lb::lbctl
