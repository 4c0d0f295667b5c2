// SPDX-License-Identifier: GPL-2.0
// lbctl conn list
#include "../netlink/names.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "json.hpp"
#include "words.hpp"

#include <array>
#include <limits>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

using Align = Table::Align;

const std::vector<Option> &options()
{
    static const auto all = [] {
        std::vector<Option> list(connOptions().begin(), connOptions().end());
        list.push_back({"--limit", "N", "stop after so many"});
        return list;
    }();
    return all;
}

std::string protocolOf(const netlink::Connection &conn)
{
    const auto name = toString(static_cast<Protocol>(conn.protocol));
    return name.empty() ? fmt::to_string(conn.protocol) : std::string(name);
}

// "14:59", or hours before it when it is that long.
std::string expiry(std::uint64_t milliseconds)
{
    const auto seconds = milliseconds / 1000;
    if (seconds < 3600)
        return fmt::format("{:02}:{:02}", seconds / 60, seconds % 60);
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string flagsOf(const netlink::Connection &conn)
{
    const auto names = netlink::flagNames();
    std::string text;
    for (std::size_t bit = 0; bit < names.size(); bit++)
        if ((conn.flags >> bit & 1U) != 0)
            text += fmt::format("{}{}", text.empty() ? "" : ",", names[bit]);
    return text;
}

// What a client's next connection does: instead of a state, that it is one.
Table::Row templateRow(Context &context, const netlink::Connection &tpl)
{
    const auto service =
        tpl.fwmark != 0 ? netlink::ServiceKey::ofFwmark(tpl.client.ip.family(), tpl.fwmark)
                        : netlink::ServiceKey{static_cast<Protocol>(tpl.protocol), tpl.service};
    return {
        std::string(firstWord(service)),
        expiry(tpl.expiresMs),
        "template",
        toString(Prefix{tpl.client.ip, tpl.clientPrefix}),
        tpl.fwmark != 0 ? secondWord(service) : context.names().show(tpl.service),
        context.names().show(tpl.dest),
        std::string(toString(tpl.method)),
        fmt::format("conns {}{}{}", tpl.conns, tpl.persistId.empty() ? "" : ", ", tpl.persistId)};
}

Table::Row rowOf(Context &context, const netlink::Connection &conn)
{
    if ((conn.flags & LB_CONN_FLAGS_TEMPLATE) != 0)
        return templateRow(context, conn);
    const auto states = netlink::stateNames();
    return {protocolOf(conn),
            expiry(conn.expiresMs),
            conn.state < states.size() ? std::string(states[conn.state])
                                       : fmt::to_string(conn.state),
            context.names().show(conn.client),
            context.names().show(conn.service),
            context.names().show(conn.dest),
            std::string(toString(conn.method)),
            flagsOf(conn)};
}

Result<void> list(Context &context, const Arguments &arguments)
{
    const auto filter = readFilter(arguments, context.names().readers());
    if (!filter)
        return filter.error();
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
    if (const auto *word = arguments.find("--limit")) {
        const auto number = readNumber(*word, 1, limit);
        if (!number)
            return number.error();
        limit = *number;
    }
    auto director = context.director();
    if (!director)
        return director.error();

    std::uint64_t seen = 0;
    if (context.form().json) {
        context.write("[");
        auto done = (*director)->conns(*filter, [&](const netlink::Connection &conn) {
            context.write(seen == 0 ? "\n" : ",\n");
            context.write(toJson(conn));
            return ++seen < limit;
        });
        if (done)
            context.write("\n]\n");
        return done;
    }

    Table table(context.sink(),
                {Align::left, Align::right, Align::left, Align::left, Align::left, Align::left,
                 Align::left, Align::left},
                {{"Protocol", "Expires", "State", "Client", "Service", "Destination", "Method"}});
    auto done = (*director)->conns(*filter, [&](const netlink::Connection &conn) {
        table.row(rowOf(context, conn));
        return ++seen < limit;
    });
    if (done)
        table.finish();
    return done;
}

} // namespace

const Command connList{
    .name = "conn list",
    .arguments = "",
    .summary = "List connections and templates",
    .options = options(),
    .doing = "listing connections",
    .text = "Only those that match every option given. Connections name clients: this needs\n"
            "CAP_NET_ADMIN. A template is where a persistent service sends a client's next\n"
            "connection; \"conns\" is how many it has opened that live.\n\n"
            "Examples:\n"
            "  lbctl conn list --client 198.51.100.0/24 --state established\n"
            "  lbctl conn list --dest 10.0.0.1 --limit 20\n"
            "  lbctl conn list --client [2001:db8::/32]:4000 --json\n"
            "  lbctl conn list --templates only\n",
    .run = list,
};

} // namespace lb::lbctl
