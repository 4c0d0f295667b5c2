// SPDX-License-Identifier: GPL-2.0
// Virtual servers that ask for what cannot be, or for less than they say.
#include "check.hpp"

#include <set>

namespace lb::config {

namespace {

constexpr std::int64_t heaviest = UINT16_MAX; // that lb takes

class VirtualServerCheck {
public:
    VirtualServerCheck(const Model &model, const VirtualServer &server, const Report &report)
        : model_(model), server_(server), report_(report), group_(findGroup())
    {}

    void run()
    {
        if (std::holds_alternative<GroupName>(server_.name) && !group_)
            report_.error(server_.where, fmt::format("there is no virtual_server_group '{}'",
                                                     std::get<GroupName>(server_.name).value));
        checkDefaults();
        checkPersistence();
        checkQuorum();
        for (const auto &real : server_.realServers)
            checkRealServer(real);
        if (server_.realServers.empty())
            report_.warning(server_.where, fmt::format("{} has no real servers", name()));
        if (server_.sorryServer)
            checkFamily(server_.sorryServer->ip, forwardingOf(server_.sorryForwarding),
                        server_.sorryServer->where);
        checkFamilies();
    }

private:
    [[nodiscard]] std::string name() const { return "virtual_server " + toString(server_.name); }

    [[nodiscard]] const VirtualServerGroup *findGroup() const
    {
        const auto *wanted = std::get_if<GroupName>(&server_.name);
        if (!wanted)
            return nullptr;
        const auto found =
            std::ranges::find(model_.groups, wanted->value, &VirtualServerGroup::name);
        return found == model_.groups.end() ? nullptr : &*found;
    }

    // Of firewall marks only, which know no protocol.
    [[nodiscard]] bool marksOnly() const
    {
        return std::holds_alternative<Mark>(server_.name) || (group_ && group_->ranges.empty());
    }

    [[nodiscard]] Forwarding forwardingOf(const std::optional<Forwarding> &own) const
    {
        return own ? *own : server_.forwarding.value_or(Forwarding{});
    }

    [[nodiscard]] bool portless() const
    {
        if (const auto *endpoint = std::get_if<Endpoint>(&server_.name))
            return endpoint->port.value == 0;
        return group_ && std::ranges::any_of(group_->ranges, [](const auto &range) {
                   return range.port.value == 0;
               });
    }

    // The family of packets for it, where it is the address that tells.
    [[nodiscard]] std::optional<Family> family() const
    {
        if (const auto *endpoint = std::get_if<Endpoint>(&server_.name))
            return endpoint->ip.family();
        if (group_ && !group_->ranges.empty())
            return group_->ranges.front().first.family();
        return {};
    }

    void checkDefaults() const
    {
        if (!server_.protocol && !marksOnly())
            report_.warning(server_.where, fmt::format("{} has no protocol: it is UDP", name()),
                            "protocol TCP|UDP|SCTP");
        if (server_.protocol && marksOnly())
            report_.warning(
                server_.where,
                fmt::format("{} has a protocol, which means nothing to a firewall mark", name()),
                "remove the protocol");
        if (!server_.scheduler)
            report_.warning(server_.where, fmt::format("{} has no scheduler: it is wlc", name()),
                            "lb_algo wlc");
        if (!server_.forwarding)
            report_.warning(server_.where,
                            fmt::format("{} has no forwarding method: it is NAT", name()),
                            "lb_kind NAT");
        if (server_.onePacket && server_.protocol && *server_.protocol != Protocol::udp)
            report_.warning(server_.where, fmt::format("{} has ops, which only UDP can", name()),
                            "remove ops");
        if (server_.family && family() && *server_.family != *family())
            report_.error(server_.where,
                          fmt::format("{} is not of the family of its ip_family", name()));
    }

    void checkPersistence() const
    {
        if (portless() && !server_.persistenceTimeout)
            report_.warning(server_.where,
                            fmt::format("{} is for all ports, so it is made persistent", name()),
                            "give a port, or a persistence_timeout");
        if (server_.persistencePrefix && !server_.persistenceTimeout && !portless())
            report_.note(
                server_.where,
                fmt::format("{} has a persistence_granularity, and no persistence", name()),
                "persistence_timeout 300");
        if (server_.persistenceByLength && family() == Family::inet)
            report_.error(server_.where,
                          fmt::format("{} has a persistence_granularity of IPv6", name()),
                          "a netmask: 255.255.255.0");
    }

