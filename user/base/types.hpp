// SPDX-License-Identifier: GPL-2.0
// Small values of services and destinations: protocol, method, weight. Words as in the spec.
#pragma once

#include "error.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string_view>

namespace lb {

enum class Protocol : std::uint8_t { tcp = 6, udp = 17, sctp = 132 };
enum class Method : std::uint8_t { nat, direct, tunnel, bypass };

inline constexpr std::array<std::string_view, 3> protocolNames{"tcp", "udp", "sctp"};
inline constexpr std::array<std::string_view, 4> methodNames{"nat", "direct", "tunnel", "bypass"};
// Those that a destination can have.
inline constexpr std::span<const std::string_view> destMethodNames{methodNames.data(), 3};

Result<Protocol> parseProtocol(std::string_view text);
Result<Method> parseMethod(std::string_view text);     // a destination's
Result<Method> parseConnMethod(std::string_view text); // a connection's
std::string_view toString(Protocol protocol);          // empty when it is none of these
std::string_view toString(Method method);

// Share of new connections; 0 takes none.
struct Weight {
    std::uint16_t value = 1;

    static Result<Weight> parse(std::string_view text);
    auto operator<=>(const Weight &) const = default;
};

} // namespace lb
