// SPDX-License-Identifier: GPL-2.0
#include "live.hpp"

#include "print.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <arpa/inet.h>
#include <linux/ip_vs.h>

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

using netlink::Attributes;
using netlink::Message;
using netlink::Reply;

constexpr std::string_view module = "/sys/module/ip_vs";

Error strange(std::string_view what)
{
    return {.code = EBADMSG, .what = fmt::format("ip_vs tells of {}", what)};
}

Message ask(const netlink::FamilyId &family, std::uint8_t command)
{
    return Message({.type = family.number, .command = command, .version = IPVS_GENL_VERSION});
}

// Addresses come as 16 bytes, whatever the family.
Result<Ip> addressOf(const Attributes &attributes, std::uint16_t type, std::uint16_t family)
{
    const auto bytes = attributes.find(type);
    const std::size_t size = family == AF_INET ? 4 : 16;
    if (!bytes || bytes->size() < size || (family != AF_INET && family != AF_INET6))
        return strange("no address");
    return Ip::fromBytes(static_cast<Family>(family), bytes->first(size));
}

Result<netlink::ServiceKey> keyOf(const Attributes &service)
{
    const auto family = service.u16(IPVS_SVC_ATTR_AF).value_or(0);
    if (const auto fwmark = service.u32(IPVS_SVC_ATTR_FWMARK)) {
        if (family != AF_INET && family != AF_INET6)
            return strange("no address family");
        return netlink::ServiceKey::ofFwmark(static_cast<Family>(family), *fwmark);
    }
    const auto ip = addressOf(service, IPVS_SVC_ATTR_ADDR, family);
    if (!ip)
        return ip.error();
    const auto protocol = static_cast<Protocol>(service.u16(IPVS_SVC_ATTR_PROTOCOL).value_or(0));
    if (toString(protocol).empty())
        return strange("a service of an unknown protocol");
    return netlink::ServiceKey{protocol, {*ip, service.port(IPVS_SVC_ATTR_PORT).value_or(Port{})}};
}

Result<netlink::Persistence> persistenceOf(const Attributes &attributes,
                                           const netlink::ServiceKey &key)
{
    const bool six = key.endpoint.ip.family() == Family::inet6;
    const auto number = attributes.u32(IPVS_SVC_ATTR_NETMASK).value_or(0);
    const auto mask = ntohl(number);
    const auto bits = six ? static_cast<int>(number) : std::countl_one(mask);
    netlink::Persistence found{.timeout = attributes.u32(IPVS_SVC_ATTR_TIMEOUT).value_or(0)};

    if (!six && std::popcount(mask) != bits)
        return Error{
            .code = EINVAL,
            .what = fmt::format("{}'s netmask has holes, which lb has no word for", toString(key))};
    if (bits != netlink::addressBits(key))
        found.prefix = static_cast<std::uint8_t>(bits);
    if (attributes.has(IPVS_SVC_ATTR_PE_NAME))
        found.engine = LB_PERSIST_ENGINE_SIP; // it has no other
    return found;
}

Result<netlink::Service> serviceOf(const Attributes &attributes)
{
    const auto key = keyOf(attributes);
    if (!key)
        return key.error();
    const auto bytes = attributes.find(IPVS_SVC_ATTR_FLAGS);
    ip_vs_flags flags{};
    if (bytes && bytes->size() >= sizeof(flags))
        std::memcpy(&flags, bytes->data(), sizeof(flags));

    netlink::Service service{
        .key = *key,
        .scheduler = std::string(attributes.string(IPVS_SVC_ATTR_SCHED_NAME).value_or("")),
        .onePacket = (flags.flags & IP_VS_SVC_F_ONEPACKET) != 0};
    if (service.scheduler.empty())
        return Error{.code = EINVAL, .what = fmt::format("{} has no scheduler", toString(*key))};
    if (service.scheduler == "sh" || service.scheduler == "mh") {
        if ((flags.flags & IP_VS_SVC_F_SCHED1) != 0)
            service.schedulerFlags |= LB_SCHED_FLAGS_FALLBACK;
        if ((flags.flags & IP_VS_SVC_F_SCHED2) != 0)
            service.schedulerFlags |= LB_SCHED_FLAGS_PORT;
    }
    if ((flags.flags & IP_VS_SVC_F_PERSISTENT) == 0)
        return service;
    auto persistence = persistenceOf(attributes, *key);
    if (!persistence)
        return persistence.error();
    service.persistence = *persistence;
    return service;
}

Method methodOf(std::uint32_t flags)
{
    switch (flags & IP_VS_CONN_F_FWD_MASK) {
    case IP_VS_CONN_F_MASQ:
        return Method::nat;
    case IP_VS_CONN_F_TUNNEL:
        return Method::tunnel;
    default:
        return Method::direct;
    }
}

Tunnel tunnelOf(const Attributes &attributes)
{
    const auto flags = attributes.u16(IPVS_DEST_ATTR_TUN_FLAGS).value_or(0);
    Tunnel tunnel{.port = attributes.port(IPVS_DEST_ATTR_TUN_PORT).value_or(Port{})};

    switch (attributes.u8(IPVS_DEST_ATTR_TUN_TYPE).value_or(0)) {
    case IP_VS_CONN_F_TUNNEL_TYPE_GUE:
        tunnel.type = TunnelType::gue;
        break;
    case IP_VS_CONN_F_TUNNEL_TYPE_GRE:
        tunnel.type = TunnelType::gre;
        break;
    default:
        break;
    }
    if ((flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM) != 0)
        tunnel.checksum = TunnelChecksum::remote;
    else if ((flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM) != 0)
        tunnel.checksum = TunnelChecksum::normal;
    return tunnel;
}

