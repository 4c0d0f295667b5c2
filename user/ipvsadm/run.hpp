// SPDX-License-Identifier: GPL-2.0
// lbctl as ipvsadm, ipvsadm-save and ipvsadm-restore: words in, text out.
#pragma once

#include "outcome.hpp"

#include <optional>
#include <span>

namespace lb::ipvsadm {

enum class Program { ipvsadm, save, restore };

// Which of them argv[0] names.
std::optional<Program> programOf(std::string_view path);

// Does @word, lbctl's first, begin a command of ipvsadm's?
bool isCommand(std::string_view word);

// @name: what it is called by, for its messages. The exit status.
int run(Program program, std::string_view name, std::span<const std::string> words,
        const Streams &streams);

} // namespace lb::ipvsadm
