// SPDX-License-Identifier: GPL-2.0
// Rules: what ipvsadm -S prints and -R reads. As there, thresholds are not among what is told.
#include "print.hpp"

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

std::string_view serviceSwitch(Protocol protocol)
{
    switch (protocol) {
    case Protocol::tcp:
        return "-t";
    case Protocol::udp:
        return "-u";
    case Protocol::sctp:
        return "--sctp-service";
    }
    return "--xxx-service";
}

std::string serviceRule(const netlink::ServiceKey &key, Names &names)
{
    if (key.fwmark != 0)
        return fmt::format("-f {}{}", static_cast<std::int32_t>(key.fwmark),
                           key.endpoint.ip.family() == Family::inet6 ? " -6" : "");
    return fmt::format("{} {}", serviceSwitch(key.protocol),
                       names.show(key.endpoint, key.protocol));
}

std::string_view methodSwitch(Method method)
{
    switch (method) {
    case Method::nat:
        return "-m";
    case Method::tunnel:
        return "-i";
    default:
        return "-g";
    }
}

std::string tunnelRule(const netlink::Destination &dest)
{
    constexpr std::string_view checksums[] = {"--tun-nocsum", "--tun-csum", "--tun-remcsum"};

    if (dest.method != Method::tunnel)
        return "";
    const auto checksum = checksums[static_cast<std::size_t>(dest.tunnel.checksum)];
    switch (dest.tunnel.type) {
    case TunnelType::gue:
        return fmt::format(" --tun-type gue --tun-port {} {}", dest.tunnel.port.value, checksum);
    case TunnelType::gre:
        return fmt::format(" --tun-type gre {}", checksum);
    default:
        return " --tun-type ipip";
    }
}

} // namespace

void printRule(std::string &text, const View &view, Names &names)
{
    const auto out = std::back_inserter(text);
    const auto &service = view.service;
    const auto rule = serviceRule(service.key, names);

    fmt::format_to(out, "-A {} -s {}{}{}", rule, service.scheduler, persistence(service, true),
                   service.onePacket ? " -o" : "");
    if (const auto flags = schedulerFlags(service); !flags.empty())
        fmt::format_to(out, " -b {}", flags);
    text += '\n';
    for (const auto &dest : view.dests)
        fmt::format_to(out, "-a {} -r {} {} -w {}{}\n", rule,
                       names.show(dest.endpoint, protocolOf(service.key)),
                       methodSwitch(dest.method), weightOf(dest), tunnelRule(dest));
}

} // namespace lb::ipvsadm
