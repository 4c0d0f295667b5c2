// SPDX-License-Identifier: GPL-2.0
// One probe of one target, with every default filled in: what it asks, by which way, how often.
// Equal jobs are one probe, whoever wants to know. Defaults and precedence are keepalived 2.2.7's;
// what a server's state follows from is the monitor's.
#pragma once

#include "../config/globals.hpp"
#include "../config/virtual_server.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lb::health {

using config::Duration;

struct Pace {
    Duration interval = std::chrono::seconds(60);
    Duration retryDelay = std::chrono::seconds(1);
    std::uint32_t retries = 1; // further attempts after the first failure
    Duration warmup{};         // at random up to this before the first
    Duration jitter{};         // at random up to this, added to each interval
    bool startsDown = false;   // alpha: down until the first success

    friend bool operator==(const Pace &, const Pace &) = default;
};

// Where to, from where, and how long that may take.
struct Way {
    Endpoint to{};
    std::optional<Ip> from{};
    Port fromPort{}; // 0 for any
    std::string interface {};
    std::uint32_t mark = 0;
    Duration timeout = std::chrono::seconds(5); // of connecting, and of each answer

    friend bool operator==(const Way &, const Way &) = default;
};

struct TcpAsk {
    friend bool operator==(const TcpAsk &, const TcpAsk &) = default;
};

struct PingAsk {
    friend bool operator==(const PingAsk &, const PingAsk &) = default;
};

struct UrlAsk {
    std::string path{};
    std::string host{};   // as the Host field has it
    std::string server{}; // name that TLS asks for; empty for none
    std::string owner{};  // of the certificate, if that is verified; empty for the address
    std::vector<config::StatusRange> status{};
    std::optional<std::array<std::uint8_t, 16>> digest{};
    std::optional<config::Regex> regex{};

    friend bool operator==(const UrlAsk &, const UrlAsk &) = default;
};

struct HttpAsk {
    bool tls = false;
    bool strictTls = false; // an end without close_notify is a failure
    bool verify = false;    // the certificate
    config::HttpVersion version = config::HttpVersion::v10;
    std::vector<UrlAsk> urls{};

    friend bool operator==(const HttpAsk &, const HttpAsk &) = default;
};

struct SmtpAsk {
    std::string helloName{};
    std::vector<Way> hosts{}; // one after the other; at least one

    friend bool operator==(const SmtpAsk &, const SmtpAsk &) = default;
};

struct DnsAsk {
    config::DnsType type = config::DnsType::soa;
    std::string name = ".";

    friend bool operator==(const DnsAsk &, const DnsAsk &) = default;
};

struct UdpAsk {
    std::vector<std::uint8_t> payload{}; // at random when empty
    bool requireReply = false;
    config::HexPattern reply{};
    std::uint16_t minLength = 0;
    std::uint16_t maxLength = 255;

    friend bool operator==(const UdpAsk &, const UdpAsk &) = default;
};

struct MiscAsk {
    config::Script script{};
    Duration timeout{};
    bool dynamic = false;

    friend bool operator==(const MiscAsk &, const MiscAsk &) = default;
};

struct GrpcAsk {
    bool tls = false;
    bool verify = false;     // the certificate
    std::string authority{}; // as the request has it
    std::string server{};    // name that TLS asks for; empty for none
    std::string owner{};     // of the certificate, if that is verified; empty for the address
    std::string service{};   // empty for the server as a whole

    friend bool operator==(const GrpcAsk &, const GrpcAsk &) = default;
};

struct FileAsk {
    std::string trackFile{};
    bool dynamic = false;
    std::optional<std::int64_t> weight{};
    bool reverse = false;
    std::int64_t own = 1; // weight of the real server

    friend bool operator==(const FileAsk &, const FileAsk &) = default;
};

using Ask =
    std::variant<TcpAsk, HttpAsk, SmtpAsk, DnsAsk, UdpAsk, PingAsk, MiscAsk, FileAsk, GrpcAsk>;

struct Job {
    Way way{}; // of scripts and files: the real server itself
    Pace pace{};
    bool logAllFailures = false;
    std::chrono::days certificateWarning{}; // before the end of TLS's certificate; 0 for none
    Ask ask{};

    friend bool operator==(const Job &, const Job &) = default;
};

// Equal jobs have equal hashes.
std::size_t hashOf(const Job &job);

// "TCP_CHECK", "HTTP_GET", ...: as in the file.
std::string_view kindOf(const Job &job);

// The timing that holds in @probe, which stands in @real, which stands in @server: the innermost
// that says something counts. @retries and @retryDelay are the kind's own defaults; without
// @retryDelay it is the interval.
struct Timed {
    Pace pace{};
    Duration timeout{};
    bool logAllFailures = false;
};
Timed timingOf(const config::Timing &probe, const config::Timing &real,
               const config::Timing &server, const config::Globals &globals,
               std::uint32_t retries = 1,
               std::optional<Duration> retryDelay = std::chrono::seconds(1));

// @target is the real server's address with its port resolved. BFD_CHECK makes no job: it is told,
// not asked.
std::vector<Job> jobsOf(const config::VirtualServer &server, const config::RealServer &real,
                        const Endpoint &target, const config::Globals &globals);

} // namespace lb::health
