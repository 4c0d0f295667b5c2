// SPDX-License-Identifier: GPL-2.0
// A machine that is only files in memory, for the tests of user/config.
#pragma once

#include "config/tree.hpp"

#include <cerrno>
#include <filesystem>
#include <map>

#include <fnmatch.h>

#include <fmt/format.h>

namespace lb::config {

using Files = std::map<std::string, std::string>;

inline Surroundings machine(const Files &files, std::string configId = "main")
{
    return {.configId = std::move(configId),
            .read = [&files](const std::string &path) -> Result<std::string> {
                if (const auto file = files.find(path); file != files.end())
                    return file->second;
                const bool folder = files.lower_bound(path + "/") != files.end() &&
                                    files.lower_bound(path + "/")->first.starts_with(path + "/");
                return systemError(folder ? EISDIR : ENOENT, path);
            },
            .glob =
                [&files](const std::string &written) {
                    const auto pattern = std::filesystem::path(written).lexically_normal().string();
                    std::vector<std::string> found;
                    for (const auto &[path, text] : files)
                        if (fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0)
                            found.push_back(path);
                    if (found.empty() && files.lower_bound(pattern + "/") != files.end() &&
                        files.lower_bound(pattern + "/")->first.starts_with(pattern + "/"))
                        found.push_back(pattern);
                    return found;
                },
            .random = [](std::uint32_t least, std::uint32_t most) { return (least + most) / 2; },
            .environment = [](const std::string &name) -> std::optional<std::string> {
                return name == "HOME" ? std::optional<std::string>("/root") : std::nullopt;
            }};
}

inline Tree readFiles(const Files &files, std::string configId = "main")
{
    return read("/etc/lb/lb.conf", machine(files, std::move(configId)));
}

inline Tree readText(std::string text, std::string configId = "main")
{
    return readFiles({{"/etc/lb/lb.conf", std::move(text)}}, std::move(configId));
}

// "a b; c { d { e } }"; a blank in a word is shown as _.
inline std::string show(const std::vector<Statement> &statements)
{
    std::string all;
    for (const auto &statement : statements) {
        std::string words;
        for (const auto &word : statement.words) {
            std::string text = word.text.empty() ? "\"\"" : word.text;
            for (auto &c : text)
                c = c == ' ' ? '_' : c;
            words += (words.empty() ? "" : " ") + text;
        }
        all += (all.empty() ? "" : "; ") + words;
        if (statement.hasBlock)
            all += " { " + show(statement.block) + " }";
    }
    return all;
}

inline std::string show(const Tree &tree)
{
    return show(tree.statements);
}

// "line:column+length E: what | hint", one per finding.
inline std::vector<std::string> findings(const Tree &tree)
{
    std::vector<std::string> all;
    for (const auto &finding : tree.findings)
        all.push_back(fmt::format("{}:{}+{} {}: {}{}", finding.place.line, finding.place.column,
                                  finding.length, finding.severity == Severity::error ? 'E' : 'W',
                                  finding.what, finding.hint.empty() ? "" : " | " + finding.hint));
    return all;
}

inline std::size_t errors(const Tree &tree)
{
    std::size_t count = 0;
    for (const auto &finding : tree.findings)
        count += finding.severity == Severity::error ? 1 : 0;
    return count;
}

} // namespace lb::config
