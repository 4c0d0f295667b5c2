// SPDX-License-Identifier: GPL-2.0
// lbctl sync start, stop, list
#include "../base/closest.hpp"
#include "../netlink/names.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "json.hpp"
#include "words.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

using Align = Table::Align;

constexpr Option options[] = {
    {"--interface", "NAME", "that messages are sent or received on; needed"},
    {"--id", "N", "of directors that tell each other, 0 to 255; a backup of 0 hears all"},
    {"--group", "ADDR", "multicast address; 224.0.0.81 unless given"},
    {"--port", "PORT", "first UDP port; 8848 unless given"},
    {"--ttl", "N", "TTL or hop limit of a master's messages; 1 unless given"},
    {"--max-length", "N", "bytes of a message; an Ethernet frame's unless given"},
};

Result<std::uint8_t> readRole(const Word &word)
{
    const auto names = netlink::syncRoleNames();
    const auto found = std::ranges::find(names, word.text);
    if (found == names.end() || word.text.empty())
        return Error{.what = fmt::format("'{}' is neither master nor backup", word.text),
                     .hint = suggest(word.text, names.subspan(1)),
                     .column = word.column};
    return static_cast<std::uint8_t>(found - names.begin());
}

// Reads the number of @option, if it was given.
template <typename T>
Result<void> number(const Arguments &arguments, std::string_view option, std::uint64_t min,
                    std::uint64_t max, std::optional<T> &into)
{
    const auto *word = arguments.find(option);
    if (word == nullptr)
        return {};
    const auto value = readNumber(*word, min, max);
    if (!value)
        return value.error();
    into = static_cast<T>(*value);
    return {};
}

Result<netlink::SyncDaemon> readDaemon(const Arguments &arguments)
{
    const auto *interface = arguments.find("--interface");
    netlink::SyncDaemon daemon;

    const auto role = readRole(arguments[0]);
    if (!role)
        return role.error();
    daemon.role = *role;
    if (interface == nullptr)
        return Error{.what = "the interface is missing",
                     .hint = "--interface eth0, for example",
                     .column = arguments.end()};
    if (interface->text.empty() || interface->text.size() > 15)
        return Error{.what = fmt::format("'{}' is no name of an interface", interface->text),
                     .column = interface->column};
    daemon.interface = interface->text;
    if (const auto *word = arguments.find("--group")) {
        const auto group = at(*word, Ip::parse(word->text));
        if (!group)
            return group.error();
        daemon.group = *group;
    }
    for (const auto &done : {number(arguments, "--id", 0, UINT8_MAX, daemon.id),
                             number(arguments, "--port", 1, UINT16_MAX, daemon.port),
                             number(arguments, "--ttl", 1, UINT8_MAX, daemon.ttl),
                             number(arguments, "--max-length", 1, UINT16_MAX, daemon.maxLength)})
        if (!done)
            return done.error();
    return daemon;
}

Result<void> start(Context &context, const Arguments &arguments)
{
    const auto daemon = readDaemon(arguments);
    if (!daemon)
        return daemon.error();
    auto director = context.director();
    if (!director)
        return director.error();
    return (*director)->startSync(*daemon);
}

Result<void> stop(Context &context, const Arguments &arguments)
{
    const auto role = readRole(arguments[0]);
    if (!role)
        return role.error();
    auto director = context.director();
    if (!director)
        return director.error();
    return (*director)->stopSync(*role);
}

void print(Context &context, const std::vector<netlink::SyncDaemon> &daemons,
           const std::vector<netlink::SyncCounter> &counters)
{
    Table table(context.sink(),
                {Align::left, Align::left, Align::right, Align::left, Align::right, Align::right,
                 Align::right, Align::right},
                {{"Daemon", "Interface", "Id", "Group", "Port", "Ports", "TTL", "MaxLen"}});
    for (const auto &daemon : daemons)
        table.row(
            {std::string(netlink::syncRoleName(daemon.role)), daemon.interface,
             fmt::to_string(daemon.id.value_or(0)), daemon.group ? toString(*daemon.group) : "",
             fmt::to_string(daemon.port.value_or(0)), fmt::to_string(daemon.ports),
             fmt::to_string(daemon.ttl.value_or(0)), fmt::to_string(daemon.maxLength.value_or(0))});
    table.finish();
    context.write("\n");
    Table counts(context.sink(), {Align::right, Align::left}, {{"Count", "What"}});
    for (const auto &counter : counters)
        if (counter.value != 0)
            counts.row({fmt::to_string(counter.value), counter.name});
    counts.finish();
}

Result<void> list(Context &context, const Arguments &)
{
    auto director = context.director();
    if (!director)
        return director.error();
    const auto daemons = (*director)->syncDaemons();
    if (!daemons)
        return daemons.error();
    const auto total = (*director)->total();
    if (!total)
        return total.error();
    if (context.form().json)
        context.write(fmt::format("{{\"daemon\":{},\n\"sync\":{}}}\n", arrayJson(*daemons),
                                  toJson(total->sync)));
    else
        print(context, *daemons, total->sync);
    return {};
}

} // namespace

const Command syncStart{
    .name = "sync start",
    .arguments = "ROLE",
    .summary = "Tell other directors of connections, or hear of theirs",
    .options = options,
    .doing = "starting a daemon",
    .text = "The role is master or backup; both may run. As ipvsadm --start-daemon.\n\n"
            "Example:\n"
            "  lbctl sync start master --interface eth0 --id 1\n",
    .run = start,
};

const Command syncStop{
    .name = "sync stop",
    .arguments = "ROLE",
    .summary = "Stop the daemon of that role, master or backup",
    .options = {},
    .doing = "stopping a daemon",
    .text = "Connections that it has learnt of stay.\n",
    .run = stop,
};

const Command syncList{
    .name = "sync list",
    .arguments = "",
    .summary = "List the daemons that run, and what they have counted",
    .options = {},
    .doing = "listing daemons",
    .text = "Of the counters, those that are not 0; with --json all.\n",
    .run = list,
};

} // namespace lb::lbctl
