// SPDX-License-Identifier: GPL-2.0
// Virtual servers and their real servers as they are configured, before they become services and
// destinations (plan.hpp).
#pragma once

#include "../base/tunnel.hpp"
#include "../base/types.hpp"
#include "leaving.hpp"
#include "probe.hpp"

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace lb::config {

struct Forwarding {
    Method method = Method::nat;
    Tunnel tunnel{};

    friend bool operator==(const Forwarding &, const Forwarding &) = default;
};

struct RealServer : Timing {
    Ip ip{};
    Port port{}; // 0: the virtual server's
    std::int64_t weight = 1;
    std::optional<Forwarding> forwarding{};
    std::uint32_t upper = 0; // connections; 0 for no bound
    std::uint32_t lower = 0;
    std::optional<Leaving> onFailure{}; // inhibit_on_failure is one
    std::optional<Leaving> onRemoval{};
    std::optional<bool> smtpAlert{};
    std::string virtualHost{};
    std::string snmpName{};
    Script notifyUp{};
    Script notifyDown{};
    std::vector<Probe> probes{};
    Where where{};

    friend bool operator==(const RealServer &, const RealServer &) = default;
};

struct SorryServer {
    Ip ip{};
    Port port{}; // 0: the virtual server's
    Where where{};

    friend bool operator==(const SorryServer &, const SorryServer &) = default;
};

struct Mark {
    std::uint32_t value = 0;

    friend bool operator==(const Mark &, const Mark &) = default;
};

struct GroupName {
    std::string value{};

    friend bool operator==(const GroupName &, const GroupName &) = default;
};

// By which packets are known: an address with a port (0: all), a firewall mark, or those of a group.
using VirtualName = std::variant<Endpoint, Mark, GroupName>;

struct VirtualServer : Timing {
    VirtualName name{};
    std::optional<Protocol> protocol{};
    std::optional<std::string> scheduler{};
    std::uint32_t schedulerFlags = 0; // LB_SCHED_FLAGS_*
    std::optional<Forwarding> forwarding{};
    std::optional<std::uint32_t> persistenceTimeout{}; // seconds
    std::optional<std::uint8_t> persistencePrefix{};   // bits
    bool persistenceByLength = false;                  // it was written as their number
    std::string persistenceEngine{};
    bool onePacket = false;
    std::optional<Family> family{}; // ip_family
    bool haSuspend = false;
    std::optional<Leaving> onFailure{};
    std::optional<Leaving> onRemoval{};
    std::optional<bool> smtpAlert{};
    std::string virtualHost{};
    std::string snmpName{};
    bool omega = false;
    std::uint32_t quorum = 1;
    std::uint32_t hysteresis = 0;
    Script quorumUp{};
    Script quorumDown{};
    std::optional<SorryServer> sorryServer{};
    std::optional<Forwarding> sorryForwarding{};
    bool sorryInhibit = false;
    // What lb has and ip_vs has not.
    std::map<std::uint16_t, std::uint32_t> timeouts{}; // seconds by setting (LB_A_SETTINGS_*)
    std::uint32_t slowStart = 0;                       // seconds
    std::uint16_t mssClamp = 0;                        // 0 for none, LB_MSS_CLAMP_AUTO
    std::uint8_t orphans = LB_ORPHANS_DEFAULT;         // LB_ORPHANS_*
    std::vector<RealServer> realServers{};
    Where where{};

    friend bool operator==(const VirtualServer &, const VirtualServer &) = default;
};

// Addresses from the first to the last, with one port.
struct AddressRange {
    Ip first{};
    Ip last{};
    Port port{}; // 0: all

    friend bool operator==(const AddressRange &, const AddressRange &) = default;
};

struct MarkOfFamily {
    std::uint32_t value = 0;
    std::optional<Family> family{};

    friend bool operator==(const MarkOfFamily &, const MarkOfFamily &) = default;
};

struct VirtualServerGroup {
    std::string name{};
    std::vector<AddressRange> ranges{};
    std::vector<MarkOfFamily> marks{};
    Where where{};

    friend bool operator==(const VirtualServerGroup &, const VirtualServerGroup &) = default;
};

// "192.0.2.1 80", "fwmark 5", "group web": as in the file.
std::string toString(const VirtualName &name);

} // namespace lb::config
