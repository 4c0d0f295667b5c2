// SPDX-License-Identifier: GPL-2.0
// The words that probes, real servers and virtual servers share. Ranges are keepalived's.
#include "probe_keywords.hpp"

namespace lb::config {

namespace {

constexpr std::uint64_t microsecond = 1;
constexpr std::uint64_t longestTimeout = UINT32_MAX; // microseconds, as all of them
constexpr std::uint64_t longestDelay = std::numeric_limits<std::int64_t>::max();

constexpr Keyword<Timing> timing[] = {
    {"delay_loop", timer<&Timing::delayLoop, microsecond, longestDelay>},
    {"connect_timeout", timer<&Timing::connectTimeout, microsecond, longestTimeout>},
    {"delay_before_retry", timer<&Timing::delayBeforeRetry, microsecond, longestDelay>},
    {"warmup", timer<&Timing::warmup, 0, longestDelay>},
    {"delay_jitter", timer<&Timing::delayJitter, 0, longestDelay>}, // lbd's own
    {"retry", number<&Timing::retry, 1>},
    {"alpha", boolean<&Timing::alpha>},
    {"log_all_failures", boolean<&Timing::logAllFailures>}, // the last: of probes alone
};

constexpr Keyword<Target> target[] = {
    {"connect_ip", ip<&Target::connectIp>}, {"connect_port", port<&Target::connectPort>},
    {"bindto", ip<&Target::bindTo>},        {"bind_if", text<&Target::bindInterface>},
    {"bind_port", port<&Target::bindPort>}, {"fwmark", number<&Target::fwmark>},
};

void takeSniName(Secure &probe, Arguments &arguments)
{
    probe.sni = true;
    text<&Secure::sniName>(probe, arguments);
}

void takeWarning(Secure &probe, Arguments &arguments)
{
    constexpr std::uint64_t most = 3650;
    if (const auto days = arguments.number("a number of days", 0, most))
        probe.certificateWarning = std::chrono::days(*days);
}

constexpr Keyword<Secure> secure[] = {
    {"enable_sni", flag<&Secure::sni>},
    {"sni_name", takeSniName},
    {"tls_verify", boolean<&Secure::verify>}, // lbd's own
    {"certificate_warning", takeWarning},     // and this
};

} // namespace

std::span<const Keyword<Timing>> timingKeywords()
{
    return std::span(timing).first(std::size(timing) - 1);
}

std::span<const Keyword<Timing>> probeTimingKeywords()
{
    return timing;
}

std::span<const Keyword<Target>> targetKeywords()
{
    return target;
}

std::span<const Keyword<Secure>> secureKeywords()
{
    return secure;
}

} // namespace lb::config
