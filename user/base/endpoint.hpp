// SPDX-License-Identifier: GPL-2.0
// Port, and address with port: 192.0.2.1:80, [2001:db8::1]:53.
#pragma once

#include "ip.hpp"

#include <functional>
#include <optional>

namespace lb {

struct Port {
    std::uint16_t value = 0; // host order

    static Result<Port> parse(std::string_view text);
    auto operator<=>(const Port &) const = default;
};

struct Endpoint {
    Ip ip{};
    Port port{};

    static Result<Endpoint> parse(std::string_view text);
    auto operator<=>(const Endpoint &) const = default;
};

// How words become addresses and ports; --resolve puts a resolver here.
struct WordReaders {
    std::function<Result<Ip>(std::string_view)> ip = Ip::parse;
    std::function<Result<Port>(std::string_view)> port = Port::parse;
};

// ADDR or ADDR:PORT. A bare IPv6 address needs no brackets, one with a port does.
struct Target {
    Ip ip{};
    std::optional<Port> port{};

    static Result<Target> parse(std::string_view text, const WordReaders &readers = {});
    auto operator<=>(const Target &) const = default;
};

// ADDR[/LEN][:PORT]; with IPv6 and a port, [ADDR/LEN]:PORT or [ADDR]/LEN:PORT.
struct Pattern {
    Prefix prefix{};
    std::optional<Port> port{};

    static Result<Pattern> parse(std::string_view text);
    auto operator<=>(const Pattern &) const = default;
};

std::string toString(const Endpoint &endpoint);

} // namespace lb
