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
    {"retry", number<&Timing::retry, 1>},
    {"alpha", boolean<&Timing::alpha>},
    {"log_all_failures", boolean<&Timing::logAllFailures>}, // the last: of probes alone
};

constexpr Keyword<Target> target[] = {
    {"connect_ip", ip<&Target::connectIp>}, {"connect_port", port<&Target::connectPort>},
    {"bindto", ip<&Target::bindTo>},        {"bind_if", text<&Target::bindInterface>},
    {"bind_port", port<&Target::bindPort>}, {"fwmark", number<&Target::fwmark>},
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

} // namespace lb::config
