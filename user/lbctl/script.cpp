// SPDX-License-Identifier: GPL-2.0
#include "script.hpp"

#include "../netlink/names.hpp"
#include "../plane/diff.hpp"

#include <fmt/format.h>

namespace lb::lbctl {

namespace {

std::string_view verbOf(std::uint8_t command)
{
    switch (command) {
    case LB_CMD_SERVICE_NEW:
        return "service add";
    case LB_CMD_SERVICE_SET:
        return "service set";
    case LB_CMD_SERVICE_DEL:
        return "service del";
    case LB_CMD_DEST_NEW:
        return "dest add";
    case LB_CMD_DEST_SET:
        return "dest set";
    case LB_CMD_DEST_DEL:
        return "dest del";
    case LB_CMD_SETTINGS_SET:
        return "settings set";
    default:
        return "flush";
    }
}

} // namespace

std::string toCommand(const netlink::Change &change)
{
    fmt::memory_buffer text;
    const auto out = fmt::appender(text);

    fmt::format_to(out, "{}", verbOf(change.command));
    if (const auto *service = std::get_if<netlink::ServiceSpec>(&change.object)) {
        fmt::format_to(out, " {}", toString(service->key));
        if (service->scheduler)
            fmt::format_to(out, " --scheduler {}", *service->scheduler);
        // A new service has none unless told.
        if (service->schedulerFlags &&
            (*service->schedulerFlags != 0 || change.command == LB_CMD_SERVICE_SET))
            fmt::format_to(
                out, " --scheduler-flags {}",
                netlink::joinFlags(netlink::schedulerFlagNames(), *service->schedulerFlags));
        if (service->onePacket && (*service->onePacket || change.command == LB_CMD_SERVICE_SET))
            fmt::format_to(out, " --one-packet {}", *service->onePacket ? "on" : "off");
        if (service->mssClamp)
            fmt::format_to(out, " --mss-clamp {}", netlink::mssClampName(*service->mssClamp));
        if (service->persistTimeout)
            fmt::format_to(out, " --persist {}", *service->persistTimeout);
        if (service->persistPrefix)
            fmt::format_to(out, " --persist-prefix {}", *service->persistPrefix);
        if (service->persistEngine)
            fmt::format_to(out, " --persist-engine {}",
                           netlink::persistEngineName(*service->persistEngine));
        if (service->timeouts)
            fmt::format_to(out, " --timeout {}", netlink::timeoutsName(*service->timeouts));
        if (service->slowStart)
            fmt::format_to(out, " --slow-start {}", *service->slowStart);
        if (service->orphans)
            fmt::format_to(out, " --orphans {}", netlink::orphansName(*service->orphans));
    } else if (const auto *dest = std::get_if<netlink::DestSpec>(&change.object)) {
        fmt::format_to(out, " {} {}", toString(dest->service), toString(dest->endpoint));
        if (dest->method)
            fmt::format_to(out, " --method {}", toString(*dest->method));
        if (dest->weight)
            fmt::format_to(out, " --weight {}", dest->weight->value);
        // A new destination does not drain unless told.
        if (dest->drain && (*dest->drain || change.command == LB_CMD_DEST_SET))
            fmt::format_to(out, " --drain {}", *dest->drain ? "on" : "off");
        if (dest->deadline)
            fmt::format_to(out, " --deadline {}", *dest->deadline);
        if (dest->drainEnd)
            fmt::format_to(out, " --then {}", netlink::drainEndName(*dest->drainEnd));
        if (dest->tunnelType)
            fmt::format_to(out, " --tunnel-type {}", toString(*dest->tunnelType));
        if (dest->tunnelPort)
            fmt::format_to(out, " --tunnel-port {}", dest->tunnelPort->value);
        if (dest->tunnelChecksum)
            fmt::format_to(out, " --tunnel-checksum {}", toString(*dest->tunnelChecksum));
        if (dest->upper)
            fmt::format_to(out, " --upper {}", *dest->upper);
        if (dest->lower)
            fmt::format_to(out, " --lower {}", *dest->lower);
    } else if (const auto *settings = std::get_if<netlink::Settings>(&change.object)) {
        for (const auto &[type, value] : settings->values)
            fmt::format_to(out, " {} {}", netlink::settingsSet[type], value);
    }
    return fmt::to_string(text);
}

std::string toScript(const plane::Model &model)
{
    std::string text = "# lbctl restore reads this\n";

    for (const auto &[type, value] : model.settings.values)
        text += fmt::format("settings set {} {}\n", netlink::settingsSet[type], value);
    for (const auto &[key, pool] : model.services) {
        text += toCommand(netlink::Change::add(additionOf(key, pool))) + '\n';
        for (const auto &member : pool.members)
            text += toCommand(netlink::Change::add(additionOf(key, member))) + '\n';
    }
    return text;
}

} // namespace lb::lbctl
