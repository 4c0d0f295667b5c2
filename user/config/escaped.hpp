// SPDX-License-Identifier: GPL-2.0
// Keepalived's other way to split a line, which it has for scripts, processes and regular
// expressions: with single quotes and escapes, as a shell.
#pragma once

#include "../base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lb::config {

// @line: Statement::line, or a word of it. An error's column is the byte in it, from 1.
Result<std::vector<std::string>> escapedWords(std::string_view line);

} // namespace lb::config
