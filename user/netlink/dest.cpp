// SPDX-License-Identifier: GPL-2.0
#include "decode.hpp"
#include "lb.hpp"

namespace lb::netlink {

void encode(Message &message, const ServiceKey &service, const Endpoint &endpoint)
{
    message.nest(LB_A_DEST_SERVICE, [&] { encode(message, service); });
    message.u16(LB_A_DEST_FAMILY, static_cast<std::uint16_t>(endpoint.ip.family()));
    message.bytes(LB_A_DEST_ADDR, endpoint.ip.bytes());
    message.port(LB_A_DEST_PORT, endpoint.port);
}

Result<Destination> decodeDest(const Attributes &attributes)
{
    const auto service = decodeKey(attributes.nest(LB_A_DEST_SERVICE));
    if (!service)
        return service.error();
    const auto ip = decodeIp(attributes.u16(LB_A_DEST_FAMILY), attributes.find(LB_A_DEST_ADDR));
    if (!ip)
        return ip.error();
    const auto port = attributes.port(LB_A_DEST_PORT);
    if (!port)
        return lacks("a destination's port");
    const auto stats = decodeStats(attributes.nest(LB_A_DEST_STATS));
    const auto since = attributes.nest(LB_A_DEST_SINCE_ZERO);
    return Destination{
        .service = *service,
        .endpoint = {*ip, *port},
        .method = static_cast<Method>(attributes.u8(LB_A_DEST_METHOD).value_or(0)),
        .weight = {static_cast<std::uint16_t>(attributes.u32(LB_A_DEST_WEIGHT).value_or(0))},
        .drain = attributes.u8(LB_A_DEST_DRAIN).value_or(0) != 0,
        .active = attributes.u32(LB_A_DEST_ACTIVE).value_or(0),
        .inactive = attributes.u32(LB_A_DEST_INACTIVE).value_or(0),
        .local = attributes.has(LB_A_DEST_LOCAL),
        .templates = attributes.u32(LB_A_DEST_TEMPLATES).value_or(0),
        .stats = stats,
        .rates = decodeRates(attributes.nest(LB_A_DEST_RATES)),
        .generation = attributes.u32(LB_A_DEST_GENERATION),
        .keyOnly = !attributes.has(LB_A_DEST_METHOD),
        .tunnel = {static_cast<TunnelType>(attributes.u8(LB_A_DEST_TUNNEL_TYPE).value_or(0)),
                   attributes.port(LB_A_DEST_TUNNEL_PORT).value_or(Port{}),
                   static_cast<TunnelChecksum>(
                       attributes.u8(LB_A_DEST_TUNNEL_CHECKSUM).value_or(0))},
        .upper = attributes.u32(LB_A_DEST_UPPER).value_or(0),
        .lower = attributes.u32(LB_A_DEST_LOWER).value_or(0),
        .full = attributes.has(LB_A_DEST_FULL),
        .ramp = attributes.u8(LB_A_DEST_RAMP),
        .draining = {attributes.u32(LB_A_DEST_DEADLINE),
                     attributes.u8(LB_A_DEST_DRAIN_END).value_or(LB_DRAIN_END_KEEP)},
        .sinceZero = since ? decodeStats(since) : stats,
    };
}

Result<std::vector<Destination>> Director::dests(const std::optional<ServiceKey> &service)
{
    auto ask = message(LB_CMD_DEST_GET);
    if (service)
        ask.nest(LB_A_DEST_SERVICE, [&] { encode(ask, *service); });

    std::vector<Destination> all;
    std::optional<Error> broken;
    auto done = socket_.dump(
        ask,
        [&](const Reply &reply) {
            auto dest = decodeDest(reply.attributes);
            if (dest)
                all.push_back(*dest);
            else
                broken = dest.error();
            return true;
        },
        [&] { all.clear(); });
    if (!done)
        return done.error();
    if (broken)
        return *broken;
    return all;
}

Result<Destination> Director::dest(const ServiceKey &service, const Endpoint &endpoint)
{
    auto ask = message(LB_CMD_DEST_GET);
    encode(ask, service, endpoint);

    Result<Destination> dest = lacks("the destination");
    auto done = socket_.request(ask, [&](const Reply &reply) {
        dest = decodeDest(reply.attributes);
        return true;
    });
    if (!done)
        return done.error();
    return dest;
}

} // namespace lb::netlink
