// SPDX-License-Identifier: GPL-2.0
// What one command of ipvsadm says, as values.
#pragma once

#include "../base/endpoint.hpp"
#include "../base/tunnel.hpp"
#include "../base/types.hpp"
#include "words.hpp"

#include <array>
#include <bitset>
#include <string>

namespace lb::ipvsadm {

// In the order of legality.cpp's table.
enum class Verb {
    add,
    edit,
    del,
    flush,
    list,
    addDest,
    delDest,
    editDest,
    timeout,
    startDaemon,
    stopDaemon,
    restore,
    save,
    zero,
    count,
    help = count,
    version,
};

using Given = std::bitset<static_cast<std::size_t>(Opt::count)>;

inline constexpr std::uint32_t defaultPersistence = 360;

struct ServiceWords {
    std::optional<Family> family{}; // not before a service is named
    Protocol protocol = Protocol::tcp;
    Ip ip{};
    std::uint16_t port = 0;
    std::uint32_t fwmark = 0;
    std::string scheduler{};
    std::uint32_t schedulerFlags = 0; // LB_SCHED_FLAGS_*
    bool persistent = false;
    bool onePacket = false;
    std::uint32_t timeout = 0;
    std::uint32_t netmask = 0xffffffff; // of IPv4, host order; of IPv6 a length
    std::string engine{};
};

struct DestWords {
    std::optional<Family> family{};
    Ip ip{};
    std::uint16_t port = 0;
    Method method = Method::direct;
    int weight = 1;
    std::uint32_t upper = 0;
    std::uint32_t lower = 0;
    TunnelType tunnelType = TunnelType::ipip;
    std::uint16_t tunnelPort = 0;
    TunnelChecksum tunnelChecksum = TunnelChecksum::none;
};

struct DaemonWords {
    bool master = false;
    std::string interface {};
    std::uint32_t syncid = 0;
    std::uint16_t maxlen = 0;
    std::optional<Ip> group{};
    std::uint16_t port = 0;
    std::uint8_t ttl = 0;
};

struct Command {
    Verb verb = Verb::count;
    Given given{};
    ServiceWords service{};
    DestWords dest{};
    std::array<std::uint32_t, 3> timeouts{}; // tcp tcpfin udp
    DaemonWords daemon{};

    [[nodiscard]] bool has(Opt opt) const { return given.test(static_cast<std::size_t>(opt)); }
};

} // namespace lb::ipvsadm
