// SPDX-License-Identifier: GPL-2.0
// A line as words and braces.
#pragma once

#include <cstddef>
#include <string_view>

namespace lb::config {

struct Token {
    enum class Kind { end, word, open, close };
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    Kind kind = Kind::end;
    std::size_t begin = 0; // with its quotes
    std::size_t end = 0;
    bool quoted = false;
    bool unterminated = false;       // a quote without its other one
    std::size_t reference = nowhere; // the first ${NAME} that is still there
};

// The next one of @chars from @from on, as keepalived splits most lines: blanks separate, so do
// braces, double quotes hold together and separate, too; \ and ' are characters as any other.
Token nextToken(std::string_view chars, std::size_t from);
std::string_view textOf(const Token &token, std::string_view chars); // without its quotes

} // namespace lb::config
