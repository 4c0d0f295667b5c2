// SPDX-License-Identifier: GPL-2.0
// Connections of a running ip_vs.
#include "live.hpp"
#include "print.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

constexpr auto file = "/proc/net/ip_vs_conn";

template <typename T>
std::optional<T> numberOf(std::string_view text, int base)
{
    T value = 0;
    const auto *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, base);
    if (error != std::errc() || stop != end)
        return std::nullopt;
    return value;
}

// "C0000201", or IPv6 in full.
std::optional<Ip> addressOf(const std::string &text)
{
    if (text.find(':') != text.npos) {
        const auto ip = Ip::parse(text);
        return ip ? std::optional(*ip) : std::nullopt;
    }
    const auto number = numberOf<std::uint32_t>(text, 16);
    if (!number)
        return std::nullopt;
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); i++)
        bytes.at(i) = static_cast<std::uint8_t>(*number >> (24 - 8 * i));
    return *Ip::fromBytes(Family::inet, bytes);
}

std::optional<Endpoint> endpointOf(std::istream &words)
{
    std::string address;
    std::string port;
    words >> address >> port;
    const auto ip = addressOf(address);
    const auto number = numberOf<std::uint16_t>(port, 16);
    if (!ip || !number)
        return std::nullopt;
    return Endpoint{*ip, Port{*number}};
}

std::optional<Protocol> protocolNamed(std::string_view name)
{
    if (name == "TCP")
        return Protocol::tcp;
    if (name == "UDP")
        return Protocol::udp;
    return name == "SCTP" ? std::optional(Protocol::sctp) : std::nullopt;
}

// A connection tells nothing of the mark that it came with: it is one of a mark's if no service of
// its address has its destination, and a mark's has.
std::uint32_t markOf(const Live &live, const netlink::Connection &conn)
{
    const auto has = [&](const netlink::ServiceKey &key) {
        const auto found = live.services.find(key);
        return found != live.services.end() &&
               std::ranges::any_of(found->second,
                                   [&](const Endpoint &dest) { return dest.ip == conn.dest.ip; });
    };
    const auto protocol = static_cast<Protocol>(conn.protocol);

    if (has({protocol, conn.service}) || has({protocol, {conn.service.ip, Port{}}}))
        return 0;
    for (const auto &key : live.marks)
        if (key.endpoint.ip.family() == conn.client.ip.family() && has(key))
            return key.fwmark;
    return 0;
}

} // namespace

std::optional<netlink::Connection> readConn(std::string_view line)
{
    std::istringstream words{std::string(line)};
    std::string protocolName;
    std::string stateName;
    std::string expires;

    words >> protocolName;
    const auto protocol = protocolNamed(protocolName);
    const auto client = endpointOf(words);
    const auto service = endpointOf(words);
    const auto dest = endpointOf(words);
    words >> stateName >> expires;
    const auto seconds = numberOf<std::uint32_t>(expires, 10);
    if (!protocol || !client || client->port == Port{} || !service || !dest || !seconds)
        return std::nullopt;
    const auto state = stateOf(*protocol, stateName);
    if (!state)
        return std::nullopt;
    return netlink::Connection{.protocol = static_cast<std::uint8_t>(*protocol),
                               .client = *client,
                               .service = *service,
                               .dest = *dest,
                               .state = *state,
                               .expiresMs = std::uint64_t{*seconds} * 1000};
}

Result<void> readConns(const Live &live,
                       const std::function<Result<void>(const netlink::Connection &)> &visit)
{
    std::ifstream lines(file);
    std::string line;

    if (!lines)
        return systemError(errno, fmt::format("opening {}", file));
    while (std::getline(lines, line)) {
        auto conn = readConn(line);
        if (!conn)
            continue;
        conn->fwmark = markOf(live, *conn);
        if (auto done = visit(*conn); !done)
            return done;
    }
    if (lines.bad())
        return Error{.what = fmt::format("reading {} failed", file)};
    return {};
}

} // namespace lb::ipvsadm
