// SPDX-License-Identifier: GPL-2.0
// Probes as they are configured: where to, how often, and what a good answer is.
#pragma once

#include "script.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lb::config {

// What a virtual server says for its real servers, and a real server for its probes; each says
// only what differs. The defaults are in timingOf() (health/job.hpp).
struct Timing {
    std::optional<Duration> delayLoop{};
    std::optional<Duration> connectTimeout{};
    std::optional<Duration> delayBeforeRetry{};
    std::optional<Duration> warmup{}; // at random up to this before the first probe; 0: at once
    std::optional<Duration> delayJitter{}; // at random up to this, added to each delay_loop
    std::optional<std::uint32_t> retry{};
    std::optional<bool> alpha{}; // down until the first success
    std::optional<bool> logAllFailures{};

    friend bool operator==(const Timing &, const Timing &) = default;
};

// Where a probe goes, if not to the real server, and by which way.
struct Target : Timing {
    std::optional<Ip> connectIp{};
    std::optional<Port> connectPort{};
    std::optional<Ip> bindTo{};
    std::string bindInterface{};
    std::optional<Port> bindPort{};
    std::uint32_t fwmark = 0; // 0 for none

    friend bool operator==(const Target &, const Target &) = default;
};

// How a server is spoken to by TLS, if it is.
struct Secure {
    bool sni = false;
    std::string sniName{};
    bool verify = false; // its certificate: by SSL { ca }, or else by what the system trusts
    std::chrono::days certificateWarning{14}; // before it ends; 0: none

    friend bool operator==(const Secure &, const Secure &) = default;
};

struct TcpProbe : Target {
    friend bool operator==(const TcpProbe &, const TcpProbe &) = default;
};

struct PingProbe : Target {
    friend bool operator==(const PingProbe &, const PingProbe &) = default;
};

struct StatusRange {
    std::uint16_t first = 0;
    std::uint16_t last = 0;

    friend bool operator==(const StatusRange &, const StatusRange &) = default;
};

struct Regex {
    std::string pattern{};
    std::uint32_t options = 0; // bits by the place of their names (probe_http.cpp)
    bool noMatch = false;      // a match is a failure
    std::size_t minOffset = 0; // bytes
    std::size_t maxOffset = 0; // bytes; 0 for any
    std::size_t stackStart = 0;
    std::size_t stackMax = 0;

    friend bool operator==(const Regex &, const Regex &) = default;
};

struct Url {
    std::string path{};
    std::optional<std::array<std::uint8_t, 16>> digest{}; // MD5 of the body
    std::vector<StatusRange> status{};                    // 200-299 when empty
    std::string virtualHost{};
    std::optional<Regex> regex{};
    Where where{};

    friend bool operator==(const Url &, const Url &) = default;
};

enum class HttpVersion : std::uint8_t { v10, v10Close, v11, v2 };

struct HttpProbe : Target, Secure {
    bool tls = false;
    HttpVersion version = HttpVersion::v10;
    bool fastRecovery = false;
    bool tlsCompliant = false;
    std::string virtualHost{};
    std::vector<Url> urls{};

    friend bool operator==(const HttpProbe &, const HttpProbe &) = default;
};

struct SmtpProbe : Target {
    std::string helloName{}; // smtp_helo_name or the host's unless given
    std::vector<Target> hosts{};

    friend bool operator==(const SmtpProbe &, const SmtpProbe &) = default;
};

enum class DnsType : std::uint16_t { // RFC 1035, 3596
    a = 1,
    ns = 2,
    cname = 5,
    soa = 6,
    mx = 15,
    txt = 16,
    aaaa = 28,
};

struct DnsProbe : Target {
    DnsType type = DnsType::soa;
    std::string name = ".";

    friend bool operator==(const DnsProbe &, const DnsProbe &) = default;
};

// Bytes of which some half may be any.
struct HexPattern {
    std::vector<std::uint8_t> bytes{};
    std::vector<std::uint8_t> mask{}; // of the same length; the bits that count

    friend bool operator==(const HexPattern &, const HexPattern &) = default;
};

struct UdpProbe : Target {
    std::vector<std::uint8_t> payload{}; // at random when empty
    bool requireReply = false;
    HexPattern reply{};
    std::uint16_t minReplyLength = 0;
    std::uint16_t maxReplyLength = 255;

    friend bool operator==(const UdpProbe &, const UdpProbe &) = default;
};

struct MiscProbe : Timing {
    Script script{};
    Duration timeout{}; // delay_loop when 0
    bool dynamic = false;

    friend bool operator==(const MiscProbe &, const MiscProbe &) = default;
};

struct GrpcProbe : Target, Secure {
    bool tls = false;
    std::string service{}; // empty: the server as a whole
    std::string virtualHost{};

    friend bool operator==(const GrpcProbe &, const GrpcProbe &) = default;
};

struct FileProbe {
    std::string trackFile{};
    bool dynamic = false;
    std::optional<std::int64_t> weight{}; // the track file's unless given
    bool reverse = false;
    Where where{};

    friend bool operator==(const FileProbe &, const FileProbe &) = default;
};

struct BfdProbe {
    std::string name{};
    Where where{};

    friend bool operator==(const BfdProbe &, const BfdProbe &) = default;
};

using Probe = std::variant<TcpProbe, HttpProbe, SmtpProbe, DnsProbe, UdpProbe, PingProbe, MiscProbe,
                           FileProbe, BfdProbe, GrpcProbe>;

} // namespace lb::config
