// SPDX-License-Identifier: GPL-2.0
#include "setting.hpp"

#include <algorithm>

#include <linux/lb.h>

namespace lb::lbctl {

namespace {

constexpr std::uint32_t any = UINT32_MAX;

constexpr Setting timeout(std::uint16_t type, std::string_view meaning)
{
    return {type, 1, LB_TIMEOUT_MAX, meaning};
}

constexpr Setting settings[] = {
    timeout(LB_A_SETTINGS_TCP_NONE, "seconds a TCP connection is kept in state none"),
    timeout(LB_A_SETTINGS_TCP_ESTABLISHED, "seconds a TCP connection is kept in state established"),
    timeout(LB_A_SETTINGS_TCP_SYN_SENT, "seconds a TCP connection is kept in state syn-sent"),
    timeout(LB_A_SETTINGS_TCP_SYN_RECV, "seconds a TCP connection is kept in state syn-recv"),
    timeout(LB_A_SETTINGS_TCP_FIN_WAIT, "seconds a TCP connection is kept in state fin-wait"),
    timeout(LB_A_SETTINGS_TCP_TIME_WAIT, "seconds a TCP connection is kept in state time-wait"),
    timeout(LB_A_SETTINGS_TCP_CLOSE, "seconds a TCP connection is kept in state close"),
    timeout(LB_A_SETTINGS_TCP_CLOSE_WAIT, "seconds a TCP connection is kept in state close-wait"),
    timeout(LB_A_SETTINGS_TCP_LAST_ACK, "seconds a TCP connection is kept in state last-ack"),
    timeout(LB_A_SETTINGS_TCP_LISTEN, "seconds a TCP connection is kept in state listen"),
    timeout(LB_A_SETTINGS_TCP_SYNACK, "seconds a TCP connection is kept in state synack"),
    timeout(LB_A_SETTINGS_UDP, "seconds a UDP connection is kept after its last packet"),
    {LB_A_SETTINGS_CONN_MAX, 0, any, "connections at most; 0: no bound"},
    {LB_A_SETTINGS_CONNTRACK, 0, 1, "1: conntrack follows connections of nat"},
};

} // namespace

std::span<const Setting> allSettings()
{
    return settings;
}

const Setting *findSetting(std::string_view name)
{
    const auto *found = std::ranges::find(settings, name, &Setting::name);
    return found != std::end(settings) ? found : nullptr;
}

const Setting *findSetting(std::uint16_t type)
{
    const auto *found = std::ranges::find(settings, type, &Setting::type);
    return found != std::end(settings) ? found : nullptr;
}

std::vector<std::string_view> settingNames()
{
    std::vector<std::string_view> names;
    for (const auto &setting : settings)
        names.push_back(setting.name());
    return names;
}

} // namespace lb::lbctl
