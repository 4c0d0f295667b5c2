// SPDX-License-Identifier: GPL-2.0
// VRRP's instances that cannot run, or that stand in each other's way.
#include "check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string_view>
#include <tuple>

namespace lb::config {

namespace {

using namespace std::string_view_literals;

bool isMissing(const Model &model, const Machine &machine, const std::string &device)
{
    return !device.empty() && !model.globals.dynamicInterfaces && machine.hasInterface &&
           !machine.hasInterface(device);
}

constexpr auto comesLater = "dynamic_interfaces in global_defs lets it come later";

// The interfaces that routes and rules name: without one of them only that route or rule is not
// there.
void checkDevices(const Model &model, const Machine &machine, const std::vector<RouteWords> &routes,
                  const Report &report)
{
    constexpr std::array keywords{"dev", "iif", "oif"};

    for (const auto &route : routes)
        for (std::size_t i = 0; i + 1 < route.words.size(); i++)
            if (std::ranges::count(keywords, route.words[i]) &&
                isMissing(model, machine, route.words[i + 1]))
                report.warning(route.where,
                               fmt::format("there is no interface '{}'", route.words[i + 1]),
                               comesLater);
}

bool names(const RouteWords &route, std::span<const std::string_view> keywords)
{
    return std::ranges::any_of(
        route.words, [&](const auto &word) { return std::ranges::count(keywords, word) != 0; });
}

void checkRoutes(const Model &model, const Machine &machine, const std::vector<RouteWords> &routes,
                 const Report &report)
{
    constexpr std::array notTracked{"no_track"sv};
    constexpr std::array interfaces{"dev"sv, "oif"sv};
    constexpr std::array hops{"nexthop"sv};
    constexpr std::array deprecated{"or"sv};

    for (const auto &route : routes) {
        if (names(route, deprecated))
            report.warning(route.where, "'or' in a route is deprecated", "nexthop");
        // Those of the hops are not looked at.
        else if (!names(route, notTracked) && (!names(route, interfaces) || names(route, hops)))
            report.warning(route.where, "a route without an interface cannot be tracked",
                           "dev INTERFACE, or no_track");
    }
    checkDevices(model, machine, routes, report);
}

void checkRules(const Model &model, const Machine &machine, const std::vector<RouteWords> &rules,
                const Report &report)
{
    constexpr std::array preferences{"preference"sv, "priority"sv, "order"sv};

    for (const auto &rule : rules)
        if (!names(rule, preferences))
            report.warning(
                rule.where,
                "a rule without a preference gets 16384, which is probably not what is meant",
                "preference NUMBER");
    checkDevices(model, machine, rules, report);
}

class InstanceCheck {
public:
    InstanceCheck(const Model &model, const VrrpInstance &instance, const Machine &machine,
                  const Report &report)
        : model_(model), instance_(instance), machine_(machine), report_(report)
    {}

    void run() const
    {
        if (!instance_.id)
            report_.error(instance_.where, fmt::format("{} has no virtual_router_id", name()));
        checkInterface();
        checkFamilies();
        checkPreemption();
        if (instance_.startAsMaster && instance_.authType == AuthType::ah)
            report_.warning(instance_.where,
                            fmt::format("{} has state MASTER, which means nothing with "
                                        "auth_type AH: what others have sent is not known yet",
                                        name()),
                            "state BACKUP");
        if (instance_.authType == AuthType::pass && instance_.authPass.empty())
            report_.note(instance_.where,
                         fmt::format("{} has no auth_pass: nothing is checked", name()));
        if (instance_.addresses.empty() && !instance_.noVirtualAddress)
            report_.note(instance_.where, fmt::format("{} has no virtual_ipaddress", name()));
    }

    [[nodiscard]] std::optional<Family> family() const
    {
        if (!instance_.addresses.empty())
            return instance_.addresses.front().prefix.ip.family();
        if (instance_.source)
            return instance_.source->family();
        return {};
    }

private:
    [[nodiscard]] std::string name() const
    {
        return fmt::format("vrrp_instance '{}'", instance_.name);
    }

    void checkInterface() const
    {
        if (instance_.interface.empty()) {
            if (instance_.peers.empty())
                report_.error(instance_.where, fmt::format("{} has no interface", name()),
                              "only with unicast_peer it can do without");
        } else if (instance_.interface == "lo") {
            report_.error(instance_.where,
                          fmt::format("{} cannot speak over the loopback interface", name()));
        } else {
            checkDevice(instance_.interface, instance_.where);
        }
        for (const auto *list : {&instance_.addresses, &instance_.excluded})
            for (const auto &address : *list)
                checkDevice(address.device, address.where);
        for (const auto &track : instance_.interfaces)
            checkDevice(track.name, track.where);
        checkRoutes(model_, machine_, instance_.routes, report_);
        checkRules(model_, machine_, instance_.rules, report_);
    }

