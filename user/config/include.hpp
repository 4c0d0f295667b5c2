// SPDX-License-Identifier: GPL-2.0
// include and its variants: which files a pattern names, and what is wrong when they are missing.
#pragma once

#include "tree.hpp"

#include <optional>
#include <span>

namespace lb::config {

// What makes a missing file an error; without, it is a warning at most.
struct Checks {
    bool readable = false; // a match cannot be read
    bool match = false;    // a name without wildcards has no file
    bool wildcard = false; // nor has a pattern
    bool brace = false;    // one of {a,b} has none
};

// What the word @keyword asks for beside the checks that are on, or nothing when it is no include.
std::optional<Checks> includeChecks(std::string_view keyword);
Checks both(const Checks &one, const Checks &other);
// include_check WORDS: @checks with what these words behind it change.
Checks changed(const Checks &checks, std::span<const Word> words);

struct Matches {
    std::vector<std::string> paths{};   // absolute, in the order to read them
    std::vector<std::string> missing{}; // alternatives without wildcards that have no file
    bool wildcards = false;
    bool braces = false;
    bool tooMany = false; // alternatives
};

// @pattern is relative to @folder.
Matches findFiles(std::string_view pattern, const std::string &folder,
                  const Surroundings &surroundings);

} // namespace lb::config
