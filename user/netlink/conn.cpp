// SPDX-License-Identifier: GPL-2.0
#include "decode.hpp"
#include "lb.hpp"

namespace lb::netlink {

void encode(Message &message, const ConnectionFilter &filter)
{
    const auto family = [](const Ip &ip) { return static_cast<std::uint16_t>(ip.family()); };

    if (filter.family)
        message.u16(LB_A_CONN_FAMILY, static_cast<std::uint16_t>(*filter.family));
    else if (filter.client)
        message.u16(LB_A_CONN_FAMILY, family(filter.client->prefix.ip));
    else if (filter.service)
        message.u16(LB_A_CONN_FAMILY, family(filter.service->ip));
    if (filter.protocol)
        message.u8(LB_A_CONN_PROTOCOL, static_cast<std::uint8_t>(*filter.protocol));
    if (filter.client) {
        message.bytes(LB_A_CONN_CLIENT_ADDR, filter.client->prefix.ip.bytes());
        message.u8(LB_A_CONN_CLIENT_PREFIX, filter.client->prefix.length);
        if (filter.client->port)
            message.port(LB_A_CONN_CLIENT_PORT, *filter.client->port);
    }
    if (filter.service) {
        message.bytes(LB_A_CONN_VIRTUAL_ADDR, filter.service->ip.bytes());
        if (filter.service->port)
            message.port(LB_A_CONN_VIRTUAL_PORT, *filter.service->port);
    }
    if (filter.dest) {
        message.u16(LB_A_CONN_DEST_FAMILY, family(filter.dest->ip));
        message.bytes(LB_A_CONN_DEST_ADDR, filter.dest->ip.bytes());
        if (filter.dest->port)
            message.port(LB_A_CONN_DEST_PORT, *filter.dest->port);
    }
    if (filter.method)
        message.u8(LB_A_CONN_METHOD, static_cast<std::uint8_t>(*filter.method));
    if (filter.state)
        message.u8(LB_A_CONN_STATE, *filter.state);
    if (filter.templates)
        message.u8(LB_A_CONN_TEMPLATES, *filter.templates);
}

Result<Connection> decodeConn(const Attributes &attributes)
{
    const auto family = attributes.u16(LB_A_CONN_FAMILY);
    const auto client = decodeIp(family, attributes.find(LB_A_CONN_CLIENT_ADDR));
    // A template of a firewall mark has no virtual address.
    const auto fwmark = attributes.u32(LB_A_CONN_FWMARK);
    const auto service =
        fwmark ? Result<Ip>(Ip()) : decodeIp(family, attributes.find(LB_A_CONN_VIRTUAL_ADDR));
    const auto destFamily = attributes.u16(LB_A_CONN_DEST_FAMILY);
    const auto dest =
        decodeIp(destFamily ? destFamily : family, attributes.find(LB_A_CONN_DEST_ADDR));
    for (const auto *ip : {&client, &service, &dest})
        if (!*ip)
            return ip->error();

    const auto port = [&](std::uint16_t type) { return attributes.port(type).value_or(Port{}); };
    return Connection{
        .protocol = attributes.u8(LB_A_CONN_PROTOCOL).value_or(0),
        .client = {*client, port(LB_A_CONN_CLIENT_PORT)},
        .service = {*service, port(LB_A_CONN_VIRTUAL_PORT)},
        .dest = {*dest, port(LB_A_CONN_DEST_PORT)},
        .method = static_cast<Method>(attributes.u8(LB_A_CONN_METHOD).value_or(0)),
        .state = attributes.u8(LB_A_CONN_STATE).value_or(0),
        .flags = attributes.u32(LB_A_CONN_FLAGS).value_or(0),
        .expiresMs = attributes.u64(LB_A_CONN_EXPIRES_MS).value_or(0),
        .clientPrefix = attributes.u8(LB_A_CONN_CLIENT_PREFIX).value_or(0),
        .fwmark = fwmark.value_or(0),
        .conns = attributes.u32(LB_A_CONN_CONNS).value_or(0),
        .persistId = std::string(attributes.string(LB_A_CONN_PERSIST_ID).value_or("")),
    };
}

Result<void> Director::conns(const ConnectionFilter &filter,
                             const std::function<bool(const Connection &)> &visit)
{
    auto ask = message(LB_CMD_CONN_GET);
    encode(ask, filter);

    std::optional<Error> broken;
    // Connections come and go all the time: a list of them is never of one moment.
    auto done = socket_.dump(ask,
                             [&](const Reply &reply) {
                                 const auto conn = decodeConn(reply.attributes);
                                 if (conn)
                                     return visit(*conn);
                                 broken = conn.error();
                                 return true;
                             },
                             {});
    if (done && broken)
        return *broken;
    return done;
}

Result<std::uint64_t> Director::countOf(std::uint8_t command, const ConnectionFilter &filter)
{
    auto ask = message(command);
    encode(ask, filter);

    std::optional<std::uint64_t> count;
    auto done = socket_.request(ask, [&](const Reply &reply) {
        count = reply.attributes.u64(LB_A_CONN_COUNT);
        return true;
    });
    if (!done)
        return done.error();
    if (!count)
        return lacks("the count");
    return *count;
}

Result<std::uint64_t> Director::countConns(const ConnectionFilter &filter)
{
    return countOf(LB_CMD_CONN_COUNT, filter);
}

Result<std::uint64_t> Director::removeConns(const ConnectionFilter &filter)
{
    return countOf(LB_CMD_CONN_DEL, filter);
}

} // namespace lb::netlink
