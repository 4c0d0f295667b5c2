// SPDX-License-Identifier: GPL-2.0
#include "ack.hpp"

#include "names.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <linux/genetlink.h>

#include <fmt/core.h>

namespace lb::netlink {

namespace {

constexpr std::size_t bodyStart = NLMSG_HDRLEN + GENL_HDRLEN;

std::uint8_t commandOf(Bytes request)
{
    return request.size() > NLMSG_HDRLEN ? request[NLMSG_HDRLEN] : std::uint8_t{0};
}

std::string within(const AttributeSet &set, Bytes bytes, std::size_t start, std::size_t offset)
{
    for (Attributes::Cursor at{bytes}; at.valid(); at.next()) {
        const std::size_t size = at.payload().size() + NLA_HDRLEN;
        if (offset < start + size) {
            const auto *nested = set.nest(at.type());
            std::string name(set[at.type()]);
            if (offset < start + NLA_HDRLEN || nested == nullptr)
                return name;
            const auto inner = within(*nested, at.payload(), start + NLA_HDRLEN, offset);
            return inner.empty() ? name : fmt::format("{}.{}", name, inner);
        }
        start += NLA_ALIGN(size);
        if (offset < start)
            return {};
    }
    return {};
}

// The attribute that the request should have had, and did not.
std::string missing(const Attributes &ack, Bytes request)
{
    const auto type = ack.u32(NLMSGERR_ATTR_MISS_TYPE);
    const auto *set = attributesOf(commandOf(request));
    if (!type || set == nullptr)
        return {};

    std::string prefix;
    if (const auto nest = ack.u32(NLMSGERR_ATTR_MISS_NEST)) {
        std::uint16_t number = 0;
        if (*nest + NLA_HDRLEN > request.size())
            return {};
        std::memcpy(&number, request.data() + *nest + offsetof(nlattr, nla_type), sizeof(number));
        number &= NLA_TYPE_MASK;
        prefix = fmt::format("{}.", (*set)[number]);
        set = set->nest(number);
        if (set == nullptr)
            return {};
    }
    return prefix + std::string((*set)[static_cast<std::uint16_t>(*type)]);
}

} // namespace

std::string attributeAt(Bytes request, std::size_t offset)
{
    const auto *set = attributesOf(commandOf(request));
    if (set == nullptr || offset < bodyStart || request.size() < bodyStart)
        return {};
    return within(*set, request.subspan(bodyStart), bodyStart, offset);
}

std::string explain(int code)
{
    switch (code) {
    case EEXIST:
        return "it exists already";
    case ENOENT:
    case ESRCH:
        return "there is no such object";
    case EPERM:
    case EACCES:
        return "this needs CAP_NET_ADMIN";
    case ENOMEM:
        return "the kernel has no memory left for it";
    case EOPNOTSUPP:
        return "this lb module does not know the command";
    default:
        return std::generic_category().message(code);
    }
}

Result<void> readAck(const Reply &reply, Bytes request)
{
    int code = 0;
    if (reply.payload.size() < sizeof(code))
        return Error{.code = EBADMSG, .what = "the kernel's answer was cut short"};
    std::memcpy(&code, reply.payload.data(), sizeof(code));
    if (code == 0)
        return {};

    Error error{.code = -code, .what = explain(-code)};
    // With NETLINK_CAP_ACK the request is quoted by its header only; a dump's end quotes nothing.
    std::size_t tlvs = sizeof(code);
    if (reply.header.nlmsg_type == NLMSG_ERROR) {
        nlmsghdr quoted{};
        if (reply.payload.size() < sizeof(code) + sizeof(quoted))
            return error;
        std::memcpy(&quoted, reply.payload.data() + sizeof(code), sizeof(quoted));
        tlvs += (reply.header.nlmsg_flags & NLM_F_CAPPED) != 0 ? sizeof(quoted)
                                                               : NLMSG_ALIGN(quoted.nlmsg_len);
    }
    if ((reply.header.nlmsg_flags & NLM_F_ACK_TLVS) == 0 || tlvs > reply.payload.size())
        return error;

    const Attributes ack(reply.payload.subspan(tlvs));
    if (const auto sentence = ack.string(NLMSGERR_ATTR_MSG))
        error.what = *sentence;
    if (const auto offset = ack.u32(NLMSGERR_ATTR_OFFS))
        error.attribute = attributeAt(request, *offset);
    if (error.attribute.empty())
        error.attribute = missing(ack, request);
    return error;
}

} // namespace lb::netlink
