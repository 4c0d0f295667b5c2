// SPDX-License-Identifier: GPL-2.0
#include "complete.hpp"

#include "../control/client.hpp"
#include "../host/netns.hpp"
#include "../netlink/names.hpp"
#include "../netlink/setting.hpp"
#include "commands.hpp"
#include "daemon.hpp"
#include "health_view.hpp"
#include "words.hpp"

#include <filesystem>

namespace lb::lbctl {

namespace {

using Candidates = std::vector<std::string>;

template <typename Names>
Candidates listOf(const Names &names)
{
    return Candidates(names.begin(), names.end());
}

Candidates schedulers(Context &context)
{
    if (auto director = context.director())
        if (const auto info = (*director)->info())
            return info->schedulers;
    return {};
}

// Every choice of flags, beginning with none.
Candidates schedulerFlags()
{
    const auto names = netlink::schedulerFlagNames();
    Candidates found;
    for (std::uint32_t flags = 0; flags < 1U << names.size(); flags++)
        found.push_back(netlink::joinFlags(names, flags));
    return found;
}

// How each timeout begins, and none.
Candidates timeouts()
{
    Candidates found{"none"};
    for (const auto state : netlink::stateNames())
        found.push_back(std::string(state) + "=");
    return found;
}

// Second words of the running services whose first one is @first.
Candidates services(Context &context, std::string_view first)
{
    Candidates found;
    if (auto director = context.director())
        if (const auto all = (*director)->services())
            for (const auto &service : *all)
                if (firstWord(service.key) == first)
                    found.push_back(secondWord(service.key));
    return found;
}

Candidates dests(Context &context, std::string_view first, std::string_view second)
{
    Candidates found;
    if (auto director = context.director())
        if (const auto all = (*director)->dests())
            for (const auto &dest : *all)
                if (firstWord(dest.service) == first && secondWord(dest.service) == second)
                    found.push_back(toString(dest.endpoint));
    return found;
}

// What lbd has, at the socket that @before names.
Candidates servers(std::span<const std::string> before)
{
    auto socket = control::socketIn(control::usualFolder);
    for (std::size_t i = 0; i + 1 < before.size(); i++)
        if (before[i] == socketOption.name)
            socket = before[i + 1];
    const auto answer = control::askAt(socket, {{"do", "health"}});
    return answer ? namesIn(answer->at("virtual_servers")) : Candidates{};
}

Candidates namespaces()
{
    Candidates found;
    std::error_code ignored;
    for (const auto &entry : std::filesystem::directory_iterator("/run/netns", ignored))
        found.push_back(entry.path().filename());
    return found;
}

Candidates offered(Context &context, Offers offers)
{
    switch (offers) {
    case Offers::netns:
        return namespaces();
    case Offers::onOff:
        return {"on", "off"};
    case Offers::protocol:
        return listOf(protocolNames);
    case Offers::method:
        return listOf(destMethodNames);
    case Offers::connMethod:
        return listOf(methodNames);
    case Offers::scheduler:
        return schedulers(context);
    case Offers::schedulerFlags:
        return schedulerFlags();
    case Offers::state:
        return listOf(netlink::stateNames());
    case Offers::tunnelType:
        return listOf(tunnelTypeNames);
    case Offers::tunnelChecksum:
        return listOf(tunnelChecksumNames);
    case Offers::mssClamp:
        return {"auto", "off"};
    case Offers::persistEngine:
        return listOf(netlink::persistEngineNames());
    case Offers::templates:
        return listOf(netlink::templatesNames());
    case Offers::drainEnd:
        return listOf(netlink::drainEndNames());
    case Offers::orphans:
        return listOf(netlink::orphansNames());
    case Offers::timeouts:
        return timeouts();
    case Offers::nothing:
        break;
    }
    return {};
}

const Option *optionOf(const Command &command, std::string_view name)
{
    const auto *option = findOption(command.options, name);
    return option != nullptr ? option : findOption(globalOptions(), name);
}

Candidates matching(Candidates found, std::string_view start)
{
    std::erase_if(found, [&](const std::string &text) { return !text.starts_with(start); });
    return found;
}

// The words of @command so far that are not options or their values.
Candidates positionals(const Command &command, std::span<const std::string> words)
{
    Candidates found;
    for (std::size_t i = 0; i < words.size(); i++) {
        if (!words[i].starts_with('-')) {
            found.push_back(words[i]);
            continue;
        }
        const auto *option = optionOf(command, words[i]);
        if (option != nullptr && !option->value.empty())
            i++;
    }
    return found;
}

Candidates argumentsOf(Context &context, const Command &command,
                       std::span<const std::string> before)
{
    const auto given = positionals(command, before);
    if (command.name == "settings set")
        return given.size() % 2 == 0 ? listOf(netlink::settingNames()) : Candidates{};
    if (command.arguments == "ROLE" && given.empty())
        return listOf(netlink::syncRoleNames().subspan(1));
    if (command.arguments.starts_with("[VIRTUAL-SERVER"))
        return servers(before);
    if (!command.arguments.starts_with("PROTOCOL") && !command.arguments.starts_with("[PROTOCOL]"))
        return {};
    switch (given.size()) {
    case 0:
        return listOf(serviceWords());
    case 1:
        return command.name == "service add" ? Candidates{} : services(context, given[0]);
    case 2:
        return command.arguments.find("DEST") == std::string_view::npos ||
                       command.name == "dest add"
                   ? Candidates{}
                   : dests(context, given[0], given[1]);
    default:
        return {};
    }
}

Candidates optionsOf(const Command &command)
{
    Candidates found;
    for (const auto set : {command.options, globalOptions()})
        for (const auto &option : set)
            found.emplace_back(option.name);
    return found;
}

Candidates commandWords(std::span<const std::string> before)
{
    Candidates found;
    for (const auto *command : commands()) {
        const auto space = command->name.find(' ');
        const auto noun = command->name.substr(0, space);
        if (before.empty() && (found.empty() || found.back() != noun))
            found.emplace_back(noun);
        if (before.size() == 1 && noun == before[0] && space != std::string_view::npos)
            found.emplace_back(command->name.substr(space + 1));
    }
    return found;
}

Candidates candidates(Context &context, std::span<const std::string> before, std::string_view word)
{
    std::vector<Word> words;
    for (const auto &text : before)
        words.push_back({text, 0});

    auto next = commandWords(before);
    if (!next.empty() && !word.starts_with('-'))
        return next;
    if (before.empty())
        return {};
    const auto found = findCommand(commands(), words);
    if (!found)
        return {};
    const auto &command = *found->command;
    const auto *option = optionOf(command, before.back());
    if (option != nullptr && !option->value.empty())
        return offered(context, option->offers);
    if (word.starts_with('-'))
        return optionsOf(command);
    return argumentsOf(context, command, before.subspan(found->words));
}

} // namespace

std::vector<std::string> complete(Context &context, std::span<const std::string> words)
{
    if (words.empty())
        return {};

    auto before = words.first(words.size() - 1);
    // Options before the command; what is live there is in the namespace that they name.
    while (!before.empty() && before.front().starts_with('-')) {
        const auto *option = findOption(globalOptions(), before.front());
        if (option == nullptr || option->value.empty()) {
            before = before.subspan(1);
        } else if (before.size() == 1) {
            return matching(offered(context, option->offers), words.back());
        } else {
            if (!host::enterNetns(before[1]))
                return {};
            before = before.subspan(2);
        }
    }
    return matching(candidates(context, before, words.back()), words.back());
}

} // namespace lb::lbctl
