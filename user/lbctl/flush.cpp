// SPDX-License-Identifier: GPL-2.0
// lbctl flush
#include "commands.hpp"
#include "context.hpp"

#include <iostream>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

constexpr Option options[] = {{"--yes", "", "do not ask", Offers::nothing, "-y"}};

Result<void> flush(Context &context, const Arguments &arguments)
{
    auto director = context.director();
    if (!director)
        return director.error();
    if (context.terminal() && !arguments.has("--yes")) {
        const auto info = (*director)->info();
        if (!info)
            return info.error();
        std::cerr << fmt::format(
            "Remove {} services with {} destinations, which have {} connections? [y/N] ",
            info->services, info->dests, info->conns);
        std::string answer;
        std::getline(std::cin, answer);
        if (answer != "y" && answer != "yes")
            return Error{.what = "nothing was removed"};
    }
    return (*director)->apply(netlink::Change::flush());
}

} // namespace

const Command flushAll{
    .name = "flush",
    .arguments = "",
    .summary = "Remove all services with their destinations",
    .options = options,
    .doing = "removing services",
    .text = "As with dest del, their connections stay until they expire, and their packets are\n"
            "dropped unless the destination is added again. On a terminal it asks first.\n\n"
            "Example:\n"
            "  lbctl save > before.conf && lbctl flush --yes\n",
    .run = flush,
};

} // namespace lb::lbctl
