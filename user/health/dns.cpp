// SPDX-License-Identifier: GPL-2.0
// DNS_CHECK: the question is answered without an error, whatever the answer, as keepalived takes
// it. Over UDP, and, when the answer did not fit, over TCP as well (RFC 7766, 5).
#include "dialogue.hpp"
#include "dns_message.hpp"

#include <cstdlib>

#include <boost/asio/this_coro.hpp>
#include <fmt/core.h>

namespace lb::health {

namespace {

Verdict judge(const DnsAnswer &answer, std::string_view how)
{
    if (answer.code != 0)
        return Verdict::down(fmt::format("answer {}{}", dnsCodeName(answer.code), how));
    return Verdict::up(fmt::format("answer NOERROR with {} record{}{}", answer.records,
                                   answer.records == 1 ? "" : "s", how));
}

Task<Result<std::string>> readExactly(Stream &stream, std::size_t size)
{
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < size) {
        const auto more = co_await stream.readSome(std::span(bytes).subspan(have));
        if (!more)
            co_return more.error();
        if (*more == 0)
            co_return Error{.what = "the connection ended in the middle of the answer"};
        have += *more;
    }
    co_return bytes;
}

// RFC 1035, 4.2.2: two bytes of length before each message.
Task<Verdict> overTcp(const Way &way, const std::vector<std::uint8_t> &query)
{
    auto stream = co_await Stream::connect(way);
    if (!stream)
        co_return Verdict::down(
            fmt::format("the answer is truncated, and by TCP: {}", stream.error().what));
    std::string message{static_cast<char>(query.size() >> 8U), static_cast<char>(query.size())};
    message.append(query.begin(), query.end());
    const auto sent = co_await stream->write(message);
    if (!sent)
        co_return Verdict::down(fmt::format("by TCP: {}", sent.error().what));
    const auto head = co_await readExactly(*stream, 2);
    if (!head)
        co_return Verdict::down(fmt::format("by TCP: {}", head.error().what));
    const auto length = static_cast<std::size_t>(static_cast<std::uint8_t>((*head)[0])) << 8U |
                        static_cast<std::uint8_t>((*head)[1]);
    const auto body = co_await readExactly(*stream, length);
    if (!body)
        co_return Verdict::down(fmt::format("by TCP: {}", body.error().what));
    const std::vector<std::uint8_t> bytes(body->begin(), body->end());
    const auto answer = dnsAnswer(bytes, query);
    if (!answer)
        co_return Verdict::down("by TCP: what was answered is no answer to the question");
    co_return judge(*answer, " by TCP");
}

} // namespace

Task<Verdict> probeDns(const Way &way, const DnsAsk &ask)
{
    constexpr std::size_t longest = 2048; // without EDNS: 512

    auto socket = Datagrams::open(co_await asio::this_coro::executor, way, Packets::udp);
    if (!socket)
        co_return verdictOf(socket.error());
    const auto query = dnsQuery(static_cast<std::uint16_t>(::arc4random()), ask.type, ask.name);
    const auto deadline = std::chrono::steady_clock::now() + way.timeout;
    const auto sent = co_await socket->send(query);
    if (!sent)
        co_return verdictOf(sent.error());
    // What is no answer to this may be one to an earlier question, or a forgery: not the last word.
    std::size_t others = 0;
    while (true) {
        const auto packet = co_await socket->receive(longest, deadline);
        if (!packet)
            co_return verdictOf(packet.error());
        if (!*packet && others > 0)
            co_return Verdict::down(fmt::format("no answer to the question within {}, but {} other "
                                                "packet{}",
                                                showSeconds(way.timeout), others,
                                                others == 1 ? "" : "s"));
        if (!*packet)
            co_return Verdict::down(fmt::format("no answer within {}", showSeconds(way.timeout)));
        const auto answer = dnsAnswer(**packet, query);
        if (!answer) {
            others++;
            continue;
        }
        if (answer->truncated && answer->code == 0)
            co_return co_await overTcp(way, query);
        co_return judge(*answer, "");
    }
}

} // namespace lb::health
