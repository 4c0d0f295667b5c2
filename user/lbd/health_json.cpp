// SPDX-License-Identifier: GPL-2.0
#include "health_json.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace lb::lbd {

namespace {

using nlohmann::json;

// With milliseconds; negative when it lies ahead.
double secondsSince(health::Time then, health::Time now)
{
    constexpr double perSecond = 1000;
    return std::round(std::chrono::duration<double>(now - then).count() * perSecond) / perSecond;
}

json toJson(const health::Job &job, const health::Record &record, health::Time now)
{
    json probe{{"kind", kindOf(job)},
               {"target", toString(job.way.to)},
               {"state", toString(record.state)},
               {"since", secondsSince(record.since, now)},
               {"next", -secondsSince(record.due, now)},
               {"attempt", record.attempt},
               {"attempts", record.attempts},
               {"good", record.good},
               {"failed", record.failed},
               {"inconclusive", record.inconclusive},
               {"late", std::chrono::duration<double>(record.worstLateness).count()}};
    if (record.last) {
        probe["last"] = {{"good", record.last->good},
                         {"why", record.last->why},
                         {"ago", secondsSince(record.lastAt, now)},
                         {"took", std::chrono::duration<double>(record.took).count()}};
        if (record.last->certificateEnds)
            probe["certificate_ends"] =
                std::chrono::system_clock::to_time_t(*record.last->certificateEnds);
    }
    auto &history = probe["history"] = json::array();
    for (const auto &transition : record.history)
        history.push_back({{"up", transition.up},
                           {"why", transition.why},
                           {"ago", secondsSince(transition.at, now)}});
    return probe;
}

json toJson(const Services::Running &running, const health::Prober &prober, health::Time now)
{
    const auto &pool = running.pool;
    const auto &server = pool.server();
    json one{{"name", server.name},
             {"protocol", toString(server.protocol)},
             {"quorum", pool.hasQuorum()},
             {"weights", pool.weights()},
             {"threshold", pool.threshold()}};
    auto &services = one["services"] = json::array();
    for (const auto &key : server.keys)
        services.push_back(toString(key));
    if (server.sorry)
        one["sorry"] = {{"server", toString(server.sorry->member.endpoint)},
                        {"serves", pool.sorryServes()}};
    auto &servers = one["servers"] = json::array();
    for (std::size_t i = 0; i < server.servers.size(); i++) {
        json real{{"server", toString(server.servers[i].member.endpoint)},
                  {"up", pool.up(i)},
                  {"weight", pool.weight(i)},
                  {"why", running.servers[i].why}};
        auto &probes = real["probes"] = json::array();
        for (const auto id : running.servers[i].probes)
            probes.push_back(toJson(prober.job(id), prober.record(id), now));
        servers.push_back(std::move(real));
    }
    return one;
}

} // namespace

json toJson(const Services &services, const health::Prober &prober, health::Time now)
{
    auto all = json::array();
    for (const auto &running : services.all())
        all.push_back(toJson(*running, prober, now));
    return all;
}

} // namespace lb::lbd
