// SPDX-License-Identifier: GPL-2.0
#include "grammar.hpp"

#include "../base/closest.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace lb::lbctl {

namespace {

std::vector<std::string_view> split(std::string_view text)
{
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto space = std::min(text.find(' '), text.size());
        if (space > 0)
            parts.push_back(text.substr(0, space));
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return parts;
}

// Where the next word would be.
std::size_t endOf(const Word &word)
{
    return word.column + word.text.size() + 1;
}

std::vector<std::string_view> optionNames(const Command &command, std::span<const Option> globals)
{
    std::vector<std::string_view> names;
    for (const auto set : {command.options, globals})
        for (const auto &option : set)
            names.push_back(option.name);
    return names;
}

// The first of @command's arguments that @given words leave open, if one is required.
Result<void> checkCount(const Command &command, std::span<const Word> given, std::size_t end)
{
    std::size_t i = 0;
    for (const auto argument : split(command.arguments)) {
        if (argument.ends_with("..."))
            return {};
        if (i >= given.size() && !argument.starts_with('['))
            return Error{.what = fmt::format("{} is missing", argument),
                         .hint = "usage: " + usage(command),
                         .column = end};
        i++;
    }
    if (given.size() > i)
        return Error{.what = fmt::format("'{}' is one word too many", given[i].text),
                     .hint = "usage: " + usage(command),
                     .column = given[i].column};
    return {};
}

} // namespace

const Option *findOption(std::span<const Option> options, std::string_view name)
{
    for (const auto &option : options)
        if (option.name == name || (!option.letter.empty() && option.letter == name))
            return &option;
    return nullptr;
}

const Word *Arguments::find(std::string_view option) const
{
    for (const auto &given : options_)
        if (given.option->name == option)
            return &given.value;
    return nullptr;
}

Result<Arguments> parseArguments(const Found &found, std::span<const Word> words,
                                 std::span<const Option> globals)
{
    const auto &command = *found.command;
    Arguments arguments;
    bool onlyWords = false;

    arguments.command_ = &command;
    arguments.end_ = endOf(words[found.words - 1]);
    for (std::size_t i = found.words; i < words.size(); i++) {
        const auto &word = words[i];
        const std::string_view text = word.text;
        arguments.end_ = endOf(word);

        if (onlyWords || !text.starts_with('-') || text == "-") {
            arguments.positionals_.push_back(word);
            continue;
        }
        if (text == "--") {
            onlyWords = true;
            continue;
        }

        const auto equals = text.starts_with("--") ? text.find('=') : std::string_view::npos;
        const auto name = text.substr(0, equals);
        const auto *option = findOption(command.options, name);
        if (option == nullptr)
            option = findOption(globals, name);
        if (option == nullptr)
            return Error{.what = fmt::format("'{}' is not an option of '{}'", name, command.name),
                         .hint = suggest(name, optionNames(command, globals)),
                         .column = word.column};
        if (arguments.has(option->name))
            return Error{.what = fmt::format("{} is given twice", option->name),
                         .column = word.column};

        if (option->value.empty()) {
            if (equals != std::string_view::npos)
                return Error{.what = fmt::format("{} takes no value", option->name),
                             .column = word.column + equals};
            arguments.options_.push_back({option, word});
        } else if (equals != std::string_view::npos) {
            arguments.options_.push_back(
                {option, {std::string(text.substr(equals + 1)), word.column + equals + 1}});
        } else if (i + 1 < words.size()) {
            const auto &value = words[++i];
            arguments.options_.push_back({option, value});
            arguments.end_ = endOf(value);
        } else {
            return Error{.what = fmt::format("{} lacks its value {}", option->name, option->value),
                         .column = arguments.end_};
        }
    }
    if (arguments.has("--help"))
        return arguments;
    if (auto counted = checkCount(command, arguments.positionals_, arguments.end_); !counted)
        return counted.error();
    return arguments;
}

Result<Found> findCommand(std::span<const Command *const> commands, std::span<const Word> words)
{
    const auto &first = words.front();
    const bool verbless = words.size() < 2 || words[1].text.starts_with('-');
    const auto verb = verbless ? std::string("list") : words[1].text;
    std::vector<std::string_view> nouns;
    std::vector<std::string_view> verbs;

    for (const auto *command : commands) {
        const auto parts = split(command->name);
        if (parts.size() == 1 && parts[0] == first.text)
            return Found{command, 1};
        if (nouns.empty() || nouns.back() != parts[0])
            nouns.push_back(parts[0]);
        if (parts.size() < 2 || parts[0] != first.text)
            continue;
        if (parts[1] == verb)
            return Found{command, verbless ? 1U : 2U};
        verbs.push_back(parts[1]);
    }
    if (verbs.empty())
        return Error{.what = fmt::format("'{}' is not a command", first.text),
                     .hint = suggest(first.text, nouns),
                     .column = first.column};
    return Error{.what = fmt::format("'{} {}' is not a command", first.text, verb),
                 .hint = suggest(verb, verbs),
                 .column = words[1].column};
}

std::vector<Word> splitLine(std::string_view line)
{
    constexpr std::string_view blanks = " \t\r";
    std::vector<Word> words;
    std::size_t start = 0;

    while ((start = line.find_first_not_of(blanks, start)) != std::string_view::npos) {
        if (line[start] == '#')
            break;
        const auto stop = std::min(line.find_first_of(blanks, start), line.size());
        words.push_back({std::string(line.substr(start, stop - start)), start + 1});
        start = stop;
    }
    return words;
}

std::string usage(const Command &command)
{
    auto text = fmt::format("lbctl {}", command.name);
    if (!command.arguments.empty())
        text += fmt::format(" {}", command.arguments);
    if (!command.options.empty())
        text += " [OPTION...]";
    return text;
}

} // namespace lb::lbctl
