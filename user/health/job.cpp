// SPDX-License-Identifier: GPL-2.0
#include "job.hpp"

#include <functional>

#include <unistd.h>

#include <fmt/core.h>

namespace lb::health {

namespace {

using namespace std::chrono_literals;

template <typename T>
std::optional<T> firstOf(const std::optional<T> &a, const std::optional<T> &b,
                         const std::optional<T> &c)
{
    return a ? a : b ? b : c;
}

// keepalived.conf(5): alpha is a word of the virtual server and of the real server; the innermost
// that says something decides.
struct Context {
    const config::VirtualServer &server;
    const config::RealServer &real;
    const Endpoint &target;
    const config::Globals &globals;
};

Way wayOf(const config::Target &probe, const Endpoint &target, Duration timeout)
{
    return {.to = {probe.connectIp.value_or(target.ip), probe.connectPort.value_or(target.port)},
            .from = probe.bindTo,
            .fromPort = probe.bindPort.value_or(Port{}),
            .interface = probe.bindInterface,
            .mark = probe.fwmark,
            .timeout = timeout};
}

Job connecting(const Context &at, const config::Target &probe, Ask ask, std::uint32_t retries = 1,
               std::optional<Duration> retryDelay = 1s)
{
    const auto timed = timingOf(probe, at.real, at.server, at.globals, retries, retryDelay);
    return {.way = wayOf(probe, at.target, timed.timeout),
            .pace = timed.pace,
            .logAllFailures = timed.logAllFailures,
            .ask = std::move(ask)};
}

Job jobOf(const Context &at, const config::TcpProbe &probe)
{
    return connecting(at, probe, TcpAsk{});
}

Job jobOf(const Context &at, const config::PingProbe &probe)
{
    return connecting(at, probe, PingAsk{});
}

std::chrono::days warningOf(const config::Secure &probe, bool tls)
{
    return tls ? probe.certificateWarning : std::chrono::days{};
}

std::string_view firstName(std::initializer_list<std::string_view> names)
{
    for (const auto name : names)
        if (!name.empty())
            return name;
    return {};
}

Job jobOf(const Context &at, const config::HttpProbe &probe)
{
    auto job = connecting(at, probe, TcpAsk{}, 1, 3s);
    job.certificateWarning = warningOf(probe, probe.tls);
    HttpAsk ask{.tls = probe.tls,
                .strictTls = probe.tlsCompliant,
                .verify = probe.tls && probe.verify,
                .version = probe.version};
    for (const auto &url : probe.urls) {
        const auto name = firstName(
            {url.virtualHost, probe.virtualHost, at.real.virtualHost, at.server.virtualHost});
        UrlAsk item{.path = url.path,
                    // An address goes with its port, a name as it was written.
                    .host = name.empty() ? toString(job.way.to) : std::string(name),
                    .status = url.status,
                    .digest = url.digest,
                    .regex = url.regex};
        if (probe.sni)
            item.server = firstName({probe.sniName, name});
        if (ask.verify)
            item.owner = firstName({probe.sniName, name});
        if (item.status.empty())
            item.status.push_back({.first = 200, .last = 299});
        ask.urls.push_back(std::move(item));
    }
    job.ask = std::move(ask);
    return job;
}

std::string hostName()
{
    char name[256] = "localhost";
    if (::gethostname(name, sizeof(name) - 1) != 0)
        return "localhost";
    return name;
}

Job jobOf(const Context &at, const config::SmtpProbe &probe)
{
    auto job = connecting(at, probe, TcpAsk{});
    const auto name = firstName({probe.helloName, at.globals.mail.helloName});
    SmtpAsk ask{.helloName = name.empty() ? hostName() : std::string(name)};
    // What a host leaves out is as in the probe around it.
    for (const auto &host : probe.hosts) {
        Way way = job.way;
        way.to.ip = host.connectIp.value_or(way.to.ip);
        way.to.port = host.connectPort.value_or(way.to.port);
        way.from = host.bindTo ? host.bindTo : way.from;
        way.fromPort = host.bindPort.value_or(way.fromPort);
        way.interface = host.bindInterface.empty() ? way.interface : host.bindInterface;
        way.mark = host.fwmark != 0 ? host.fwmark : way.mark;
        way.timeout = host.connectTimeout.value_or(way.timeout);
        ask.hosts.push_back(std::move(way));
    }
    if (ask.hosts.empty())
        ask.hosts.push_back(job.way);
    job.ask = std::move(ask);
    return job;
}

Job jobOf(const Context &at, const config::DnsProbe &probe)
{
    return connecting(at, probe, DnsAsk{.type = probe.type, .name = probe.name}, 3, std::nullopt);
}

Job jobOf(const Context &at, const config::UdpProbe &probe)
{
    return connecting(at, probe,
                      UdpAsk{.payload = probe.payload,
                             .requireReply = probe.requireReply,
                             .reply = probe.reply,
                             .minLength = probe.minReplyLength,
                             .maxLength = probe.maxReplyLength});
}

Job jobOf(const Context &at, const config::GrpcProbe &probe)
{
    auto job = connecting(at, probe, TcpAsk{});
    const auto name = firstName({probe.virtualHost, at.real.virtualHost, at.server.virtualHost});
    GrpcAsk ask{.tls = probe.tls,
                .verify = probe.tls && probe.verify,
                .authority = name.empty() ? toString(job.way.to) : std::string(name),
                .service = probe.service};
    if (probe.sni)
        ask.server = firstName({probe.sniName, name});
    if (ask.verify)
        ask.owner = firstName({probe.sniName, name});
    job.certificateWarning = warningOf(probe, probe.tls);
    job.ask = std::move(ask);
    return job;
}

Job jobOf(const Context &at, const config::MiscProbe &probe)
{
    const auto timed = timingOf(probe, at.real, at.server, at.globals, 0);
    MiscAsk ask{.script = probe.script,
                .timeout = probe.timeout > Duration{} ? probe.timeout : timed.pace.interval,
                .dynamic = probe.dynamic};
    if (ask.script.user.empty()) {
        ask.script.user = at.globals.scriptUser;
        ask.script.group = at.globals.scriptGroup;
    }
    return {.way = {.to = at.target, .timeout = timed.timeout},
            .pace = timed.pace,
            .logAllFailures = timed.logAllFailures,
            .ask = std::move(ask)};
}

Job jobOf(const Context &at, const config::FileProbe &probe)
{
    const auto timed = timingOf({}, at.real, at.server, at.globals, 0);
    return {.way = {.to = at.target, .timeout = timed.timeout},
            .pace = timed.pace,
            .logAllFailures = timed.logAllFailures,
            .ask = FileAsk{.trackFile = probe.trackFile,
                           .dynamic = probe.dynamic,
                           .weight = probe.weight,
                           .reverse = probe.reverse,
                           .own = at.real.weight}};
}

// --- hash: of what tells jobs apart in practice; equality decides the rest

void mix(std::size_t &hash, std::size_t value)
{
    hash ^= value + 0x9e3779b97f4a7c15U + (hash << 6U) + (hash >> 2U);
}

void mix(std::size_t &hash, std::string_view text)
{
    mix(hash, std::hash<std::string_view>{}(text));
}

void mixAsk(std::size_t &hash, const HttpAsk &ask)
{
    for (const auto &url : ask.urls) {
        mix(hash, url.path);
        mix(hash, url.host);
    }
}

void mixAsk(std::size_t &hash, const GrpcAsk &ask)
{
    mix(hash, ask.service);
    mix(hash, ask.authority);
}

void mixAsk(std::size_t &hash, const DnsAsk &ask)
{
    mix(hash, ask.name);
}

void mixAsk(std::size_t &hash, const MiscAsk &ask)
{
    for (const auto &word : ask.script.words)
        mix(hash, word);
}

void mixAsk(std::size_t &hash, const FileAsk &ask)
{
    mix(hash, ask.trackFile);
}

template <typename T>
void mixAsk(std::size_t & /*hash*/, const T & /*ask*/)
{}

} // namespace

Timed timingOf(const config::Timing &probe, const config::Timing &real,
               const config::Timing &server, const config::Globals &globals, std::uint32_t retries,
               std::optional<Duration> retryDelay)
{
    using config::Timing;
    const auto said = [&](auto member) {
        return firstOf(probe.*member, real.*member, server.*member);
    };
    const Duration interval = said(&Timing::delayLoop).value_or(60s);
    return {.pace = {.interval = interval,
                     .retryDelay =
                         said(&Timing::delayBeforeRetry).value_or(retryDelay.value_or(interval)),
                     .retries = said(&Timing::retry).value_or(retries),
                     .warmup = said(&Timing::warmup).value_or(interval),
                     .jitter = said(&Timing::delayJitter).value_or(Duration{}),
                     .startsDown = said(&Timing::alpha).value_or(false)},
            .timeout = said(&Timing::connectTimeout).value_or(5s),
            .logAllFailures =
                globals.logAllFailures || said(&Timing::logAllFailures).value_or(false)};
}

std::vector<Job> jobsOf(const config::VirtualServer &server, const config::RealServer &real,
                        const Endpoint &target, const config::Globals &globals)
{
    const Context at{server, real, target, globals};
    std::vector<Job> jobs;
    for (const auto &probe : real.probes)
        std::visit(
            [&]<typename P>(const P &p) {
                if constexpr (!std::is_same_v<P, config::BfdProbe>)
                    jobs.push_back(jobOf(at, p));
            },
            probe);
    return jobs;
}

std::size_t hashOf(const Job &job)
{
    std::size_t hash = job.ask.index();
    for (const auto byte : job.way.to.ip.bytes())
        mix(hash, byte);
    mix(hash, job.way.to.port.value);
    mix(hash, static_cast<std::size_t>(job.pace.interval.count()));
    std::visit([&](const auto &ask) { mixAsk(hash, ask); }, job.ask);
    return hash;
}

std::string_view kindOf(const Job &job)
{
    constexpr std::string_view kinds[] = {"TCP_CHECK",  "HTTP_GET",   "SMTP_CHECK",
                                          "DNS_CHECK",  "UDP_CHECK",  "PING_CHECK",
                                          "MISC_CHECK", "FILE_CHECK", "GRPC_CHECK"};
    const auto *http = std::get_if<HttpAsk>(&job.ask);
    return http && http->tls ? "SSL_GET" : kinds[job.ask.index()];
}

} // namespace lb::health
