// SPDX-License-Identifier: GPL-2.0
#include "change.hpp"

#include <bit>
#include <cerrno>

namespace lb::ipvsadm {

namespace {

using netlink::Change;

Result<std::uint8_t> prefixOf(const ServiceWords &service)
{
    if (service.family == Family::inet6)
        return static_cast<std::uint8_t>(service.netmask);
    const auto ones = std::countl_one(service.netmask);
    if (std::popcount(service.netmask) != ones)
        return Error{.code = EINVAL, .what = "a netmask is leading ones, then zeros"};
    return static_cast<std::uint8_t>(ones);
}

Result<netlink::ServiceSpec> specOf(const ServiceWords &service)
{
    netlink::ServiceSpec spec{.key = keyOf(service), .scheduler = service.scheduler};
    const auto prefix = prefixOf(service);

    if (!service.engine.empty() && service.engine != "sip")
        return Error{.code = ENOENT, .what = "there is no persistence engine of this name"};
    if (!prefix)
        return prefix.error();
    // To other schedulers the flags mean nothing, and are not refused.
    const bool hashes = service.scheduler == "sh" || service.scheduler == "mh";
    spec.schedulerFlags = hashes ? service.schedulerFlags : 0;
    spec.onePacket = service.onePacket;
    spec.persistTimeout = service.persistent ? service.timeout : 0;
    if (service.persistent) {
        spec.persistPrefix = *prefix;
        spec.persistEngine =
            service.engine.empty() ? LB_PERSIST_ENGINE_NONE : LB_PERSIST_ENGINE_SIP;
    }
    return spec;
}

netlink::DestSpec specOf(const Command &command)
{
    const auto &dest = command.dest;
    netlink::DestSpec spec{.service = keyOf(command.service),
                           .endpoint = {dest.ip, Port{dest.port}},
                           .method = dest.method,
                           .weight = Weight{static_cast<std::uint16_t>(dest.weight)},
                           .upper = dest.upper,
                           .lower = dest.lower,
                           .laxPort = true};
    if (dest.method == Method::tunnel) {
        spec.tunnelType = dest.tunnelType;
        spec.tunnelPort = Port{dest.tunnelPort};
        spec.tunnelChecksum = dest.tunnelChecksum;
    }
    return spec;
}

// 0 is no change.
netlink::Settings settingsOf(const Command &command)
{
    constexpr std::uint16_t types[] = {LB_A_SETTINGS_TCP_ESTABLISHED, LB_A_SETTINGS_TCP_FIN_WAIT,
                                       LB_A_SETTINGS_UDP};
    netlink::Settings settings;
    for (std::size_t i = 0; i < std::size(types); i++)
        if (command.timeouts.at(i) != 0)
            settings.values[types[i]] = command.timeouts.at(i);
    return settings;
}

} // namespace

netlink::ServiceKey keyOf(const ServiceWords &service)
{
    if (service.fwmark != 0)
        return netlink::ServiceKey::ofFwmark(service.family.value_or(Family::inet), service.fwmark);
    return {service.protocol, {service.ip, Port{service.port}}};
}

bool changes(Verb verb)
{
    switch (verb) {
    case Verb::add:
    case Verb::edit:
    case Verb::del:
    case Verb::flush:
    case Verb::addDest:
    case Verb::delDest:
    case Verb::editDest:
    case Verb::timeout:
        return true;
    default:
        return false;
    }
}

Result<Change> changeOf(const Command &command)
{
    const auto key = keyOf(command.service);

    switch (command.verb) {
    case Verb::add:
    case Verb::edit: {
        auto spec = specOf(command.service);
        if (!spec)
            return spec.error();
        return command.verb == Verb::add ? Change::add(std::move(*spec))
                                         : Change::set(std::move(*spec));
    }
    case Verb::del:
        return Change::remove(key);
    case Verb::addDest:
    case Verb::editDest:
        if (command.dest.weight > LB_WEIGHT_MAX)
            return Error{.code = ERANGE, .what = "a weight is at most 65535"};
        return command.verb == Verb::addDest ? Change::add(specOf(command))
                                             : Change::set(specOf(command));
    case Verb::delDest:
        return Change::remove(key, {command.dest.ip, Port{command.dest.port}});
    case Verb::timeout:
        return Change::set(settingsOf(command));
    default:
        return Change::flush();
    }
}

} // namespace lb::ipvsadm
