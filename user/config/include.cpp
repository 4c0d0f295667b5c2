// SPDX-License-Identifier: GPL-2.0
#include "include.hpp"

#include "limits.hpp"

#include <array>
#include <deque>
#include <utility>

namespace lb::config {

namespace {

constexpr Checks all{.readable = true, .match = true, .wildcard = true, .brace = true};

constexpr std::pair<std::string_view, Checks> keywords[] = {
    {"include", {}},
    {"includer", {.readable = true}},
    {"includem", {.readable = true, .match = true}},
    {"includew", {.readable = true, .match = true, .wildcard = true}},
    {"includeb", {.readable = true, .brace = true}},
    {"includea", all},
};

constexpr std::pair<std::string_view, bool Checks::*> options[] = {
    {"readable", &Checks::readable},
    {"match", &Checks::match},
    {"wildcard_match", &Checks::wildcard},
    {"brace_match", &Checks::brace},
};

// The first {...} of @pattern that closes, and what is in it.
struct Braces {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::vector<std::string_view> alternatives{};
};

std::optional<Braces> bracesIn(std::string_view pattern)
{
    Braces braces{.begin = pattern.find('{')};
    if (braces.begin == std::string_view::npos)
        return {};
    std::size_t depth = 0;
    auto begin = braces.begin + 1;
    for (auto i = braces.begin; i < pattern.size(); i++) {
        if (pattern[i] == '{')
            depth++;
        const bool closes = pattern[i] == '}' && --depth == 0;
        if (!closes && (pattern[i] != ',' || depth != 1))
            continue;
        braces.alternatives.push_back(pattern.substr(begin, i - begin));
        begin = i + 1;
        if (closes) {
            braces.end = i + 1;
            return braces;
        }
    }
    return {};
}

} // namespace

std::optional<Checks> includeChecks(std::string_view keyword)
{
    for (const auto &[name, checks] : keywords)
        if (name == keyword)
            return checks;
    return {};
}

Checks both(const Checks &one, const Checks &other)
{
    return {one.readable || other.readable, one.match || other.match,
            one.wildcard || other.wildcard, one.brace || other.brace};
}

Checks changed(const Checks &checks, std::span<const Word> words)
{
    if (words.empty())
        return all;
    auto result = checks;
    const auto sign = words.front().text.empty() ? ' ' : words.front().text.front();
    if (sign != '+' && sign != '-')
        result = {};
    bool on = true;
    for (const auto &word : words) {
        std::string_view name = word.text;
        if (name.starts_with('+') || name.starts_with('-')) {
            on = name.front() == '+';
            name.remove_prefix(1);
        }
        for (const auto &[option, check] : options)
            if (option == name) {
                result.*check = on;
                // The others include this one.
                result.readable = result.readable || on;
            }
    }
    return result;
}

Matches findFiles(std::string_view pattern, const std::string &folder,
                  const Surroundings &surroundings)
{
    Matches matches;
    const auto absolute = [&](const std::string &name) {
        return name.starts_with('/') ? name : folder + (folder.ends_with('/') ? "" : "/") + name;
    };
    if (pattern.size() > maxPattern) {
        matches.tooMany = true;
        return matches;
    }
    std::deque<std::string> open{std::string(pattern)};
    std::vector<std::string> names;
    // Depth first, so that the alternatives stay in their order.
    while (!open.empty()) {
        auto name = std::move(open.front());
        open.pop_front();
        const auto braces = bracesIn(name);
        if (!braces) {
            names.push_back(std::move(name));
            continue;
        }
        matches.braces = true;
        if (open.size() + names.size() + braces->alternatives.size() > maxAlternatives) {
            matches.tooMany = true;
            return matches;
        }
        for (auto i = braces->alternatives.size(); i-- > 0;)
            open.push_front(name.substr(0, braces->begin) + std::string(braces->alternatives[i]) +
                            name.substr(braces->end));
    }
    for (const auto &name : names) {
        const auto path = absolute(name);
        const bool wildcards = name.find_first_of("*?[") != std::string::npos;
        matches.wildcards = matches.wildcards || wildcards;
        const auto found = surroundings.glob(path);
        matches.paths.insert(matches.paths.end(), found.begin(), found.end());
        if (found.empty() && !wildcards)
            matches.missing.push_back(name);
    }
    return matches;
}

} // namespace lb::config
