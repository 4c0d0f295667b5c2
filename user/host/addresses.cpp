// SPDX-License-Identifier: GPL-2.0
#include "addresses.hpp"

#include "../netlink/message.hpp"
#include "rtnetlink.hpp"

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

namespace lb::host {

namespace {

struct Address {
    Ip ip{};
    int interface = 0;
    bool usable = true; // not while duplicates of it are looked for, or after one was found
};

// Of RTM_NEWADDR and RTM_DELADDR.
std::optional<Address> addressOf(const nlmsghdr *message)
{
    if (mnl_nlmsg_get_payload_len(message) < sizeof(ifaddrmsg))
        return {};
    const auto *header = static_cast<const ifaddrmsg *>(mnl_nlmsg_get_payload(message));
    if (header->ifa_family != AF_INET && header->ifa_family != AF_INET6)
        return {};
    Address address{.interface = static_cast<int>(header->ifa_index)};
    std::uint32_t flags = header->ifa_flags;
    const netlink::Attributes attributes(
        {static_cast<const std::uint8_t *>(
             mnl_nlmsg_get_payload_offset(message, sizeof(ifaddrmsg))),
         mnl_nlmsg_get_payload_len(message) - NLMSG_ALIGN(sizeof(ifaddrmsg))});
    flags = attributes.u32(IFA_FLAGS).value_or(flags);
    const auto ipOf = [&](std::uint16_t type) -> std::optional<Ip> {
        const auto bytes = attributes.find(type);
        if (!bytes)
            return {};
        const auto ip = Ip::fromBytes(static_cast<Family>(header->ifa_family), *bytes);
        return ip ? std::optional(*ip) : std::nullopt;
    };
    const auto local = ipOf(IFA_LOCAL), other = ipOf(IFA_ADDRESS);
    // IFA_ADDRESS is the peer's where there is IFA_LOCAL.
    if (!local && !other)
        return {};
    address.ip = local ? *local : *other;
    address.usable = !(flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED));
    return address;
}

} // namespace

bool Addresses::add(const Ip &ip, int interface)
{
    auto &interfaces = counts_[ip];
    const bool fresh = interfaces.empty();
    interfaces.insert(interface);
    return fresh;
}

bool Addresses::remove(const Ip &ip, int interface)
{
    const auto found = counts_.find(ip);
    if (found == counts_.end())
        return false;
    found->second.erase(interface);
    if (!found->second.empty())
        return false;
    counts_.erase(found);
    return true;
}

std::vector<Ip> Addresses::all() const
{
    std::vector<Ip> ips;
    for (const auto &[ip, interfaces] : counts_)
        ips.push_back(ip);
    return ips;
}

Result<Addresses> Addresses::read()
{
    auto socket = openRtnetlink(0);
    if (!socket)
        return socket.error();
    alignas(NLMSG_ALIGNTO) std::array<char, NLMSG_SPACE(sizeof(ifaddrmsg))> buffer{};
    auto *request = mnl_nlmsg_put_header(buffer.data());
    request->nlmsg_type = RTM_GETADDR;
    request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    static_cast<ifaddrmsg *>(mnl_nlmsg_put_extra_header(request, sizeof(ifaddrmsg)))->ifa_family =
        AF_UNSPEC;
    Addresses addresses;
    const auto done = ask(*socket, request, [&](const nlmsghdr *message) {
        if (const auto address = addressOf(message); address && address->usable)
            addresses.add(address->ip, address->interface);
    });
    if (!done)
        return done.error();
    return addresses;
}

Result<std::unique_ptr<AddressWatch>> AddressWatch::start(boost::asio::io_context &io,
                                                          Changed changed)
{
    // Listens first: what changes while they are read comes as news.
    auto socket = openRtnetlink(RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR);
    if (!socket)
        return socket.error();
    auto addresses = Addresses::read();
    if (!addresses)
        return addresses.error();
    return std::make_unique<AddressWatch>(io, std::move(*socket), std::move(*addresses),
                                          std::move(changed));
}

AddressWatch::AddressWatch(boost::asio::io_context &io, Fd socket, Addresses addresses,
                           Changed changed)
    : socket_(io, socket.release()), addresses_(std::move(addresses)), changed_(std::move(changed))
{
    wait();
}

void AddressWatch::wait()
{
    socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [this](const boost::system::error_code &code) {
                           if (!code)
                               heard();
                       });
}

void AddressWatch::heard()
{
    std::map<Ip, bool> changed;
    const auto done = drain(socket_.native_handle(), [&](const nlmsghdr *message) {
        const auto address = addressOf(message);
        if (!address)
            return;
        const bool there = message->nlmsg_type == RTM_NEWADDR && address->usable;
        if (there ? addresses_.add(address->ip, address->interface)
                  : addresses_.remove(address->ip, address->interface))
            changed[address->ip] = there;
    });
    if (!done && done.error().code == ENOBUFS)
        readAgain();
    wait();
    for (const auto &[ip, there] : changed)
        changed_(ip, there);
}

void AddressWatch::readAgain()
{
    auto addresses = Addresses::read();
    if (!addresses)
        return;
    const auto before = std::exchange(addresses_, std::move(*addresses));
    for (const auto &ip : before.all())
        if (!addresses_.has(ip))
            changed_(ip, false);
    for (const auto &ip : addresses_.all())
        if (!before.has(ip))
            changed_(ip, true);
}

} // namespace lb::host
