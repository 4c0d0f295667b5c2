// SPDX-License-Identifier: GPL-2.0
#include "model.hpp"

#include <cerrno>

namespace lb::plane {

namespace {

constexpr int readTries = 10;

Result<Model> readOnce(netlink::Director &director)
{
    auto services = director.services();
    if (!services)
        return services.error();
    auto dests = director.dests();
    if (!dests)
        return dests.error();
    auto settings = director.settings();
    if (!settings)
        return settings.error();

    Model model;
    for (auto &service : *services) {
        auto &pool = model.services[service.key];
        pool.scheduler = std::move(service.scheduler);
        pool.schedulerFlags = service.schedulerFlags;
        pool.onePacket = service.onePacket;
        pool.mssClamp = service.mssClamp;
        pool.persistence = service.persistence;
        pool.timeouts = std::move(service.timeouts);
        pool.slowStart = service.slowStart;
        pool.orphans = service.orphans;
    }
    for (const auto &dest : *dests)
        model.services[dest.service].members.push_back({dest.endpoint, dest.method, dest.weight,
                                                        dest.drain, 0, dest.tunnel, dest.upper,
                                                        dest.lower, dest.draining});
    model.settings = std::move(*settings);
    return model;
}

} // namespace

netlink::ServiceSpec additionOf(const netlink::ServiceKey &key, const Pool &pool)
{
    netlink::ServiceSpec spec{key, pool.scheduler, pool.schedulerFlags};
    if (pool.onePacket)
        spec.onePacket = true;
    if (pool.mssClamp != 0)
        spec.mssClamp = pool.mssClamp;
    if (pool.persistence.timeout != 0) {
        spec.persistTimeout = pool.persistence.timeout;
        spec.persistPrefix = pool.persistence.prefix;
        if (pool.persistence.engine != LB_PERSIST_ENGINE_NONE)
            spec.persistEngine = pool.persistence.engine;
    }
    if (!pool.timeouts.empty())
        spec.timeouts = pool.timeouts;
    if (pool.slowStart != 0)
        spec.slowStart = pool.slowStart;
    if (pool.orphans != LB_ORPHANS_DEFAULT)
        spec.orphans = pool.orphans;
    return spec;
}

netlink::DestSpec additionOf(const netlink::ServiceKey &key, const Member &member)
{
    netlink::DestSpec spec{key, member.endpoint, member.method, member.weight, member.drain};
    if (member.upper != 0)
        spec.upper = member.upper;
    if (member.lower != 0)
        spec.lower = member.lower;
    spec.deadline = member.draining.deadline;
    if (member.draining.end != LB_DRAIN_END_KEEP)
        spec.drainEnd = member.draining.end;
    if (member.tunnel == Tunnel{})
        return spec;
    spec.tunnelType = member.tunnel.type;
    if (member.tunnel.port.value != 0)
        spec.tunnelPort = member.tunnel.port;
    if (member.tunnel.checksum != TunnelChecksum::none)
        spec.tunnelChecksum = member.tunnel.checksum;
    return spec;
}

Result<Model> readModel(netlink::Director &director)
{
    // Each list is of one generation by itself; all three are when the generation stayed.
    for (int tries = 0; tries < readTries; tries++) {
        const auto before = director.info();
        if (!before)
            return before.error();
        auto model = readOnce(director);
        if (!model)
            return model;
        const auto after = director.info();
        if (!after)
            return after.error();
        if (before->generation == after->generation) {
            model->generation = after->generation;
            return model;
        }
    }
    return Error{.code = EAGAIN,
                 .what = "the configuration kept changing while it was read",
                 .hint = "try again"};
}

} // namespace lb::plane
