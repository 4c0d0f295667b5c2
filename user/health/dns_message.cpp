// SPDX-License-Identifier: GPL-2.0
#include "dns_message.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace lb::health {

namespace {

constexpr std::size_t headerLength = 12;

void put16(std::vector<std::uint8_t> &bytes, std::uint16_t value)
{
    bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(value));
}

std::uint16_t get16(std::span<const std::uint8_t> bytes, std::size_t at)
{
    return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

// RFC 4343: names are compared without regard to case, and servers may answer in either.
bool sameLetters(std::uint8_t a, std::uint8_t b)
{
    const auto lower = [](std::uint8_t c) {
        return c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c | 0x20U) : c;
    };
    return lower(a) == lower(b);
}

} // namespace

std::vector<std::uint8_t> dnsQuery(std::uint16_t id, config::DnsType type, std::string_view name)
{
    constexpr std::uint16_t recursionDesired = 0x0100, internet = 1;

    std::vector<std::uint8_t> bytes;
    put16(bytes, id);
    put16(bytes, recursionDesired);
    for (const auto count : std::initializer_list<std::uint16_t>{1, 0, 0, 0})
        put16(bytes, count);
    while (!name.empty()) {
        const auto label = name.substr(0, name.find('.'));
        if (!label.empty()) {
            bytes.push_back(static_cast<std::uint8_t>(label.size()));
            bytes.insert(bytes.end(), label.begin(), label.end());
        }
        name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    bytes.push_back(0);
    put16(bytes, static_cast<std::uint16_t>(type));
    put16(bytes, internet);
    return bytes;
}

std::optional<DnsAnswer> dnsAnswer(std::span<const std::uint8_t> bytes,
                                   std::span<const std::uint8_t> query)
{
    constexpr unsigned response = 0x8000, truncated = 0x0200, codes = 0x000f;

    if (bytes.size() < headerLength || get16(bytes, 0) != get16(query, 0))
        return {};
    const unsigned flags = get16(bytes, 2);
    if ((flags & response) == 0)
        return {};
    if (get16(bytes, 4) != 0) {
        const auto question = query.subspan(headerLength);
        if (bytes.size() < query.size() ||
            !std::ranges::equal(question, bytes.subspan(headerLength, question.size()),
                                sameLetters))
            return {};
    }
    return DnsAnswer{.truncated = (flags & truncated) != 0,
                     .code = static_cast<std::uint8_t>(flags & codes),
                     .records = get16(bytes, 6)};
}

std::string dnsCodeName(std::uint8_t code)
{
    // RFC 6895, 2.3.
    constexpr std::string_view names[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                          "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                          "NXRRSET", "NOTAUTH", "NOTZONE"};
    return code < std::size(names) ? std::string(names[code]) : fmt::format("code {}", code);
}

} // namespace lb::health
