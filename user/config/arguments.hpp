// SPDX-License-Identifier: GPL-2.0
// What follows a keyword, taken word by word. Whatever is not as asked for becomes a finding
// that names the word, what it should be and, if that is known, what was meant.
#pragma once

#include "../base/endpoint.hpp"
#include "report.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace lb::config {

using Duration = std::chrono::microseconds;

class Arguments {
public:
    Arguments(const Statement &statement, const Report &report)
        : statement_(&statement), report_(report)
    {}

    [[nodiscard]] const Statement &statement() const { return *statement_; }
    [[nodiscard]] const Report &report() const { return report_; }
    [[nodiscard]] const Word &keyword() const { return statement_->words.front(); }
    [[nodiscard]] bool more() const { return next_ < statement_->words.size(); }
    [[nodiscard]] const Word *peek() const { return more() ? &statement_->words[next_] : nullptr; }
    // Whether the next word is this one, which is taken then.
    bool take(std::string_view text);

    // Each takes the next word; nothing, and a finding, when that is missing or none of its kind.
    // @what is named in the finding: "'quorum' needs a weight".
    const Word *word(std::string_view what);
    std::optional<std::uint64_t> number(std::string_view what, std::uint64_t min,
                                        std::uint64_t max);
    std::optional<std::int64_t> integer(std::string_view what, std::int64_t min, std::int64_t max);
    // Seconds with up to six decimals.
    std::optional<Duration> timer(std::string_view what, Duration min, Duration max);
    std::optional<Ip> ip(std::string_view what);
    std::optional<Port> port(); // not 0
    // on, true, yes; off, false, no. @absent when no word is left.
    std::optional<bool> boolean(bool absent = true);
    // The place of the word among @names; by letters, in either case if @anyCase.
    std::optional<std::size_t>
    choice(std::string_view what, std::span<const std::string_view> names, bool anyCase = false);
    // What is left means nothing.
    void end();

    void refuse(const Word &word, std::string what, std::string hint = {}) const
    {
        report_.error(Where(word), std::move(what), std::move(hint));
    }

private:
    const Statement *statement_;
    Report report_;
    std::size_t next_ = 1;
};

} // namespace lb::config
