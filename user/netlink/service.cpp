// SPDX-License-Identifier: GPL-2.0
#include "decode.hpp"
#include "lb.hpp"

#include <array>
#include <span>
#include <tuple>

#include <fmt/core.h>

namespace lb::netlink {

std::strong_ordering ServiceKey::operator<=>(const ServiceKey &other) const
{
    const auto rank = [](const ServiceKey &key) {
        return std::tuple(key.endpoint.ip.family(), key.fwmark, key.protocol, key.endpoint);
    };
    return rank(*this) <=> rank(other);
}

ServiceKey ServiceKey::ofFwmark(Family family, std::uint32_t fwmark)
{
    constexpr std::array<std::uint8_t, 16> any{};
    const auto size = family == Family::inet ? 4U : any.size();
    return {.endpoint = {*Ip::fromBytes(family, std::span(any).first(size)), {}}, .fwmark = fwmark};
}

std::uint8_t addressBits(const ServiceKey &key)
{
    return key.endpoint.ip.family() == Family::inet ? 32 : 128;
}

std::string_view firstWord(const ServiceKey &key)
{
    if (key.fwmark == 0)
        return toString(key.protocol);
    return key.endpoint.ip.family() == Family::inet ? "fwmark" : "fwmark6";
}

std::string secondWord(const ServiceKey &key)
{
    return key.fwmark == 0 ? toString(key.endpoint) : fmt::format("{}", key.fwmark);
}

std::string toString(const ServiceKey &key)
{
    return fmt::format("{} {}", firstWord(key), secondWord(key));
}

void encode(Message &message, const ServiceKey &key)
{
    message.u16(LB_A_KEY_FAMILY, static_cast<std::uint16_t>(key.endpoint.ip.family()));
    if (key.fwmark != 0) {
        message.u32(LB_A_KEY_FWMARK, key.fwmark);
        return;
    }
    message.u8(LB_A_KEY_PROTOCOL, static_cast<std::uint8_t>(key.protocol));
    message.bytes(LB_A_KEY_ADDR, key.endpoint.ip.bytes());
    message.port(LB_A_KEY_PORT, key.endpoint.port);
}

Result<ServiceKey> decodeKey(const std::optional<Attributes> &nest)
{
    if (!nest)
        return lacks("a service's key");
    const auto family = nest->u16(LB_A_KEY_FAMILY);
    if (const auto fwmark = nest->u32(LB_A_KEY_FWMARK); fwmark && family)
        return ServiceKey::ofFwmark(static_cast<Family>(*family), *fwmark);
    const auto ip = decodeIp(family, nest->find(LB_A_KEY_ADDR));
    if (!ip)
        return ip.error();
    const auto protocol = nest->u8(LB_A_KEY_PROTOCOL);
    const auto port = nest->port(LB_A_KEY_PORT);
    if (!protocol || !port)
        return lacks("a service's protocol or port");
    return ServiceKey{static_cast<Protocol>(*protocol), {*ip, *port}};
}

namespace {

// A prefix of the whole address is as good as none.
Persistence decodePersistence(const Attributes &attributes, const ServiceKey &key)
{
    Persistence found{.timeout = attributes.u32(LB_A_SERVICE_PERSIST_TIMEOUT).value_or(0)};
    const auto prefix = attributes.u8(LB_A_SERVICE_PERSIST_PREFIX);
    if (found.timeout != 0 && prefix && *prefix < addressBits(key))
        found.prefix = prefix;
    found.engine = attributes.u8(LB_A_SERVICE_PERSIST_ENGINE).value_or(LB_PERSIST_ENGINE_NONE);
    return found;
}

} // namespace

Result<Service> decodeService(const Attributes &attributes)
{
    const auto key = decodeKey(attributes.nest(LB_A_SERVICE_KEY));
    if (!key)
        return key.error();
    const auto stats = decodeStats(attributes.nest(LB_A_SERVICE_STATS));
    const auto since = attributes.nest(LB_A_SERVICE_SINCE_ZERO);
    return Service{
        .key = *key,
        .scheduler = std::string(attributes.string(LB_A_SERVICE_SCHEDULER).value_or("")),
        .schedulerFlags = attributes.u32(LB_A_SERVICE_SCHED_FLAGS).value_or(0),
        .onePacket = attributes.u8(LB_A_SERVICE_ONE_PACKET).value_or(0) != 0,
        .persistence = decodePersistence(attributes, *key),
        .dests = attributes.u32(LB_A_SERVICE_DESTS).value_or(0),
        .active = attributes.u32(LB_A_SERVICE_ACTIVE).value_or(0),
        .inactive = attributes.u32(LB_A_SERVICE_INACTIVE).value_or(0),
        .stats = stats,
        .rates = decodeRates(attributes.nest(LB_A_SERVICE_RATES)),
        .generation = attributes.u32(LB_A_SERVICE_GENERATION),
        .keyOnly = !attributes.has(LB_A_SERVICE_SCHEDULER),
        .mssClamp = attributes.u16(LB_A_SERVICE_MSS_CLAMP).value_or(0),
        .timeouts =
            decodeSettings(attributes.nest(LB_A_SERVICE_TIMEOUTS).value_or(Attributes{})).values,
        .slowStart = attributes.u32(LB_A_SERVICE_SLOW_START).value_or(0),
        .orphans = attributes.u8(LB_A_SERVICE_ORPHANS).value_or(LB_ORPHANS_DEFAULT),
        .sinceZero = since ? decodeStats(since) : stats,
    };
}

Result<std::vector<Service>> Director::services()
{
    auto ask = message(LB_CMD_SERVICE_GET);
    std::vector<Service> all;
    std::optional<Error> broken;

    auto done = socket_.dump(
        ask,
        [&](const Reply &reply) {
            auto service = decodeService(reply.attributes);
            if (service)
                all.push_back(std::move(*service));
            else
                broken = service.error();
            return true;
        },
        [&] { all.clear(); });
    if (!done)
        return done.error();
    if (broken)
        return *broken;
    return all;
}

Result<Service> Director::service(const ServiceKey &key)
{
    auto ask = message(LB_CMD_SERVICE_GET);
    ask.nest(LB_A_SERVICE_KEY, [&] { encode(ask, key); });

    Result<Service> service = lacks("the service");
    auto done = socket_.request(ask, [&](const Reply &reply) {
        service = decodeService(reply.attributes);
        return true;
    });
    if (!done)
        return done.error();
    return service;
}

} // namespace lb::netlink
