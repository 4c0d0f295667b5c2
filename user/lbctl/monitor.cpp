// SPDX-License-Identifier: GPL-2.0
// lbctl monitor
#include "monitor.hpp"

#include "../netlink/names.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "json.hpp"
#include "words.hpp"

#include <cerrno>
#include <limits>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

constexpr Option options[] = {{"--count", "N", "end after so many"}};

Result<void> follow(Context &context, const Arguments &arguments)
{
    std::uint64_t left = std::numeric_limits<std::uint64_t>::max();
    if (const auto *word = arguments.find("--count")) {
        const auto number = readNumber(*word, 1, left);
        if (!number)
            return number.error();
        left = *number;
    }
    auto director = context.director();
    if (!director)
        return director.error();
    if (auto done = (*director)->subscribe(); !done)
        return done;

    while (left > 0) {
        auto done = (*director)->events([&](const netlink::Event &event) {
            context.write((context.form().json ? toJson(event) : toLine(event)) + "\n");
            context.flush();
            return --left > 0;
        });
        if (!done && done.error().code == ENOBUFS) {
            context.write(context.form().json ? "{\"event\":\"lost\"}\n"
                                              : "lost some events: they came faster than they were "
                                                "read\n");
            context.flush();
        } else if (!done) {
            return done;
        }
    }
    return {};
}

} // namespace

std::string toLine(const netlink::Event &event)
{
    auto line = std::string(eventName(event.command));
    std::optional<std::uint32_t> generation;

    if (const auto *service = std::get_if<netlink::Service>(&event.object)) {
        line += fmt::format(" {}", toString(service->key));
        if (!service->keyOnly)
            line += fmt::format(" scheduler {}", service->scheduler);
        if (service->schedulerFlags != 0)
            line += fmt::format(" flags {}", netlink::joinFlags(netlink::schedulerFlagNames(),
                                                                service->schedulerFlags));
        if (service->onePacket)
            line += " one-packet";
        if (service->mssClamp != 0)
            line += fmt::format(" mss-clamp {}", netlink::mssClampName(service->mssClamp));
        if (service->persistence.timeout != 0)
            line += fmt::format(" persist {}", service->persistence.timeout);
        if (service->persistence.prefix)
            line += fmt::format("/{}", *service->persistence.prefix);
        if (service->persistence.engine != LB_PERSIST_ENGINE_NONE)
            line += fmt::format(" {}", netlink::persistEngineName(service->persistence.engine));
        if (!service->timeouts.empty())
            line += fmt::format(" timeout {}", netlink::timeoutsName(service->timeouts));
        generation = service->generation;
    } else if (const auto *dest = std::get_if<netlink::Destination>(&event.object)) {
        line += fmt::format(" {} {}", toString(dest->service), toString(dest->endpoint));
        if (!dest->keyOnly)
            line += fmt::format(" method {} weight {}{}", toString(dest->method),
                                dest->weight.value, dest->drain ? " draining" : "");
        if (dest->tunnel != Tunnel{})
            line += fmt::format(" tunnel {}", toString(dest->tunnel));
        generation = dest->generation;
    } else if (const auto *settings = std::get_if<netlink::Settings>(&event.object)) {
        for (const auto &[type, value] : settings->values)
            line += fmt::format(" {} {}", netlink::settingsSet[type], value);
        generation = settings->generation;
    } else if (const auto *daemon = std::get_if<netlink::SyncDaemon>(&event.object)) {
        line += fmt::format(" {} {} id {}", netlink::syncRoleName(daemon->role), daemon->interface,
                            daemon->id.value_or(0));
    } else if (const auto *flushed = std::get_if<netlink::Flushed>(&event.object)) {
        generation = flushed->generation;
    }
    if (generation)
        line += fmt::format(" generation {}", *generation);
    return line;
}

const Command changesMonitor{
    .name = "monitor",
    .arguments = "",
    .summary = "Follow changes of the configuration, one line each",
    .options = options,
    .doing = "following changes",
    .text = "Of the director, whoever made them. With --json each line is an object. Ends when "
            "interrupted.\n\n"
            "Example:\n"
            "  lbctl monitor --json | logger -t lb\n",
    .run = follow,
};

} // namespace lb::lbctl
