// SPDX-License-Identifier: GPL-2.0
#include "help.hpp"

#include "commands.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

std::string optionLines(std::span<const Option> options)
{
    std::vector<std::string> left;
    std::size_t width = 0;
    for (const auto &option : options) {
        auto text =
            option.letter.empty() ? std::string("    ") : fmt::format("{}, ", option.letter);
        text += option.name;
        if (!option.value.empty())
            text += fmt::format(" {}", option.value);
        width = std::max(width, text.size());
        left.push_back(std::move(text));
    }

    std::string lines;
    for (std::size_t i = 0; i < left.size(); i++)
        lines += fmt::format("  {:<{}}  {}\n", left[i], width, options[i].help);
    return lines;
}

} // namespace

std::string overview()
{
    std::string text = "lbctl shows and changes what the lb module balances.\n\n"
                       "usage: lbctl COMMAND [ARGUMENT...] [OPTION...]\n\n";
    for (const auto *command : commands())
        text += fmt::format("  {:<16} {}\n", command->name, command->summary);
    text += "\nWith every command:\n" + optionLines(globalOptions());
    text += "\nA first service, two servers behind it, and a look at them:\n"
            "  lbctl service add tcp 192.0.2.1:80 --scheduler wrr\n"
            "  lbctl dest add tcp 192.0.2.1:80 10.0.0.1:8080\n"
            "  lbctl dest add tcp 192.0.2.1:80 10.0.0.2:8080 --weight 2\n"
            "  lbctl service list\n"
            "\n'lbctl COMMAND --help' tells more; lbctl(8) tells all. 'lbctl ipvsadm' and\n"
            "'lbctl genhash' are what those programs are.\n";
    return text;
}

std::string help(const Command &command)
{
    auto text = fmt::format("usage: {}\n\n{}.\n", usage(command), command.summary);
    if (!command.text.empty())
        text += fmt::format("\n{}", command.text);
    if (!command.options.empty())
        text += "\nOptions:\n" + optionLines(command.options);
    text += "\nWith every command:\n" + optionLines(globalOptions());
    return text;
}

} // namespace lb::lbctl
