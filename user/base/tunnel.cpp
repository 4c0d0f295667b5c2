// SPDX-License-Identifier: GPL-2.0
#include "tunnel.hpp"

#include "closest.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace lb {

namespace {

template <typename Names, typename Value>
std::string_view nameOf(const Names &names, Value value)
{
    const auto index = static_cast<std::size_t>(value);
    return index < names.size() ? names[index] : "unknown";
}

} // namespace

Result<TunnelType> parseTunnelType(std::string_view text)
{
    const auto found = std::ranges::find(tunnelTypeNames, text);
    if (found == tunnelTypeNames.end())
        return Error{.what = fmt::format("'{}' is not a type of tunnel", text),
                     .hint = suggest(text, tunnelTypeNames)};
    return static_cast<TunnelType>(found - tunnelTypeNames.begin());
}

Result<TunnelChecksum> parseTunnelChecksum(std::string_view text)
{
    const auto found = std::ranges::find(tunnelChecksumNames, text);
    if (found != tunnelChecksumNames.end())
        return static_cast<TunnelChecksum>(found - tunnelChecksumNames.begin());

    Error error{.what = fmt::format("'{}' is not a checksum of a tunnel", text),
                .hint = suggest(text, tunnelChecksumNames)};
    // What ipvsadm calls them.
    if (text == "nocsum")
        error.hint = "it is called 'none' here";
    else if (text == "csum")
        error.hint = "it is called 'normal' here";
    else if (text == "remcsum")
        error.hint = "it is called 'remote' here";
    return error;
}

std::string_view toString(TunnelType type)
{
    return nameOf(tunnelTypeNames, type);
}

std::string_view toString(TunnelChecksum checksum)
{
    return nameOf(tunnelChecksumNames, checksum);
}

std::string toString(const Tunnel &tunnel)
{
    std::string text(toString(tunnel.type));
    if (tunnel.port.value != 0)
        text += fmt::format(" port {}", tunnel.port.value);
    if (tunnel.checksum != TunnelChecksum::none)
        text += fmt::format(" checksum {}", toString(tunnel.checksum));
    return text;
}

} // namespace lb
