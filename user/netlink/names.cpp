// SPDX-License-Identifier: GPL-2.0
#include "names.hpp"

#include "../base/duration.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <linux/lb.h>

namespace lb::netlink {

namespace {

using Nest = std::pair<std::uint16_t, const AttributeSet *>;
using std::string_view;

constexpr string_view statsNames[] = {"",         "pad",      "conns", "in-packets", "out-packets",
                                      "in-bytes", "out-bytes"};
constexpr string_view ratesNames[] = {"",           "pad",         "interval-ms", "conns",
                                      "in-packets", "out-packets", "in-bytes",    "out-bytes"};
constexpr string_view keyNames[] = {"", "family", "protocol", "addr", "port", "fwmark"};
constexpr string_view serviceNames[] = {"",
                                        "key",
                                        "scheduler",
                                        "dests",
                                        "active",
                                        "inactive",
                                        "stats",
                                        "rates",
                                        "txn",
                                        "generation",
                                        "sched-flags",
                                        "one-packet",
                                        "mss-clamp",
                                        "persist-timeout",
                                        "persist-prefix",
                                        "persist-engine",
                                        "timeouts",
                                        "slow-start",
                                        "orphans",
                                        "since-zero"};
constexpr string_view destNames[] = {
    "",          "service",    "family",     "addr",        "port",        "method",
    "weight",    "drain",      "active",     "inactive",    "local",       "stats",
    "rates",     "txn",        "generation", "tunnel-type", "tunnel-port", "tunnel-checksum",
    "templates", "upper",      "lower",      "full",        "ramp",        "deadline",
    "drain-end", "since-zero", "lax-port"};
constexpr string_view connNames[] = {"",
                                     "pad",
                                     "family",
                                     "protocol",
                                     "client-addr",
                                     "client-prefix",
                                     "client-port",
                                     "virtual-addr",
                                     "virtual-port",
                                     "dest-family",
                                     "dest-addr",
                                     "dest-port",
                                     "method",
                                     "state",
                                     "flags",
                                     "expires-ms",
                                     "count",
                                     "templates",
                                     "fwmark",
                                     "conns",
                                     "persist-id"};
constexpr string_view settingsNames[] = {"",
                                         "pad",
                                         "tcp-none",
                                         "tcp-established",
                                         "tcp-syn-sent",
                                         "tcp-syn-recv",
                                         "tcp-fin-wait",
                                         "tcp-time-wait",
                                         "tcp-close",
                                         "tcp-close-wait",
                                         "tcp-last-ack",
                                         "tcp-listen",
                                         "tcp-synack",
                                         "udp",
                                         "conn-max",
                                         "generation",
                                         "txn",
                                         "conntrack",
                                         "sctp-none",
                                         "sctp-init1",
                                         "sctp-init",
                                         "sctp-cookie-sent",
                                         "sctp-cookie-replied",
                                         "sctp-cookie-wait",
                                         "sctp-cookie",
                                         "sctp-cookie-echoed",
                                         "sctp-established",
                                         "sctp-shutdown-sent",
                                         "sctp-shutdown-received",
                                         "sctp-shutdown-ack-sent",
                                         "sctp-rejected",
                                         "sctp-closed",
                                         "sloppy-sctp",
                                         "schedule-icmp",
                                         "expire-quiescent-template",
                                         "ftp-port",
                                         "pmtu-disc",
                                         "drop-entry",
                                         "drop-packet",
                                         "secure-tcp",
                                         "amemthresh",
                                         "am-droprate",
                                         "expire-nodest-conn",
                                         "conn-reuse-mode",
                                         "sloppy-tcp",
                                         "snat-reroute",
                                         "ignore-tunneled",
                                         "lblc-expiration",
                                         "lblcr-expiration",
                                         "nat-icmp-send",
                                         "cache-bypass",
                                         "sync-version",
                                         "sync-ports",
                                         "sync-threshold",
                                         "sync-period",
                                         "sync-refresh-period",
                                         "sync-retries",
                                         "sync-qlen-max",
                                         "sync-sock-size",
                                         "sync-persist-mode",
                                         "backup-only"};
constexpr string_view dropNames[] = {"", "pad", "reason", "name", "packets"};
constexpr string_view totalNames[] = {"", "pad", "stats", "rates", "drop", "sync"};
constexpr string_view infoNames[] = {"",      "pad",   "version", "generation", "services",
                                     "dests", "conns", "buckets", "conn-size",  "schedulers"};
constexpr string_view txnNames[] = {"",       "pad",    "id",         "staged",
                                    "failed", "reason", "generation", "attribute"};

constexpr string_view syncNames[] = {"",           "pad",   "role", "ifname", "id",
                                     "max-length", "group", "port", "ttl",    "ports"};
constexpr string_view syncCounterNames[] = {"", "pad", "which", "name", "value"};

constexpr Nest serviceNests[] = {{LB_A_SERVICE_KEY, &keySet},
                                 {LB_A_SERVICE_STATS, &statsSet},
                                 {LB_A_SERVICE_RATES, &ratesSet},
                                 {LB_A_SERVICE_TIMEOUTS, &settingsSet},
                                 {LB_A_SERVICE_SINCE_ZERO, &statsSet}};
constexpr Nest destNests[] = {{LB_A_DEST_SERVICE, &keySet},
                              {LB_A_DEST_STATS, &statsSet},
                              {LB_A_DEST_RATES, &ratesSet},
                              {LB_A_DEST_SINCE_ZERO, &statsSet}};
constexpr Nest totalNests[] = {{LB_A_TOTAL_STATS, &statsSet},
                               {LB_A_TOTAL_RATES, &ratesSet},
                               {LB_A_TOTAL_DROP, &dropSet},
                               {LB_A_TOTAL_SYNC, &syncCounterSet}};

constexpr const AttributeSet *sets[] = {
    &statsSet, &ratesSet, &keySet,  &serviceSet, &destSet, &connSet,       &settingsSet,
    &dropSet,  &totalSet, &infoSet, &txnSet,     &syncSet, &syncCounterSet};

constexpr string_view states[] = {"none",
                                  "established",
                                  "syn-sent",
                                  "syn-recv",
                                  "fin-wait",
                                  "time-wait",
                                  "close",
                                  "close-wait",
                                  "last-ack",
                                  "listen",
                                  "synack",
                                  "udp",
                                  "sctp-none",
                                  "sctp-init1",
                                  "sctp-init",
                                  "sctp-cookie-sent",
                                  "sctp-cookie-replied",
                                  "sctp-cookie-wait",
                                  "sctp-cookie",
                                  "sctp-cookie-echoed",
                                  "sctp-established",
                                  "sctp-shutdown-sent",
                                  "sctp-shutdown-received",
                                  "sctp-shutdown-ack-sent",
                                  "sctp-rejected",
                                  "sctp-closed"};
// A state of TCP is called so, its timeout with this in front.
constexpr string_view tcpPrefix = "tcp-";
constexpr string_view schedulerFlags[] = {"fallback", "port"};
constexpr string_view flags[] = {"inactive", "no-output", "orphan", "template"};
constexpr string_view templates[] = {"both", "none", "only"};
constexpr string_view persistEngines[] = {"none", "sip"};
constexpr string_view drainEnds[] = {"keep", "reset", "reschedule"};
constexpr string_view syncRoles[] = {"", "master", "backup"};
constexpr string_view orphans[] = {"default", "drop", "reset", "reschedule"};
constexpr string_view dropReasons[] = {
    "malformed", "no-memory",  "no-dest",  "dest-removed", "no-route",   "neighbour", "too-big",
    "ttl",       "conn-limit", "fragment", "defence",      "conn-reset", "no-conn"};
constexpr string_view dropTexts[] = {
    "header too short or lengths that contradict each other",
    "no memory for a connection, a copy or headroom",
    "the service has no usable destination; the client was told",
    "the connection's destination was removed",
    "no route to the destination",
    "the route leads back to the director",
    "larger than the path MTU; the sender was told",
    "TTL or hop limit expired; the sender was told",
    "as many connections as conn-max allows",
    "a fragment that could not be reassembled",
    "one of the new connections that drop-packet refuses",
    "of a removed or drained destination's connection; both ends were told",
    "what a nat destination sent on no connection (nat-icmp-send)",
};

} // namespace

constinit const AttributeSet statsSet{"stats", statsNames, {}};
constinit const AttributeSet ratesSet{"rates", ratesNames, {}};
constinit const AttributeSet keySet{"key", keyNames, {}};
constinit const AttributeSet serviceSet{"service", serviceNames, serviceNests};
constinit const AttributeSet destSet{"dest", destNames, destNests};
constinit const AttributeSet connSet{"conn", connNames, {}};
constinit const AttributeSet settingsSet{"settings", settingsNames, {}};
constinit const AttributeSet dropSet{"drop", dropNames, {}};
constinit const AttributeSet totalSet{"total", totalNames, totalNests};
constinit const AttributeSet infoSet{"info", infoNames, {}};
constinit const AttributeSet txnSet{"txn", txnNames, {}};
constinit const AttributeSet syncSet{"sync", syncNames, {}};
constinit const AttributeSet syncCounterSet{"sync-counter", syncCounterNames, {}};

const AttributeSet *AttributeSet::nest(std::uint16_t type) const
{
    for (const auto &[number, set] : nests)
        if (number == type)
            return set;
    return nullptr;
}

std::span<const AttributeSet *const> attributeSets()
{
    return sets;
}

const AttributeSet *attributesOf(std::uint8_t command)
{
    switch (command) {
    case LB_CMD_INFO_GET:
        return &infoSet;
    case LB_CMD_SERVICE_NEW:
    case LB_CMD_SERVICE_SET:
    case LB_CMD_SERVICE_DEL:
    case LB_CMD_SERVICE_GET:
    case LB_CMD_FLUSH:
    case LB_CMD_SERVICE_NEW_NTF:
    case LB_CMD_SERVICE_SET_NTF:
    case LB_CMD_SERVICE_DEL_NTF:
    case LB_CMD_FLUSH_NTF:
    case LB_CMD_ZERO:
        return &serviceSet;
    case LB_CMD_DEST_NEW:
    case LB_CMD_DEST_SET:
    case LB_CMD_DEST_DEL:
    case LB_CMD_DEST_GET:
    case LB_CMD_DEST_NEW_NTF:
    case LB_CMD_DEST_SET_NTF:
    case LB_CMD_DEST_DEL_NTF:
        return &destSet;
    case LB_CMD_CONN_GET:
    case LB_CMD_CONN_DEL:
    case LB_CMD_CONN_COUNT:
    case LB_CMD_CONN_ADOPT:
        return &connSet;
    case LB_CMD_SETTINGS_GET:
    case LB_CMD_SETTINGS_SET:
    case LB_CMD_SETTINGS_SET_NTF:
        return &settingsSet;
    case LB_CMD_STATS_GET:
        return &totalSet;
    case LB_CMD_TXN_BEGIN:
    case LB_CMD_TXN_COMMIT:
    case LB_CMD_TXN_ABORT:
    case LB_CMD_TXN_GET:
        return &txnSet;
    case LB_CMD_SYNC_START:
    case LB_CMD_SYNC_STOP:
    case LB_CMD_SYNC_GET:
    case LB_CMD_SYNC_START_NTF:
    case LB_CMD_SYNC_STOP_NTF:
        return &syncSet;
    default:
        return nullptr;
    }
}

std::span<const std::string_view> stateNames()
{
    return states;
}

std::span<const std::string_view> flagNames()
{
    return flags;
}

std::span<const std::string_view> templatesNames()
{
    return templates;
}

std::span<const std::string_view> persistEngineNames()
{
    return persistEngines;
}

std::string_view persistEngineName(std::uint8_t engine)
{
    return engine < std::size(persistEngines) ? persistEngines[engine] : "unknown";
}

std::span<const std::string_view> drainEndNames()
{
    return drainEnds;
}

std::string_view drainEndName(std::uint8_t end)
{
    return end < std::size(drainEnds) ? drainEnds[end] : "unknown";
}

std::span<const std::string_view> orphansNames()
{
    return orphans;
}

std::string_view orphansName(std::uint8_t what)
{
    return what < std::size(orphans) ? orphans[what] : "unknown";
}

std::span<const std::string_view> syncRoleNames()
{
    return syncRoles;
}

std::string_view syncRoleName(std::uint8_t role)
{
    return role < std::size(syncRoles) ? syncRoles[role] : "unknown";
}

std::span<const std::string_view> schedulerFlagNames()
{
    return schedulerFlags;
}

std::string joinFlags(std::span<const std::string_view> names, std::uint32_t set)
{
    std::string text;
    for (std::size_t bit = 0; bit < names.size(); bit++)
        if ((set >> bit & 1U) != 0)
            text.append(text.empty() ? "" : ",").append(names[bit]);
    return text.empty() ? "none" : text;
}

std::string mssClampName(std::uint16_t clamp)
{
    if (clamp == 0)
        return "off";
    return clamp == LB_MSS_CLAMP_AUTO ? "auto" : std::to_string(clamp);
}

std::string timeoutsName(const std::map<std::uint16_t, std::uint32_t> &timeouts)
{
    std::string text;
    for (const auto &[type, seconds] : timeouts) {
        auto state = settingsSet[type];
        if (state.starts_with(tcpPrefix))
            state.remove_prefix(tcpPrefix.size());
        text.append(text.empty() ? "" : ",").append(state);
        text.append("=").append(showDuration(seconds));
    }
    return text.empty() ? "none" : text;
}

std::optional<std::uint16_t> timeoutOf(std::string_view state)
{
    const auto bare =
        state.starts_with(tcpPrefix) ? state.substr(tcpPrefix.size()) : std::string_view(state);
    if (std::ranges::find(states, bare) == std::end(states))
        return std::nullopt;
    for (std::size_t type = 1; type < std::size(settingsNames); type++) {
        auto name = settingsNames[type];
        if (name.starts_with(tcpPrefix))
            name.remove_prefix(tcpPrefix.size());
        if (name == bare)
            return static_cast<std::uint16_t>(type);
    }
    return std::nullopt;
}

std::span<const std::string_view> dropReasonNames()
{
    return dropReasons;
}

std::string_view dropExplanation(std::string_view reason)
{
    for (std::size_t i = 0; i < std::size(dropReasons); i++)
        if (reason == dropReasons[i])
            return dropTexts[i];
    return "";
}

} // namespace lb::netlink
