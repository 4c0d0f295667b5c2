// SPDX-License-Identifier: GPL-2.0
#include "lb.hpp"

namespace lb::netlink {

Settings decodeSettings(const Attributes &attributes)
{
    Settings settings{.values = {}, .generation = attributes.u32(LB_A_SETTINGS_GENERATION)};
    for (std::uint16_t type = LB_A_SETTINGS_PAD + 1; type <= LB_A_SETTINGS_MAX; type++)
        if (const auto value = attributes.u32(type);
            value && type != LB_A_SETTINGS_GENERATION && type != LB_A_SETTINGS_TXN)
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

} // namespace lb::netlink
