// SPDX-License-Identifier: GPL-2.0
#include "script.hpp"

namespace lb::config {

std::vector<std::string> splitCommand(std::string_view command)
{
    std::vector<std::string> words;
    bool inside = false, quoted = false;

    for (std::size_t i = 0; i < command.size(); i++) {
        const char c = command[i];
        if (c == '\'') {
            quoted = !quoted;
        } else if (!quoted && (c == ' ' || c == '\t')) {
            inside = false;
            continue;
        }
        if (!inside)
            words.emplace_back();
        inside = true;
        if (c == '\\' && i + 1 < command.size())
            words.back() += command[++i];
        else if (c != '\'')
            words.back() += c;
    }
    return words;
}

std::optional<Script> takeScript(Arguments &arguments)
{
    const auto *command = arguments.word("a program to run");
    if (!command)
        return {};
    Script script{.words = splitCommand(command->text), .where = Where(*command)};
    if (script.words.empty()) {
        arguments.refuse(*command, "there is no program in it");
        return {};
    }
    if (arguments.more())
        script.user = arguments.word("a user")->text;
    if (arguments.more())
        script.group = arguments.word("a group")->text;
    return script;
}

} // namespace lb::config
