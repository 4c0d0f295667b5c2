// SPDX-License-Identifier: GPL-2.0
// lbctl conn count, del
#include "commands.hpp"
#include "context.hpp"
#include "json.hpp"
#include "words.hpp"

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

const std::vector<Option> &delOptions()
{
    static const auto all = [] {
        std::vector<Option> list(connOptions().begin(), connOptions().end());
        list.push_back({"--all", "", "every connection; needed when no filter is given"});
        return list;
    }();
    return all;
}

// The module does not take an empty filter for all: it may as well be a mistake.
Result<std::uint64_t> removeAll(netlink::Director &director)
{
    std::uint64_t all = 0;
    for (const auto family : {Family::inet, Family::inet6}) {
        auto number = director.removeConns({.family = family});
        if (!number)
            return number;
        all += *number;
    }
    return all;
}

Result<void> count(Context &context, const Arguments &arguments)
{
    const auto filter = readFilter(arguments, context.names().readers());
    if (!filter)
        return filter.error();
    auto director = context.director();
    if (!director)
        return director.error();
    const auto number = (*director)->countConns(*filter);
    if (!number)
        return number.error();
    context.write(context.form().json ? countJson(*number) + "\n" : fmt::format("{}\n", *number));
    return {};
}

Result<void> del(Context &context, const Arguments &arguments)
{
    const auto filter = readFilter(arguments, context.names().readers());
    if (!filter)
        return filter.error();
    const bool filtered = filter->protocol || filter->client || filter->service || filter->dest ||
                          filter->method || filter->state || filter->templates == LB_TEMPLATES_ONLY;
    if (!filtered && !arguments.has("--all"))
        return Error{.what = "which connections is not said",
                     .hint = "give a filter, or --all",
                     .column = arguments.end()};
    if (filtered && arguments.has("--all"))
        return Error{.what = "--all contradicts the filter",
                     .column = arguments.find("--all")->column};
    auto director = context.director();
    if (!director)
        return director.error();
    const auto number = filtered ? (*director)->removeConns(*filter) : removeAll(**director);
    if (!number)
        return number.error();
    context.write(context.form().json ? countJson(*number) + "\n"
                                      : fmt::format("{} connection{} forgotten\n", *number,
                                                    *number == 1 ? "" : "s"));
    return {};
}

} // namespace

const Command connCount{
    .name = "conn count",
    .arguments = "",
    .summary = "Count connections",
    .options = connOptions(),
    .doing = "counting connections",
    .text = "Only those that match every option given, as conn list.\n\n"
            "Example:\n"
            "  lbctl conn count --service 192.0.2.1:80\n",
    .run = count,
};

const Command connDel{
    .name = "conn del",
    .arguments = "",
    .summary = "Forget connections; a packet of one starts anew",
    .options = delOptions(),
    .doing = "forgetting connections",
    .text = "Only those that match every option given. Prints how many they were.\n\n"
            "Examples:\n"
            "  lbctl conn del --client 198.51.100.7\n"
            "  lbctl conn del --dest 10.0.0.1:8080\n",
    .run = del,
};

} // namespace lb::lbctl
