// SPDX-License-Identifier: GPL-2.0
// What holds for all: global_defs, and the words of the top level that are no blocks.
#pragma once

#include "keyword.hpp"
#include "script.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lb::config {

struct Fifo {
    std::string path{};
    std::string user{};
    std::string group{};
    Script script{}; // is started with the path as its last argument
    Where where{};

    friend bool operator==(const Fifo &, const Fifo &) = default;
};

struct Mail {
    std::vector<std::string> to{};
    std::string from{};
    std::string server{}; // address or name; no mail without one
    Port port{25};
    std::string helloName{};
    Duration connectTimeout = std::chrono::seconds(30);
    std::optional<bool> alertAll{};
    std::optional<bool> alertVrrp{};
    std::optional<bool> alertChecker{};
    bool noFaults = false;
    bool noCheckerEmails = false;

    friend bool operator==(const Mail &, const Mail &) = default;
};

struct SyncDaemon {
    std::string interface {};
    std::string instance{}; // of VRRP, which decides the role; empty: both roles, always
    std::optional<std::uint8_t> id{};
    std::optional<std::uint16_t> maxLength{};
    std::optional<Port> port{};
    std::optional<std::uint8_t> ttl{};
    std::optional<Ip> group{};
    Where where{};

    friend bool operator==(const SyncDaemon &, const SyncDaemon &) = default;
};

struct Timeouts { // seconds; what is not given stays
    std::optional<std::uint32_t> tcp{};
    std::optional<std::uint32_t> tcpFin{};
    std::optional<std::uint32_t> udp{};

    friend bool operator==(const Timeouts &, const Timeouts &) = default;
};

// What somebody else has changed on the director, of services that are ours.
enum class OnDrift : std::uint8_t { leave, repair };

enum class FlushOnStop : std::uint8_t { no, all, services };

// How a part of keepalived's is scheduled; lbd is one process, and takes the most urgent of them.
struct Scheduling {
    std::optional<int> nice{};
    std::optional<int> realtime{}; // priority of SCHED_RR
    bool noSwap = false;
    std::vector<std::uint16_t> cpus{};

    friend bool operator==(const Scheduling &, const Scheduling &) = default;
};

// Defaults of the instances (vrrp.hpp).
struct VrrpDefaults {
    int version = 2;
    Ip group4 = *Ip::parse("224.0.0.18");
    Ip group6 = *Ip::parse("ff02::12");
    std::uint32_t garpDelay = 5; // seconds
    std::uint32_t garpRepeat = 5;
    std::uint32_t garpRefresh = 0; // seconds
    std::uint32_t garpRefreshRepeat = 1;
    std::optional<std::uint32_t> garpLowerPrioDelay{};
    std::optional<std::uint32_t> garpLowerPrioRepeat{};
    Duration garpInterval{};
    Duration gnaInterval{};
    bool minGarp = false;
    std::uint32_t garpExtraInterface = 0; // seconds
    bool garpExtraAll = false;
    std::optional<bool> lowerPrioNoAdvert{};
    bool higherPrioSendAdvert = false;
    std::uint8_t downTimerAdverts = 3;
    Duration startupDelay{};
    Duration delayAfterBoot{};
    bool checkUnicastSource = false;
    bool skipCheckAdvertAddresses = false;
    bool strict = false;
    bool notifyPriorityChanges = false;
    bool fifoStatesOnReload = false;
    bool logUnknownRouters = false;

    friend bool operator==(const VrrpDefaults &, const VrrpDefaults &) = default;
};

struct Firewall {
    std::string table{}; // of nftables for VRRP; empty: lbd's own
    std::optional<int> priority{};
    bool counters = false;

    friend bool operator==(const Firewall &, const Firewall &) = default;
};

struct Globals {
    std::string instance{};
    std::string netNamespace{};
    std::string netNamespaceServices{};
    std::string routerId{};
    std::string defaultInterface = "eth0";
    std::string scriptUser{};
    std::string scriptGroup{};
    Where scriptUserWhere{};
    bool scriptSecurity = false;
    Mail mail{};
    std::optional<SyncDaemon> syncDaemon{};
    Timeouts timeouts{};
    std::map<std::uint16_t, std::uint32_t> settings{}; // of lb: LB_A_SETTINGS_*
    OnDrift onDrift = OnDrift::leave;
    bool flush = false;
    FlushOnStop flushOnStop = FlushOnStop::no;
    bool logAllFailures = false;
    bool notifyAtStart = false; // rs_init_notifies
    bool dynamicInterfaces = false;
    Fifo fifo{};
    Fifo vrrpFifo{};
    Fifo lvsFifo{};
    Script startup{};
    Duration startupTimeout = std::chrono::seconds(10);
    Script shutdown{};
    Duration shutdownTimeout = std::chrono::seconds(10);
    std::string reloadTimeFile{};
    std::optional<std::string> reloadFile{}; // empty: in the folder of lbd
    bool reloadRepeat = false;
    Scheduling vrrpScheduling{};
    Scheduling checkerScheduling{};
    VrrpDefaults vrrp{};
    Firewall firewall{};
    std::optional<Endpoint> metrics{}; // lbd_metrics: where they are served by TCP

    friend bool operator==(const Globals &, const Globals &) = default;
};

// global_defs { ... }; may come more than once.
void takeGlobals(Globals &into, Arguments &arguments);

// net_namespace NAME and the like, at the top level.
std::span<const Keyword<Globals>> topLevelKeywords();

} // namespace lb::config
