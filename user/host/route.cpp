// SPDX-License-Identifier: GPL-2.0
#include "route.hpp"

#include "../netlink/message.hpp"
#include "rtnetlink.hpp"

#include <array>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

namespace lb::host {

namespace {

constexpr std::size_t longestAddress = 16, bitsPerByte = 8;

// RTA_VIA is for a gateway of another family: its family in front.
std::optional<Ip> gatewayOf(const netlink::Attributes &attributes, Family family)
{
    auto bytes = attributes.find(RTA_GATEWAY);
    if (const auto via = attributes.find(RTA_VIA); !bytes && via && via->size() > 2) {
        std::uint16_t other = 0;
        std::copy_n(via->begin(), sizeof(other), reinterpret_cast<std::uint8_t *>(&other));
        family = static_cast<Family>(other);
        bytes = via->subspan(sizeof(other));
    }
    if (!bytes)
        return {};
    const auto ip = Ip::fromBytes(family, *bytes);
    return ip ? std::optional(*ip) : std::nullopt;
}

} // namespace

Result<Route> routeTo(const Ip &ip)
{
    auto socket = openRtnetlink(0);
    if (!socket)
        return socket.error();
    alignas(NLMSG_ALIGNTO) std::array<char, NLMSG_SPACE(sizeof(rtmsg)) + RTA_SPACE(longestAddress)>
        buffer{};
    auto *request = mnl_nlmsg_put_header(buffer.data());
    request->nlmsg_type = RTM_GETROUTE;
    request->nlmsg_flags = NLM_F_REQUEST;
    auto *header = static_cast<rtmsg *>(mnl_nlmsg_put_extra_header(request, sizeof(rtmsg)));
    header->rtm_family = static_cast<unsigned char>(ip.family());
    header->rtm_dst_len = static_cast<unsigned char>(ip.bytes().size() * bitsPerByte);
    mnl_attr_put(request, RTA_DST, ip.bytes().size(), ip.bytes().data());
    Route route;
    const auto done = ask(*socket, request, [&](const nlmsghdr *message) {
        const netlink::Attributes attributes(
            {static_cast<const std::uint8_t *>(
                 mnl_nlmsg_get_payload_offset(message, sizeof(rtmsg))),
             mnl_nlmsg_get_payload_len(message) - NLMSG_ALIGN(sizeof(rtmsg))});
        route.gateway = gatewayOf(attributes, ip.family());
        route.interface = static_cast<int>(attributes.u32(RTA_OIF).value_or(0));
    });
    if (!done)
        return done.error();
    return route;
}

} // namespace lb::host
