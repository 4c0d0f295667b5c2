// SPDX-License-Identifier: GPL-2.0
#include "virtual_server_keywords.hpp"

#include <bit>
#include <charconv>

namespace lb::config {

namespace {

constexpr std::uint8_t perByte = 8;
constexpr std::string_view families[] = {"inet", "inet6"};
// So many services are no configuration any more but a mistake: of 2001:db8::/32, say.
constexpr std::uint32_t most = 1 << 16;

// The address @count behind @first, if there is one of the family.
std::optional<Ip> advance(const Ip &first, std::uint64_t count)
{
    std::vector<std::uint8_t> bytes(first.bytes().begin(), first.bytes().end());
    for (auto byte = bytes.rbegin(); byte != bytes.rend() && count; ++byte) {
        count += *byte;
        *byte = static_cast<std::uint8_t>(count);
        count >>= perByte;
    }
    if (count)
        return {};
    const auto ip = Ip::fromBytes(first.family(), bytes);
    return ip ? std::optional(*ip) : std::nullopt;
}

std::uint32_t lastPart(const Ip &ip)
{
    const auto bytes = ip.bytes();
    if (ip.family() == Family::inet)
        return bytes.back();
    return static_cast<std::uint32_t>(bytes[bytes.size() - 2] << perByte | bytes.back());
}

// FIRST-LAST, whose last may be a whole address or its last part: decimal, or hex for IPv6.
std::optional<Ip> lastOf(const Ip &first, std::string_view text)
{
    if (const auto last = Ip::parse(text))
        return *last;
    const bool inet = first.family() == Family::inet;
    std::uint32_t part = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), part, inet ? 10 : 16);
    if (error != std::errc() || end != text.data() + text.size() ||
        part > (inet ? UINT8_MAX : UINT16_MAX) || part <= lastPart(first))
        return {};
    return advance(first, part - lastPart(first));
}

// The first word: ADDRESS, FIRST-LAST or ADDRESS/LENGTH.
void takeRange(VirtualServerGroup &group, Arguments &arguments)
{
    const auto &word = arguments.keyword();
    const std::string_view text = word.text;
    const auto cut = text.find_first_of("-/");
    const auto first = Ip::parse(text.substr(0, cut));
    if (!first) {
        arguments.refuse(word, fmt::format("'{}' is no address, range or firewall mark", text),
                         "192.0.2.1 80, 192.0.2.1-9 80, 192.0.2.0/29 80, fwmark 5");
        return;
    }
    AddressRange range{*first, *first, {}};
    if (cut != std::string_view::npos && text[cut] == '/') {
        const auto prefix = Prefix::parse(text);
        const auto bits = first->bytes().size() * perByte;
        if (!prefix) {
            arguments.refuse(word, fmt::format("'{}' is no range of addresses", text));
            return;
        }
        const auto host = bits - prefix->length;
        const auto last = host < std::bit_width(most)
                              ? advance(prefix->ip, (std::uint64_t{1} << host) - 1)
                              : std::nullopt;
        if (!last) {
            arguments.refuse(word, fmt::format("'{}' has too many addresses", text),
                             fmt::format("at most {}; mark the packets and use a fwmark", most));
            return;
        }
        range = {prefix->ip, *last, {}};
    } else if (cut != std::string_view::npos) {
        const auto last = lastOf(*first, text.substr(cut + 1));
        if (!last || last->family() != first->family() || *last < *first) {
            arguments.refuse(word, fmt::format("'{}' is no range of addresses", text),
                             "its end comes behind its beginning: 192.0.2.1-9");
            return;
        }
        range.last = *last;
    }
    if (arguments.more())
        range.port = arguments.port().value_or(Port{});
    arguments.end();
    group.ranges.push_back(range);
}

void takeMark(VirtualServerGroup &group, Arguments &arguments)
{
    const auto value = arguments.number("a firewall mark", 1, UINT32_MAX);
    MarkOfFamily mark{static_cast<std::uint32_t>(value.value_or(0)), {}};
    if (arguments.more()) {
        if (const auto family = arguments.choice("an address family", families))
            mark.family = *family ? Family::inet6 : Family::inet;
    }
    arguments.end();
    if (value)
        group.marks.push_back(mark);
}

} // namespace

void takeGroup(std::vector<VirtualServerGroup> &into, Arguments &arguments)
{
    VirtualServerGroup group{};
    const auto *name = arguments.word("a name");
    for (const auto &statement : arguments.statement().block) {
        Arguments line(statement, arguments.report());
        if (!fits(statement, Shape::line, arguments.report()))
            continue;
        if (line.keyword().text == "fwmark")
            takeMark(group, line);
        else
            takeRange(group, line);
    }
    if (!name)
        return;
    group.name = name->text;
    group.where = Where(*name);
    if (group.ranges.empty() && group.marks.empty())
        arguments.refuse(*name, fmt::format("the group '{}' is empty", group.name));
    else if (std::ranges::any_of(into, [&](const auto &g) { return g.name == group.name; }))
        arguments.refuse(*name, fmt::format("there is a group '{}' already", group.name));
    else
        into.push_back(std::move(group));
}

} // namespace lb::config
