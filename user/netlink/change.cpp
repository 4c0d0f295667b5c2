// SPDX-License-Identifier: GPL-2.0
// One command that changes the configuration, as a message.
#include "lb.hpp"

namespace lb::netlink {

namespace {

void encode(Message &message, const DestSpec &spec)
{
    encode(message, spec.service, spec.endpoint);
    if (spec.method)
        message.u8(LB_A_DEST_METHOD, static_cast<std::uint8_t>(*spec.method));
    if (spec.weight)
        message.u32(LB_A_DEST_WEIGHT, spec.weight->value);
    if (spec.drain)
        message.u8(LB_A_DEST_DRAIN, *spec.drain ? 1 : 0);
    if (spec.tunnelType)
        message.u8(LB_A_DEST_TUNNEL_TYPE, static_cast<std::uint8_t>(*spec.tunnelType));
    if (spec.tunnelPort)
        message.port(LB_A_DEST_TUNNEL_PORT, *spec.tunnelPort);
    if (spec.tunnelChecksum)
        message.u8(LB_A_DEST_TUNNEL_CHECKSUM, static_cast<std::uint8_t>(*spec.tunnelChecksum));
    if (spec.upper)
        message.u32(LB_A_DEST_UPPER, *spec.upper);
    if (spec.lower)
        message.u32(LB_A_DEST_LOWER, *spec.lower);
    if (spec.deadline)
        message.u32(LB_A_DEST_DEADLINE, *spec.deadline);
    if (spec.drainEnd)
        message.u8(LB_A_DEST_DRAIN_END, *spec.drainEnd);
    if (spec.laxPort)
        message.bytes(LB_A_DEST_LAX_PORT, {});
}

void encode(Message &message, const ServiceSpec &spec)
{
    message.nest(LB_A_SERVICE_KEY, [&] { encode(message, spec.key); });
    if (spec.scheduler)
        message.string(LB_A_SERVICE_SCHEDULER, *spec.scheduler);
    if (spec.schedulerFlags)
        message.u32(LB_A_SERVICE_SCHED_FLAGS, *spec.schedulerFlags);
    if (spec.onePacket)
        message.u8(LB_A_SERVICE_ONE_PACKET, *spec.onePacket ? 1 : 0);
    if (spec.mssClamp)
        message.u16(LB_A_SERVICE_MSS_CLAMP, *spec.mssClamp);
    if (spec.persistTimeout)
        message.u32(LB_A_SERVICE_PERSIST_TIMEOUT, *spec.persistTimeout);
    if (spec.persistPrefix)
        message.u8(LB_A_SERVICE_PERSIST_PREFIX, *spec.persistPrefix);
    if (spec.persistEngine)
        message.u8(LB_A_SERVICE_PERSIST_ENGINE, *spec.persistEngine);
    if (spec.timeouts)
        message.nest(LB_A_SERVICE_TIMEOUTS, [&] {
            for (const auto &[type, seconds] : *spec.timeouts)
                message.u32(type, seconds);
        });
    if (spec.slowStart)
        message.u32(LB_A_SERVICE_SLOW_START, *spec.slowStart);
    if (spec.orphans)
        message.u8(LB_A_SERVICE_ORPHANS, *spec.orphans);
}

void encode(Message &message, const Settings &settings)
{
    for (const auto &[type, value] : settings.values)
        message.u32(type, value);
}

} // namespace

Message encode(std::uint16_t family, const Change &change, std::optional<std::uint32_t> txn)
{
    Message message({.type = family, .command = change.command, .version = LB_GENL_VERSION});

    std::uint16_t txnType = LB_A_SERVICE_TXN; // flush has the attributes of a service
    if (const auto *service = std::get_if<ServiceSpec>(&change.object)) {
        encode(message, *service);
    } else if (const auto *dest = std::get_if<DestSpec>(&change.object)) {
        encode(message, *dest);
        txnType = LB_A_DEST_TXN;
    } else if (const auto *settings = std::get_if<Settings>(&change.object)) {
        encode(message, *settings);
        txnType = LB_A_SETTINGS_TXN;
    }
    if (txn)
        message.u32(txnType, *txn);
    return message;
}

Result<void> Director::apply(const Change &change)
{
    auto ask = encode(family_.number, change);
    return socket_.request(ask);
}

} // namespace lb::netlink
