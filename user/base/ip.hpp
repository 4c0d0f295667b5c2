// SPDX-License-Identifier: GPL-2.0
// An IPv4 or IPv6 address. Text in, text out; names are not resolved here.
#pragma once

#include "error.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lb {

enum class Family : std::uint16_t { inet = 2, inet6 = 10 }; // AF_INET, AF_INET6

class Ip {
public:
    Ip() = default; // 0.0.0.0
    static Result<Ip> parse(std::string_view text);
    static Result<Ip> fromBytes(Family family, std::span<const std::uint8_t> bytes);

    [[nodiscard]] Family family() const { return family_; }
    // 4 or 16 bytes in network order.
    [[nodiscard]] std::span<const std::uint8_t> bytes() const
    {
        return {bytes_.data(), family_ == Family::inet ? 4U : 16U};
    }
    auto operator<=>(const Ip &) const = default;

private:
    Family family_ = Family::inet;
    std::array<std::uint8_t, 16> bytes_{};
};

std::string toString(const Ip &ip);
std::string_view toString(Family family); // "inet", "inet6"

// An address and how many of its leading bits count: 192.0.2.0/24.
struct Prefix {
    Ip ip{};
    std::uint8_t length = 0;

    static Result<Prefix> parse(std::string_view text);
    auto operator<=>(const Prefix &) const = default;
};

std::string toString(const Prefix &prefix);

} // namespace lb
