// SPDX-License-Identifier: GPL-2.0
// lbctl dest drain
#include "commands.hpp"
#include "context.hpp"
#include "view.hpp"
#include "words.hpp"

#include <chrono>
#include <thread>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t longest = std::uint64_t{31} * 24 * 3600;
constexpr auto pause = std::chrono::milliseconds(500);

constexpr Option options[] = {
    {"--undo", "", "take new connections again"},
    {"--wait", "", "return when the last connection has ended, showing how many are left"},
    {"--timeout", "SECONDS", "with --wait: give up after so long, draining goes on"},
    {"--deadline", "SECONDS", "how long its connections have"},
    {"--then", "END", "what becomes of them then: keep (the default), reset or reschedule",
     Offers::drainEnd},
};

// Follows @spec until it has no connections; each new pair of numbers is a line.
Result<void> await(Context &context, netlink::Director &director, const netlink::DestSpec &spec,
                   std::optional<Clock::time_point> deadline)
{
    std::optional<std::pair<std::uint32_t, std::uint32_t>> shown;
    for (;;) {
        const auto dest = director.dest(spec.service, spec.endpoint);
        if (!dest)
            return dest.error();
        const std::pair left(dest->active, dest->inactive);
        if (shown != left && !context.form().json)
            context.write(fmt::format("{}: {} active, {} inactive left{}\n",
                                      context.names().show(spec.endpoint), left.first, left.second,
                                      timeLeft(dest->draining)));
        context.flush();
        shown = left;
        if (left.first == 0 && left.second == 0)
            return {};
        if (!dest->drain)
            return Error{.what = "the destination is no longer draining"};
        if (deadline && Clock::now() >= *deadline)
            return Error{.what = fmt::format("{} active and {} inactive connections are left",
                                             left.first, left.second),
                         .hint = "the time is over; it goes on draining"};
        std::this_thread::sleep_for(pause);
    }
}

Result<void> drain(Context &context, const Arguments &arguments)
{
    auto spec = readDestSpec(arguments, context.names().readers());
    if (!spec)
        return spec.error();
    const auto *undo = arguments.find("--undo");
    const auto *timeout = arguments.find("--timeout");
    std::optional<Clock::time_point> deadline;
    if (undo != nullptr && arguments.has("--wait"))
        return Error{.what = "--undo has nothing to wait for", .column = undo->column};
    if (timeout != nullptr) {
        const auto seconds = readNumber(*timeout, 0, longest);
        if (!seconds)
            return seconds.error();
        if (!arguments.has("--wait"))
            return Error{.what = "--timeout needs --wait", .column = timeout->column};
        deadline = Clock::now() + std::chrono::seconds(*seconds);
    }
    for (const auto *option : {"--deadline", "--then"})
        if (undo != nullptr && arguments.has(option))
            return Error{.what = fmt::format("--undo has no {}", option), .column = undo->column};
    if (spec->drainEnd && !spec->deadline)
        return Error{.what = "--then needs --deadline",
                     .hint = "--deadline 0 is at once",
                     .column = arguments.find("--then")->column};
    auto director = context.director();
    if (!director)
        return director.error();

    spec->drain = undo == nullptr;
    auto done = (*director)->apply(netlink::Change::set(*spec));
    if (!done || !arguments.has("--wait"))
        return done;
    return await(context, **director, *spec, deadline);
}

} // namespace

const Command destDrain{
    .name = "dest drain",
    .arguments = "PROTOCOL ADDR:PORT DEST[:PORT]",
    .summary = "Let a destination's connections end, give it no new ones",
    .options = options,
    .doing = "changing destinations",
    .text = "The weight is kept for when it comes back. After the deadline, if any, connections\n"
            "  keep        stay until they end by themselves\n"
            "  reset       are ended, both ends being told; what may begin anew, such as a\n"
            "              UDP datagram, goes to another destination\n"
            "  reschedule  go to another destination with their client's next packet\n"
            "'lbctl service list' shows what is left of connections and of time.\n\n"
            "A release, server by server:\n"
            "  lbctl dest drain tcp 192.0.2.1:80 10.0.0.1:8080 --wait --timeout 300\n"
            "  (update and test the server)\n"
            "  lbctl dest drain tcp 192.0.2.1:80 10.0.0.1:8080 --undo\n\n"
            "Five minutes for those who are there, then their connections are reset:\n"
            "  lbctl dest drain tcp 192.0.2.1:80 10.0.0.1:8080 --deadline 300 --then reset\n",
    .run = drain,
};

} // namespace lb::lbctl
