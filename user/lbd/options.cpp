// SPDX-License-Identifier: GPL-2.0
#include "options.hpp"

#include <cstdio>

#include <fmt/core.h>

namespace lb::lbd {

namespace {

std::string usage(std::string_view command, const Takes &takes)
{
    return fmt::format("usage: lbd {}{}{}{}", command, takes.json ? " [--json]" : "",
                       takes.folder ? " [--folder DIR]" : "",
                       takes.file ? " [--config-id ID] [[-f] FILE]" : "");
}

} // namespace

std::optional<Options> parse(std::string_view command, std::span<const std::string_view> words,
                             const Takes &takes)
{
    Options options;
    bool named = false;
    for (std::size_t i = 0; i < words.size(); i++) {
        const auto word = words[i];
        const bool more = i + 1 < words.size();
        if (word == "--json" && takes.json) {
            options.json = true;
        } else if (word == "--folder" && takes.folder && more) {
            options.folder = words[++i];
        } else if (word == "--config-id" && takes.file && more) {
            options.configId = words[++i];
        } else if ((word == "-f" || word == "--use-file") && takes.file && more && !named) {
            options.file = words[++i];
            named = true;
        } else if (!word.starts_with('-') && takes.file && !named) {
            options.file = word;
            named = true;
        } else {
            fmt::print(stderr, "lbd: {}: '{}' is not expected here{}\n{}\n", command, word,
                       !more && (word == "--folder" || word == "--config-id" || word == "-f")
                           ? ", or lacks what belongs behind it"
                           : "",
                       usage(command, takes));
            return {};
        }
    }
    return options;
}

} // namespace lb::lbd