Result<netlink::Destination> destOf(const Attributes &attributes, const netlink::ServiceKey &key)
{
    const auto family = attributes.u16(IPVS_DEST_ATTR_ADDR_FAMILY)
                            .value_or(static_cast<std::uint16_t>(key.endpoint.ip.family()));
    const auto ip = addressOf(attributes, IPVS_DEST_ATTR_ADDR, family);
    if (!ip)
        return ip.error();
    const auto weight = attributes.u32(IPVS_DEST_ATTR_WEIGHT).value_or(0);
    netlink::Destination dest{
        .service = key,
        .endpoint = {*ip, attributes.port(IPVS_DEST_ATTR_PORT).value_or(Port{})},
        .method = methodOf(attributes.u32(IPVS_DEST_ATTR_FWD_METHOD).value_or(0)),
        .weight = {static_cast<std::uint16_t>(weight)},
        .tunnel = tunnelOf(attributes),
        .upper = attributes.u32(IPVS_DEST_ATTR_U_THRESH).value_or(0),
        .lower = attributes.u32(IPVS_DEST_ATTR_L_THRESH).value_or(0)};
    if (weight > LB_WEIGHT_MAX)
        return Error{.code = ERANGE,
                     .what = fmt::format("{} of {} has weight {}; lb's end at {}",
                                         toString(dest.endpoint), toString(key), weight,
                                         LB_WEIGHT_MAX)};
    return dest;
}

// All answers to a dump, each turned into a value by @read.
template <typename T, typename Read>
Result<std::vector<T>> all(netlink::Socket &socket, Message question, std::uint16_t type,
                           const Read &read)
{
    std::vector<T> found;
    std::optional<Error> broken;
    const auto visit = [&](const Reply &reply) {
        const auto nest = reply.attributes.nest(type);
        auto value = nest ? read(*nest) : Result<T>(strange("nothing"));
        if (value)
            found.push_back(std::move(*value));
        else if (!broken)
            broken = value.error();
        return true;
    };
    auto done = socket.dump(question, visit, [&] { found.clear(); });
    if (!done)
        return done.error();
    if (broken)
        return *broken;
    return found;
}

Result<std::vector<netlink::Destination>>
destsOf(netlink::Socket &socket, const netlink::FamilyId &family, const netlink::ServiceKey &key)
{
    auto question = ask(family, IPVS_CMD_GET_DEST);
    question.nest(IPVS_CMD_ATTR_SERVICE, [&] {
        question.u16(IPVS_SVC_ATTR_AF, static_cast<std::uint16_t>(key.endpoint.ip.family()));
        if (key.fwmark != 0) {
            question.u32(IPVS_SVC_ATTR_FWMARK, key.fwmark);
            return;
        }
        std::array<std::uint8_t, 16> address{};
        std::ranges::copy(key.endpoint.ip.bytes(), address.begin());
        question.u16(IPVS_SVC_ATTR_PROTOCOL, static_cast<std::uint16_t>(key.protocol));
        question.bytes(IPVS_SVC_ATTR_ADDR, address);
        question.port(IPVS_SVC_ATTR_PORT, key.endpoint.port);
    });
    auto dests = all<netlink::Destination>(
        socket, question, IPVS_CMD_ATTR_DEST,
        [&](const Attributes &attributes) { return destOf(attributes, key); });
    // The newest comes first.
    if (dests)
        std::ranges::reverse(*dests);
    return dests;
}

Result<std::string> timeoutsOf(netlink::Socket &socket, const netlink::FamilyId &family)
{
    constexpr std::uint16_t types[] = {IPVS_CMD_ATTR_TIMEOUT_TCP, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN,
                                       IPVS_CMD_ATTR_TIMEOUT_UDP};
    auto question = ask(family, IPVS_CMD_GET_CONFIG);
    std::string rule = "--set";
    auto done = socket.request(question, [&](const Reply &reply) {
        for (const auto type : types)
            // 0 would be no change.
            rule += fmt::format(" {}", reply.attributes.u32(type).value_or(0));
        return true;
    });
    if (!done)
        return done.error();
    return rule + '\n';
}

} // namespace

Result<Live> readLive()
{
    std::error_code ignored;
    if (!std::filesystem::exists(module, ignored))
        return Error{.code = ENOENT, .what = "ip_vs is not loaded"};
    auto socket = netlink::Socket::open();
    if (!socket)
        return socket.error();
    const auto family = socket->resolve(IPVS_GENL_NAME);
    if (!family)
        return family.error();

    Live live;
    Names names(true);
    auto timeouts = timeoutsOf(*socket, *family);
    if (!timeouts)
        return timeouts.error();
    live.rules = std::move(*timeouts);
    auto services =
        all<netlink::Service>(*socket, ask(*family, IPVS_CMD_GET_SERVICE), IPVS_CMD_ATTR_SERVICE,
                              [](const Attributes &found) { return serviceOf(found); });
    if (!services)
        return services.error();
    for (auto &service : *services) {
        const auto key = service.key;
        auto dests = destsOf(*socket, *family, key);
        if (!dests)
            return dests.error();
        auto &endpoints = live.services[key];
        for (const auto &dest : *dests)
            endpoints.push_back(dest.endpoint);
        if (key.fwmark != 0)
            live.marks.push_back(key);
        printRule(live.rules, View{std::move(service), std::move(*dests)}, names, Saying::whole);
    }
    return live;
}

} // namespace lb::ipvsadm
