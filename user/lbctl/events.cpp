// SPDX-License-Identifier: GPL-2.0
// lbctl events
#include "../control/client.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "daemon.hpp"
#include "event_view.hpp"
#include "words.hpp"

#include <cerrno>
#include <limits>

namespace lb::lbctl {

namespace {

using nlohmann::json;

constexpr Option options[] = {
    {"--follow", "", "go on with those that come", Offers::nothing, "-f"},
    {"--last", "N", "at most so many of the past; with --follow 10 unless given"},
    {"--since", "N", "only those with a higher number"},
    {"--count", "N", "with --follow: end after so many"},
    socketOption,
};
constexpr std::uint64_t anyNumber = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t whenFollowing = 10;

// The value of @option, or @otherwise.
Result<std::uint64_t> numberOf(const Arguments &arguments, std::string_view option,
                               std::uint64_t least, std::uint64_t otherwise)
{
    const auto *word = arguments.find(option);
    return word != nullptr ? readNumber(*word, least, anyNumber) : Result<std::uint64_t>(otherwise);
}

Result<void> show(Context &context, const Arguments &arguments)
{
    const bool following = arguments.has("--follow");
    const auto since = numberOf(arguments, "--since", 0, 0);
    const auto last = numberOf(arguments, "--last", 0,
                               following && !arguments.has("--since") ? whenFollowing : anyNumber);
    const auto count = numberOf(arguments, "--count", 1, anyNumber);
    for (const auto *number : {&since, &last, &count})
        if (!*number)
            return number->error();

    json request{{"do", "events"}, {"since", *since}, {"last", *last}};
    const auto print = [&](const json &event) {
        context.write((context.form().json ? toText(event) : eventText(event)) + '\n');
    };
    if (!following) {
        const auto answer = askLbd(arguments, request);
        if (!answer)
            return answer.error();
        for (const auto &event : answer->at("events"))
            print(event);
        return {};
    }
    request["follow"] = true;
    auto left = *count;
    const auto done = control::follow(socketOf(arguments), request, [&](const json &event) {
        print(event);
        context.flush();
        return --left > 0;
    });
    if (!done && done.error().code == EPIPE)
        return Error{.what = "lbd has ended"};
    if (!done)
        return fromLbd(done.error());
    return {};
}

} // namespace

const Command eventsShow{
    .name = "events",
    .arguments = "",
    .summary = "Show what has happened to lbd's servers, and follow it",
    .options = options,
    .doing = "asking lbd",
    .text = "lbd keeps its last 1000: servers that came up or went down and why, quorums, sorry\n"
            "servers, reloads, certificates that end soon. With --json each line is an object.\n"
            "What is changed on the director, by whomever, is for lbctl monitor.\n\n"
            "Examples:\n"
            "  lbctl events --last 20\n"
            "  lbctl events -f --json | logger -t lbd-events\n",
    .run = show,
};

} // namespace lb::lbctl
