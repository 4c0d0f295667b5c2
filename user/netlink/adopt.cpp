// SPDX-License-Identifier: GPL-2.0
#include "lb.hpp"

namespace lb::netlink {

void encode(Message &message, const Connection &conn)
{
    const auto family = [](const Endpoint &endpoint) {
        return static_cast<std::uint16_t>(endpoint.ip.family());
    };

    message.u16(LB_A_CONN_FAMILY, family(conn.client));
    message.u8(LB_A_CONN_PROTOCOL, conn.protocol);
    message.bytes(LB_A_CONN_CLIENT_ADDR, conn.client.ip.bytes());
    message.port(LB_A_CONN_CLIENT_PORT, conn.client.port);
    message.bytes(LB_A_CONN_VIRTUAL_ADDR, conn.service.ip.bytes());
    message.port(LB_A_CONN_VIRTUAL_PORT, conn.service.port);
    message.u16(LB_A_CONN_DEST_FAMILY, family(conn.dest));
    message.bytes(LB_A_CONN_DEST_ADDR, conn.dest.ip.bytes());
    message.port(LB_A_CONN_DEST_PORT, conn.dest.port);
    message.u8(LB_A_CONN_STATE, conn.state);
    message.u64(LB_A_CONN_EXPIRES_MS, conn.expiresMs);
    if (conn.fwmark != 0)
        message.u32(LB_A_CONN_FWMARK, conn.fwmark);
}

Result<void> Director::adopt(const Connection &conn)
{
    auto ask = message(LB_CMD_CONN_ADOPT);
    encode(ask, conn);
    return socket_.request(ask);
}

} // namespace lb::netlink
