// SPDX-License-Identifier: GPL-2.0
// What the tunnel method puts around a packet. Words and numbers as in the spec.
#pragma once

#include "endpoint.hpp"
#include "error.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace lb {

enum class TunnelType : std::uint8_t { ipip, gue, gre };
enum class TunnelChecksum : std::uint8_t { none, normal, remote };

inline constexpr std::array<std::string_view, 3> tunnelTypeNames{"ipip", "gue", "gre"};
inline constexpr std::array<std::string_view, 3> tunnelChecksumNames{"none", "normal", "remote"};

Result<TunnelType> parseTunnelType(std::string_view text);
Result<TunnelChecksum> parseTunnelChecksum(std::string_view text);
std::string_view toString(TunnelType type);
std::string_view toString(TunnelChecksum checksum);

struct Tunnel {
    TunnelType type = TunnelType::ipip;
    Port port{}; // 0 for none
    TunnelChecksum checksum = TunnelChecksum::none;

    bool operator==(const Tunnel &) const = default;
};

std::string toString(const Tunnel &tunnel); // "gue port 6080 checksum normal", "ipip"

} // namespace lb
