// SPDX-License-Identifier: GPL-2.0
#include "kernel.hpp"

#include "../base/fd.hpp"
#include "../netlink/socket.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <libmnl/libmnl.h>
#include <linux/fou.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <fmt/format.h>

namespace lb::realserver {

namespace {

using Buffer = std::array<char, 16384>;

std::uint8_t familyOf(const Ip &ip)
{
    return static_cast<std::uint8_t>(ip.family());
}

std::span<const std::uint8_t> payloadOf(const nlattr *attribute)
{
    return {static_cast<const std::uint8_t *>(mnl_attr_get_payload(attribute)),
            mnl_attr_get_payload_len(attribute)};
}

// Of the attributes of a message or a nest, the first of that type.
struct Found {
    std::uint16_t type;
    const nlattr *attribute;
};

int keepFound(const nlattr *attribute, void *data)
{
    auto *found = static_cast<Found *>(data);
    if (mnl_attr_get_type(attribute) == found->type && found->attribute == nullptr)
        found->attribute = attribute;
    return MNL_CB_OK;
}

template <typename Header>
const nlattr *find(const nlmsghdr *message, std::uint16_t type)
{
    Found found{type, nullptr};
    mnl_attr_parse(message, sizeof(Header), keepFound, &found);
    return found.attribute;
}

const nlattr *findIn(const nlattr *nest, std::uint16_t type)
{
    Found found{type, nullptr};
    if (nest != nullptr)
        mnl_attr_parse_nested(nest, keepFound, &found);
    return found.attribute;
}

template <typename Header>
Header *start(Buffer &buffer, std::uint16_t type, std::uint16_t flags)
{
    auto *message = mnl_nlmsg_put_header(buffer.data());
    message->nlmsg_type = type;
    message->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    return static_cast<Header *>(mnl_nlmsg_put_extra_header(message, sizeof(Header)));
}

nlmsghdr *messageIn(Buffer &buffer)
{
    return reinterpret_cast<nlmsghdr *>(buffer.data());
}

void put(Buffer &buffer, std::uint16_t type, const Ip &ip)
{
    mnl_attr_put(messageIn(buffer), type, ip.bytes().size(), ip.bytes().data());
}

template <typename Visit>
int visitOne(const nlmsghdr *message, void *data)
{
    (*static_cast<const Visit *>(data))(message);
    return MNL_CB_OK;
}

Link readLink(const nlmsghdr *message)
{
    const auto *info = static_cast<const ifinfomsg *>(mnl_nlmsg_get_payload(message));
    Link link{.index = static_cast<unsigned>(info->ifi_index),
              .up = (info->ifi_flags & IFF_UP) != 0,
              .loopback = (info->ifi_flags & IFF_LOOPBACK) != 0,
              .arp = (info->ifi_flags & IFF_NOARP) == 0};
    if (const auto *name = find<ifinfomsg>(message, IFLA_IFNAME))
        link.name = mnl_attr_get_str(name);
    const auto *more = find<ifinfomsg>(message, IFLA_LINKINFO);
    const auto *kind = findIn(more, IFLA_INFO_KIND);
    const auto *protocol = findIn(findIn(more, IFLA_INFO_DATA), IFLA_IPTUN_PROTO);
    link.onlyIpv6 = kind != nullptr && std::string_view(mnl_attr_get_str(kind)) == "ip6tnl" &&
                    protocol != nullptr && mnl_attr_get_u8(protocol) == IPPROTO_IPV6;
    return link;
}

std::optional<Address> readAddress(const nlmsghdr *message, const std::vector<Link> &links)
{
    const auto *info = static_cast<const ifaddrmsg *>(mnl_nlmsg_get_payload(message));
    if (info->ifa_family != AF_INET && info->ifa_family != AF_INET6)
        return std::nullopt;
    // Of a link with a peer IFA_ADDRESS is the peer's.
    const auto *bytes = find<ifaddrmsg>(message, IFA_LOCAL);
    if (bytes == nullptr)
        bytes = find<ifaddrmsg>(message, IFA_ADDRESS);
    if (bytes == nullptr)
        return std::nullopt;
    const auto ip = Ip::fromBytes(static_cast<Family>(info->ifa_family), payloadOf(bytes));
    if (!ip)
        return std::nullopt;
    const auto *more = find<ifaddrmsg>(message, IFA_FLAGS);
    const auto flags = more != nullptr ? mnl_attr_get_u32(more) : info->ifa_flags;
    Address address{.ip = *ip,
                    .length = info->ifa_prefixlen,
                    .hostScope = info->ifa_scope == RT_SCOPE_HOST,
                    .deprecated = (flags & IFA_F_DEPRECATED) != 0,
                    .unusable = (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) != 0};
    for (const auto &link : links)
        if (link.index == info->ifa_index)
            address.device = link.name;
    return address;
}

} // namespace

void Kernel::Close::operator()(mnl_socket *socket) const
{
    mnl_socket_close(socket);
}

Result<Kernel> Kernel::open()
{
    Kernel kernel(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC));
    if (!kernel.socket_)
        return systemError(errno, "opening a netlink socket");
    if (mnl_socket_bind(kernel.socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0)
        return systemError(errno, "binding a netlink socket");
    return kernel;
}

// Sends @request and hands every message of its answer to @visit.
template <typename Visit>
Result<void> Kernel::talk(nlmsghdr *request, const Visit &visit)
{
    auto *socket = socket_.get();
    request->nlmsg_seq = ++sequence_;
    if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
        return systemError(errno, "sending to the kernel");
    alignas(NLMSG_ALIGNTO) std::array<char, 32768> buffer{};
    for (int more = MNL_CB_OK; more > MNL_CB_STOP;) {
        const auto size = mnl_socket_recvfrom(socket, buffer.data(), buffer.size());
        if (size < 0)
            return systemError(errno, "reading from the kernel");
        more =
            mnl_cb_run(buffer.data(), static_cast<std::size_t>(size), sequence_,
                       mnl_socket_get_portid(socket), visitOne<Visit>, const_cast<Visit *>(&visit));
        if (more < 0)
            return systemError(errno, "asking the kernel");
    }
    return {};
}

Result<std::vector<Link>> Kernel::links()
{
    alignas(NLMSG_ALIGNTO) Buffer buffer{};
    std::vector<Link> links;
    start<ifinfomsg>(buffer, RTM_GETLINK, NLM_F_DUMP)->ifi_family = AF_UNSPEC;
    const auto done = talk(messageIn(buffer), [&](const nlmsghdr *message) {
        if (message->nlmsg_type == RTM_NEWLINK)
            links.push_back(readLink(message));
    });
    if (!done)
        return done.error();
    return links;
}

Result<std::vector<Address>> Kernel::addresses(const std::vector<Link> &links)
{
    alignas(NLMSG_ALIGNTO) Buffer buffer{};
    std::vector<Address> addresses;
    start<ifaddrmsg>(buffer, RTM_GETADDR, NLM_F_DUMP)->ifa_family = AF_UNSPEC;
    const auto done = talk(messageIn(buffer), [&](const nlmsghdr *message) {
        if (message->nlmsg_type != RTM_NEWADDR)
            return;
        if (auto address = readAddress(message, links))
            addresses.push_back(std::move(*address));
    });
    if (!done)
        return done.error();
    return addresses;
}

Result<unsigned> Kernel::linkTowards(const Ip &from, const Ip &to)
{
    constexpr unsigned bits = 8;

    alignas(NLMSG_ALIGNTO) Buffer buffer{};
    auto *route = start<rtmsg>(buffer, RTM_GETROUTE, NLM_F_ACK);
    route->rtm_family = familyOf(to);
    route->rtm_dst_len = route->rtm_src_len = static_cast<std::uint8_t>(to.bytes().size() * bits);
    put(buffer, RTA_DST, to);
    put(buffer, RTA_SRC, from);
    unsigned link = 0;
    const auto done = talk(messageIn(buffer), [&](const nlmsghdr *message) {
        const auto *info = static_cast<const rtmsg *>(mnl_nlmsg_get_payload(message));
        const auto *out = find<rtmsg>(message, RTA_OIF);
        if (message->nlmsg_type == RTM_NEWROUTE && info->rtm_type == RTN_UNICAST && out != nullptr)
            link = mnl_attr_get_u32(out);
    });
    if (done)
        return link;
    const auto code = done.error().code;
    if (code == ENETUNREACH || code == EHOSTUNREACH || code == EACCES)
        return 0U;
    return done.error();
}

Result<void> Kernel::setAddress(unsigned link, const Ip &ip, bool there)
{
    constexpr unsigned bits = 8;

    alignas(NLMSG_ALIGNTO) Buffer buffer{};
    auto *address =
        there ? start<ifaddrmsg>(buffer, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE)
              : start<ifaddrmsg>(buffer, RTM_DELADDR, NLM_F_ACK);
    address->ifa_family = familyOf(ip);
    address->ifa_prefixlen = static_cast<std::uint8_t>(ip.bytes().size() * bits);
    address->ifa_index = link;
    address->ifa_scope = ip.family() == Family::inet ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
    put(buffer, IFA_LOCAL, ip);
    put(buffer, IFA_ADDRESS, ip);
    if (there && ip.family() == Family::inet6) {
        const ifa_cacheinfo life{
            .ifa_prefered = 0, .ifa_valid = UINT32_MAX, .cstamp = 0, .tstamp = 0};
        mnl_attr_put_u32(messageIn(buffer), IFA_FLAGS, IFA_F_NODAD);
        mnl_attr_put(messageIn(buffer), IFA_CACHEINFO, sizeof(life), &life);
    }
    auto done = talk(messageIn(buffer), [](const nlmsghdr *) {});
    if (!done && !there && done.error().code == EADDRNOTAVAIL)
        return {}; // gone by itself
    return done;
}

Result<void> Kernel::setUp(unsigned link, bool up)
{
    alignas(NLMSG_ALIGNTO) Buffer buffer{};
    auto *info = start<ifinfomsg>(buffer, RTM_NEWLINK, NLM_F_ACK);
    info->ifi_family = AF_UNSPEC;
    info->ifi_index = static_cast<int>(link);
    info->ifi_change = IFF_UP;
    info->ifi_flags = up ? static_cast<unsigned>(IFF_UP) : 0U;
    return talk(messageIn(buffer), [](const nlmsghdr *) {});
}

std::optional<std::set<Receiver>> Kernel::receivers()
{
    auto socket = netlink::Socket::open();
    if (!socket)
        return std::nullopt;
    const auto family = socket->resolve(FOU_GENL_NAME);
    if (!family)
        return std::nullopt;
    netlink::Message message(
        {.type = family->number, .command = FOU_CMD_GET, .version = FOU_GENL_VERSION});
    std::set<Receiver> receivers;
    const auto done = socket->dump(
        message,
        [&](const netlink::Reply &reply) {
            const auto port = reply.attributes.port(FOU_ATTR_PORT);
            if (port && reply.attributes.u8(FOU_ATTR_TYPE) == FOU_ENCAP_GUE)
                receivers.insert({.port = *port,
                                  .family = reply.attributes.u8(FOU_ATTR_AF) == AF_INET6
                                                ? Family::inet6
                                                : Family::inet});
            return true;
        },
        nullptr);
    if (!done)
        return std::nullopt;
    return receivers;
}

Result<void> Kernel::setReceiver(const Receiver &receiver, bool there)
{
    auto socket = netlink::Socket::open();
    if (!socket)
        return socket.error();
    const auto family = socket->resolve(FOU_GENL_NAME);
    if (!family)
        return Error{.what = "the kernel's fou, which receives GUE, is not there",
                     .hint = "modprobe fou"};
    netlink::Message message(
        {.type = family->number,
         .command = static_cast<std::uint8_t>(there ? FOU_CMD_ADD : FOU_CMD_DEL),
         .version = FOU_GENL_VERSION});
    message.port(FOU_ATTR_PORT, receiver.port);
    message.u8(FOU_ATTR_AF, static_cast<std::uint8_t>(receiver.family));
    if (there)
        message.u8(FOU_ATTR_TYPE, FOU_ENCAP_GUE);
    return socket->request(message, nullptr);
}

Result<void> Kernel::setOnlyIpv6(const std::string &device, bool only)
{
    const Fd socket(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket)
        return systemError(errno, "opening a socket");
    ip6_tnl_parm tunnel{};
    ifreq request{};
    device.copy(static_cast<char *>(request.ifr_name), IFNAMSIZ - 1);
    request.ifr_data = reinterpret_cast<char *>(&tunnel);
    if (::ioctl(socket.get(), SIOCGETTUNNEL, &request) != 0)
        return systemError(errno, fmt::format("reading the mode of {}", device));
    tunnel.proto = only ? IPPROTO_IPV6 : 0;
    if (::ioctl(socket.get(), SIOCCHGTUNNEL, &request) != 0)
        return systemError(errno, fmt::format("changing the mode of {}", device));
    return {};
}

} // namespace lb::realserver
