// SPDX-License-Identifier: GPL-2.0
#include "rtnetlink.hpp"

#include <array>
#include <cerrno>

#include <libmnl/libmnl.h>
#include <sys/socket.h>

namespace lb::host {

namespace {

constexpr std::size_t bufferSize = 32768; // what the kernel fills at most for a dump

struct Buffer {
    alignas(NLMSG_ALIGNTO) std::array<char, bufferSize> bytes{};
};

} // namespace

Result<Fd> openRtnetlink(unsigned groups)
{
    Fd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (!socket)
        return systemError(errno, "opening a netlink socket");
    const sockaddr_nl self{.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = groups};
    if (::bind(socket.get(), reinterpret_cast<const sockaddr *>(&self), sizeof(self)) < 0)
        return systemError(errno, "binding a netlink socket");
    return socket;
}

Result<void> ask(const Fd &socket, nlmsghdr *request,
                 const std::function<void(const nlmsghdr *)> &visit)
{
    constexpr std::uint32_t sequence = 1;
    request->nlmsg_seq = sequence;
    if (::send(socket.get(), request, request->nlmsg_len, MSG_NOSIGNAL) < 0)
        return systemError(errno, "asking the kernel");
    Buffer buffer;
    for (;;) {
        const auto got = ::recv(socket.get(), buffer.bytes.data(), buffer.bytes.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemError(errno, "reading from the kernel");
        int left = static_cast<int>(got);
        for (const auto *message = reinterpret_cast<const nlmsghdr *>(buffer.bytes.data());
             mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
            if (message->nlmsg_seq != sequence)
                continue;
            if (message->nlmsg_type == NLMSG_DONE)
                return {};
            if (message->nlmsg_type == NLMSG_ERROR) {
                const auto *error = static_cast<const nlmsgerr *>(mnl_nlmsg_get_payload(message));
                if (error->error)
                    return systemError(-error->error, "the kernel's answer");
                return {};
            }
            visit(message);
            if (!(message->nlmsg_flags & NLM_F_MULTI) && !(request->nlmsg_flags & NLM_F_ACK))
                return {};
        }
    }
}

Result<void> drain(int socket, const std::function<void(const nlmsghdr *)> &visit)
{
    Buffer buffer;
    for (;;) {
        const auto got = ::recv(socket, buffer.bytes.data(), buffer.bytes.size(), MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return {};
        if (got < 0)
            return systemError(errno, "reading from the kernel");
        int left = static_cast<int>(got);
        for (const auto *message = reinterpret_cast<const nlmsghdr *>(buffer.bytes.data());
             mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
            visit(message);
    }
}

} // namespace lb::host
