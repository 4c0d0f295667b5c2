// SPDX-License-Identifier: GPL-2.0
// Statements become a tree; braces that do not match are found here, and where they are missing
// is guessed.
#pragma once

#include "findings.hpp"

#include <optional>

namespace lb::config {

class Blocks {
public:
    Blocks(std::vector<Statement> &statements, Findings &findings)
        : statements_(statements), findings_(findings)
    {}

    // @margin: blanks before the line's first character, when this is what the line begins with.
    using Margin = std::optional<std::uint32_t>;

    void add(Statement statement, Margin margin);
    // A { : of the statement that was added last.
    void open(const Origin &brace);
    void close(const Origin &brace, Margin margin);
    // Nothing more comes.
    void finish();

private:
    // A block whose } has another margin than its beginning.
    struct Doubt {
        std::string name{};
        Origin open{};
        Origin close{};
    };
    struct Open {
        std::vector<Statement> *outside = nullptr;
        Origin brace{};
        Margin margin{};
        std::optional<Doubt> doubt{}; // the first in it
    };

    [[nodiscard]] std::vector<Statement> &inside();
    void blame(const Open &block, const std::string &before);

    std::vector<Statement> &statements_;
    Findings &findings_;
    std::vector<Open> open_{};
    Margin margin_{};      // of the last statement
    bool canOpen_ = false; // since it, nothing came
    std::string closed_{}; // the last block that was, and where
};

} // namespace lb::config
