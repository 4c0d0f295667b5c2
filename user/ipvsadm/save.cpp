// SPDX-License-Identifier: GPL-2.0
// Rules: what ipvsadm -S prints, or all of what -R reads.
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

std::string serviceRule(const netlink::ServiceKey &key, Names &names, Saying saying)
{
    if (key.fwmark != 0)
        return fmt::format("-f {}{}",
                           saying == Saying::whole
                               ? static_cast<std::int64_t>(key.fwmark)
                               : static_cast<std::int64_t>(static_cast<std::int32_t>(key.fwmark)),
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

std::string thresholds(const netlink::Destination &dest)
{
    std::string text;
    if (dest.upper != 0)
        text += fmt::format(" -x {}", dest.upper);
    if (dest.lower != 0)
        text += fmt::format(" -y {}", dest.lower);
    return text;
}

} // namespace

void printRule(std::string &text, const View &view, Names &names, Saying saying)
{
    const auto out = std::back_inserter(text);
    const auto &service = view.service;
    const auto rule = serviceRule(service.key, names, saying);

    fmt::format_to(out, "-A {} -s {}{}{}", rule, service.scheduler, persistence(service, true),
                   service.onePacket ? " -o" : "");
    if (const auto flags = schedulerFlags(service); !flags.empty())
        fmt::format_to(out, " -b {}", flags);
    text += '\n';
    for (const auto &dest : view.dests)
        fmt::format_to(out, "-a {} -r {} {} -w {}{}{}\n", rule,
                       names.show(dest.endpoint, protocolOf(service.key)),
                       methodSwitch(dest.method), weightOf(dest), tunnelRule(dest),
                       saying == Saying::whole ? thresholds(dest) : "");
}

} // namespace lb::ipvsadm