    void checkDevice(const std::string &device, const Where &where) const
    {
        if (isMissing(model_, machine_, device))
            report_.error(where, fmt::format("there is no interface '{}'", device), comesLater);
    }

    void checkFamilies() const
    {
        const auto wanted = family();
        for (const auto &address : instance_.addresses)
            if (address.prefix.ip.family() != *wanted)
                report_.error(address.where,
                              fmt::format("{} is of another address family than the first address",
                                          toString(address.prefix.ip)),
                              "virtual_ipaddress_excluded takes both");
        for (const auto &peer : instance_.peers)
            if (wanted && peer.ip.family() != *wanted)
                report_.error(
                    peer.where,
                    fmt::format("the peer {} is of another address family than the addresses",
                                toString(peer.ip)));
        if (instance_.source && wanted && instance_.source->family() != *wanted)
            report_.error(
                instance_.where,
                fmt::format("the source {} is of another address family than the addresses",
                            toString(*instance_.source)));
    }

    void checkPreemption() const
    {
        if (instance_.startAsMaster && instance_.noPreempt)
            report_.warning(
                instance_.where,
                fmt::format("{} has nopreempt, which means nothing with state MASTER", name()),
                "state BACKUP");
        if (instance_.noPreempt && instance_.preemptDelay.count())
            report_.note(instance_.where,
                         fmt::format("{} has a preempt_delay, and nopreempt", name()));
    }

    const Model &model_;
    const VrrpInstance &instance_;
    const Machine &machine_;
    const Report &report_;
};

template <typename Things>
void checkTracks(const std::vector<Track> &tracks, const Things &things, std::string_view what,
                 const Report &report)
{
    for (const auto &track : tracks)
        if (std::ranges::none_of(things,
                                 [&](const auto &thing) { return thing.name == track.name; }))
            report.error(track.where, fmt::format("there is no {} '{}'", what, track.name));
}

void checkTracking(const Model &model, const Tracks &tracks, const Report &report)
{
    checkTracks(tracks.scripts, model.scripts, "vrrp_script", report);
    checkTracks(tracks.files, model.files, "track_file", report);
    checkTracks(tracks.processes, model.processes, "vrrp_track_process", report);
    for (const auto &track : tracks.bfd)
        report.error(track.where, "lbd has no BFD", "track a file or script that asks bfdd");
}

void checkSyncGroup(const Model &model, const SyncGroup &group, const Report &report)
{
    if (group.members.empty())
        report.error(group.where, fmt::format("the sync group '{}' has no instances", group.name));
    if (group.members.size() == 1)
        report.warning(group.where,
                       fmt::format("the sync group '{}' has a single instance", group.name),
                       "it needs no group");
    for (const auto &member : group.members)
        if (std::ranges::find(model.instances, member, &VrrpInstance::name) ==
            model.instances.end())
            report.error(
                group.where,
                fmt::format("the sync group '{}' has a member '{}' that is no vrrp_instance",
                            group.name, member));
}

} // namespace

void checkVrrp(const Model &model, const Machine &machine, const Report &report)
{
    // RFC 9568, 5.2.3: the id is unique on a network, for each family. Peers that are told apart by
    // unicast, or by other groups, do not meet.
    std::map<std::tuple<std::string, Family, int, std::string>, const VrrpInstance *> ids;
    for (const auto &instance : model.instances) {
        const InstanceCheck one(model, instance, machine, report);
        one.run();
        checkTracking(model, instance, report);
        if (!instance.id || !instance.peers.empty())
            continue;
        const auto [other, added] = ids.emplace(
            std::tuple(instance.interface, one.family().value_or(Family::inet), int{*instance.id},
                       instance.multicast ? toString(*instance.multicast) : ""),
            &instance);
        if (!added)
            report.error(
                instance.where,
                fmt::format("vrrp_instance '{}' has the virtual_router_id {} of '{}' on {}",
                            instance.name, *instance.id, other->second->name, instance.interface),
                fmt::format("see line {}; give it another one", other->second->where.place.line));
    }
    for (const auto &address : model.staticAddresses)
        if (isMissing(model, machine, address.device))
            report.warning(address.where, fmt::format("there is no interface '{}'", address.device),
                           comesLater);
    checkRoutes(model, machine, model.staticRoutes, report);
    checkRules(model, machine, model.staticRules, report);
    for (const auto &group : model.syncGroups) {
        checkTracking(model, group, report);
        checkSyncGroup(model, group, report);
    }
    for (const auto &script : model.scripts)
        if (script.script.words.empty())
            report.error(script.where,
                         fmt::format("the vrrp_script '{}' runs nothing", script.name));
    for (const auto &file : model.files)
        if (file.path.empty())
            report.error(file.where, fmt::format("the track_file '{}' has no file", file.name));
}

} // namespace lb::config
