// SPDX-License-Identifier: GPL-2.0
// lbctl show
#include "commands.hpp"
#include "context.hpp"
#include "daemon.hpp"
#include "health_view.hpp"
#include "json.hpp"
#include "view.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

using nlohmann::json;
using Align = Table::Align;

constexpr Option options[] = {socketOption};

using Views = std::map<std::string, ServiceView>; // by the service's name

// The destination that @server is in @view; a service of another port has it with that.
const netlink::Destination *destOf(const ServiceView &view, const json &server)
{
    const auto endpoint = Endpoint::parse(server.value("server", ""));
    if (!endpoint)
        return nullptr;
    const auto exact = std::ranges::find(view.dests, *endpoint, &netlink::Destination::endpoint);
    if (exact != view.dests.end())
        return &*exact;
    const auto near = std::ranges::find_if(view.dests, [&](const auto &dest) {
        return dest.endpoint.ip == endpoint->ip &&
               dest.endpoint.port == view.service.key.endpoint.port;
    });
    return near == view.dests.end() ? nullptr : &*near;
}

std::string whyOf(const json &server)
{
    return server.value("up", false) ? "" : server.value("why", "");
}

Table::Row rowOf(std::string name, std::string health, const netlink::Destination &dest,
                 std::string remark)
{
    return {std::move(name),
            std::move(health),
            fmt::to_string(dest.weight.value),
            fmt::to_string(dest.active),
            fmt::to_string(dest.inactive),
            fmt::to_string(dest.stats.conns),
            fmt::to_string(dest.stats.inBytes),
            fmt::to_string(dest.stats.outBytes),
            std::move(remark)};
}

void printService(Table &table, const json &one, const ServiceView &view)
{
    const auto &service = view.service;
    table.row({toString(service.key), one.value("quorum", false) ? "quorum" : "no quorum",
               fmt::to_string(one.value("weights", std::uint64_t{0})),
               fmt::to_string(service.active), fmt::to_string(service.inactive),
               fmt::to_string(service.stats.conns), fmt::to_string(service.stats.inBytes),
               fmt::to_string(service.stats.outBytes)});
    std::set<Endpoint> known;
    for (const auto &server : one.at("servers")) {
        const auto name = "  -> " + server.value("server", "");
        if (const auto *dest = destOf(view, server)) {
            known.insert(dest->endpoint);
            table.row(
                rowOf(name, stateOf(server), *dest, dest->drain ? "draining" : whyOf(server)));
        } else {
            table.row({name, stateOf(server), "out", "", "", "", "", "", whyOf(server)});
        }
    }
    for (const auto &dest : view.dests)
        if (!known.contains(dest.endpoint)) {
            const bool sorry = one.contains("sorry") &&
                               one["sorry"].value("server", "") == toString(dest.endpoint);
            table.row(
                rowOf("  -> " + toString(dest.endpoint), sorry ? "sorry" : "not lbd's", dest, ""));
        }
}

void print(Context &context, const json &virtualServers, const Views &views)
{
    Table table(
        context.sink(),
        {Align::left, Align::left, Align::right, Align::right, Align::right, Align::right,
         Align::right, Align::right, Align::left},
        {{"Service", "Health", "Weight", "Active", "Inactive", "Conns", "InBytes", "OutBytes"},
         {"  -> Destination"}});
    for (const auto &one : virtualServers)
        for (const auto &service : one.at("services")) {
            const auto name = service.get<std::string>();
            if (const auto view = views.find(name); view != views.end())
                printService(table, one, view->second);
            else
                table.row({name, "gone", "", "", "", "", "", "", "somebody has removed it"});
        }
    table.finish();
}

void printJson(Context &context, json virtualServers, const Views &views)
{
    for (auto &one : virtualServers) {
        auto &director = one["director"] = json::array();
        for (const auto &service : one.at("services")) {
            const auto view = views.find(service.get<std::string>());
            if (view == views.end())
                continue;
            director.push_back({{"service", json::parse(toJson(view->second.service))},
                                {"dest", json::parse(arrayJson(view->second.dests))}});
        }
    }
    context.write(toText({{"virtual_servers", std::move(virtualServers)}}) + '\n');
}

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
    auto director = context.director();
    if (!director)
        return director.error();
    auto all = readServices(**director, {});
    if (!all)
        return all.error();
    Views views;
    for (auto &view : *all)
        views.emplace(toString(view.service.key), std::move(view));
    if (context.form().json)
        printJson(context, std::move(found->virtualServers), views);
    else
        print(context, found->virtualServers, views);
    return {};
}

} // namespace

const Command lbdShow{
    .name = "show",
    .arguments = "[VIRTUAL-SERVER|SERVER]...",
    .summary = "Show health beside weights and counters, as lbd sees them",
    .options = options,
    .doing = "showing services",
    .text = "The services of lbd with their servers: which are up, and what the director does\n"
            "with them. A server that is down and was taken out has the weight 'out'.\n\n"
            "Examples:\n"
            "  lbctl show\n"
            "  lbctl show tcp 192.0.2.1:80\n",
    .run = show,
};

} // namespace lb::lbctl
