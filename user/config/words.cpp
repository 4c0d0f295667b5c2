// SPDX-License-Identifier: GPL-2.0
#include "words.hpp"

#include "definitions.hpp"
#include "text.hpp"

#include <algorithm>

namespace lb::config {

namespace {

// Where the } of the ${NAME} at @at is, or nowhere.
std::size_t referenceEnd(std::string_view chars, std::size_t at)
{
    const auto behind = chars.substr(at + 1);
    if (!behind.starts_with('{') || nameAt(behind.substr(1)).empty())
        return Token::nowhere;
    const auto end = behind.find('}');
    return end == std::string_view::npos ? Token::nowhere : at + 1 + end;
}

Token quotedToken(std::string_view chars, std::size_t begin)
{
    Token token{.kind = Token::Kind::word, .begin = begin, .end = chars.size(), .quoted = true};
    const auto other = chars.find('"', begin + 1);
    token.unterminated = other == std::string_view::npos;
    if (!token.unterminated)
        token.end = other + 1;
    return token;
}

} // namespace

Token nextToken(std::string_view chars, std::size_t from)
{
    const auto begin = skipBlanks(chars, from);
    if (begin >= chars.size())
        return {.begin = chars.size(), .end = chars.size()};
    if (chars[begin] == '"')
        return quotedToken(chars, begin);
    if (chars[begin] == '{')
        return {.kind = Token::Kind::open, .begin = begin, .end = begin + 1};
    if (chars[begin] == '}')
        return {.kind = Token::Kind::close, .begin = begin, .end = begin + 1};

    Token token{.kind = Token::Kind::word, .begin = begin, .end = begin};
    while (token.end < chars.size()) {
        const char c = chars[token.end];
        if (c == '"' || c == '{' || c == '}' || isBlank(c))
            break;
        if (c == '$') {
            const auto end = referenceEnd(chars, token.end);
            if (end != Token::nowhere) {
                token.reference = std::min(token.reference, token.end);
                token.end = end;
            }
        }
        token.end++;
    }
    return token;
}

std::string_view textOf(const Token &token, std::string_view chars)
{
    auto text = chars.substr(token.begin, token.end - token.begin);
    if (!token.quoted)
        return text;
    text.remove_prefix(1);
    if (!token.unterminated)
        text.remove_suffix(1);
    return text;
}

} // namespace lb::config
