// SPDX-License-Identifier: GPL-2.0
// The part of the reader that opens other files.
#include "limits.hpp"
#include "reader.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include <fmt/core.h>

namespace lb::config {

void Reader::include(const Text &text, const Token &keyword)
{
    const auto chars = text.chars();
    const auto checks = both(checks_, *includeChecks(textOf(keyword, chars)));
    const auto begin = skipBlanks(chars, keyword.end);
    const auto pattern = trimmed(chars.substr(begin));
    if (pattern.empty()) {
        findings_.error(text.span(keyword.begin, keyword.end),
                        fmt::format("{} names no file", textOf(keyword, chars)));
        return;
    }
    const auto origin = text.span(begin, begin + pattern.size());
    const auto matches = findFiles(pattern, folder_, surroundings_);
    if (matches.tooMany) {
        findings_.fatal(
            origin, "this pattern is too long, or names too many files",
            fmt::format("at most {} bytes and {} alternatives", maxPattern, maxAlternatives));
        return;
    }
    tellMissing(matches, pattern, origin, checks);
    // As keepalived: nothing is read when that is an error.
    if (matches.braces && !matches.missing.empty() && checks.brace)
        return;
    for (const auto &path : matches.paths) {
        if (findings_.stopped())
            return;
        includeFile(path, origin, checks);
    }
}

void Reader::tellMissing(const Matches &matches, std::string_view pattern, const Origin &origin,
                         const Checks &checks)
{
    const auto tell = [&](bool isError, std::string what, std::string hint) {
        if (isError)
            findings_.error(origin, std::move(what), std::move(hint));
        else
            findings_.note(origin, std::move(what), std::move(hint));
    };
    if (matches.missing.empty()) {
        // Wildcards are often written for files that may come.
        if (matches.paths.empty() && checks.wildcard)
            tell(true, fmt::format("no file matches '{}'", pattern), {});
        return;
    }
    std::string hint;
    if (pattern.find_first_of("\"'") != std::string_view::npos)
        hint = "a file's name is written without quotes, blanks belong to it";
    else if (pattern.find('}') != std::string_view::npos && !matches.braces)
        hint = "all that follows include in its line is the file's name, a '}', too";
    else if (pattern.find(' ') != std::string_view::npos)
        hint = "all that follows include in its line is one file's name";
    tell(matches.braces ? checks.brace : checks.match || checks.wildcard,
         fmt::format("there is no file '{}'", matches.missing.front()), hint);
}

void Reader::includeFile(const std::string &path, const Origin &origin, const Checks &checks)
{
    const auto normal = std::filesystem::path(path).lexically_normal().string();
    if (std::ranges::any_of(reading_,
                            [&](std::uint32_t file) { return files_[file].path == normal; })) {
        findings_.error(origin, fmt::format("'{}' includes itself", normal));
        return;
    }
    if (++includes_ > maxIncludes) {
        findings_.fatal(origin, fmt::format("more than {} files are included", maxIncludes));
        return;
    }
    Error error;
    const auto file = load(normal, error);
    if (!file && error.code == EISDIR && !checks.readable) {
        findings_.note(origin, fmt::format("'{}' is a directory and not read", normal),
                       fmt::format("its files are '{}/*'", normal));
        return;
    }
    if (!file) {
        if (checks.readable)
            findings_.error(origin, error.what, error.hint);
        else
            findings_.note(origin, error.what, error.hint);
        return;
    }
    if (!enter(origin))
        return;
    readLines(*file);
    nesting_--;
}

} // namespace lb::config
