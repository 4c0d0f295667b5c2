// SPDX-License-Identifier: GPL-2.0
// Frames of HTTP/2, written and read by hand: RFC 9113, 4.1 and 6; fields as RFC 7541, 6.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lb::health::frames {

inline constexpr std::uint8_t data = 0, headers = 1, rstStream = 3, settings = 4, pingType = 6,
                              goawayType = 7, continuation = 9;
inline constexpr std::uint8_t endStream = 1, endHeaders = 4;

inline std::string word(std::uint32_t value)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> static_cast<unsigned>(shift));
    return bytes;
}

inline std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                         const std::string &payload)
{
    auto bytes = word(static_cast<std::uint32_t>(payload.size())).substr(1);
    bytes += static_cast<char>(type);
    bytes += static_cast<char>(flags);
    return bytes + word(stream) + payload;
}

// What a server has to say first.
inline std::string hello()
{
    return frame(settings, 0, 0, "");
}

inline std::string goaway(std::uint32_t last, std::uint32_t code, const std::string &debug = "")
{
    return frame(goawayType, 0, 0, word(last) + word(code) + debug);
}

// RFC 7541, appendix A: ":status: 200" is 8, "404" is 13, each an index of its own (6.1).
inline const std::string status200 = "\x88", status404 = "\x8d"; // NOLINT(cert-err58-cpp)

// RFC 7541, 5.1: seven bits, and what is more in bytes of seven bits.
inline std::string length(std::size_t size)
{
    constexpr std::size_t most = 127;
    if (size < most)
        return {static_cast<char>(size)};
    std::string bytes{static_cast<char>(most)};
    for (size -= most; size > most; size >>= 7U)
        bytes += static_cast<char>((size & most) | 0x80U);
    return bytes + static_cast<char>(size);
}

// RFC 7541, 6.2.2: a name and a value, neither of them remembered.
inline std::string literal(const std::string &name, const std::string &value)
{
    return std::string(1, '\0') + length(name.size()) + name + length(value.size()) + value;
}

struct Frame {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::uint32_t stream = 0;
    std::string payload{};
};

inline std::vector<Frame> parsed(const std::string &bytes)
{
    constexpr std::size_t head = 9;
    const auto at = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i]));
    };
    std::vector<Frame> all;
    for (std::size_t i = 0; i + head <= bytes.size();) {
        const auto size = at(i) << 16U | at(i + 1) << 8U | at(i + 2);
        const auto stream = at(i + 5) << 24U | at(i + 6) << 16U | at(i + 7) << 8U | at(i + 8);
        all.push_back({static_cast<std::uint8_t>(at(i + 3)), static_cast<std::uint8_t>(at(i + 4)),
                       stream, bytes.substr(i + head, size)});
        i += head + size;
    }
    return all;
}

} // namespace lb::health::frames
