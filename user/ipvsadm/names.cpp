// SPDX-License-Identifier: GPL-2.0
#include "names.hpp"

#include "grammar.hpp"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <fmt/format.h>

namespace lb::ipvsadm {

namespace {

// More is cut off.
constexpr std::size_t longestName = 59;

Ip ipOf(const in_addr &address)
{
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &address, bytes.size());
    return *Ip::fromBytes(Family::inet, bytes);
}

std::optional<std::uint16_t> parsePort(const std::string &text, Protocol protocol)
{
    if (const auto number = toNumber(text, 0, 65535))
        return static_cast<std::uint16_t>(*number);
    const auto *service = ::getservbyname(text.c_str(), toString(protocol).data());
    if (service == nullptr)
        return std::nullopt;
    return ntohs(static_cast<std::uint16_t>(service->s_port));
}

} // namespace

std::optional<Ip> parseHost(const std::string &text)
{
    in_addr address{};
    if (::inet_aton(text.c_str(), &address) != 0)
        return ipOf(address);
    const auto *host = ::gethostbyname(text.c_str());
    if (host == nullptr || host->h_addrtype != AF_INET || host->h_length != sizeof(address))
        return std::nullopt;
    std::memcpy(&address, host->h_addr_list[0], sizeof(address));
    return ipOf(address);
}

std::optional<HostPort> parseHostPort(const std::string &text, Protocol protocol)
{
    std::string host = text;
    std::optional<std::string> port;

    if (std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    const bool brackets = text.starts_with('[');
    if (brackets) {
        const auto end = text.find(']');
        if (end == text.npos || end + 1 == text.size() || text[end + 1] != ':')
            return std::nullopt;
        host = text.substr(1, end - 1);
        port = text.substr(end + 2);
    }

    HostPort found;
    std::array<std::uint8_t, 16> bytes{};
    if (::inet_pton(AF_INET6, host.c_str(), bytes.data()) > 0) {
        found.ip = *Ip::fromBytes(Family::inet6, bytes);
    } else {
        // Within brackets and no IPv6 address: what follows them is not looked at.
        port.reset();
        if (const auto colon = host.rfind(':'); colon != host.npos) {
            port = host.substr(colon + 1);
            host.resize(colon);
        }
        const auto ip = parseHost(host);
        if (!ip)
            return std::nullopt;
        found.ip = *ip;
    }
    if (!port)
        return found;
    found.port = parsePort(*port, protocol);
    return found.port ? std::optional(found) : std::nullopt;
}

const std::string &Names::host(const Ip &ip)
{
    auto &name = hosts_[ip];
    if (!name.empty())
        return name;
    const auto bytes = ip.bytes();
    const auto *host = numeric_
                           ? nullptr
                           : ::gethostbyaddr(bytes.data(), static_cast<socklen_t>(bytes.size()),
                                             static_cast<int>(ip.family()));
    return name = host != nullptr ? host->h_name : toString(ip);
}

const std::string &Names::port(std::uint16_t port, std::optional<Protocol> protocol)
{
    auto &name = ports_[{port, protocol}];
    if (!name.empty())
        return name;
    const auto *service =
        numeric_ || !protocol
            ? nullptr
            : ::getservbyport(htons(port), std::string(toString(*protocol)).c_str());
    return name = service != nullptr ? service->s_name : fmt::to_string(port);
}

const std::string &Names::show(const Endpoint &endpoint, std::optional<Protocol> protocol)
{
    const bool bare = endpoint.ip.family() == Family::inet;
    shown_ = fmt::format("{}{}{}:{}", bare ? "" : "[", host(endpoint.ip), bare ? "" : "]",
                         port(endpoint.port.value, protocol));
    if (shown_.size() > longestName)
        shown_.resize(longestName);
    return shown_;
}

} // namespace lb::ipvsadm
