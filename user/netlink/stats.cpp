// SPDX-License-Identifier: GPL-2.0
#include "lb.hpp"

namespace lb::netlink {

Stats decodeStats(const std::optional<Attributes> &nest)
{
    const auto counter = [&](std::uint16_t type) { return nest ? nest->u64(type).value_or(0) : 0; };
    return {.conns = counter(LB_A_STATS_CONNS),
            .inPackets = counter(LB_A_STATS_IN_PACKETS),
            .outPackets = counter(LB_A_STATS_OUT_PACKETS),
            .inBytes = counter(LB_A_STATS_IN_BYTES),
            .outBytes = counter(LB_A_STATS_OUT_BYTES)};
}

Rates decodeRates(const std::optional<Attributes> &nest)
{
    const auto counter = [&](std::uint16_t type) { return nest ? nest->u64(type).value_or(0) : 0; };
    Rates rates;
    rates.conns = counter(LB_A_RATES_CONNS);
    rates.inPackets = counter(LB_A_RATES_IN_PACKETS);
    rates.outPackets = counter(LB_A_RATES_OUT_PACKETS);
    rates.inBytes = counter(LB_A_RATES_IN_BYTES);
    rates.outBytes = counter(LB_A_RATES_OUT_BYTES);
    rates.intervalMs = counter(LB_A_RATES_INTERVAL_MS);
    return rates;
}

Total decodeTotal(const Attributes &attributes)
{
    Total total{.stats = decodeStats(attributes.nest(LB_A_TOTAL_STATS)),
                .rates = decodeRates(attributes.nest(LB_A_TOTAL_RATES)),
                .drops = {},
                .sync = {}};

    attributes.each([&](std::uint16_t type, Bytes payload) {
        const Attributes nest(payload);
        if (type == LB_A_TOTAL_SYNC)
            total.sync.push_back(
                {std::string(nest.string(LB_A_SYNC_COUNTER_NAME).value_or("unknown")),
                 nest.u64(LB_A_SYNC_COUNTER_VALUE).value_or(0)});
        if (type != LB_A_TOTAL_DROP)
            return;
        // The module names its reasons itself, so that a newer module's are shown as well.
        total.drops.push_back({std::string(nest.string(LB_A_DROP_NAME).value_or("unknown")),
                               nest.u64(LB_A_DROP_PACKETS).value_or(0)});
    });
    return total;
}

Result<Total> Director::total()
{
    auto ask = message(LB_CMD_STATS_GET);
    Total total;
    auto done = socket_.request(ask, [&](const Reply &reply) {
        total = decodeTotal(reply.attributes);
        return true;
    });
    if (!done)
        return done.error();
    return total;
}

Result<void> Director::zero(const std::optional<ServiceKey> &only)
{
    auto ask = message(LB_CMD_ZERO);
    if (only)
        ask.nest(LB_A_SERVICE_KEY, [&] { encode(ask, *only); });
    return socket_.request(ask);
}

} // namespace lb::netlink
