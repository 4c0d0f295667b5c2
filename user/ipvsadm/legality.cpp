// SPDX-License-Identifier: GPL-2.0
// Which options a command of ipvsadm can have, needs, or has only one of.
#include "grammar.hpp"

#include <fmt/core.h>

namespace lb::ipvsadm {

namespace {

constexpr std::string_view verbNames[] = {
    "add-service", "edit-service",  "delete-service", "flush", "list",
    "add-server",  "delete-server", "edit-server",    "set",   "start-daemon",
    "stop-daemon", "restore",       "save",           "zero",
};

constexpr std::string_view optNames[] = {
    "numeric",
    "connection",
    "service-address",
    "scheduler",
    "persistent",
    "netmask",
    "real-server",
    "forwarding-method",
    "weight",
    "u-threshold",
    "l-threshold",
    "mcast-interface",
    "timeout",
    "daemon",
    "stats",
    "rate",
    "thresholds",
    "persistent-conn",
    "nosort",
    "syncid",
    "exact",
    "ops",
    "pe",
    "sched-flags",
    "mcast-group",
    "mcast-port",
    "mcast-ttl",
    "sync-maxlen",
    "tun-info",
    "tun-type",
    "tun-port",
    "tun-nocsum",
    "tun-csum",
    "tun-remcsum",
};
static_assert(std::size(verbNames) == static_cast<std::size_t>(Verb::count));
static_assert(std::size(optNames) == static_cast<std::size_t>(Opt::count));

enum class Law { illegal, optional, needed, exclusive };

constexpr Given of(std::initializer_list<Opt> opts)
{
    std::uint64_t bits = 0;
    for (const auto opt : opts)
        bits |= std::uint64_t{1} << static_cast<unsigned>(opt);
    return {bits};
}

struct Laws {
    Given needed;
    Given exclusive; // at most one of them
    Given optional;
};

const Given aboutService = of({Opt::scheduler, Opt::persistent, Opt::netmask, Opt::onePacket,
                               Opt::engine, Opt::schedulerFlags});
const Given aboutDest = of({Opt::forward, Opt::weight, Opt::upper, Opt::lower, Opt::tunType,
                            Opt::tunPort, Opt::tunNocsum, Opt::tunCsum, Opt::tunRemcsum});

Laws lawsOf(Verb verb)
{
    switch (verb) {
    case Verb::add:
    case Verb::edit:
        return {of({Opt::service}), {}, aboutService};
    case Verb::del:
        return {of({Opt::service}), {}, {}};
    case Verb::list:
        return {{},
                of({Opt::connection, Opt::service, Opt::timeout, Opt::daemon}),
                of({Opt::numeric, Opt::stats, Opt::rate, Opt::thresholds, Opt::persistentConn,
                    Opt::nosort, Opt::syncid, Opt::exact, Opt::tunInfo})};
    case Verb::addDest:
    case Verb::editDest:
        return {of({Opt::service, Opt::server}), {}, aboutDest};
    case Verb::delDest:
        return {of({Opt::service, Opt::server}), {}, {}};
    case Verb::startDaemon:
        return {{},
                {},
                of({Opt::mcastInterface, Opt::syncid, Opt::mcastGroup, Opt::mcastPort,
                    Opt::mcastTtl, Opt::syncMaxlen})};
    case Verb::stopDaemon:
        return {{}, {}, of({Opt::syncid})};
    case Verb::save:
        return {{}, {}, of({Opt::numeric})};
    case Verb::zero:
        return {{}, {}, of({Opt::service})};
    default:
        return {};
    }
}

Laws lawsOf(TunnelType type)
{
    switch (type) {
    case TunnelType::gue:
        return {of({Opt::tunPort}), of({Opt::tunNocsum, Opt::tunCsum, Opt::tunRemcsum}), {}};
    case TunnelType::gre:
        return {{}, of({Opt::tunNocsum, Opt::tunCsum}), {}};
    default:
        return {};
    }
}

// The first offence, in the order of the options' table. @whose: "the 'list' command".
Outcome<void> judge(const Given &given, const Given &looked, const Laws &laws,
                    std::string_view whose)
{
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < given.size(); i++) {
        if (!looked.test(i))
            continue;
        if (!given.test(i)) {
            if (laws.needed.test(i))
                return fail(
                    fmt::format("You need to supply the '{}' option for {}", optNames[i], whose));
            continue;
        }
        if (laws.exclusive.test(i)) {
            if (first)
                return fail(fmt::format("The option '{}' conflicts with the '{}' option in {}",
                                        optNames[i], optNames[*first], whose));
            first = i;
        } else if (!laws.needed.test(i) && !laws.optional.test(i)) {
            return fail(fmt::format("Illegal '{}' option with {}", optNames[i], whose));
        }
    }
    return {};
}

constexpr std::string_view tunnelNames[] = {"ipip", "gue", "gre"};

Outcome<void> checkDest(const Command &command)
{
    const auto &dest = command.dest;
    const auto tunnelOptions =
        of({Opt::tunType, Opt::tunPort, Opt::tunNocsum, Opt::tunCsum, Opt::tunRemcsum});

    if (dest.family != command.service.family && dest.method != Method::tunnel)
        return fail("Different address family is allowed only for tunneling servers");
    if ((command.given & tunnelOptions).any() && dest.method != Method::tunnel)
        return fail("Tunnel options conflict with forward method");
    return judge(command.given, of({Opt::tunPort, Opt::tunNocsum, Opt::tunCsum, Opt::tunRemcsum}),
                 lawsOf(dest.tunnelType),
                 fmt::format("the '{}' tunnel type",
                             tunnelNames[static_cast<std::size_t>(dest.tunnelType)]));
}

Outcome<void> checkService(const ServiceWords &service)
{
    if (service.fwmark == 0 && service.port == 0 && !service.persistent)
        return fail("Zero port specified for non-persistent service");
    if (service.onePacket && service.fwmark == 0 && service.protocol != Protocol::udp)
        return fail("One-Packet Scheduling is only for UDP virtual services");
    return {};
}

Outcome<void> checkList(const Given &given)
{
    const auto other = of({Opt::connection, Opt::timeout, Opt::daemon});
    const auto numbers = of({Opt::stats, Opt::rate, Opt::thresholds});

    if (((given & other).any() && (given & numbers).any()) ||
        ((given & of({Opt::timeout, Opt::daemon})).any() &&
         (given & of({Opt::persistentConn})).any()))
        return fail("options conflicts in the list command");
    return {};
}

} // namespace

std::string_view nameOf(Opt opt)
{
    return optNames[static_cast<std::size_t>(opt)];
}

Outcome<void> checkOptions(const Command &command)
{
    const auto name = verbNames[static_cast<std::size_t>(command.verb)];
    if (auto legal = judge(command.given, ~Given{}, lawsOf(command.verb),
                           fmt::format("the '{}' command", name));
        !legal)
        return legal;

    switch (command.verb) {
    case Verb::add:
    case Verb::edit:
        return checkService(command.service);
    case Verb::addDest:
    case Verb::editDest:
        return checkDest(command);
    case Verb::list:
        return checkList(command.given);
    default:
        return {};
    }
}

} // namespace lb::ipvsadm
