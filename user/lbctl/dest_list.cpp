// SPDX-License-Identifier: GPL-2.0
// lbctl dest list
#include "commands.hpp"
#include "json.hpp"
#include "view.hpp"
#include "words.hpp"

namespace lb::lbctl {

namespace {

Result<void> list(Context &context, const Arguments &arguments)
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

    if (!context.form().json) {
        printServices(context, *views, false);
        return {};
    }
    std::vector<netlink::Destination> dests;
    for (const auto &view : *views)
        dests.insert(dests.end(), view.dests.begin(), view.dests.end());
    context.write(arrayJson(dests) + "\n");
    return {};
}

} // namespace

const Command destList{
    .name = "dest list",
    .arguments = "[PROTOCOL] [ADDR:PORT]",
    .summary = "List destinations, of one service or of all",
    .options = {},
    .doing = "listing destinations",
    .text = "Examples:\n"
            "  lbctl dest list tcp 192.0.2.1:80\n"
            "  lbctl dest list --json | jq '.[] | select(.drain)'\n",
    .run = list,
};

} // namespace lb::lbctl
