// SPDX-License-Identifier: GPL-2.0
// What a real server of direct routing or of a tunnel has to have, what of it is missing on a
// machine, and what is to be taken back when a virtual address leaves it. Decides; touches nothing.
//
// IPv4 addresses are put on lo, which every machine has, needs no module and speaks no ARP; with
// scope host, so that they are not chosen as a source. IPv6 addresses are put there too, without
// duplicate address detection (the director has the same one) and deprecated, for the same reason.
// An IPv4 address behind a tunnel is put on the tunnel's device instead: the kernel drops what
// comes in by a device without any address unless rp_filter is 0 for `all` too, and `all` is
// everybody's. With an address there, rp_filter 2 on the device alone is enough, as the larger of
// the two counts.
#pragma once

#include "../base/endpoint.hpp"
#include "../base/error.hpp"
#include "../base/tunnel.hpp"
#include "../base/types.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lb::realserver {

struct Wish {
    Ip vip{};
    Method method = Method::direct;       // or tunnel
    std::string interface {};             // of the LAN; empty for all of them
    TunnelType tunnel = TunnelType::ipip; // or gue
    Port port{};                          // that GUE is received on
    Family outer = Family::inet;          // of the packets that the director sends

    friend bool operator==(const Wish &, const Wish &) = default;
};

// " --method tunnel --interface eth0": what lbctl takes, with a blank before each.
std::string optionsOf(const Wish &wish);

// --- the machine as it is

struct Link {
    std::string name{};
    unsigned index = 0;
    bool up = false;
    bool loopback = false;
    bool arp = false;
    bool onlyIpv6 = false; // an ip6tnl device that takes nothing else out
};

struct Address {
    std::string device{};
    Ip ip{};
    std::uint8_t length = 0;
    bool hostScope = false;
    bool deprecated = false;
    bool unusable = false; // a duplicate, or not yet known to be none
};

struct Receiver {
    Port port{};
    Family family = Family::inet;

    friend auto operator<=>(const Receiver &, const Receiver &) = default;
};

struct Listener {
    Ip ip{};
    Port port{};
    bool stream = false; // TCP, or UDP

    friend auto operator<=>(const Listener &, const Listener &) = default;
};

struct Machine {
    std::vector<Link> links{};
    std::vector<Address> addresses{};
    std::map<std::string, int, std::less<>> settings{}; // by path: net/ipv4/conf/all/arp_ignore
    std::optional<std::set<Receiver>> receivers{};      // of GUE; nothing without fou
    // The device by which an answer of this address leaves, for anywhere; empty when there is none.
    std::map<Ip, std::string> wayBack{};
    std::vector<Listener> listeners{};

    [[nodiscard]] const Link *link(std::string_view name) const;
    [[nodiscard]] int setting(std::string_view path) const; // 0 when it is not there
};

// net/ipv4/conf/all/arp_ignore
std::string confPath(std::string_view device, std::string_view name);
// net.ipv4.conf.all.arp_ignore, as sysctl(8) takes it
std::string sysctlName(std::string_view path);
// Of `all` and the interface the larger one counts.
int effective(const Machine &machine, std::string_view device, std::string_view name);

// --- what to do

struct LinkUp {
    std::string device{};
    friend bool operator==(const LinkUp &, const LinkUp &) = default;
};
struct AnyInside { // an ip6tnl device takes IPv4 out as well
    std::string device{};
    friend bool operator==(const AnyInside &, const AnyInside &) = default;
};
struct Setting {
    std::string path{};
    int value = 0;
    int before = 0;
    friend bool operator==(const Setting &, const Setting &) = default;
};
struct Local {
    std::string device{};
    Ip ip{};
    friend bool operator==(const Local &, const Local &) = default;
};
using Step = std::variant<LinkUp, AnyInside, Receiver, Setting, Local>;

struct Action {
    Step step{};
    bool undo = false;
    friend bool operator==(const Action &, const Action &) = default;
};

// "192.0.2.1/32 on lo", "net.ipv4.conf.all.arp_ignore = 1"; of an undone one "... is gone"
std::string toString(const Action &action);

// Who is a real server here, and what was changed for that.
struct State {
    std::vector<Wish> wishes{};
    std::vector<Step> done{}; // in this order
    friend bool operator==(const State &, const State &) = default;
};

// The device that takes packets out of the tunnel: tunl0, sit0 or ip6tnl0.
std::string tunnelDevice(const Wish &wish);
// Where the address belongs: lo, or the tunnel's device.
std::string homeOf(const Wish &wish);
// Modules to load before anything else: those of devices that are not there, and fou.
std::vector<std::string> modulesFor(const Wish &wish, const Machine &machine);

// Nothing of an address that cannot be one.
Result<void> checkVip(const Ip &vip);

struct Plan {
    std::vector<Action> actions{}; // in this order
    State next{};
};
// What is there already is not done again, nor undone later: it is somebody else's.
Result<Plan> planUp(const State &state, const Wish &wish, const Machine &machine);
// What others of the state still need stays, and what somebody has changed since.
Result<Plan> planDown(const State &state, const Ip &vip, const Machine &machine);

} // namespace lb::realserver