    void checkQuorum() const
    {
        std::int64_t total = 0;
        for (const auto &real : server_.realServers)
            total += real.weight;
        if (!server_.realServers.empty() && server_.quorum > total)
            report_.warning(server_.where,
                            fmt::format("{} has a quorum of {}, and weights of {} in all", name(),
                                        server_.quorum, total),
                            "it could never be gained, and is taken as the latter");
        if (server_.hysteresis >= server_.quorum)
            report_.warning(
                server_.where,
                fmt::format("{} has a hysteresis of {}, and a quorum of {}: it is taken as 0",
                            name(), server_.hysteresis, server_.quorum),
                "it has to be below the quorum");
    }

    void checkRealServer(const RealServer &real) const
    {
        const auto forwarding = forwardingOf(real.forwarding);
        checkFamily(real.ip, forwarding, real.where);
        if (const auto *endpoint = std::get_if<Endpoint>(&server_.name);
            endpoint && forwarding.method != Method::nat && real.port.value &&
            endpoint->port.value && real.port != endpoint->port)
            report_.warning(real.where,
                            fmt::format("port {} is taken as {}: {} cannot change a port",
                                        real.port.value, endpoint->port.value,
                                        forwarding.method == Method::direct ? "DR" : "TUN"),
                            "only NAT can");
        if (real.weight > heaviest)
            report_.error(real.where, fmt::format("weight {} is above {}", real.weight, heaviest));
        if (real.upper && real.lower > real.upper)
            report_.error(real.where, fmt::format("lthreshold {} is above uthreshold {}",
                                                  real.lower, real.upper));
        for (const auto &probe : real.probes)
            checkProbe(probe);
    }

    void checkProbe(const Probe &probe) const
    {
        if (const auto *file = std::get_if<FileProbe>(&probe);
            file && std::ranges::find(model_.files, file->trackFile, &TrackFile::name) ==
                        model_.files.end())
            report_.error(file->where, fmt::format("there is no track_file '{}'", file->trackFile));
        if (const auto *bfd = std::get_if<BfdProbe>(&probe))
            report_.error(bfd->where, "lbd has no BFD",
                          "PING_CHECK, or a MISC_CHECK that asks bfdd");
    }

    void checkFamily(const Ip &ip, const Forwarding &forwarding, const Where &where) const
    {
        if (family() && forwarding.method != Method::tunnel && ip.family() != *family())
            report_.error(where,
                          fmt::format("{} is of another address family than its virtual server",
                                      toString(ip)),
                          "only TUN can cross them");
    }

    void checkFamilies() const
    {
        if (!group_ || !family())
            return;
        const auto other = std::ranges::find_if(
            group_->ranges, [&](const auto &range) { return range.first.family() != *family(); });
        const bool tunnels = std::ranges::all_of(server_.realServers, [&](const auto &real) {
            return forwardingOf(real.forwarding).method == Method::tunnel;
        });
        if (other != group_->ranges.end() && !tunnels)
            report_.error(
                group_->where,
                fmt::format("the group '{}' has addresses of both families", group_->name),
                "only a virtual server whose servers are all TUN can use it");
    }

    const Model &model_;
    const VirtualServer &server_;
    const Report &report_;
    const VirtualServerGroup *group_;
};

} // namespace

void checkVirtualServers(const Model &model, const Report &report)
{
    // As keepalived never says: the second would be a service that is there already.
    std::map<std::pair<std::string, int>, std::uint32_t> lines;
    for (const auto &server : model.virtualServers) {
        VirtualServerCheck(model, server, report).run();
        const auto protocol = std::holds_alternative<Mark>(server.name)
                                  ? 0
                                  : static_cast<int>(server.protocol.value_or(Protocol::udp));
        const auto [other, added] =
            lines.emplace(std::pair(toString(server.name), protocol), server.where.place.line);
        if (!added)
            report.error(server.where,
                         fmt::format("there is a virtual_server {} already", toString(server.name)),
                         fmt::format("see line {}", other->second));
    }
}

} // namespace lb::config
