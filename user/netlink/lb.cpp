// SPDX-License-Identifier: GPL-2.0
#include "lb.hpp"

#include "decode.hpp"

#include <cerrno>

namespace lb::netlink {

Result<Director> Director::open()
{
    auto socket = Socket::open();
    if (!socket)
        return socket.error();
    auto family = socket->resolve(LB_GENL_NAME);
    if (!family) {
        if (family.error().code == ENOENT)
            return Error{.code = ENODEV,
                         .what = "the lb module is not loaded",
                         .hint = "load it with 'modprobe lb', or 'insmod lb.ko' from its folder"};
        return family.error();
    }
    return Director(std::move(*socket), std::move(*family));
}

Message Director::message(std::uint8_t command) const
{
    return Message({.type = family_.number, .command = command, .version = LB_GENL_VERSION});
}

Info decodeInfo(const Attributes &attributes)
{
    Info info{.version = std::string(attributes.string(LB_A_INFO_VERSION).value_or("")),
              .generation = attributes.u32(LB_A_INFO_GENERATION).value_or(0),
              .services = attributes.u32(LB_A_INFO_SERVICES).value_or(0),
              .dests = attributes.u32(LB_A_INFO_DESTS).value_or(0),
              .conns = attributes.u32(LB_A_INFO_CONNS).value_or(0),
              .buckets = attributes.u32(LB_A_INFO_BUCKETS).value_or(0),
              .connSize = attributes.u32(LB_A_INFO_CONN_SIZE).value_or(0)};

    attributes.each([&](std::uint16_t type, Bytes payload) {
        if (type != LB_A_INFO_SCHEDULERS)
            return;
        const std::string_view name(reinterpret_cast<const char *>(payload.data()), payload.size());
        info.schedulers.emplace_back(name.substr(0, name.find('\0')));
    });
    return info;
}

Result<Info> Director::info()
{
    auto ask = message(LB_CMD_INFO_GET);
    Info info;
    auto done = socket_.request(ask, [&](const Reply &reply) {
        info = decodeInfo(reply.attributes);
        return true;
    });
    if (!done)
        return done.error();
    return info;
}

Result<Ip> decodeIp(std::optional<std::uint16_t> family, std::optional<Bytes> bytes)
{
    if (!family || !bytes)
        return lacks("an address");
    const auto value = static_cast<Family>(*family);
    if (value != Family::inet && value != Family::inet6)
        return lacks("an address of a known family");
    return Ip::fromBytes(value, *bytes);
}

} // namespace lb::netlink
