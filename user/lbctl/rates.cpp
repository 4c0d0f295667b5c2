// SPDX-License-Identifier: GPL-2.0
// lbctl rates
#include "rates.hpp"

#include "commands.hpp"
#include "json.hpp"
#include "view.hpp"
#include "words.hpp"

#include <chrono>
#include <thread>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

using Clock = std::chrono::steady_clock;
using Place = std::pair<netlink::ServiceKey, Endpoint>;

constexpr Option options[] = {
    {"--interval", "SECONDS", "how long to look; 1 unless given", Offers::nothing, "-i"},
    {"--watch", "", "go on until interrupted", Offers::nothing, "-w"},
};

struct Sample {
    Clock::time_point when{};
    std::vector<ServiceView> views{};
    netlink::Stats total{};
    std::map<netlink::ServiceKey, netlink::Stats> services{};
    std::map<Place, netlink::Stats> dests{};
};

template <typename Key>
netlink::Stats statsOf(const std::map<Key, netlink::Stats> &known, const Key &key)
{
    const auto found = known.find(key);
    return found == known.end() ? netlink::Stats{} : found->second;
}

Result<Sample> look(netlink::Director &director, const std::optional<netlink::ServiceKey> &only)
{
    Sample sample{.when = Clock::now()};
    auto views = readServices(director, only);
    if (!views)
        return views.error();
    const auto total = director.total();
    if (!total)
        return total.error();

    sample.views = std::move(*views);
    sample.total = total->stats;
    for (const auto &[service, dests] : sample.views) {
        sample.services.emplace(service.key, service.stats);
        for (const auto &dest : dests)
            sample.dests.emplace(Place(service.key, dest.endpoint), dest.stats);
    }
    return sample;
}

class Comparison {
public:
    Comparison(const Sample &before, const Sample &after)
        : before_(before), after_(after),
          milliseconds_(static_cast<std::uint64_t>(
              std::chrono::duration_cast<std::chrono::milliseconds>(after.when - before.when)
                  .count()))
    {}

    [[nodiscard]] netlink::Rates total() const
    {
        return ratesBetween(before_.total, after_.total, milliseconds_);
    }
    [[nodiscard]] netlink::Rates of(const netlink::Service &service) const
    {
        return ratesBetween(statsOf(before_.services, service.key), service.stats, milliseconds_);
    }
    [[nodiscard]] netlink::Rates of(const netlink::Destination &dest) const
    {
        return ratesBetween(statsOf(before_.dests, Place(dest.service, dest.endpoint)), dest.stats,
                            milliseconds_);
    }

private:
    const Sample &before_;
    const Sample &after_;
    std::uint64_t milliseconds_;
};

void printTable(Context &context, const Comparison &rates, const Sample &sample, bool total)
{
    auto table = statsTable(context.sink(), "/s");
    for (const auto &[service, dests] : sample.views) {
        table.row(statsRow(context.show(service.key), rates.of(service)));
        for (const auto &dest : dests)
            table.row(statsRow("  -> " + context.names().show(dest.endpoint), rates.of(dest)));
    }
    if (total)
        table.row(statsRow("total", rates.total()));
    table.finish();
}

void printJson(Context &context, const Comparison &rates, const Sample &sample, bool total)
{
    std::string services;
    std::string dests;
    const auto append = [](std::string &list, const std::string &object) {
        list += (list.empty() ? "" : ",") + object;
    };
    for (const auto &[service, members] : sample.views) {
        append(services, ratesJson(service.key, rates.of(service)));
        for (const auto &dest : members)
            append(dests, ratesJson(dest, rates.of(dest)));
    }
    context.write("{");
    if (total)
        context.write(fmt::format("\"total\":{},", ratesJson(rates.total())));
    context.write(fmt::format("\"service\":[{}],\"dest\":[{}]}}\n", services, dests));
}

Result<void> show(Context &context, const Arguments &arguments)
{
    const auto only = readServiceIfGiven(arguments, context.names().readers());
    if (!only)
        return only.error();
    std::uint64_t seconds = 1;
    if (const auto *word = arguments.find("--interval")) {
        const auto number = readNumber(*word, 1, 3600);
        if (!number)
            return number.error();
        seconds = *number;
    }
    auto director = context.director();
    if (!director)
        return director.error();
    const bool watch = arguments.has("--watch");
    const bool redraw = watch && context.terminal() && !context.form().json;

    auto before = look(**director, *only);
    if (!before)
        return before.error();
    for (bool first = true; first || watch; first = false) {
        std::this_thread::sleep_until(before->when + std::chrono::seconds(seconds));
        auto after = look(**director, *only);
        if (!after)
            return after.error();
        const Comparison rates(*before, *after);
        if (redraw)
            context.write("\x1b[H\x1b[2J");
        else if (!first && !context.form().json)
            context.write("\n");
        if (context.form().json)
            printJson(context, rates, *after, !*only);
        else
            printTable(context, rates, *after, !*only);
        context.flush();
        before = std::move(after);
    }
    return {};
}

} // namespace

netlink::Rates ratesBetween(const netlink::Stats &before, const netlink::Stats &after,
                            std::uint64_t milliseconds)
{
    const auto span = std::max<std::uint64_t>(milliseconds, 1);
    const auto rate = [&](std::uint64_t netlink::Stats::*counter) {
        const auto count =
            after.*counter >= before.*counter ? after.*counter - before.*counter : after.*counter;
        return (count * 1000 + span / 2) / span;
    };
    netlink::Rates rates;
    rates.conns = rate(&netlink::Stats::conns);
    rates.inPackets = rate(&netlink::Stats::inPackets);
    rates.outPackets = rate(&netlink::Stats::outPackets);
    rates.inBytes = rate(&netlink::Stats::inBytes);
    rates.outBytes = rate(&netlink::Stats::outBytes);
    rates.intervalMs = milliseconds;
    return rates;
}

const Command ratesShow{
    .name = "rates",
    .arguments = "[PROTOCOL] [ADDR:PORT]",
    .summary = "Show connections, packets and bytes per second",
    .options = options,
    .doing = "showing rates",
    .text = "Reads the counters twice, an interval apart, and prints what came between.\n\n"
            "Examples:\n"
            "  lbctl rates\n"
            "  lbctl rates --watch --interval 5\n",
    .run = show,
};

} // namespace lb::lbctl
