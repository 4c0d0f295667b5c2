// SPDX-License-Identifier: GPL-2.0
// lbctl stats
#include "../netlink/names.hpp"
#include "commands.hpp"
#include "json.hpp"
#include "view.hpp"
#include "words.hpp"

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

using Align = Table::Align;

void printDrops(Context &context, const std::vector<netlink::Drop> &drops)
{
    Table table(context.sink(), {Align::right, Align::left, Align::left},
                {{"Dropped", "Reason", "Meaning"}});
    bool any = false;
    for (const auto &drop : drops) {
        if (drop.packets == 0)
            continue;
        any = true;
        table.row({fmt::to_string(drop.packets), drop.reason,
                   std::string(netlink::dropExplanation(drop.reason))});
    }
    if (!any)
        table.row({"0", "none", "no packet was dropped"});
    context.write("\n");
    table.finish();
}

void printJson(Context &context, const std::vector<ServiceView> &views,
               const std::optional<netlink::Total> &total)
{
    std::vector<netlink::Service> services;
    std::vector<netlink::Destination> dests;
    for (const auto &view : views) {
        services.push_back(view.service);
        dests.insert(dests.end(), view.dests.begin(), view.dests.end());
    }
    context.write("{");
    if (total)
        context.write(fmt::format("\"total\":{},\n", toJson(*total)));
    context.write(
        fmt::format("\"service\":{},\n\"dest\":{}}}\n", arrayJson(services), arrayJson(dests)));
}

Result<void> show(Context &context, const Arguments &arguments)
{
    const auto only = readServiceIfGiven(arguments, context.names().readers());
    if (!only)
        return only.error();
    auto director = context.director();
    if (!director)
        return director.error();
    const auto views = readServices(**director, *only);
    if (!views)
        return views.error();
    std::optional<netlink::Total> total;
    if (!*only) {
        auto all = (*director)->total();
        if (!all)
            return all.error();
        total = std::move(*all);
    }
    if (context.form().json) {
        printJson(context, *views, total);
        return {};
    }

    auto table = statsTable(context.sink(), "");
    for (const auto &[service, dests] : *views) {
        table.row(statsRow(context.show(service.key), service.stats));
        for (const auto &dest : dests)
            table.row(statsRow("  -> " + context.names().show(dest.endpoint), dest.stats));
    }
    if (total)
        table.row(statsRow("total", total->stats));
    table.finish();
    if (total)
        printDrops(context, total->drops);
    return {};
}

} // namespace

const Command statsShow{
    .name = "stats",
    .arguments = "[PROTOCOL] [ADDR:PORT]",
    .summary = "Show counters, and packets dropped with the reason",
    .options = {},
    .doing = "showing counters",
    .text =
        "Counters are exact and never reset. Without a service: all, their total, and drops.\n\n"
        "Examples:\n"
        "  lbctl stats\n"
        "  lbctl stats tcp 192.0.2.1:80 --json\n",
    .run = show,
};

} // namespace lb::lbctl
