// SPDX-License-Identifier: GPL-2.0
#include "message.hpp"

#include <cstring>
#include <stdexcept>
#include <string>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

namespace lb::netlink {

Message::Message(const Header &header)
{
    nlmsghdr *nlh = mnl_nlmsg_put_header(buffer_.data());
    nlh->nlmsg_type = header.type;
    nlh->nlmsg_flags = static_cast<std::uint16_t>(header.flags | NLM_F_REQUEST);

    auto *genl =
        static_cast<genlmsghdr *>(mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr)));
    genl->cmd = header.command;
    genl->version = header.version;
}

nlmsghdr *Message::header()
{
    return reinterpret_cast<nlmsghdr *>(buffer_.data());
}

const nlmsghdr *Message::header() const
{
    return reinterpret_cast<const nlmsghdr *>(buffer_.data());
}

void Message::put(std::uint16_t type, const void *value, std::size_t size)
{
    if (!mnl_attr_put_check(header(), buffer_.size(), type, size, value))
        throw std::length_error("a netlink request outgrew its buffer");
}

void Message::u8(std::uint16_t type, std::uint8_t value)
{
    put(type, &value, sizeof(value));
}

void Message::u16(std::uint16_t type, std::uint16_t value)
{
    put(type, &value, sizeof(value));
}

void Message::u32(std::uint16_t type, std::uint32_t value)
{
    put(type, &value, sizeof(value));
}

void Message::u64(std::uint16_t type, std::uint64_t value)
{
    put(type, &value, sizeof(value));
}

void Message::port(std::uint16_t type, Port value)
{
    u16(type, htons(value.value));
}

void Message::bytes(std::uint16_t type, Bytes value)
{
    put(type, value.data(), value.size());
}

void Message::string(std::uint16_t type, std::string_view value)
{
    const std::string copy(value);
    put(type, copy.c_str(), copy.size() + 1);
}

std::size_t Message::openNest(std::uint16_t type)
{
    const auto start = header()->nlmsg_len;
    put(static_cast<std::uint16_t>(type | NLA_F_NESTED), nullptr, 0);
    return start;
}

void Message::closeNest(std::size_t start)
{
    const auto size = static_cast<std::uint16_t>(header()->nlmsg_len - start);
    std::memcpy(&buffer_.at(start + offsetof(nlattr, nla_len)), &size, sizeof(size));
}

void Message::setSequence(std::uint32_t sequence)
{
    header()->nlmsg_seq = sequence;
}

void Message::addFlags(std::uint16_t flags)
{
    header()->nlmsg_flags = static_cast<std::uint16_t>(header()->nlmsg_flags | flags);
}

std::uint32_t Message::sequence() const
{
    return header()->nlmsg_seq;
}

Bytes Message::data() const &
{
    return {buffer_.data(), header()->nlmsg_len};
}

namespace {

template <typename T>
std::optional<T> number(std::optional<Bytes> payload)
{
    T value{};
    if (!payload || payload->size() < sizeof(value))
        return std::nullopt;
    std::memcpy(&value, payload->data(), sizeof(value));
    return value;
}

} // namespace

nlattr Attributes::Cursor::head() const
{
    nlattr attribute{};
    std::memcpy(&attribute, left_.data(), sizeof(attribute));
    return attribute;
}

bool Attributes::Cursor::valid() const
{
    return left_.size() >= sizeof(nlattr) && head().nla_len >= sizeof(nlattr) &&
           head().nla_len <= left_.size();
}

std::uint16_t Attributes::Cursor::type() const
{
    return head().nla_type & NLA_TYPE_MASK;
}

Bytes Attributes::Cursor::payload() const
{
    return left_.subspan(sizeof(nlattr), head().nla_len - sizeof(nlattr));
}

void Attributes::Cursor::next()
{
    const std::size_t step = NLA_ALIGN(head().nla_len);
    left_ = step < left_.size() ? left_.subspan(step) : Bytes{};
}

std::optional<Bytes> Attributes::find(std::uint16_t type) const
{
    for (Cursor at{bytes_}; at.valid(); at.next())
        if (at.type() == type)
            return at.payload();
    return std::nullopt;
}

std::optional<std::uint8_t> Attributes::u8(std::uint16_t type) const
{
    return number<std::uint8_t>(find(type));
}

std::optional<std::uint16_t> Attributes::u16(std::uint16_t type) const
{
    return number<std::uint16_t>(find(type));
}

std::optional<std::uint32_t> Attributes::u32(std::uint16_t type) const
{
    return number<std::uint32_t>(find(type));
}

std::optional<std::uint64_t> Attributes::u64(std::uint16_t type) const
{
    return number<std::uint64_t>(find(type));
}

std::optional<Port> Attributes::port(std::uint16_t type) const
{
    const auto value = u16(type);
    if (!value)
        return std::nullopt;
    return Port{ntohs(*value)};
}

std::optional<std::string_view> Attributes::string(std::uint16_t type) const
{
    const auto payload = find(type);
    if (!payload)
        return std::nullopt;
    const std::string_view text(reinterpret_cast<const char *>(payload->data()), payload->size());
    return text.substr(0, text.find('\0'));
}

std::optional<Attributes> Attributes::nest(std::uint16_t type) const
{
    const auto payload = find(type);
    if (!payload)
        return std::nullopt;
    return Attributes(*payload);
}

std::optional<Reply> takeReply(Bytes &datagram)
{
    Reply reply;
    if (datagram.size() < sizeof(nlmsghdr))
        return std::nullopt;
    std::memcpy(&reply.header, datagram.data(), sizeof(nlmsghdr));
    if (reply.header.nlmsg_len < sizeof(nlmsghdr) || reply.header.nlmsg_len > datagram.size())
        return std::nullopt;

    reply.payload = datagram.subspan(sizeof(nlmsghdr), reply.header.nlmsg_len - sizeof(nlmsghdr));
    if (reply.header.nlmsg_type >= NLMSG_MIN_TYPE && reply.payload.size() >= GENL_HDRLEN) {
        reply.command = reply.payload[0];
        reply.attributes = Attributes(reply.payload.subspan(GENL_HDRLEN));
    }
    const std::size_t step = NLMSG_ALIGN(reply.header.nlmsg_len);
    datagram = step < datagram.size() ? datagram.subspan(step) : Bytes{};
    return reply;
}

} // namespace lb::netlink
