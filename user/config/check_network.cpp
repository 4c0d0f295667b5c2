// SPDX-License-Identifier: GPL-2.0
// Whether packets can come to the virtual servers, and get to real servers, as this machine's network
// is now: notes only, as it may become otherwise.
#include "check.hpp"

#include <set>

namespace lb::config {

namespace {

class NetworkCheck {
public:
    NetworkCheck(const Model &model, const Machine &machine, const Report &report)
        : machine_(machine), report_(report)
    {
        for (const auto &instance : model.instances)
            for (const auto *addresses : {&instance.addresses, &instance.excluded})
                for (const auto &address : *addresses)
                    given_.insert(address.prefix.ip);
        for (const auto &address : model.staticAddresses)
            given_.insert(address.prefix.ip);
        for (const auto &group : model.groups)
            groups_.emplace(group.name, &group);
    }

    void run(const VirtualServer &server)
    {
        if (const auto *endpoint = std::get_if<Endpoint>(&server.name))
            checkAddress(endpoint->ip, server.where);
        else if (const auto *name = std::get_if<GroupName>(&server.name)) {
            const auto group = groups_.find(name->value);
            if (group != groups_.end())
                for (const auto &range : group->second->ranges)
                    checkAddress(range.first, group->second->where);
        }
        for (const auto &real : server.realServers) {
            const auto &forwarding =
                real.forwarding ? *real.forwarding : server.forwarding.value_or(Forwarding{});
            if (forwarding.method == Method::direct)
                checkDirect(real);
        }
    }

private:
    // Each address once.
    void checkAddress(const Ip &ip, const Where &where)
    {
        if (!machine_.hasAddress || given_.contains(ip) || !told_.insert(ip).second ||
            machine_.hasAddress(ip))
            return;
        report_.note(where, fmt::format("no interface has the address {}", toString(ip)),
                     fmt::format("a vrrp_instance's virtual_ipaddress, or "
                                 "'ip address add {} dev lo'",
                                 toString(ip)));
    }

    // The packet keeps the virtual address: whoever is on the way would not know where to with it.
    void checkDirect(const RealServer &real)
    {
        if (!machine_.gatewayTo || !told_.insert(real.ip).second)
            return;
        const auto gateway = machine_.gatewayTo(real.ip);
        if (!gateway)
            return;
        report_.note(real.where,
                     fmt::format("direct routing gets to servers in networks of the director only, "
                                 "and {} is behind {}",
                                 toString(real.ip), toString(*gateway)),
                     "lvs_method TUN, or NAT, gets there");
    }

    const Machine &machine_;
    const Report &report_;
    std::set<Ip> given_{}; // by this configuration
    std::map<std::string, const VirtualServerGroup *> groups_{};
    std::set<Ip> told_{};
};

} // namespace

void checkNetwork(const Model &model, const Machine &machine, const Report &report)
{
    NetworkCheck check(model, machine, report);
    for (const auto &server : model.virtualServers)
        check.run(server);
}

} // namespace lb::config
