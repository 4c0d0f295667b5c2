// SPDX-License-Identifier: GPL-2.0
#include "diff.hpp"

namespace lb::plane {

namespace {

using netlink::Change;
using netlink::DestSpec;
using netlink::ServiceKey;
using netlink::ServiceSpec;

using Members = std::map<Endpoint, const Member *>;

Members byEndpoint(const Pool &pool)
{
    Members members;
    for (const auto &member : pool.members)
        members.emplace(member.endpoint, &member);
    return members;
}

Step adding(const ServiceKey &key, const Member &member)
{
    return {Change::add(additionOf(key, member)), member.line};
}

// Names only what differs.
Step changing(const ServiceKey &key, const Member &old, const Member &member)
{
    DestSpec spec{.service = key, .endpoint = member.endpoint};
    if (old.method != member.method)
        spec.method = member.method;
    if (old.weight != member.weight)
        spec.weight = member.weight;
    // Whoever is told anew to drain begins without a deadline.
    if (old.drain != member.drain || !old.draining.sameAs(member.draining)) {
        spec.drain = member.drain;
        spec.deadline = member.draining.deadline;
        if (member.draining.end != LB_DRAIN_END_KEEP)
            spec.drainEnd = member.draining.end;
    }
    if (old.tunnel != member.tunnel) {
        spec.tunnelType = member.tunnel.type;
        spec.tunnelPort = member.tunnel.port;
        spec.tunnelChecksum = member.tunnel.checksum;
    }
    // Together: each has to fit the other.
    if (old.upper != member.upper || old.lower != member.lower) {
        spec.upper = member.upper;
        spec.lower = member.lower;
    }
    return {Change::set(spec), member.line};
}

Step changing(const ServiceKey &key, const Pool &old, const Pool &pool)
{
    ServiceSpec spec{.key = key};
    if (old.scheduler != pool.scheduler)
        spec.scheduler = pool.scheduler;
    if (old.schedulerFlags != pool.schedulerFlags)
        spec.schedulerFlags = pool.schedulerFlags;
    if (old.onePacket != pool.onePacket)
        spec.onePacket = pool.onePacket;
    if (old.mssClamp != pool.mssClamp)
        spec.mssClamp = pool.mssClamp;
    const auto &was = old.persistence;
    const auto &is = pool.persistence;
    if (was.timeout != is.timeout)
        spec.persistTimeout = is.timeout;
    // Without persistence there is nothing to say of it.
    if (is.timeout != 0 && was.prefix != is.prefix)
        spec.persistPrefix = is.prefix.value_or(addressBits(key));
    if (is.timeout != 0 && was.engine != is.engine)
        spec.persistEngine = is.engine;
    if (old.timeouts != pool.timeouts)
        spec.timeouts = pool.timeouts;
    if (old.slowStart != pool.slowStart)
        spec.slowStart = pool.slowStart;
    if (old.orphans != pool.orphans)
        spec.orphans = pool.orphans;
    return {Change::set(spec), pool.line};
}

void removeFrom(std::vector<Step> &steps, const ServiceKey &key, const Pool &old, const Pool &pool)
{
    const auto stays = byEndpoint(pool);
    for (const auto &member : old.members)
        if (!stays.contains(member.endpoint))
            steps.push_back({Change::remove(key, member.endpoint), 0});
}

void bringTo(std::vector<Step> &steps, const ServiceKey &key, const Pool &old, const Pool &pool)
{
    if (!old.sameAs(pool))
        steps.push_back(changing(key, old, pool));

    const auto there = byEndpoint(old);
    for (const auto &member : pool.members) {
        const auto found = there.find(member.endpoint);
        if (found == there.end())
            steps.push_back(adding(key, member));
        else if (!found->second->sameAs(member))
            steps.push_back(changing(key, *found->second, member));
    }
}

void changeSettings(std::vector<Step> &steps, const Model &running, const Model &wanted)
{
    for (const auto &[type, value] : wanted.settings.values) {
        const auto now = running.settings.values.find(type);
        if (now != running.settings.values.end() && now->second == value)
            continue;
        const auto line = wanted.settingLines.find(type);
        steps.push_back({Change::set(netlink::Settings{.values = {{type, value}}}),
                         line != wanted.settingLines.end() ? line->second : 0});
    }
}

} // namespace

std::vector<Step> diff(const Model &running, const Model &wanted)
{
    std::vector<Step> steps;

    for (const auto &[key, pool] : running.services) {
        const auto stays = wanted.services.find(key);
        if (stays == wanted.services.end())
            steps.push_back({Change::remove(key), 0});
        else
            removeFrom(steps, key, pool, stays->second);
    }
    for (const auto &[key, pool] : wanted.services) {
        const auto there = running.services.find(key);
        if (there != running.services.end()) {
            bringTo(steps, key, there->second, pool);
            continue;
        }
        steps.push_back({Change::add(additionOf(key, pool)), pool.line});
        for (const auto &member : pool.members)
            steps.push_back(adding(key, member));
    }
    changeSettings(steps, running, wanted);
    return steps;
}

} // namespace lb::plane
