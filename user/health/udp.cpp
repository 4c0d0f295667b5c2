// SPDX-License-Identifier: GPL-2.0
// UDP_CHECK: a datagram is not refused by ICMP, or, if a reply is required, answered as it should.
#include "dialogue.hpp"

#include <cstdlib>

#include <boost/asio/this_coro.hpp>
#include <fmt/core.h>

namespace lb::health {

namespace {

// What is wrong with a reply; empty if nothing.
std::string wrongWith(const std::vector<std::uint8_t> &reply, const UdpAsk &ask)
{
    if (reply.size() < ask.minLength || reply.size() > ask.maxLength)
        return fmt::format("a reply of {}{} bytes, expected {} to {}",
                           reply.size() > ask.maxLength ? "more than " : "",
                           std::min<std::size_t>(reply.size(), ask.maxLength), ask.minLength,
                           ask.maxLength);
    // Only as far as both go, as keepalived.
    const auto both = std::min(reply.size(), ask.reply.bytes.size());
    for (std::size_t i = 0; i < both; i++)
        if (((reply[i] ^ ask.reply.bytes[i]) & ask.reply.mask[i]) != 0)
            return fmt::format("byte {} of the reply is {:02x}, expected {:02x}", i + 1, reply[i],
                               ask.reply.bytes[i]);
    return {};
}

} // namespace

Task<Verdict> probeUdp(const Way &way, const UdpAsk &ask)
{
    constexpr std::size_t randomLength = 32;

    auto payload = ask.payload;
    if (payload.empty()) {
        payload.resize(randomLength);
        ::arc4random_buf(payload.data(), payload.size());
    }
    auto socket = Datagrams::open(co_await asio::this_coro::executor, way, Packets::udp);
    if (!socket)
        co_return verdictOf(socket.error());
    const auto sent = co_await socket->send(payload);
    if (!sent)
        co_return verdictOf(sent.error());
    const auto reply = co_await socket->receive(std::size_t{ask.maxLength} + 1,
                                                std::chrono::steady_clock::now() + way.timeout);
    if (!reply)
        co_return verdictOf(reply.error());
    if (!*reply && ask.requireReply)
        co_return Verdict::down(fmt::format("no reply within {}", showSeconds(way.timeout)));
    if (!*reply)
        co_return Verdict::up(fmt::format("not refused within {}", showSeconds(way.timeout)));
    if (ask.requireReply) {
        const auto wrong = wrongWith(**reply, ask);
        if (!wrong.empty())
            co_return Verdict::down(wrong);
    }
    co_return Verdict::up(fmt::format("reply of {} bytes", (*reply)->size()));
}

} // namespace lb::health
