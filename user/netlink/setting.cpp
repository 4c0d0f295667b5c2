// SPDX-License-Identifier: GPL-2.0
#include "setting.hpp"

#include <algorithm>

#include <linux/lb.h>

namespace lb::netlink {

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
    timeout(LB_A_SETTINGS_SCTP_NONE, "seconds an SCTP association is kept in state none"),
    timeout(LB_A_SETTINGS_SCTP_INIT1, "seconds an SCTP association is kept in state init1"),
    timeout(LB_A_SETTINGS_SCTP_INIT, "seconds an SCTP association is kept in state init"),
    timeout(LB_A_SETTINGS_SCTP_COOKIE_SENT,
            "seconds an SCTP association is kept in state cookie-sent"),
    timeout(LB_A_SETTINGS_SCTP_COOKIE_REPLIED,
            "seconds an SCTP association is kept in state cookie-replied"),
    timeout(LB_A_SETTINGS_SCTP_COOKIE_WAIT,
            "seconds an SCTP association is kept in state cookie-wait"),
    timeout(LB_A_SETTINGS_SCTP_COOKIE, "seconds an SCTP association is kept in state cookie"),
    timeout(LB_A_SETTINGS_SCTP_COOKIE_ECHOED,
            "seconds an SCTP association is kept in state cookie-echoed"),
    timeout(LB_A_SETTINGS_SCTP_ESTABLISHED,
            "seconds an SCTP association is kept in state established"),
    timeout(LB_A_SETTINGS_SCTP_SHUTDOWN_SENT,
            "seconds an SCTP association is kept in state shutdown-sent"),
    timeout(LB_A_SETTINGS_SCTP_SHUTDOWN_RECEIVED,
            "seconds an SCTP association is kept in state shutdown-received"),
    timeout(LB_A_SETTINGS_SCTP_SHUTDOWN_ACK_SENT,
            "seconds an SCTP association is kept in state shutdown-ack-sent"),
    timeout(LB_A_SETTINGS_SCTP_REJECTED, "seconds an SCTP association is kept in state rejected"),
    timeout(LB_A_SETTINGS_SCTP_CLOSED, "seconds an SCTP association is kept in state closed"),
    {LB_A_SETTINGS_SLOPPY_SCTP, 0, 1,
     "1: an SCTP association opens with any packet; 0: with INIT only"},
    {LB_A_SETTINGS_SCHEDULE_ICMP, 0, 1,
     "1: an ICMP error about no connection opens one; 0: it is ignored"},
    {LB_A_SETTINGS_EXPIRE_QUIESCENT_TEMPLATE, 0, 1,
     "1: persistence sends nobody to a destination of weight 0"},
    {LB_A_SETTINGS_FTP_PORT, 0, 65535, "port of services that speak FTP, through nat; 0: none"},
    {LB_A_SETTINGS_PMTU_DISC, 0, 1,
     "1: a packet too long for a tunnel is refused, if it says so; 0: it is fragmented"},
    {LB_A_SETTINGS_DROP_ENTRY, 0, 3,
     "0: never, 1: while memory is short, 3: always forget half-open connections"},
    {LB_A_SETTINGS_DROP_PACKET, 0, 3,
     "0: never, 1: while memory is short, 3: always refuse a share of new connections"},
    {LB_A_SETTINGS_SECURE_TCP, 0, 3,
     "0: never, 1: while memory is short, 3: always believe less of what clients say"},
    {LB_A_SETTINGS_AMEMTHRESH, 0, INT32_MAX, "memory is short when fewer pages are free"},
    {LB_A_SETTINGS_AM_DROPRATE, 0, INT32_MAX, "drop-packet 3 refuses one of so many; 0: none"},
    {LB_A_SETTINGS_EXPIRE_NODEST_CONN, 0, 1,
     "1: connections of a removed destination are forgotten; 0: their packets are dropped"},
    {LB_A_SETTINGS_CONN_REUSE_MODE, 0, 3,
     "a SYN on an old connection opens a new one: 0 never, 1 when over, 3 also in fin-wait"},
    {LB_A_SETTINGS_SLOPPY_TCP, 0, 1,
     "1: a TCP connection opens with any segment but a reset; 0: with a SYN only"},
    {LB_A_SETTINGS_SNAT_REROUTE, 0, 1, "1: route replies by the virtual address (nat)"},
    {LB_A_SETTINGS_IGNORE_TUNNELED, 0, 1, "1: do not balance what comes out of a tunnel here"},
    timeout(LB_A_SETTINGS_LBLC_EXPIRATION, "seconds lblc remembers an address that nobody uses"),
    timeout(LB_A_SETTINGS_LBLCR_EXPIRATION,
            "seconds lblcr remembers such an address, and keeps the most loaded destination"),
    {LB_A_SETTINGS_NAT_ICMP_SEND, 0, 1,
     "1: refuse what nat destinations send on no connection; 0: let it pass"},
    {LB_A_SETTINGS_CACHE_BYPASS, 0, 1,
     "1: what a mark's service has nobody for goes where it is addressed; 0: it is refused"},
    {LB_A_SETTINGS_SYNC_VERSION, 0, 1, "protocol version that a sync master speaks"},
    {LB_A_SETTINGS_SYNC_PORTS, 1, 64, "ports and threads of a sync daemon, from its start on"},
    {LB_A_SETTINGS_SYNC_THRESHOLD, 0, LB_SYNC_PACKETS_MAX,
     "a connection is told at so many packets of sync-period"},
    {LB_A_SETTINGS_SYNC_PERIOD, 0, LB_SYNC_PACKETS_MAX,
     "and again after so many; 0: once, or by sync-refresh-period"},
    {LB_A_SETTINGS_SYNC_REFRESH_PERIOD, 0, INT16_MAX,
     "seconds until it is told again; 0: by its packets alone"},
    {LB_A_SETTINGS_SYNC_RETRIES, 0, 3, "times it is told again at 1/8 of sync-refresh-period"},
    {LB_A_SETTINGS_SYNC_QLEN_MAX, 0, any, "messages that may wait at each port; 0: by memory"},
    {LB_A_SETTINGS_SYNC_SOCK_SIZE, 0, INT32_MAX, "bytes of a sync socket's buffer; 0: default"},
    {LB_A_SETTINGS_SYNC_PERSIST_MODE, 0, 1, "1: templates are told, not their connections"},
    {LB_A_SETTINGS_BACKUP_ONLY, 0, 1, "1: while a sync backup runs, balance nothing here"},
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

} // namespace lb::netlink
