// SPDX-License-Identifier: GPL-2.0
// The grammar of lbctl's commands, once: the command line, the lines of a saved configuration,
// --help and completion all come from the same table. Every word knows its place, so that an
// error can point at it.
#pragma once

#include "../base/error.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lb::lbctl {

class Context;
class Arguments;
struct Found;

struct Word {
    std::string text{};
    std::size_t column = 0; // from 1; on the command line, the number of the word
};

// What may stand in a place; completion offers it.
enum class Offers {
    nothing,
    netns,
    onOff,
    protocol,
    method,
    connMethod,
    scheduler,
    schedulerFlags,
    state,
    tunnelType,
    tunnelChecksum,
    mssClamp,
    templates,
    persistEngine,
    timeouts,
    drainEnd,
    orphans
};

struct Option {
    std::string_view name;  // "--weight"
    std::string_view value; // "N"; empty for a flag
    std::string_view help;
    Offers offers = Offers::nothing;
    std::string_view letter{}; // "-w"
};

// By name or letter; nullptr when it is none of them.
const Option *findOption(std::span<const Option> options, std::string_view name);

struct Command {
    std::string_view name;      // "service add"
    std::string_view arguments; // "PROTOCOL ADDR:PORT [--]": in [] may be left out, ... repeats
    std::string_view summary;
    std::span<const Option> options;
    std::string_view doing; // what needs privilege: "changing services"
    std::string_view text;  // the rest of --help
    Result<void> (*run)(Context &, const Arguments &);
};

class Arguments {
public:
    [[nodiscard]] const Command &command() const { return *command_; }
    [[nodiscard]] std::size_t count() const { return positionals_.size(); }
    [[nodiscard]] const Word &operator[](std::size_t i) const { return positionals_.at(i); }
    [[nodiscard]] bool has(std::string_view option) const { return find(option) != nullptr; }
    // The option's value, or nullptr when it was not given.
    [[nodiscard]] const Word *find(std::string_view option) const;
    // A place for errors about what is missing: after the last word.
    [[nodiscard]] std::size_t end() const { return end_; }

private:
    friend Result<Arguments> parseArguments(const Found &, std::span<const Word>,
                                            std::span<const Option>);
    struct Given {
        const Option *option = nullptr;
        Word value{};
    };
    const Command *command_ = nullptr;
    std::vector<Word> positionals_;
    std::vector<Given> options_;
    std::size_t end_ = 0;
};

// The command that @words begin with, and how many words name it.
struct Found {
    const Command *command;
    std::size_t words;
};
Result<Found> findCommand(std::span<const Command *const> commands, std::span<const Word> words);

// Matches the words that follow the command's name in @words. @globals are accepted besides the
// command's own options.
Result<Arguments> parseArguments(const Found &found, std::span<const Word> words,
                                 std::span<const Option> globals);

// Splits a line at blanks; a word that begins with # and what follows it are a comment.
std::vector<Word> splitLine(std::string_view line);

// "lbctl service add PROTOCOL ADDR:PORT [OPTION...]"
std::string usage(const Command &command);

// @result, its error now pointing at @word.
template <typename T>
Result<T> at(const Word &word, Result<T> result)
{
    if (result)
        return result;
    auto error = result.error();
    error.column = word.column;
    return error;
}

} // namespace lb::lbctl
