// SPDX-License-Identifier: GPL-2.0
// Netlink messages spelt out for tests, from the protocol's definition (linux/netlink.h) and not
// with the code under test: lengths are counted here, numbers are in the host's byte order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wire {

// A type of this namespace, so that + is found.
struct Bytes : std::vector<std::uint8_t> {
    using vector::vector;
};

inline Bytes operator+(Bytes a, const Bytes &b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

// "0a 00 00 01" -> four bytes
inline Bytes hex(std::string_view text)
{
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < text.size();) {
        if (text[i] == ' ') {
            i++;
            continue;
        }
        bytes.push_back(
            static_cast<std::uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
        i += 2;
    }
    return bytes;
}

template <typename T>
Bytes number(T value)
{
    const auto *raw = reinterpret_cast<const std::uint8_t *>(&value);
    return Bytes(raw, raw + sizeof(value));
}

inline Bytes u8(std::uint8_t value)
{
    return number(value);
}
inline Bytes u16(std::uint16_t value)
{
    return number(value);
}
inline Bytes u32(std::uint32_t value)
{
    return number(value);
}
inline Bytes u64(std::uint64_t value)
{
    return number(value);
}
inline Bytes be16(std::uint16_t value)
{
    return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value & 0xff)};
}
inline Bytes text(std::string_view value)
{
    return Bytes(value.begin(), value.end()) + Bytes{0};
}

// An attribute: length and type, payload, padding to four bytes.
inline Bytes attribute(int type, const Bytes &payload)
{
    auto bytes = u16(static_cast<std::uint16_t>(4 + payload.size())) +
                 u16(static_cast<std::uint16_t>(type)) + payload;
    bytes.resize((bytes.size() + 3) / 4 * 4);
    return bytes;
}

inline Bytes nest(int type, const Bytes &payload)
{
    return attribute(type | 0x8000, payload); // NLA_F_NESTED
}

// A message: length, type, flags, sequence, port id, payload.
inline Bytes message(int type, int flags, std::uint32_t sequence, const Bytes &payload)
{
    auto bytes = u32(static_cast<std::uint32_t>(16 + payload.size())) +
                 u16(static_cast<std::uint16_t>(type)) + u16(static_cast<std::uint16_t>(flags)) +
                 u32(sequence) + u32(0) + payload;
    bytes.resize((bytes.size() + 3) / 4 * 4);
    return bytes;
}

// A generic netlink message: command, version 1, two bytes reserved, attributes.
inline Bytes generic(int family, int flags, std::uint32_t sequence, int command,
                     const Bytes &attributes)
{
    return message(family, flags, sequence,
                   Bytes{static_cast<std::uint8_t>(command), 1, 0, 0} + attributes);
}

constexpr int multi = 0x2;        // NLM_F_MULTI
constexpr int interrupted = 0x10; // NLM_F_DUMP_INTR
constexpr int capped = 0x100;     // NLM_F_CAPPED
constexpr int tlvs = 0x200;       // NLM_F_ACK_TLVS

// NLMSG_ERROR as with NETLINK_CAP_ACK: errno, then only the header of the request.
inline Bytes ack(std::uint32_t sequence, int error = 0, const Bytes &attributes = {})
{
    return message(2, capped | (attributes.empty() ? 0 : tlvs), sequence,
                   u32(static_cast<std::uint32_t>(-error)) + u32(16) + u16(0) + u16(0) +
                       u32(sequence) + u32(0) + attributes);
}

// NLMSG_DONE
inline Bytes done(std::uint32_t sequence, int flags = 0)
{
    return message(3, multi | flags, sequence, u32(0));
}

} // namespace wire
