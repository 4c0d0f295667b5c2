// SPDX-License-Identifier: GPL-2.0
#include "socket.hpp"

#include "ack.hpp"

#include <cerrno>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <fmt/core.h>

namespace lb::netlink {

namespace {

constexpr int dumpTries = 10;

} // namespace

Result<Socket> Socket::open()
{
    Socket socket{Fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC))};
    if (!socket.fd_)
        return systemError(errno, "opening a netlink socket");

    const sockaddr_nl self{.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = 0};
    if (::bind(socket.fd(), reinterpret_cast<const sockaddr *>(&self), sizeof(self)) < 0)
        return systemError(errno, "binding a netlink socket");

    // Refusals explain themselves, and do not quote the request back.
    const int on = 1;
    for (const int option : {NETLINK_EXT_ACK, NETLINK_CAP_ACK})
        if (::setsockopt(socket.fd(), SOL_NETLINK, option, &on, sizeof(on)) < 0)
            return systemError(errno, "setting up a netlink socket");
    return socket;
}

Result<void> Socket::send(Bytes bytes)
{
    ssize_t sent = -1;
    do
        sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return systemError(errno, "sending to the kernel");
    return {};
}

// An empty datagram means that nothing is waiting (with MSG_DONTWAIT).
Result<Bytes> Socket::read(int flags)
{
    for (;;) {
        const ssize_t size = ::recv(fd_.get(), buffer_.data(), buffer_.size(), flags | MSG_TRUNC);
        if (size >= 0) {
            const auto length = static_cast<std::size_t>(size);
            if (length == 0)
                return systemError(ECONNRESET, "reading from the kernel");
            if (length > buffer_.size())
                return systemError(EMSGSIZE, "reading from the kernel");
            return Bytes{buffer_.data(), length};
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return Bytes{};
        if (errno != EINTR)
            return systemError(errno, "reading from the kernel");
    }
}

Result<void> Socket::request(Message &message, const Visit &visit)
{
    message.addFlags(NLM_F_ACK);
    message.setSequence(nextSequence());
    if (auto sent = send(message.data()); !sent)
        return sent;

    for (;;) {
        auto datagram = read(0);
        if (!datagram)
            return datagram.error();
        while (const auto reply = takeReply(*datagram)) {
            if (reply->header.nlmsg_seq != message.sequence())
                continue; // the rest of something that was given up
            if (reply->header.nlmsg_type == NLMSG_ERROR)
                return readAck(*reply, message.data());
            if (visit)
                visit(*reply);
        }
    }
}

Result<void> Socket::dump(Message &message, const Visit &visit,
                          const std::function<void()> &restart)
{
    message.addFlags(NLM_F_DUMP);
    for (int tries = 0; tries < dumpTries; tries++) {
        message.setSequence(nextSequence());
        if (auto sent = send(message.data()); !sent)
            return sent;

        bool interrupted = false;
        for (bool done = false; !done;) {
            auto datagram = read(0);
            if (!datagram)
                return datagram.error();
            while (const auto reply = takeReply(*datagram)) {
                if (reply->header.nlmsg_seq != message.sequence())
                    continue;
                interrupted |= (reply->header.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
                if (reply->header.nlmsg_type == NLMSG_ERROR ||
                    reply->header.nlmsg_type == NLMSG_DONE) {
                    if (auto ack = readAck(*reply, message.data()); !ack)
                        return ack;
                    done = true;
                } else if (!visit(*reply)) {
                    return {};
                }
            }
        }
        if (!interrupted || !restart)
            return {};
        restart();
    }
    return Error{.code = EAGAIN,
                 .what = "the configuration kept changing while it was read",
                 .hint = "try again"};
}

Result<void> Socket::drain(const Visit &visit)
{
    for (;;) {
        auto datagram = read(MSG_DONTWAIT);
        if (!datagram)
            return datagram.error();
        if (datagram->empty())
            return {};
        while (const auto reply = takeReply(*datagram))
            if (!visit(*reply))
                return {};
    }
}

Result<void> Socket::receive(const Visit &visit)
{
    auto datagram = read(0);
    if (!datagram)
        return datagram.error();
    while (const auto reply = takeReply(*datagram))
        if (!visit(*reply))
            break;
    return {};
}

Result<void> Socket::join(std::uint32_t group)
{
    if (::setsockopt(fd_.get(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
        return systemError(errno, "subscribing to events");
    return {};
}

Result<FamilyId> Socket::resolve(std::string_view family)
{
    Message message({.type = GENL_ID_CTRL, .command = CTRL_CMD_GETFAMILY});
    message.string(CTRL_ATTR_FAMILY_NAME, family);

    FamilyId id;
    auto answered = request(message, [&](const Reply &reply) {
        id.number = reply.attributes.u16(CTRL_ATTR_FAMILY_ID).value_or(0);
        if (const auto groups = reply.attributes.nest(CTRL_ATTR_MCAST_GROUPS))
            groups->each([&](std::uint16_t, Bytes group) {
                const Attributes attributes(group);
                id.groups.emplace_back(attributes.string(CTRL_ATTR_MCAST_GRP_NAME).value_or(""),
                                       attributes.u32(CTRL_ATTR_MCAST_GRP_ID).value_or(0));
            });
        return true;
    });
    if (!answered)
        return answered.error();
    if (id.number == 0)
        return Error{.code = ENOENT, .what = fmt::format("no netlink family '{}'", family)};
    return id;
}

} // namespace lb::netlink
