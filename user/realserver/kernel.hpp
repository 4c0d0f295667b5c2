// SPDX-License-Identifier: GPL-2.0
// What the kernel has of links, addresses and tunnels, and how one of them becomes otherwise: by
// rtnetlink, but for what only an ioctl or fou's own family can. Knows nothing of real servers.
#pragma once

#include "plan.hpp"

#include <memory>

struct mnl_socket;
struct nlmsghdr;

namespace lb::realserver {

class Kernel {
public:
    static Result<Kernel> open();

    Result<std::vector<Link>> links();
    Result<std::vector<Address>> addresses(const std::vector<Link> &links);
    // By which link what @from sends to @to leaves; 0 when there is no route.
    Result<unsigned> linkTowards(const Ip &from, const Ip &to);
    // Nothing where fou is not loaded, or does not tell.
    std::optional<std::set<Receiver>> receivers();

    // IPv4 with scope host; IPv6 without duplicate address detection, and deprecated.
    Result<void> setAddress(unsigned link, const Ip &ip, bool there);
    Result<void> setUp(unsigned link, bool up);
    Result<void> setReceiver(const Receiver &receiver, bool there);
    // Of an ip6tnl device.
    static Result<void> setOnlyIpv6(const std::string &device, bool only);

private:
    struct Close {
        void operator()(mnl_socket *socket) const;
    };
    explicit Kernel(mnl_socket *socket) : socket_(socket) {}

    template <typename Visit>
    Result<void> talk(nlmsghdr *request, const Visit &visit);

    std::unique_ptr<mnl_socket, Close> socket_;
    unsigned sequence_ = 0;
};

} // namespace lb::realserver
