// SPDX-License-Identifier: GPL-2.0
#include "ip.hpp"

#include "number.hpp"

#include <algorithm>

#include <arpa/inet.h>

#include <fmt/core.h>

namespace lb {

namespace {

bool looksLikeName(std::string_view text)
{
    return text.find(':') == std::string_view::npos &&
           std::ranges::any_of(text, [](unsigned char c) { return std::isalpha(c) != 0; });
}

// Why inet_pton() refused @text, which holds digits and dots.
std::string whyNotInet(std::string_view text)
{
    if (std::ranges::count(text, '.') != 3)
        return "an IPv4 address has four numbers";
    while (!text.empty()) {
        const auto part = text.substr(0, text.find('.'));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        if (part.empty())
            return "a number is missing between dots";
        if (part.size() > 1 && part.front() == '0')
            return fmt::format("{} has a leading zero", part);
        if (!parseNumber(part, 0, 255))
            return fmt::format("{} is not between 0 and 255", part);
    }
    return "a number is missing between dots";
}

} // namespace

Result<Ip> Ip::parse(std::string_view text)
{
    const std::string copy(text); // inet_pton wants a terminating NUL
    Ip ip;

    if (::inet_pton(AF_INET, copy.c_str(), ip.bytes_.data()) == 1)
        return ip;
    ip.family_ = Family::inet6;
    if (::inet_pton(AF_INET6, copy.c_str(), ip.bytes_.data()) == 1)
        return ip;

    Error error{.what = fmt::format("'{}' is not an address", text)};
    if (text.empty())
        error = {.what = "an address is missing"};
    else if (text.find('%') != std::string_view::npos)
        error.hint = "an address with an interface (%) is not supported here";
    else if (looksLikeName(text))
        error.hint = "names are looked up only with --resolve";
    else if (text.find(':') == std::string_view::npos)
        error.hint = whyNotInet(text);
    return error;
}

Result<Ip> Ip::fromBytes(Family family, std::span<const std::uint8_t> bytes)
{
    const std::size_t size = family == Family::inet ? 4 : 16;
    Ip ip;

    if (bytes.size() != size)
        return Error{.what =
                         fmt::format("an {} address of {} bytes", toString(family), bytes.size())};
    ip.family_ = family;
    std::ranges::copy(bytes, ip.bytes_.begin());
    return ip;
}

std::string toString(const Ip &ip)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    return ::inet_ntop(static_cast<int>(ip.family()), ip.bytes().data(), text.data(), text.size());
}

std::string_view toString(Family family)
{
    return family == Family::inet ? "inet" : "inet6";
}

Result<Prefix> Prefix::parse(std::string_view text)
{
    const auto slash = text.find('/');
    const auto ip = Ip::parse(text.substr(0, slash));
    if (!ip)
        return ip.error();

    const std::uint8_t most = ip->family() == Family::inet ? 32 : 128;
    if (slash == std::string_view::npos)
        return Prefix{*ip, most};
    const auto length = parseNumber(text.substr(slash + 1), 0, most);
    if (!length)
        return Error{.what =
                         fmt::format("the prefix length of '{}': {}", text, length.error().what),
                     .hint = length.error().hint};
    return Prefix{*ip, static_cast<std::uint8_t>(*length)};
}

std::string toString(const Prefix &prefix)
{
    return fmt::format("{}/{}", toString(prefix.ip), prefix.length);
}

} // namespace lb
