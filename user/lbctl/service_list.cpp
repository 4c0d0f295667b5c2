// SPDX-License-Identifier: GPL-2.0
// lbctl service list, show
#include "commands.hpp"
#include "json.hpp"
#include "view.hpp"
#include "words.hpp"

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

constexpr Option listOptions[] = {
    {"--brief", "", "services only, with their number of destinations"}};

Result<void> list(Context &context, const Arguments &arguments)
{
    auto director = context.director();
    if (!director)
        return director.error();
    const auto views = readServices(**director, {});
    if (!views)
        return views.error();

    if (context.form().json) {
        std::vector<netlink::Service> services;
        for (const auto &view : *views)
            services.push_back(view.service);
        context.write(arrayJson(services) + "\n");
        return {};
    }
    printServices(context, *views, arguments.has("--brief"));
    return {};
}

Result<void> show(Context &context, const Arguments &arguments)
{
    const auto key = readService(arguments, context.names().readers());
    if (!key)
        return key.error();
    auto director = context.director();
    if (!director)
        return director.error();
    const auto views = readServices(**director, *key);
    if (!views)
        return views.error();

    const auto &view = views->front();
    if (context.form().json) {
        context.write(toJson(view.service) + "\n");
        return {};
    }
    printServices(context, *views, false);
    context.write("\n");
    auto table = statsTable(context.sink(), "");
    table.row(statsRow(context.show(view.service.key), view.service.stats));
    for (const auto &dest : view.dests)
        table.row(statsRow("  -> " + context.names().show(dest.endpoint), dest.stats));
    table.finish();
    return {};
}

} // namespace

const Command serviceList{
    .name = "service list",
    .arguments = "",
    .summary = "List services with their destinations",
    .options = listOptions,
    .doing = "listing services",
    .text =
        "Weight, active and inactive connections stand where ipvsadm -L has them.\n"
        "With --json, an array of services; their destinations are 'lbctl dest list --json'.\n\n"
        "Examples:\n"
        "  lbctl service list\n"
        "  lbctl service list --json | jq '.[].key'\n",
    .run = list,
};

const Command serviceShow{
    .name = "service show",
    .arguments = "PROTOCOL ADDR:PORT",
    .summary = "Show one service, its destinations and their counters",
    .options = {},
    .doing = "showing a service",
    .text = "Example:\n"
            "  lbctl service show tcp 192.0.2.1:80\n",
    .run = show,
};

} // namespace lb::lbctl
