// SPDX-License-Identifier: GPL-2.0
#include "probe_keywords.hpp"
#include "virtual_server_keywords.hpp"

#include <bit>
#include <charconv>

#include <linux/lb.h>

namespace lb::config {

namespace {

constexpr std::string_view schedulers[] = {"rr", "wrr", "lc",  "wlc", "lblc", "lblcr", "sh", "mh",
                                           "dh", "fo",  "ovf", "sed", "nq",   "twos",  "p2c"};
constexpr std::string_view protocols[] = {"TCP", "UDP", "SCTP"};
constexpr Protocol protocolValues[] = {Protocol::tcp, Protocol::udp, Protocol::sctp};
constexpr std::string_view families[] = {"inet", "inet6"};
constexpr std::uint64_t day = 86400;                   // seconds
constexpr std::uint64_t longestPersistence = 31 * day; // ip_vs's
constexpr std::uint32_t usualPersistence = 360;

void takeScheduler(VirtualServer &server, Arguments &arguments)
{
    if (const auto scheduler = arguments.choice("a scheduler", schedulers))
        server.scheduler = schedulers[*scheduler];
}

void takeMethod(VirtualServer &server, Arguments &arguments)
{
    if (auto forwarding = takeForwarding(arguments))
        server.forwarding = *forwarding;
}

void takeSorryMethod(VirtualServer &server, Arguments &arguments)
{
    if (auto forwarding = takeForwarding(arguments))
        server.sorryForwarding = *forwarding;
}

void takeProtocol(VirtualServer &server, Arguments &arguments)
{
    if (const auto protocol = arguments.choice("a protocol", protocols, true))
        server.protocol = protocolValues[*protocol];
}

void takePersistence(VirtualServer &server, Arguments &arguments)
{
    if (!arguments.more())
        server.persistenceTimeout = usualPersistence;
    else if (const auto value = arguments.number("a time in seconds", 1, longestPersistence))
        server.persistenceTimeout = static_cast<std::uint32_t>(*value);
}

// A netmask or, for IPv6, a length. keepalived takes what inet_aton(3) does: 24 is 0.0.0.24.
void takeGranularity(VirtualServer &server, Arguments &arguments)
{
    constexpr std::uint8_t longest4 = 32, longest6 = 128, perByte = 8;
    const auto *word = arguments.word("a netmask");
    if (!word)
        return;
    if (const auto mask = Ip::parse(word->text); mask && mask->family() == Family::inet) {
        std::uint32_t bits = 0;
        for (const auto byte : mask->bytes())
            bits = bits << perByte | byte;
        const auto length = static_cast<std::uint8_t>(std::countl_one(bits));
        if (!bits || (length < longest4 && bits << length))
            arguments.refuse(*word, fmt::format("'{}' is not a netmask", word->text),
                             "ones, then zeros: 255.255.255.0");
        else
            server.persistencePrefix = length;
        return;
    }
    std::uint8_t length = 0;
    const auto &text = word->text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc() || end != text.data() + text.size() || !length || length > longest6)
        arguments.refuse(*word, fmt::format("'{}' is not a netmask", text),
                         "255.255.255.0, or a length from 1 to 128 for IPv6");
    else
        server.persistencePrefix = length;
    server.persistenceByLength = true;
}

// Here it takes no word, other than in real servers and probes.
void takeAlpha(VirtualServer &server, Arguments & /*arguments*/)
{
    server.alpha = true;
}

void takeFamily(VirtualServer &server, Arguments &arguments)
{
    if (const auto family = arguments.choice("an address family", families))
        server.family = *family ? Family::inet6 : Family::inet;
}

void takeSorryServer(VirtualServer &server, Arguments &arguments)
{
    const auto ip = arguments.ip("a server's address");
    const auto &word = arguments.statement().words.back();
    const auto port = arguments.more() ? arguments.port() : Port{};
    if (ip && port)
        server.sorryServer = SorryServer{*ip, *port, Where(word)};
}

template <Script VirtualServer::*member>
void takeNotify(VirtualServer &server, Arguments &arguments)
{
    if (auto script = takeScript(arguments))
        server.*member = std::move(*script);
}

// A flag that means something with one scheduler only; "" for any.
template <std::uint32_t bit>
void schedulerFlag(VirtualServer &server, Arguments &arguments)
{
    const std::string_view name = arguments.keyword().text;
    const auto needs = name == "hashed" ? "sh" : name.starts_with("flag-") ? "" : name.substr(0, 2);
    if (needs.empty() || server.scheduler == needs)
        server.schedulerFlags |= bit;
    else
        arguments.report().warning(
            Where(arguments.keyword()),
            fmt::format("'{}' means nothing without the scheduler {}", name, needs),
            fmt::format("lvs_sched {} has to come before it", needs));
}

constexpr Keyword<VirtualServer> keywords[] = {
    {"lvs_sched", takeScheduler},
    {"lb_algo", takeScheduler},
    {"lvs_method", takeMethod},
    {"lb_kind", takeMethod},
    {"protocol", takeProtocol},
    {"persistence_timeout", takePersistence},
    {"persistence_granularity", takeGranularity},
    {"persistence_engine", text<&VirtualServer::persistenceEngine>},
    {"flag-1", schedulerFlag<LB_SCHED_FLAGS_FALLBACK>},
    {"flag-2", schedulerFlag<LB_SCHED_FLAGS_PORT>},
    {"flag-3", schedulerFlag<0>},
    {"sh-fallback", schedulerFlag<LB_SCHED_FLAGS_FALLBACK>},
    {"sh-port", schedulerFlag<LB_SCHED_FLAGS_PORT>},
    {"mh-fallback", schedulerFlag<LB_SCHED_FLAGS_FALLBACK>},
    {"mh-port", schedulerFlag<LB_SCHED_FLAGS_PORT>},
    {"hashed", schedulerFlag<0>},
    {"ops", flag<&VirtualServer::onePacket>},
    {"ip_family", takeFamily},
    {"ha_suspend", flag<&VirtualServer::haSuspend>},
    {"smtp_alert", boolean<&VirtualServer::smtpAlert>},
    {"virtualhost", text<&VirtualServer::virtualHost>},
    {"snmp_name", text<&VirtualServer::snmpName>},
    {"alpha", takeAlpha},
    {"omega", flag<&VirtualServer::omega>},
    {"quorum", number<&VirtualServer::quorum, 1>},
    {"hysteresis", number<&VirtualServer::hysteresis>},
    {"quorum_up", takeNotify<&VirtualServer::quorumUp>},
    {"quorum_down", takeNotify<&VirtualServer::quorumDown>},
    {"sorry_server", takeSorryServer},
    {"sorry_server_inhibit", flag<&VirtualServer::sorryInhibit>},
    {"sorry_server_lvs_method", takeSorryMethod},
    {"inhibit_on_failure", takeInhibit},
    {"on_failure", takeOnFailure},
    {"on_removal", takeOnRemoval},
    {"real_server", takeRealServer, Shape::block},
};

std::optional<VirtualName> takeName(Arguments &arguments)
{
    if (arguments.take("fwmark")) {
        if (const auto mark = arguments.number("a firewall mark", 1, UINT32_MAX))
            return Mark{static_cast<std::uint32_t>(*mark)};
        return {};
    }
    if (arguments.take("group")) {
        if (const auto *name = arguments.word("a group's name"))
            return GroupName{name->text};
        return {};
    }
    const auto ip = arguments.ip("a virtual address");
    const auto port = arguments.more() ? arguments.port() : Port{};
    if (!ip || !port)
        return {};
    return Endpoint{*ip, *port};
}

} // namespace

std::string toString(const VirtualName &name)
{
    struct Visitor {
        std::string operator()(const Endpoint &endpoint) const
        {
            return endpoint.port.value
                       ? fmt::format("{} {}", toString(endpoint.ip), endpoint.port.value)
                       : toString(endpoint.ip);
        }
        std::string operator()(Mark mark) const { return fmt::format("fwmark {}", mark.value); }
        std::string operator()(const GroupName &group) const { return "group " + group.value; }
    };
    return std::visit(Visitor{}, name);
}

void takeVirtualServer(std::vector<VirtualServer> &into, Arguments &arguments)
{
    VirtualServer server{};
    auto name = takeName(arguments);
    const auto &words = arguments.statement().words;
    server.where = Where(words[std::min<std::size_t>(1, words.size() - 1)]);
    // Also what has no name is read, for what else is wrong with it.
    takeBlock<VirtualServer, VirtualServer, VirtualServer, Timing>(
        server, arguments.statement().block, arguments.report(), keywords, nativeKeywords(),
        timingKeywords());
    if (!name)
        return;
    server.name = std::move(*name);
    into.push_back(std::move(server));
}

} // namespace lb::config
