// SPDX-License-Identifier: GPL-2.0
// Hosts and ports by name, in and out, as gethostbyname and getservbyname know them.
#pragma once

#include "../base/endpoint.hpp"
#include "../base/types.hpp"

#include <map>
#include <optional>
#include <string>

namespace lb::ipvsadm {

// ADDR, HOST or [V6], with :PORT or :NAME behind it.
struct HostPort {
    Ip ip{};
    std::optional<std::uint16_t> port{};
};
std::optional<HostPort> parseHostPort(const std::string &text, Protocol protocol);

// A dotted quad as inet_aton takes it, or a host's name.
std::optional<Ip> parseHost(const std::string &text);

class Names {
public:
    explicit Names(bool numeric) : numeric_(numeric) {}

    // "www.example.org:http", "192.0.2.1:80"; without a protocol the port is a number.
    const std::string &show(const Endpoint &endpoint, std::optional<Protocol> protocol);

private:
    const std::string &host(const Ip &ip);
    const std::string &port(std::uint16_t port, std::optional<Protocol> protocol);

    bool numeric_;
    std::map<Ip, std::string> hosts_{};
    std::map<std::pair<std::uint16_t, std::optional<Protocol>>, std::string> ports_{};
    std::string shown_{};
};

} // namespace lb::ipvsadm
