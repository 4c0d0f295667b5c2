// SPDX-License-Identifier: GPL-2.0
// From files to statements: lines in their order, each through conditions, definitions,
// sequences and includes.
#pragma once

#include "blocks.hpp"
#include "definitions.hpp"
#include "findings.hpp"
#include "include.hpp"
#include "words.hpp"

#include <deque>

namespace lb::config {

class Reader {
public:
    explicit Reader(const Surroundings &surroundings)
        : surroundings_(surroundings), definitions_(surroundings)
    {}
    Tree read(const std::string &path);

private:
    // A definition of several lines while they are read.
    struct Pending {
        std::string name{};
        Origin origin{};
        Definition definition{};
        bool wanted = true; // its condition holds
    };

    std::optional<std::uint32_t> load(const std::string &path, Error &error);
    void readLines(std::uint32_t file);
    void readLine(const Text &line, std::optional<Pending> &pending);
    void continueDefinition(const Text &line, std::optional<Pending> &pending);
    void define(Pending &&pending);

    // What @text says from @from on. A condition is looked at once.
    void take(const Text &text, std::size_t from, bool conditional);
    // Behind the condition at @at, or nothing when it does not hold.
    [[nodiscard]] std::optional<std::size_t> condition(std::string_view chars,
                                                       std::size_t at) const;
    void repeat(const Text &text, std::size_t at);
    void takeBlock(const Text &head, const Definitions::Block &block);

    void takeStatements(const Text &text, std::size_t from);
    void takeWord(const Text &text, const Token &token);
    void endStatement(const Text &text, std::size_t begin, std::size_t end, bool opens);

    void include(const Text &text, const Token &keyword);
    void includeFile(const std::string &path, const Origin &origin, const Checks &checks);
    void tellMissing(const Matches &matches, std::string_view pattern, const Origin &origin,
                     const Checks &checks);
    // False, and told, when there are too many of what may lie in each other.
    bool enter(const Origin &origin);
    void countMade(std::size_t words, const Origin &origin);

    const Surroundings &surroundings_;
    Findings findings_{};
    Definitions definitions_;
    std::vector<Statement> statements_{};
    Blocks blocks_{statements_, findings_};

    std::deque<File> files_{}; // stay where they are: texts point into them
    std::map<std::string, std::uint32_t> known_{};
    std::vector<std::uint32_t> reading_{}; // files in files
    std::string folder_{};
    Checks checks_{};
    std::size_t includes_ = 0;

    std::vector<Word> words_{}; // of the statement that is being read
    Blocks::Margin margin_{};   // of the line, until its first word or brace
    Blocks::Margin statementMargin_{};
    std::vector<const Definition *> blocksInUse_{};
    std::size_t nesting_ = 0;
    std::uint64_t rounds_ = 1; // of all sequences around
    std::size_t made_ = 0;
};

} // namespace lb::config
