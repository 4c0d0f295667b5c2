// SPDX-License-Identifier: GPL-2.0
#include "virtual.hpp"

#include <algorithm>
#include <set>

namespace lb::pool {

namespace {

using config::VirtualServer;
using netlink::ServiceKey;

constexpr std::string_view usualScheduler = "wlc";
constexpr std::uint32_t usualPersistence = 360; // seconds, of services that are for all ports

// The address behind @ip.
Ip next(const Ip &ip)
{
    auto bytes = std::vector<std::uint8_t>(ip.bytes().begin(), ip.bytes().end());
    for (auto byte = bytes.rbegin(); byte != bytes.rend() && ++*byte == 0; ++byte) {
    }
    return *Ip::fromBytes(ip.family(), bytes);
}

class Maker {
public:
    Maker(const config::Model &model, const VirtualServer &server) : model_(model), server_(server)
    {}

    Virtual make()
    {
        Virtual made{.name = toString(server_.name),
                     .protocol = server_.protocol.value_or(Protocol::udp),
                     .keys = keys(),
                     .config = server_};
        if (made.keys.empty())
            return made;
        made.policy = policy(made.keys.front());
        for (const auto &real : server_.realServers)
            made.servers.push_back(serverOf(real, made.keys.front()));
        if (server_.sorryServer)
            made.sorry = sorryOf(made.keys.front());

        std::uint64_t total = 0;
        for (const auto &server : made.servers)
            total += server.member.weight.value;
        // As keepalived, which says so (config/check_virtual_server.cpp).
        made.quorum = static_cast<std::uint32_t>(
            made.servers.empty() ? server_.quorum : std::min<std::uint64_t>(server_.quorum, total));
        made.hysteresis = server_.hysteresis < made.quorum ? server_.hysteresis : 0;
        return made;
    }

private:
    [[nodiscard]] Family familyOfServers() const
    {
        if (server_.family)
            return *server_.family;
        return server_.realServers.empty() ? Family::inet : server_.realServers.front().ip.family();
    }

    [[nodiscard]] std::vector<ServiceKey> keys() const
    {
        const auto protocol = server_.protocol.value_or(Protocol::udp);
        if (const auto *endpoint = std::get_if<Endpoint>(&server_.name))
            return {ServiceKey{protocol, *endpoint}};
        if (const auto *mark = std::get_if<config::Mark>(&server_.name))
            return {ServiceKey::ofFwmark(familyOfServers(), mark->value)};

        const auto &name = std::get<config::GroupName>(server_.name).value;
        const auto group =
            std::ranges::find(model_.groups, name, &config::VirtualServerGroup::name);
        if (group == model_.groups.end())
            return {};
        std::vector<ServiceKey> keys;
        std::set<ServiceKey> known;
        const auto add = [&](const ServiceKey &key) {
            if (known.insert(key).second)
                keys.push_back(key);
        };
        for (const auto &range : group->ranges)
            // The checks have bounded their number.
            for (auto ip = range.first;; ip = next(ip)) {
                add({protocol, {ip, range.port}});
                if (ip == range.last)
                    break;
            }
        for (const auto &mark : group->marks)
            add(ServiceKey::ofFwmark(mark.family.value_or(familyOfServers()), mark.value));
        return keys;
    }

    [[nodiscard]] plane::Pool policy(const ServiceKey &key) const
    {
        plane::Pool policy{.scheduler = server_.scheduler.value_or(std::string(usualScheduler)),
                           .line = server_.where.place.line,
                           .schedulerFlags = server_.schedulerFlags,
                           .mssClamp = server_.mssClamp,
                           .timeouts = server_.timeouts,
                           .slowStart = server_.slowStart,
                           .orphans = server_.orphans};
        policy.onePacket = server_.onePacket && key.protocol == Protocol::udp;
        const bool portless = key.fwmark == 0 && key.endpoint.port.value == 0;
        if (server_.persistenceTimeout)
            policy.persistence.timeout = *server_.persistenceTimeout;
        else if (portless)
            policy.persistence.timeout = usualPersistence;
        if (policy.persistence.timeout == 0)
            return policy;
        if (server_.persistencePrefix && *server_.persistencePrefix < addressBits(key))
            policy.persistence.prefix = server_.persistencePrefix;
        if (server_.persistenceEngine == "sip")
            policy.persistence.engine = LB_PERSIST_ENGINE_SIP;
        return policy;
    }

    // With @port 0, its port is the service's.
    [[nodiscard]] Server destination(const Ip &ip, Port port, const config::Forwarding &forwarding,
                                     const ServiceKey &key, std::uint16_t weight) const
    {
        const auto ofService = key.fwmark == 0 ? key.endpoint.port : Port{};
        Server made;
        // Only nat can change it; keepalived takes the service's as well, a mark's is 0.
        made.portOfService = port.value == 0 || forwarding.method != Method::nat;
        made.member = {.endpoint = {ip, made.portOfService ? ofService : port},
                       .method = forwarding.method,
                       .weight = Weight{weight},
                       .tunnel = forwarding.tunnel};
        made.whenRemoved = server_.onRemoval.value_or(config::usualRemoval);
        return made;
    }

    [[nodiscard]] Server serverOf(const config::RealServer &real, const ServiceKey &key) const
    {
        const auto &forwarding =
            real.forwarding ? *real.forwarding : server_.forwarding.value_or(config::Forwarding{});
        auto made = destination(real.ip, real.port, forwarding, key,
                                static_cast<std::uint16_t>(real.weight));
        made.member.upper = real.upper;
        made.member.lower = real.lower;
        made.member.line = real.where.place.line;
        made.whenDown = real.onFailure.value_or(server_.onFailure.value_or(config::Leaving{}));
        made.whenRemoved = real.onRemoval.value_or(made.whenRemoved);
        return made;
    }

    [[nodiscard]] Server sorryOf(const ServiceKey &key) const
    {
        const auto &forwarding = server_.sorryForwarding
                                     ? *server_.sorryForwarding
                                     : server_.forwarding.value_or(config::Forwarding{});
        auto made =
            destination(server_.sorryServer->ip, server_.sorryServer->port, forwarding, key, 1);
        made.member.line = server_.sorryServer->where.place.line;
        if (server_.sorryInhibit)
            made.whenDown.how = config::Leaving::How::inhibit;
        return made;
    }

    const config::Model &model_;
    const VirtualServer &server_;
};

} // namespace

plane::Member memberOf(const Server &server, const netlink::ServiceKey &key)
{
    auto member = server.member;
    if (server.portOfService)
        member.endpoint.port = key.fwmark == 0 ? key.endpoint.port : Port{};
    return member;
}

plane::Pool policyOf(const Virtual &server, const netlink::ServiceKey &key)
{
    auto policy = server.policy;
    // A group may have addresses of both families.
    if (policy.persistence.prefix && *policy.persistence.prefix >= addressBits(key))
        policy.persistence.prefix.reset();
    return policy;
}

std::vector<Virtual> virtualsOf(const config::Model &model)
{
    std::vector<Virtual> virtuals;
    for (const auto &server : model.virtualServers) {
        auto made = Maker(model, server).make();
        if (!made.keys.empty())
            virtuals.push_back(std::move(made));
    }
    return virtuals;
}

} // namespace lb::pool
