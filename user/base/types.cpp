// SPDX-License-Identifier: GPL-2.0
#include "types.hpp"

#include "closest.hpp"
#include "number.hpp"

#include <limits>

#include <fmt/core.h>

namespace lb {

Result<Protocol> parseProtocol(std::string_view text)
{
    for (const auto protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp})
        if (text == toString(protocol))
            return protocol;
    return Error{.what = fmt::format("'{}' is not a protocol", text),
                 .hint = suggest(text, protocolNames)};
}

std::string_view toString(Protocol protocol)
{
    switch (protocol) {
    case Protocol::tcp:
        return "tcp";
    case Protocol::udp:
        return "udp";
    case Protocol::sctp:
        return "sctp";
    }
    return "";
}

static Result<Method> parseMethodOf(std::span<const std::string_view> names, std::string_view text)
{
    for (std::size_t i = 0; i < names.size(); i++)
        if (text == names[i])
            return static_cast<Method>(i);

    Error error{.what = fmt::format("'{}' is not a method", text), .hint = suggest(text, names)};
    // What ipvsadm, keepalived and their manuals call them.
    if (text == "masq" || text == "masquerade" || text == "masquerading" || text == "NAT")
        error.hint = "it is called 'nat' here";
    else if (text == "dr" || text == "DR" || text == "gatewaying" || text == "route")
        error.hint = "it is called 'direct' here";
    else if (text == "tun" || text == "TUN" || text == "ipip")
        error.hint = "it is called 'tunnel' here";
    return error;
}

Result<Method> parseMethod(std::string_view text)
{
    return parseMethodOf(destMethodNames, text);
}

Result<Method> parseConnMethod(std::string_view text)
{
    return parseMethodOf(methodNames, text);
}

std::string_view toString(Method method)
{
    const auto index = static_cast<std::size_t>(method);
    return index < methodNames.size() ? methodNames[index] : "unknown";
}

Result<Weight> Weight::parse(std::string_view text)
{
    const auto number = parseNumber(text, 0, std::numeric_limits<std::uint16_t>::max());
    if (!number)
        return Error{.what = "weight " + number.error().what, .hint = number.error().hint};
    return Weight{static_cast<std::uint16_t>(*number)};
}

} // namespace lb
