// SPDX-License-Identifier: GPL-2.0
#include "view.hpp"

#include "../netlink/names.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

using Align = Table::Align;

} // namespace

std::string timeLeft(const netlink::Draining &draining)
{
    if (!draining.deadline)
        return "";
    const auto end = netlink::drainEndName(draining.end);
    return *draining.deadline != 0 ? fmt::format(", {} s left, then {}", *draining.deadline, end)
                                   : fmt::format(", time over: {}", end);
}

namespace {

// What a line of a destination ends with when there is something to know.
std::string remarks(const netlink::Destination &dest)
{
    std::vector<std::string> all;
    if (dest.drain)
        all.push_back("draining" + timeLeft(dest.draining));
    else if (dest.weight.value == 0)
        all.emplace_back("takes none");
    if (dest.ramp)
        all.push_back(fmt::format("starting, {} %", *dest.ramp));
    if (dest.full)
        all.push_back(fmt::format("full at {}", dest.upper));
    if (dest.local)
        all.emplace_back("local");
    if (dest.tunnel != Tunnel{})
        all.push_back(toString(dest.tunnel));
    if (dest.templates != 0)
        all.push_back(fmt::format("templates {}", dest.templates));
    return fmt::to_string(fmt::join(all, ", "));
}

std::string remarks(const netlink::Service &service)
{
    std::string text;
    if (service.mssClamp != 0)
        text = fmt::format("MSS {}", netlink::mssClampName(service.mssClamp));
    if (!service.timeouts.empty())
        text += fmt::format("{}timeout {}", text.empty() ? "" : ", ",
                            netlink::timeoutsName(service.timeouts));
    if (service.orphans != LB_ORPHANS_DEFAULT)
        text += fmt::format("{}orphans {}", text.empty() ? "" : ", ",
                            netlink::orphansName(service.orphans));
    return text;
}

// "mh (fallback,port) one-packet persist 300/24", about as ipvsadm -L has it.
std::string scheduling(const netlink::Service &service)
{
    auto text = service.scheduler;
    if (service.schedulerFlags != 0)
        text += fmt::format(
            " ({})", netlink::joinFlags(netlink::schedulerFlagNames(), service.schedulerFlags));
    if (service.onePacket)
        text += " one-packet";
    if (service.persistence.timeout != 0)
        text += fmt::format(" persist {}", service.persistence.timeout);
    if (service.persistence.prefix)
        text += fmt::format("/{}", *service.persistence.prefix);
    if (service.persistence.engine != LB_PERSIST_ENGINE_NONE)
        text += fmt::format(" {}", netlink::persistEngineName(service.persistence.engine));
    return text;
}

} // namespace

Result<std::vector<ServiceView>> readServices(netlink::Director &director,
                                              const std::optional<netlink::ServiceKey> &only)
{
    std::vector<netlink::Service> services;
    if (only) {
        auto service = director.service(*only);
        if (!service)
            return service.error();
        services.push_back(std::move(*service));
    } else {
        auto all = director.services();
        if (!all)
            return all.error();
        services = std::move(*all);
        std::ranges::sort(services, {}, &netlink::Service::key);
    }
    auto dests = director.dests(only);
    if (!dests)
        return dests.error();

    std::map<netlink::ServiceKey, std::size_t> places;
    std::vector<ServiceView> views;
    for (auto &service : services) {
        places.emplace(service.key, views.size());
        views.push_back({std::move(service), {}});
    }
    // One that was added between the two lists has no service here; the next look shows it.
    for (const auto &dest : *dests)
        if (const auto place = places.find(dest.service); place != places.end())
            views[place->second].dests.push_back(dest);
    return views;
}

void printServices(Context &context, const std::vector<ServiceView> &views, bool brief)
{
    const std::vector columns{Align::left,  Align::left,  Align::right,
                              Align::right, Align::right, Align::left};
    std::vector<Table::Row> headings{
        {"Service", "Scheduler", brief ? "Dests" : "Weight", "Active", "Inactive"}};
    if (!brief)
        headings.push_back({"  -> Destination", "Method"});
    Table table(context.sink(), columns, std::move(headings));

    for (const auto &[service, dests] : views) {
        table.row({context.show(service.key), scheduling(service),
                   brief ? fmt::to_string(service.dests) : "", fmt::to_string(service.active),
                   fmt::to_string(service.inactive), remarks(service)});
        if (brief)
            continue;
        for (const auto &dest : dests)
            table.row({"  -> " + context.names().show(dest.endpoint),
                       std::string(toString(dest.method)), fmt::to_string(dest.weight.value),
                       fmt::to_string(dest.active), fmt::to_string(dest.inactive), remarks(dest)});
    }
    table.finish();
}

Table statsTable(const Sink &sink, std::string_view suffix)
{
    const auto heading = [&](std::string_view name) { return fmt::format("{}{}", name, suffix); };
    return Table(
        sink, {Align::left, Align::right, Align::right, Align::right, Align::right, Align::right},
        {{"Service", heading("Conns"), heading("InPkts"), heading("OutPkts"), heading("InBytes"),
          heading("OutBytes")},
         {"  -> Destination"}});
}

Table::Row statsRow(std::string first, const netlink::Stats &stats)
{
    return {std::move(first),
            fmt::to_string(stats.conns),
            fmt::to_string(stats.inPackets),
            fmt::to_string(stats.outPackets),
            fmt::to_string(stats.inBytes),
            fmt::to_string(stats.outBytes)};
}

} // namespace lb::lbctl
