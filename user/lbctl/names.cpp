// SPDX-License-Identifier: GPL-2.0
#include "names.hpp"

#include <array>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fmt/core.h>

namespace lb::lbctl {

namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Result<AddressList> lookUp(const char *host, const char *port)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *list = nullptr;
    if (const int failed = ::getaddrinfo(host, port, &hints, &list); failed != 0)
        return Error{.what = fmt::format("'{}' has no address", host),
                     .hint = ::gai_strerror(failed)};
    return AddressList(list, ::freeaddrinfo);
}

Endpoint fromSockaddr(const sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, address, sizeof(in));
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
        return {*Ip::fromBytes(Family::inet, bytes), Port{ntohs(in.sin_port)}};
    }
    sockaddr_in6 in6{};
    std::memcpy(&in6, address, sizeof(in6));
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &in6.sin6_addr, bytes.size());
    return {*Ip::fromBytes(Family::inet6, bytes), Port{ntohs(in6.sin6_port)}};
}

Result<Ip> ipOf(std::string_view text)
{
    if (auto ip = Ip::parse(text))
        return ip;
    const auto list = lookUp(std::string(text).c_str(), nullptr);
    if (!list)
        return list.error();
    return fromSockaddr((*list)->ai_addr).ip;
}

Result<Port> portOf(std::string_view text)
{
    if (auto port = Port::parse(text))
        return port;
    const auto list = lookUp(nullptr, std::string(text).c_str());
    if (!list)
        return Error{.what = fmt::format("'{}' is not a port", text),
                     .hint = "neither a number nor a name of /etc/services"};
    return fromSockaddr((*list)->ai_addr).port;
}

std::string nameOf(const Endpoint &endpoint)
{
    sockaddr_storage storage{};
    socklen_t size = 0;
    if (endpoint.ip.family() == Family::inet) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(endpoint.port.value);
        std::memcpy(&in.sin_addr, endpoint.ip.bytes().data(), sizeof(in.sin_addr));
        std::memcpy(&storage, &in, size = sizeof(in));
    } else {
        sockaddr_in6 in6{};
        in6.sin6_family = AF_INET6;
        in6.sin6_port = htons(endpoint.port.value);
        std::memcpy(&in6.sin6_addr, endpoint.ip.bytes().data(), sizeof(in6.sin6_addr));
        std::memcpy(&storage, &in6, size = sizeof(in6));
    }

    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    if (::getnameinfo(reinterpret_cast<const sockaddr *>(&storage), size, host.data(), host.size(),
                      port.data(), port.size(), 0) != 0)
        return toString(endpoint);
    const std::string_view name(host.data());
    return name.find(':') == std::string_view::npos ? fmt::format("{}:{}", name, port.data())
                                                    : fmt::format("[{}]:{}", name, port.data());
}

} // namespace

WordReaders Names::readers() const
{
    return resolve_ ? WordReaders{ipOf, portOf} : WordReaders{};
}

std::string Names::show(const Endpoint &endpoint)
{
    if (!resolve_)
        return toString(endpoint);
    auto &name = known_[endpoint];
    if (name.empty())
        name = nameOf(endpoint);
    return name;
}

} // namespace lb::lbctl
