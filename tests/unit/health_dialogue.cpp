// SPDX-License-Identifier: GPL-2.0
// The dialogues but for HTTP, against servers on the loopback address that answer well, badly, not
// at all, or hang up. Replies are those of RFC 5321, RFC 1035 and keepalived.conf(5).
#include "health/dns_message.hpp"
#include "health_loop.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::health;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(health_dialogue)

namespace {

using Bytes = std::vector<std::uint8_t>;

// "good: WHY", "bad: WHY" or "none: WHY".
std::string show(const Verdict &verdict)
{
    return fmt::format("{}: {}",
                       verdict.inconclusive ? "none"
                       : verdict.good       ? "good"
                                            : "bad",
                       verdict.why);
}

bool contains(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

std::string refusedBy(const Way &way)
{
    return "bad: connection refused by " + toString(way.to);
}

} // namespace

// --- TCP

BOOST_AUTO_TEST_CASE(tcp_connects)
{
    Loop loop;
    const TcpServer four(loop, silence());
    BOOST_TEST(show(loop.hold(probeTcp(four.way()))) == "good: connected");
    const ClosedPort closed(loop);
    BOOST_TEST(show(loop.hold(probeTcp(closed.way()))) == refusedBy(closed.way()));
}

BOOST_AUTO_TEST_CASE(tcp_over_ipv6)
{
    Loop loop;
    const TcpServer six(loop, silence(), "::1");
    BOOST_TEST(show(loop.hold(probeTcp(six.way()))) == "good: connected");
}

BOOST_AUTO_TEST_CASE(a_connection_comes_from_where_it_should)
{
    Loop loop;
    std::string from;
    const TcpServer server(loop, [&](tcp::socket &socket) -> Task<void> {
        from = socket.remote_endpoint().address().to_string();
        co_await hear(socket, "never said");
    });
    auto way = server.way();
    way.from = *Ip::parse("127.0.0.9");
    BOOST_TEST(show(loop.hold(probeTcp(way))) == "good: connected");
    BOOST_REQUIRE(loop.until([&] { return !from.empty(); }));
    BOOST_TEST(from == "127.0.0.9");
}

BOOST_AUTO_TEST_CASE(a_port_of_ones_own_can_be_used_again_at_once)
{
    Loop loop;
    const TcpServer server(loop, silence());
    Way way = server.way();
    {
        const ClosedPort spare(loop);
        way.fromPort = spare.way().to.port;
    }
    way.from = *Ip::parse("127.0.0.1");
    for (int i = 0; i < 3; i++)
        BOOST_TEST(show(loop.hold(probeTcp(way))) == "good: connected");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_asked_is_no_failure)
{
    Loop loop;
    const TcpServer server(loop, silence());
    auto way = server.way();
    way.from = *Ip::parse("192.0.2.77"); // RFC 5737: nobody's
    const auto bound = show(loop.hold(probeTcp(way)));
    BOOST_TEST(bound == "none: binding to 192.0.2.77: Cannot assign requested address");
    way = server.way();
    way.interface = "nosuchif0";
    const auto named = show(loop.hold(probeTcp(way)));
    BOOST_TEST(named == "none: binding to interface nosuchif0: No such device");
}

// --- SMTP

namespace {

// Says each of these, and hears a line in between.
TcpServer::Part mail(std::vector<std::string> replies, std::string *heard = nullptr)
{
    return [replies, heard](tcp::socket &socket) -> Task<void> {
        for (const auto &reply : replies) {
            co_await say(socket, reply);
            auto line = co_await hear(socket, "\n");
            if (heard)
                *heard += line;
        }
    };
}

std::string askMail(std::vector<std::string> replies, Duration timeout = 30s)
{
    Loop loop;
    const TcpServer server(loop, mail(std::move(replies)));
    const SmtpAsk ask{.helloName = "me.example", .hosts = {server.way(timeout)}};
    return show(loop.hold(probeSmtp(ask)));
}

} // namespace

BOOST_AUTO_TEST_CASE(smtp)
{
    Loop loop;
    std::string heard;
    const TcpServer server(loop, mail({"220 hi\r\n", "250 hello\r\n", "221 bye\r\n"}, &heard));
    const SmtpAsk ask{.helloName = "me.example", .hosts = {server.way()}};
    BOOST_TEST(show(loop.hold(probeSmtp(ask))) == "good: greeted");
    BOOST_TEST(heard == "HELO me.example\r\nQUIT\r\n");
}

BOOST_AUTO_TEST_CASE(smtp_replies_of_several_lines)
{
    BOOST_TEST(askMail({"220-hi\r\n220-there\r\n220 all\r\n", "250-one\r\n250 two\r\n",
                        "221 bye\r\n"}) == "good: greeted");
}

BOOST_AUTO_TEST_CASE(smtp_refusals)
{
    BOOST_TEST(askMail({"554 no\r\n"}) == "bad: greeting '554 no', expected 220");
    BOOST_TEST(askMail({"garbage\x1b[2J\r\n"}) == "bad: greeting 'garbage?[2J', expected 220");
    BOOST_TEST(askMail({"220 hi\r\n", "501 no\r\n"}) ==
               "bad: reply '501 no' to HELO, expected 250");
    // keepalived takes anything for an answer to QUIT, but something.
    BOOST_TEST(askMail({"220 hi\r\n", "250 hello\r\n", "500 what\r\n"}) == "good: greeted");
    BOOST_TEST(contains(askMail({"220 hi\r\n", "250 hello\r\n"}), "closed the connection"));
    BOOST_TEST(contains(askMail({"220 hi\r\n", "250 hello\r\n"}), "bad: no reply to QUIT: "));
    BOOST_TEST(contains(askMail({}), "bad: no greeting: "));
    BOOST_TEST(contains(askMail({std::string(10000, 'x')}), "a line of more than 8192 bytes"));
    BOOST_TEST(askMail({""}, 50ms) == "bad: no greeting: no answer within 0.05 s");
}

BOOST_AUTO_TEST_CASE(smtp_asks_every_host)
{
    Loop loop;
    const auto fine = mail({"220 hi\r\n", "250 hello\r\n", "221 bye\r\n"});
    const TcpServer one(loop, fine), two(loop, fine);
    const ClosedPort closed(loop);
    const SmtpAsk good{.helloName = "x", .hosts = {one.way(), two.way()}};
    BOOST_TEST(show(loop.hold(probeSmtp(good))) == "good: greeted by 2 hosts");
    const SmtpAsk bad{.helloName = "x", .hosts = {one.way(), closed.way()}};
    const auto peer = toString(closed.way().to);
    BOOST_TEST(show(loop.hold(probeSmtp(bad))) ==
               "bad: " + peer + ": connection refused by " + peer);
}

// --- DNS

BOOST_AUTO_TEST_CASE(dns_query)
{
    // RFC 1035, 4.1.1 and 4.1.2: header, then the name by labels, type and class.
    const Bytes expected{0x12, 0x34, 1, 0,   0,   1,   0, 0, 0,  0, 0, 0,
                         1,    'a',  3, 'e', 'x', 'm', 0, 0, 28, 0, 1};
    const auto query = dnsQuery(0x1234, config::DnsType::aaaa, "a.exm");
    BOOST_CHECK(query == expected);
    BOOST_CHECK(dnsQuery(0x1234, config::DnsType::aaaa, "a.exm.") == expected);
    const Bytes root{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1};
    BOOST_CHECK(dnsQuery(1, config::DnsType::soa, ".") == root);
}

BOOST_AUTO_TEST_CASE(dns_answers)
{
    const auto query = dnsQuery(0x1234, config::DnsType::a, "a.example");
    Bytes answer = query;
    BOOST_CHECK(!dnsAnswer(answer, query)); // the question itself
    answer[2] |= 0x80;
    answer[7] = 3;
    BOOST_REQUIRE(dnsAnswer(answer, query));
    BOOST_TEST(dnsAnswer(answer, query)->records == 3);
    answer[13] = 'A'; // RFC 4343: case does not matter
    BOOST_CHECK(dnsAnswer(answer, query));
    answer[13] = 'b';
    BOOST_CHECK(!dnsAnswer(answer, query));
    answer[13] = 'a';
    answer[0] = 0x13;
    BOOST_CHECK(!dnsAnswer(answer, query));
    answer[0] = 0x12;
    for (std::size_t length = 0; length < answer.size(); length++)
        BOOST_CHECK(!dnsAnswer(std::span(answer).first(length), query));
    // A server that repeats no question.
    answer[5] = 0;
    BOOST_CHECK(dnsAnswer(std::span(answer).first(12), query));
}

namespace {

// An answer with this code.
Bytes dnsReply(Bytes query, std::uint8_t code, bool truncated = false)
{
    query[2] = static_cast<std::uint8_t>(query[2] | 0x80U | (truncated ? 2U : 0U));
    query[3] = code;
    return query;
}

const DnsAsk question{.type = config::DnsType::a, .name = "a.example"};

std::string askDns(UdpServer::Part part, Duration timeout = 30s)
{
    Loop loop;
    const UdpServer server(loop, std::move(part));
    return show(loop.hold(probeDns(server.way(timeout), question)));
}

} // namespace

BOOST_AUTO_TEST_CASE(dns)
{
    using Packets = std::vector<Bytes>;
    BOOST_TEST(askDns([](const Bytes &q) { return Packets{dnsReply(q, 0)}; }) ==
               "good: answer NOERROR with 0 records");
    BOOST_TEST(askDns([](const Bytes &q) { return Packets{dnsReply(q, 3)}; }) ==
               "bad: answer NXDOMAIN");
    BOOST_TEST(askDns([](const Bytes &q) { return Packets{dnsReply(q, 5)}; }) ==
               "bad: answer REFUSED");
    BOOST_TEST(askDns([](const Bytes &) { return Packets{}; }, 50ms) ==
               "bad: no answer within 0.05 s");
    BOOST_TEST(askDns(
                   [](const Bytes &) {
                       return Packets{{1, 2, 3}};
                   },
                   50ms) == "bad: no answer to the question within 0.05 s, but 1 other packet");
    // Garbage and a forged refusal first, then the answer.
    BOOST_TEST(askDns([](const Bytes &q) {
                   auto forged = dnsReply(q, 5);
                   forged[0] ^= 0xff;
                   return Packets{{1, 2, 3}, forged, dnsReply(q, 0)};
               }) == "good: answer NOERROR with 0 records");
    Loop loop;
    const ClosedPort closed(loop);
    BOOST_TEST(show(loop.hold(probeDns(closed.way(), question))) == refusedBy(closed.way()));
}

BOOST_AUTO_TEST_CASE(a_truncated_answer_is_asked_for_by_tcp)
{
    Loop loop;
    std::uint8_t code = 0;
    bool cut = false;
    const TcpServer tcpServer(loop, [&](tcp::socket &socket) -> Task<void> {
        Bytes length(2);
        co_await asio::async_read(socket, asio::buffer(length), tuple);
        Bytes query(length[0] * std::size_t{256} + length[1]);
        co_await asio::async_read(socket, asio::buffer(query), tuple);
        const auto reply = dnsReply(query, code);
        std::string message(length.begin(), length.end());
        message.append(reply.begin(), reply.end());
        if (cut)
            message.resize(9);
        co_await say(socket, message);
    });
    const UdpServer udpServer(
        loop, [](const Bytes &q) { return std::vector<Bytes>{dnsReply(q, 0, true)}; }, "127.0.0.1",
        tcpServer.at().port);
    BOOST_TEST(show(loop.hold(probeDns(udpServer.way(), question))) ==
               "good: answer NOERROR with 0 records by TCP");
    code = 2;
    BOOST_TEST(show(loop.hold(probeDns(udpServer.way(), question))) ==
               "bad: answer SERVFAIL by TCP");
    cut = true;
    BOOST_TEST(show(loop.hold(probeDns(udpServer.way(), question))) ==
               "bad: by TCP: the connection ended in the middle of the answer");
}

// --- UDP

namespace {

std::string askUdp(const UdpAsk &ask, std::vector<Bytes> replies, Duration timeout = 30s)
{
    Loop loop;
    const UdpServer server(loop, [&](const Bytes & /*packet*/) { return replies; });
    return show(loop.hold(probeUdp(server.way(timeout), ask)));
}

} // namespace

BOOST_AUTO_TEST_CASE(udp_without_a_reply_is_good_unless_refused)
{
    BOOST_TEST(askUdp({}, {}, 50ms) == "good: not refused within 0.05 s");
    BOOST_TEST(askUdp({}, {{1, 2}}) == "good: reply of 2 bytes");
    Loop loop;
    const ClosedPort closed(loop);
    const UdpAsk ask;
    BOOST_TEST(show(loop.hold(probeUdp(closed.way(), ask))) == refusedBy(closed.way()));
}

BOOST_AUTO_TEST_CASE(udp_says_what_it_is_told_to)
{
    Loop loop;
    Bytes heard;
    const UdpServer server(loop, [&](const Bytes &packet) {
        heard = packet;
        return std::vector<Bytes>{{1}};
    });
    const UdpAsk ask{.payload = {0xab, 0x12, 0x0f}, .requireReply = true};
    BOOST_TEST(show(loop.hold(probeUdp(server.way(), ask))) == "good: reply of 1 bytes");
    BOOST_CHECK(heard == ask.payload);
}

BOOST_AUTO_TEST_CASE(udp_replies)
{
    const UdpAsk any{.requireReply = true};
    BOOST_TEST(askUdp(any, {}, 50ms) == "bad: no reply within 0.05 s");
    BOOST_TEST(askUdp(any, {Bytes(255)}) == "good: reply of 255 bytes");
    BOOST_TEST(askUdp(any, {Bytes(256)}) ==
               "bad: a reply of more than 255 bytes, expected 0 to 255");
    const UdpAsk lengths{.requireReply = true, .minLength = 2, .maxLength = 3};
    BOOST_TEST(askUdp(lengths, {{1}}) == "bad: a reply of 1 bytes, expected 2 to 3");
    BOOST_TEST(askUdp(lengths, {{1, 2, 3}}) == "good: reply of 3 bytes");
    // "12 x4": the half byte that is x may be any.
    const UdpAsk pattern{.requireReply = true,
                         .reply = {.bytes = {0x12, 0x04}, .mask = {0xff, 0x0f}}};
    BOOST_TEST(askUdp(pattern, {{0x12, 0xe4, 0x55}}) == "good: reply of 3 bytes");
    BOOST_TEST(askUdp(pattern, {{0x12, 0xe5}}) == "bad: byte 2 of the reply is e5, expected 04");
    // keepalived.conf(5): up to the shorter of both.
    BOOST_TEST(askUdp(pattern, {{0x12}}) == "good: reply of 1 bytes");
}

// --- PING

BOOST_AUTO_TEST_CASE(ping)
{
    for (const auto *address : {"127.0.0.1", "::1"}) {
        Loop loop;
        const Way way{.to = {*Ip::parse(address), Port{80}}, .timeout = 30s};
        const auto verdict = loop.hold(probePing(way));
        // Neither ping_group_range nor CAP_NET_RAW: then that is what it says.
        if (!verdict.inconclusive)
            BOOST_TEST(contains(show(verdict), "good: reply after "));
        else
            BOOST_TEST(contains(verdict.why, "opening a socket: "));
    }
}

BOOST_AUTO_TEST_SUITE_END()
