// SPDX-License-Identifier: GPL-2.0
// lbctl health
#include "commands.hpp"
#include "context.hpp"
#include "daemon.hpp"
#include "health_view.hpp"

namespace lb::lbctl {

namespace {

constexpr Option options[] = {
    {"--history", "", "explain each server: its probes, and what they have found"},
    socketOption,
};

Result<void> show(Context &context, const Arguments &arguments)
{
    const auto answer = askLbd(arguments, {{"do", "health"}});
    if (!answer)
        return answer.error();
    std::vector<std::string> words;
    for (std::size_t i = 0; i < arguments.count(); i++)
        words.push_back(arguments[i].text);
    auto found = select(answer->at("virtual_servers"), words);
    if (!found)
        return found.error();
    if (context.form().json)
        context.write(toText({{"virtual_servers", std::move(found->virtualServers)}}) + '\n');
    else if (found->ofServers || arguments.has("--history"))
        context.write(explainHealth(found->virtualServers));
    else
        printHealth(context.sink(), found->virtualServers);
    return {};
}

} // namespace

const Command healthShow{
    .name = "health",
    .arguments = "[VIRTUAL-SERVER|SERVER]...",
    .summary = "Show which servers are up, since when and why",
    .options = options,
    .doing = "asking lbd",
    .text = "Of all virtual servers of lbd, or of one: as in its file, or as a service of lbctl.\n"
            "A server is explained: its probes, their last result, when the next is due, and\n"
            "what they have found so far. 'failing' is up, but asked again before that is\n"
            "believed.\n\n"
            "Examples:\n"
            "  lbctl health\n"
            "  lbctl health tcp 192.0.2.1:80 --history\n"
            "  lbctl health 10.0.0.1:8080\n",
    .run = show,
};

} // namespace lb::lbctl
