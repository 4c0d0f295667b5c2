// SPDX-License-Identifier: GPL-2.0
// The words of a block, as a table: each with what it does to the part of the model that the
// block describes. A table is all there is to know of a keyword; a word in none of a block's
// tables is refused.
#pragma once

#include "../base/closest.hpp"
#include "arguments.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

#include <fmt/core.h>

namespace lb::config {

enum class Shape : std::uint8_t {
    line,  // words
    block, // words { ... }
    either,
};

template <typename T>
struct Keyword {
    std::string_view name;
    void (*take)(T &into, Arguments &arguments);
    Shape shape = Shape::line;
};

// Of the shape that it has to have.
inline bool fits(const Statement &statement, Shape shape, const Report &report)
{
    const auto &keyword = statement.words.front();
    if (statement.hasBlock && shape == Shape::line) {
        report.error(Where(keyword), fmt::format("'{}' has no block", keyword.text),
                     "remove its braces");
        return false;
    }
    if (!statement.hasBlock && shape == Shape::block) {
        report.error(Where(keyword), fmt::format("'{}' needs a block", keyword.text),
                     fmt::format("{} ... {{ ... }}", keyword.text));
        return false;
    }
    return true;
}

template <typename T, typename Base>
bool takeBy(T &into, const Statement &statement, const Report &report,
            std::span<const Keyword<Base>> keywords)
{
    const auto found = std::ranges::find(keywords, std::string_view(statement.words.front().text),
                                         &Keyword<Base>::name);
    if (found == keywords.end())
        return false;
    if (!fits(statement, found->shape, report))
        return true;
    Arguments arguments(statement, report);
    found->take(into, arguments);
    arguments.end();
    return true;
}

// What stands in @block, by tables of T and of its bases.
template <typename T, typename... Bases>
void takeBlock(T &into, std::span<const Statement> block, const Report &report,
               std::span<const Keyword<Bases>>... tables)
{
    for (const auto &statement : block) {
        if ((takeBy(into, statement, report, tables) || ...))
            continue;
        std::vector<std::string_view> names;
        const auto add = [&](auto table) {
            for (const auto &keyword : table)
                names.push_back(keyword.name);
        };
        (add(tables), ...);
        const auto &word = statement.words.front();
        const auto meant = closest(word.text, names);
        report.error(Where(word), fmt::format("'{}' is not known here", word.text),
                     meant.empty() ? "" : fmt::format("did you mean '{}'?", meant));
    }
}

// --- what most keywords do: set a member

template <typename>
struct MemberOf;
template <typename C, typename M>
struct MemberOf<M C::*> {
    using Class = C;
    using Type = M;
};
template <typename T>
struct ValueOf {
    using Type = T;
};
template <typename T>
struct ValueOf<std::optional<T>> {
    using Type = T;
};
template <auto member>
using ClassOf = typename MemberOf<decltype(member)>::Class;
template <auto member>
using TypeOf = typename ValueOf<typename MemberOf<decltype(member)>::Type>::Type;

template <auto member, std::uint64_t min = 0,
          std::uint64_t max = std::numeric_limits<TypeOf<member>>::max()>
void number(ClassOf<member> &into, Arguments &arguments)
{
    if (const auto value = arguments.number("a number", min, max))
        into.*member = static_cast<TypeOf<member>>(*value);
}

template <auto member, std::int64_t min, std::int64_t max>
void integer(ClassOf<member> &into, Arguments &arguments)
{
    if (const auto value = arguments.integer("a number", min, max))
        into.*member = static_cast<TypeOf<member>>(*value);
}

// Microseconds.
template <auto member, std::uint64_t min, std::uint64_t max>
void timer(ClassOf<member> &into, Arguments &arguments)
{
    if (const auto value = arguments.timer("a time", Duration(min), Duration(max)))
        into.*member = *value;
}

// On without a word.
template <auto member>
void boolean(ClassOf<member> &into, Arguments &arguments)
{
    if (const auto value = arguments.boolean())
        into.*member = *value;
}

// Only ever on: what follows means nothing.
template <auto member>
void flag(ClassOf<member> &into, Arguments & /*arguments*/)
{
    into.*member = true;
}

template <auto member>
void text(ClassOf<member> &into, Arguments &arguments)
{
    if (const auto *word = arguments.word("a name"))
        into.*member = word->text;
}

template <auto member>
void ip(ClassOf<member> &into, Arguments &arguments)
{
    if (const auto value = arguments.ip("an address"))
        into.*member = *value;
}

template <auto member>
void port(ClassOf<member> &into, Arguments &arguments)
{
    if (const auto value = arguments.port())
        into.*member = *value;
}

} // namespace lb::config
