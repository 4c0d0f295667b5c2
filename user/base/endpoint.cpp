// SPDX-License-Identifier: GPL-2.0
#include "endpoint.hpp"

#include "number.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace lb {

namespace {

struct Halves {
    std::string_view address;
    std::optional<std::string_view> port;
};

// "a:p" -> a, p; "[a]:p" -> a, p; "[a]/l:p" -> "a/l", p; a lone IPv6 address stays whole.
// @joined keeps "a/l" alive when brackets stand inside.
Result<Halves> split(std::string_view text, std::string &joined)
{
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos)
            return Error{.what = fmt::format("'{}' lacks the closing ]", text)};
        auto address = text.substr(1, close - 1);
        auto rest = text.substr(close + 1);
        if (rest.starts_with('/')) {
            const auto length = rest.substr(0, rest.find(':'));
            joined = fmt::format("{}{}", address, length);
            address = joined;
            rest.remove_prefix(length.size());
        }
        if (rest.empty())
            return Halves{address, std::nullopt};
        if (!rest.starts_with(':'))
            return Error{.what = fmt::format("'{}' has '{}' after the ]", text, rest),
                         .hint = "a port follows as ]:80"};
        return Halves{address, rest.substr(1)};
    }

    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || std::ranges::count(text, ':') > 1)
        return Halves{text, std::nullopt};
    return Halves{text.substr(0, colon), text.substr(colon + 1)};
}

} // namespace

Result<Port> Port::parse(std::string_view text)
{
    if (text.empty())
        return Error{.what = "a port is missing after the colon"};
    const auto number = parseNumber(text, 0, 65535);
    if (!number)
        return Error{.what = "port " + number.error().what, .hint = number.error().hint};
    return Port{static_cast<std::uint16_t>(*number)};
}

Result<Target> Target::parse(std::string_view text, const WordReaders &readers)
{
    std::string joined;
    const auto halves = split(text, joined);
    if (!halves)
        return halves.error();

    const auto ip = readers.ip(halves->address);
    if (!ip) {
        // 2001:db8::1:http is an address and a port to its writer.
        auto error = ip.error();
        if (error.hint.empty() && !halves->port && std::ranges::count(text, ':') > 1)
            error.hint = "an IPv6 address with a port is written [2001:db8::1]:80";
        return error;
    }
    if (!halves->port)
        return Target{*ip, std::nullopt};
    const auto port = readers.port(*halves->port);
    if (!port)
        return port.error();
    return Target{*ip, *port};
}

Result<Endpoint> Endpoint::parse(std::string_view text)
{
    const auto target = Target::parse(text);
    if (!target)
        return target.error();
    if (!target->port)
        return Error{.what = fmt::format("'{}' has no port", text),
                     .hint = target->ip.family() == Family::inet
                                 ? fmt::format("write {}:80", text)
                                 : fmt::format("write [{}]:80", toString(target->ip))};
    return Endpoint{target->ip, *target->port};
}

Result<Pattern> Pattern::parse(std::string_view text)
{
    std::string joined;
    const auto halves = split(text, joined);
    if (!halves)
        return halves.error();

    const auto prefix = Prefix::parse(halves->address);
    if (!prefix)
        return prefix.error();
    if (!halves->port)
        return Pattern{*prefix, std::nullopt};
    const auto port = Port::parse(*halves->port);
    if (!port)
        return port.error();
    return Pattern{*prefix, *port};
}

std::string toString(const Endpoint &endpoint)
{
    return endpoint.ip.family() == Family::inet
               ? fmt::format("{}:{}", toString(endpoint.ip), endpoint.port.value)
               : fmt::format("[{}]:{}", toString(endpoint.ip), endpoint.port.value);
}

} // namespace lb
