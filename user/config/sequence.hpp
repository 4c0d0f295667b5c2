// SPDX-License-Identifier: GPL-2.0
// ~SEQ(...) and ~LST(...): what the rest of their line is repeated for.
#pragma once

#include "../base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lb::config {

class Sequence {
public:
    // Whether @chars begin as one.
    static bool startsAt(std::string_view chars);
    // @word: ~SEQ, ~SEQx or ~LST; @inside: what is in the parentheses.
    static Result<Sequence> parse(std::string_view word, std::string_view inside);

    [[nodiscard]] const std::vector<std::string> &names() const { return names_; }
    [[nodiscard]] std::uint64_t count() const;
    // Of names()[@name] in the round @i.
    [[nodiscard]] std::string value(std::uint64_t i, std::size_t name) const;

private:
    static Result<Sequence> parseNumbers(std::string_view inside, bool hex);
    static Result<Sequence> parseList(std::string_view inside);

    std::vector<std::string> names_{};
    std::int64_t start_ = 0;
    std::int64_t step_ = 1;
    std::uint64_t rounds_ = 0;
    bool hex_ = false;
    std::vector<std::vector<std::string>> list_{}; // of ~LST: per round the values
};

} // namespace lb::config
