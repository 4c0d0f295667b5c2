// SPDX-License-Identifier: GPL-2.0
#include "lb.hpp"

namespace lb::netlink {

Settings decodeSettings(const Attributes &attributes)
{
    Settings settings{.values = {}, .generation = attributes.u32(LB_A_SETTINGS_GENERATION)};
    for (std::uint16_t type = LB_A_SETTINGS_PAD + 1; type <= LB_A_SETTINGS_MAX; type++)
        if (const auto value = attributes.u32(type); value && type != LB_A_SETTINGS_GENERATION)
            settings.values[type] = *value;
    return settings;
}

Result<Settings> Director::settings()
{
    auto ask = message(LB_CMD_SETTINGS_GET);
    Settings settings;
    auto done = socket_.request(ask, [&](const Reply &reply) {
        settings = decodeSettings(reply.attributes);
        return true;
    });
    if (!done)
        return done.error();
    return settings;
}

Result<void> Director::set(const Settings &settings)
{
    auto ask = message(LB_CMD_SETTINGS_SET);
    for (const auto &[type, value] : settings.values)
        ask.u32(type, value);
    return socket_.request(ask);
}

} // namespace lb::netlink
