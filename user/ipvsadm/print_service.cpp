// SPDX-License-Identifier: GPL-2.0
// A service's line in a list of ipvsadm's.
#include "../netlink/names.hpp"
#include "print.hpp"

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

constexpr std::size_t serviceWidth = 33;

std::string_view protocolName(Protocol protocol)
{
    switch (protocol) {
    case Protocol::tcp:
        return "TCP";
    case Protocol::udp:
        return "UDP";
    case Protocol::sctp:
        return "SCTP";
    }
    return "?";
}

std::string serviceName(const netlink::ServiceKey &key, Names &names)
{
    const bool six = key.endpoint.ip.family() == Family::inet6;
    if (key.fwmark != 0)
        // As a signed number, which is how ipvsadm prints it.
        return fmt::format("FWM  {}{}", static_cast<std::int32_t>(key.fwmark), six ? " IPv6" : "");
    auto name =
        fmt::format("{:<4} {}", protocolName(key.protocol), names.show(key.endpoint, key.protocol));
    if (!six && name.size() > serviceWidth)
        name.resize(serviceWidth);
    return name;
}

std::string maskOf(std::uint8_t prefix, Family family)
{
    if (family == Family::inet6)
        return fmt::to_string(prefix);
    const auto mask = prefix == 0 ? 0U : ~std::uint32_t{0} << (32U - prefix);
    return fmt::format("{}.{}.{}.{}", mask >> 24U, mask >> 16U & 0xffU, mask >> 8U & 0xffU,
                       mask & 0xffU);
}

} // namespace

std::string schedulerFlags(const netlink::Service &service)
{
    std::string text;
    for (const auto &[flag, name] :
         {std::pair{LB_SCHED_FLAGS_FALLBACK, "fallback"}, std::pair{LB_SCHED_FLAGS_PORT, "port"}})
        if ((service.schedulerFlags & static_cast<std::uint32_t>(flag)) != 0)
            text += fmt::format("{}{}-{}", text.empty() ? "" : ",", service.scheduler, name);
    return text;
}

std::string persistence(const netlink::Service &service, bool rule)
{
    const auto &persistence = service.persistence;
    if (persistence.timeout == 0)
        return "";
    auto text = fmt::format(" {} {}", rule ? "-p" : "persistent", persistence.timeout);
    if (persistence.prefix)
        text += fmt::format(" {} {}", rule ? "-M" : "mask",
                            maskOf(*persistence.prefix, service.key.endpoint.ip.family()));
    if (persistence.engine != LB_PERSIST_ENGINE_NONE)
        text += fmt::format(" {} {}", rule ? "--pe" : "pe",
                            netlink::persistEngineName(persistence.engine));
    return text;
}

void printServiceLine(std::string &text, const netlink::Service &service, const Format &format,
                      Names &names)
{
    const auto out = std::back_inserter(text);
    const auto name = serviceName(service.key, names);
    const auto large = [&](std::uint64_t number) { return largeNumber(number, format.exact); };

    if (format.form == Form::stats || format.form == Form::rate) {
        const netlink::Stats &stats =
            format.form == Form::stats ? service.sinceZero : service.rates;
        fmt::format_to(out, "{:<33}{}{}{}{}{}\n", name, large(stats.conns), large(stats.inPackets),
                       large(stats.outPackets), large(stats.inBytes), large(stats.outBytes));
        return;
    }
    fmt::format_to(out, "{} {}", name, service.scheduler);
    if (const auto flags = schedulerFlags(service); !flags.empty())
        fmt::format_to(out, " ({})", flags);
    fmt::format_to(out, "{}{}\n", persistence(service, false), service.onePacket ? " ops" : "");
}

} // namespace lb::ipvsadm
