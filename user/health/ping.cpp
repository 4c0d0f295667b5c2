// SPDX-License-Identifier: GPL-2.0
// PING_CHECK: an echo request (RFC 792, RFC 4443, 4.1) is answered. Without privileges where
// ping_group_range lets us, else by a raw socket.
#include "dialogue.hpp"

#include <cstdlib>
#include <cstring>

#include <boost/asio/this_coro.hpp>
#include <fmt/core.h>

namespace lb::health {

namespace {

constexpr std::size_t headerLength = 8, dataLength = 56;
using Message = std::array<std::uint8_t, headerLength + dataLength>;

// RFC 1071.
std::uint16_t checksum(std::span<const std::uint8_t> bytes)
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
        sum += static_cast<std::uint32_t>(bytes[i] << 8U | bytes[i + 1]);
    while (sum > UINT16_MAX)
        sum = (sum & UINT16_MAX) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum);
}

void put16(std::span<std::uint8_t> at, std::uint16_t value)
{
    at[0] = static_cast<std::uint8_t>(value >> 8U);
    at[1] = static_cast<std::uint8_t>(value);
}

struct Types {
    std::uint8_t request = 0;
    std::uint8_t reply = 0;
};

// Header: type, code, checksum, identifier, sequence number. Data at random, by which the answer
// is known as one to this request.
Message requestOf(Types types, bool v4)
{
    Message message{};
    ::arc4random_buf(message.data() + 4, message.size() - 4);
    message[0] = types.request;
    if (v4) // ICMPv6's is the kernel's: it covers the addresses.
        put16(std::span(message).subspan(2), checksum(message));
    return message;
}

// Whether @packet is the reply to @request. The identifier is the kernel's own but for raw sockets.
bool answers(std::span<const std::uint8_t> packet, const Message &request, Types types,
             bool ipHeader)
{
    if (ipHeader && !packet.empty()) {
        const std::size_t length = (packet[0] & 0x0fU) * std::size_t{4};
        packet = packet.subspan(std::min(length, packet.size()));
    }
    return packet.size() == request.size() && packet[0] == types.reply &&
           std::memcmp(packet.data() + 6, request.data() + 6, request.size() - 6) == 0;
}

} // namespace

Task<Verdict> probePing(const Way &way)
{
    constexpr Types v4{.request = 8, .reply = 0}, v6{.request = 128, .reply = 129};
    constexpr std::size_t mostIpHeader = 60;

    const bool four = way.to.ip.family() == Family::inet;
    const Types types = four ? v4 : v6;
    Way plain = way;
    plain.to.port = plain.fromPort = Port{};
    auto socket = Datagrams::open(co_await asio::this_coro::executor, plain, Packets::echo);
    if (!socket)
        co_return verdictOf(socket.error());
    const auto request = requestOf(types, four);
    const auto start = std::chrono::steady_clock::now();
    const auto sent = co_await socket->send(request);
    if (!sent)
        co_return verdictOf(sent.error());
    while (true) {
        const auto packet =
            co_await socket->receive(request.size() + mostIpHeader, start + way.timeout);
        if (!packet)
            co_return verdictOf(packet.error());
        if (!*packet)
            co_return Verdict::down(fmt::format("no reply from {} within {}", toString(way.to.ip),
                                                showSeconds(way.timeout)));
        if (answers(**packet, request, types, socket->raw() && four))
            break;
    }
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    co_return Verdict::up(fmt::format("reply after {:.1f} ms", took.count()));
}

} // namespace lb::health
