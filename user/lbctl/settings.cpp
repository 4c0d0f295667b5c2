// SPDX-License-Identifier: GPL-2.0
// lbctl settings list, set
#include "../netlink/names.hpp"
#include "../netlink/setting.hpp"
#include "commands.hpp"
#include "context.hpp"
#include "json.hpp"
#include "words.hpp"

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

using Align = Table::Align;

std::string meaningOf(std::uint16_t type)
{
    const auto *setting = netlink::findSetting(type);
    return setting != nullptr ? std::string(setting->meaning) : "";
}

Result<void> list(Context &context, const Arguments &)
{
    auto director = context.director();
    if (!director)
        return director.error();
    const auto settings = (*director)->settings();
    if (!settings)
        return settings.error();
    if (context.form().json) {
        context.write(toJson(*settings) + "\n");
        return {};
    }

    Table table(context.sink(), {Align::left, Align::right, Align::left},
                {{"Setting", "Value", "Meaning"}});
    for (const auto &[type, value] : settings->values)
        table.row(
            {std::string(netlink::settingsSet[type]), fmt::to_string(value), meaningOf(type)});
    table.finish();
    return {};
}

Result<void> set(Context &context, const Arguments &arguments)
{
    const auto settings = readSettings(arguments);
    if (!settings)
        return settings.error();
    auto director = context.director();
    if (!director)
        return director.error();
    return (*director)->apply(netlink::Change::set(*settings));
}

} // namespace

const Command settingsList{
    .name = "settings list",
    .arguments = "",
    .summary = "List settings: timeouts and limits of this namespace",
    .options = {},
    .doing = "listing settings",
    .text = "",
    .run = list,
};

const Command settingsSet{
    .name = "settings set",
    .arguments = "NAME VALUE...",
    .summary = "Change settings",
    .options = {},
    .doing = "changing settings",
    .text = "Timeouts are in seconds, from 1 to 2678400 (31 days), and hold from a connection's\n"
            "next packet on.\n\n"
            "Example (ipvsadm --set 900 120 300):\n"
            "  lbctl settings set tcp-established 900 tcp-fin-wait 120 udp 300\n",
    .run = set,
};

} // namespace lb::lbctl
