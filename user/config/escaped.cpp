// SPDX-License-Identifier: GPL-2.0
#include "escaped.hpp"

#include "text.hpp"

#include <optional>
#include <utility>

#include <fmt/core.h>

namespace lb::config {

namespace {

constexpr std::pair<char, char> escapes[] = {{'a', '\a'}, {'b', '\b'}, {'E', '\x1b'}, {'f', '\f'},
                                             {'n', '\n'}, {'r', '\r'}, {'t', '\t'},   {'v', '\v'}};

std::optional<unsigned> digit(char c, unsigned base)
{
    unsigned value = 16;
    if (c >= '0' && c <= '9')
        value = static_cast<unsigned>(c - '0');
    else if (c >= 'a' && c <= 'f')
        value = static_cast<unsigned>(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
        value = static_cast<unsigned>(c - 'A') + 10;
    return value < base ? std::optional(value) : std::nullopt;
}

// Digits from @at on, at most @most of them; of what is too large its last byte remains.
std::optional<char> number(std::string_view line, std::size_t &at, unsigned base, std::size_t most)
{
    const auto begin = at;
    unsigned value = 0;
    while (at < line.size() && at - begin < most) {
        const auto next = digit(line[at], base);
        if (!next)
            break;
        value = (value * base + *next) & 0xffU;
        at++;
    }
    return at == begin ? std::nullopt : std::optional(static_cast<char>(value));
}

// What the \ before @at makes of what is there; @at is behind that afterwards.
char unescape(std::string_view line, std::size_t &at)
{
    if (const auto octal = number(line, at, 8, 3))
        return *octal;
    const char c = line[at++];
    if (c == 'x') {
        const auto hex = number(line, at, 16, line.size());
        return hex.value_or('x');
    }
    if (c == 'c' && at < line.size())
        return static_cast<char>(line[at++] & 0x1f);
    for (const auto &[letter, meaning] : escapes)
        if (letter == c)
            return meaning;
    return c;
}

} // namespace

Result<std::vector<std::string>> escapedWords(std::string_view line)
{
    std::vector<std::string> words;
    for (auto at = skipBlanks(line, 0); at < line.size(); at = skipBlanks(line, at)) {
        std::string word;
        char quote = '\0';
        auto opened = at;
        while (at < line.size() && (quote != '\0' || !isBlank(line[at]))) {
            const char c = line[at++];
            if (c == '\\' && at < line.size()) {
                word += unescape(line, at);
            } else if (quote != '\0' ? c == quote : c == '"' || c == '\'') {
                quote = quote == '\0' ? c : '\0';
                opened = at - 1;
            } else {
                word += c;
            }
        }
        if (quote != '\0')
            return Error{.what = fmt::format("the quote {} has no other one", quote),
                         .hint = fmt::format("\\{} is the character itself", quote),
                         .column = opened + 1};
        words.push_back(std::move(word));
    }
    return words;
}

} // namespace lb::config
