// SPDX-License-Identifier: GPL-2.0
// One netlink message, written attribute by attribute; and the view that reads one.
// Knows the generic netlink framing and byte orders, not what any attribute means.
#pragma once

#include "../base/endpoint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <linux/netlink.h>

namespace lb::netlink {

using Bytes = std::span<const std::uint8_t>;

// A request under construction. Requests to lb are small: the longest needs 350 bytes.
class Message {
public:
    struct Header {
        std::uint16_t type = 0; // the family's number
        std::uint16_t flags = 0;
        std::uint8_t command = 0;
        std::uint8_t version = 1;
    };

    explicit Message(const Header &header);

    void u8(std::uint16_t type, std::uint8_t value);
    void u16(std::uint16_t type, std::uint16_t value);
    void u32(std::uint16_t type, std::uint32_t value);
    void u64(std::uint16_t type, std::uint64_t value);
    void port(std::uint16_t type, Port value); // network order
    void bytes(std::uint16_t type, Bytes value);
    void string(std::uint16_t type, std::string_view value); // with its NUL

    template <typename Body>
    void nest(std::uint16_t type, const Body &body)
    {
        const auto start = openNest(type);
        body();
        closeNest(start);
    }

    void setSequence(std::uint32_t sequence);
    void addFlags(std::uint16_t flags);
    [[nodiscard]] std::uint32_t sequence() const;
    [[nodiscard]] Bytes data() const &;
    Bytes data() const && = delete; // it would be gone

private:
    [[nodiscard]] nlmsghdr *header();
    [[nodiscard]] const nlmsghdr *header() const;
    std::size_t openNest(std::uint16_t type);
    void closeNest(std::size_t start);
    void put(std::uint16_t type, const void *value, std::size_t size);

    alignas(NLMSG_ALIGNTO) std::array<std::uint8_t, 512> buffer_{}; // padding is sent too
};

// The attributes of a message or of a nest. Reads nothing outside its bytes; an attribute that
// is absent, or too short for what is asked, is nullopt.
class Attributes {
public:
    Attributes() = default;
    explicit Attributes(Bytes bytes) : bytes_(bytes) {}

    [[nodiscard]] std::optional<Bytes> find(std::uint16_t type) const;
    [[nodiscard]] bool has(std::uint16_t type) const { return find(type).has_value(); }
    [[nodiscard]] std::optional<std::uint8_t> u8(std::uint16_t type) const;
    [[nodiscard]] std::optional<std::uint16_t> u16(std::uint16_t type) const;
    [[nodiscard]] std::optional<std::uint32_t> u32(std::uint16_t type) const;
    [[nodiscard]] std::optional<std::uint64_t> u64(std::uint16_t type) const;
    [[nodiscard]] std::optional<Port> port(std::uint16_t type) const;
    [[nodiscard]] std::optional<std::string_view> string(std::uint16_t type) const;
    [[nodiscard]] std::optional<Attributes> nest(std::uint16_t type) const;

    // Calls @visit(type, payload) for each attribute, in order.
    template <typename Visit>
    void each(const Visit &visit) const
    {
        for (Cursor at{bytes_}; at.valid(); at.next())
            visit(at.type(), at.payload());
    }

    class Cursor {
    public:
        explicit Cursor(Bytes bytes) : left_(bytes) {}
        [[nodiscard]] bool valid() const;
        [[nodiscard]] std::uint16_t type() const; // without the flag bits
        [[nodiscard]] Bytes payload() const;
        void next();

    private:
        [[nodiscard]] nlattr head() const;
        Bytes left_;
    };

private:
    Bytes bytes_{};
};

// One message of those that came in a datagram.
struct Reply {
    nlmsghdr header{};
    std::uint8_t command = 0;
    Bytes payload{};         // after nlmsghdr
    Attributes attributes{}; // after genlmsghdr; of no use in control messages
};

// Takes the first message off @datagram; nullopt at its end or when it is cut short.
std::optional<Reply> takeReply(Bytes &datagram);

} // namespace lb::netlink
