// SPDX-License-Identifier: GPL-2.0
#include "health_view.hpp"

#include "../base/closest.hpp"
#include "daemon.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace lb::lbctl {

namespace {

using nlohmann::json;
using Align = Table::Align;

// Without its port: "10.0.0.1", "2001:db8::1".
std::string addressOf(const std::string &endpoint)
{
    const auto address = endpoint.substr(0, endpoint.rfind(':'));
    return address.starts_with('[') ? address.substr(1, address.size() - 2) : address;
}

// What people may call it.
std::vector<std::string> namesOf(const json &virtualServer)
{
    std::vector<std::string> names{virtualName(virtualServer), virtualServer.value("name", "")};
    for (const auto &service : virtualServer.at("services")) {
        const auto text = service.get<std::string>();
        names.push_back(text);
        if (const auto second = text.substr(text.find(' ') + 1); !text.starts_with("fwmark")) {
            names.push_back(second);
            names.push_back(addressOf(second));
        }
    }
    return names;
}

bool names(const std::vector<std::string> &all, const std::string &word)
{
    return std::ranges::find(all, word) != all.end();
}

// Of several probes the one that says most: that has failed, or else the first.
const json *deciding(const json &server)
{
    const auto &probes = server.at("probes");
    const json *first = nullptr;
    for (const auto &probe : probes) {
        const auto state = probe.value("state", "");
        if (state == "down" || (state == "checking" && server.value("up", false)))
            return &probe;
        if (first == nullptr)
            first = &probe;
    }
    return first;
}

std::string lastOf(const json &probe)
{
    if (!probe.contains("last"))
        return "not asked yet";
    const auto &last = probe["last"];
    return fmt::format("{}: {}, {} ago", last.value("good", false) ? "good" : "failed",
                       last.value("why", ""), showSeconds(last.value("ago", 0.0)));
}

std::string explain(const json &probe)
{
    auto text =
        fmt::format("  {} of {}: {} for {}\n", probe.value("kind", ""), probe.value("target", ""),
                    probe.value("state", ""), showSeconds(probe.value("since", 0.0)));
    text += fmt::format("    last     {}", lastOf(probe));
    if (probe.contains("last") && probe["last"].contains("took"))
        text += fmt::format(", took {:.3f} s", probe["last"].value("took", 0.0));
    text += fmt::format("\n    next     in {}, attempt {} of {}\n",
                        showSeconds(probe.value("next", 0.0)), probe.value("attempt", 1U),
                        probe.value("attempts", 1U));
    text +=
        fmt::format("    so far   {} good, {} failed, {} not conclusive; {:.3f} s late at most\n",
                    probe.value("good", 0U), probe.value("failed", 0U),
                    probe.value("inconclusive", 0U), probe.value("late", 0.0));
    if (probe.contains("certificate_ends"))
        text += fmt::format("    its certificate ends {:%FT%TZ}\n",
                            fmt::gmtime(probe.value("certificate_ends", std::time_t{0})));
    const auto &history = probe.at("history");
    for (auto entry = history.rbegin(); entry != history.rend(); ++entry)
        text += fmt::format("    {:>7} ago  {:<4}  {}\n", showSeconds(entry->value("ago", 0.0)),
                            entry->value("up", false) ? "up" : "down", entry->value("why", ""));
    return text;
}

} // namespace

std::string virtualName(const json &virtualServer)
{
    const auto name = virtualServer.value("name", "");
    return name.starts_with("fwmark")
               ? name
               : fmt::format("{} {}", virtualServer.value("protocol", ""), name);
}

std::string stateOf(const json &server)
{
    const auto *probe = deciding(server);
    if (!server.value("up", false))
        return "down";
    if (probe == nullptr)
        return "unknown";
    const auto state = probe->value("state", "");
    return state == "checking" ? "failing" : state;
}

std::vector<std::string> namesIn(const json &all)
{
    std::vector<std::string> found;
    for (const auto &one : all) {
        for (const auto &service : one.at("services")) {
            const auto name = service.get<std::string>();
            found.push_back(name.starts_with("fwmark") ? name : name.substr(name.find(' ') + 1));
        }
        for (const auto &server : one.at("servers"))
            found.push_back(server.value("server", ""));
    }
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

Result<Selection> select(const json &all, const std::vector<std::string> &words)
{
    if (words.empty())
        return Selection{.virtualServers = all};
    const auto word = fmt::to_string(fmt::join(words, " "));
    Selection found;
    for (const auto &one : all)
        if (names(namesOf(one), word))
            found.virtualServers.push_back(one);
    if (!found.virtualServers.empty())
        return found;
    found.ofServers = true;
    for (const auto &one : all) {
        auto part = one;
        part["servers"] = json::array();
        for (const auto &server : one.at("servers")) {
            const auto endpoint = server.value("server", "");
            if (endpoint == word || addressOf(endpoint) == word)
                part["servers"].push_back(server);
        }
        if (!part["servers"].empty())
            found.virtualServers.push_back(std::move(part));
    }
    if (!found.virtualServers.empty())
        return found;
    const auto known = namesIn(all);
    const std::vector<std::string_view> views(known.begin(), known.end());
    const auto meant = closest(word, views);
    return Error{.what = fmt::format("lbd has no virtual server or server '{}'", word),
                 .hint = meant.empty() ? "lbctl health lists them"
                                       : fmt::format("did you mean '{}'?", meant)};
}

void printHealth(const Sink &sink, const json &virtualServers)
{
    Table table(
        sink, {Align::left, Align::left, Align::right, Align::right, Align::left, Align::right},
        {{"Virtual server", "State", "Weight", "Since", "Last result", "Next"}, {"  -> Server"}});
    for (const auto &one : virtualServers) {
        const bool quorum = one.value("quorum", false);
        std::string remark;
        if (one.contains("sorry") && one["sorry"].value("serves", false))
            remark = fmt::format("the sorry server {} serves", one["sorry"].value("server", ""));
        table.row({virtualName(one), quorum ? "quorum" : "no quorum",
                   fmt::to_string(one.value("weights", std::uint64_t{0})), "", remark});
        for (const auto &server : one.at("servers")) {
            const auto *probe = deciding(server);
            table.row({"  -> " + server.value("server", ""), stateOf(server),
                       fmt::to_string(server.value("weight", 0U)),
                       probe == nullptr ? "" : showSeconds(probe->value("since", 0.0)),
                       probe == nullptr ? "nobody asks" : lastOf(*probe),
                       probe == nullptr ? "" : "in " + showSeconds(probe->value("next", 0.0))});
        }
    }
    table.finish();
}

std::string explainHealth(const json &virtualServers)
{
    std::string text;
    for (const auto &one : virtualServers)
        for (const auto &server : one.at("servers")) {
            text += fmt::format("{}{}, server {}: {}, weight {}\n", text.empty() ? "" : "\n",
                                virtualName(one), server.value("server", ""), stateOf(server),
                                server.value("weight", 0U));
            if (const auto why = server.value("why", ""); !why.empty())
                text += fmt::format("  because: {}\n", why);
            if (server.at("probes").empty())
                text += "  nobody asks it\n";
            for (const auto &probe : server.at("probes"))
                text += explain(probe);
        }
    return text;
}

} // namespace lb::lbctl
