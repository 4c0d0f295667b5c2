// SPDX-License-Identifier: GPL-2.0
// bindto, bind_if, bind_port and fwmark, of every kind of probe that goes over the network.
#include "health_loop.hpp"

#include <cerrno>

#include <sys/socket.h>

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::health;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(health_ways)

namespace {

const std::string kinds[] = {"tcp", "http", "http2", "tls", "grpc", "smtp", "dns", "udp", "ping"};

// What becomes of a probe of this kind.
Verdict probed(Loop &loop, const std::string &kind, const Way &way)
{
    const UrlAsk url{.path = "/", .host = "x", .status = {{200, 299}}};
    const HttpAsk http{.urls = {url}}, http2{.version = config::HttpVersion::v2, .urls = {url}},
        tls{.tls = true, .urls = {url}};
    const SmtpAsk smtp{.helloName = "x", .hosts = {way}};
    const GrpcAsk grpc{.authority = "x"};
    const UdpAsk udp{.requireReply = true};
    const DnsAsk dns{};
    if (kind == "tcp")
        return loop.hold(probeTcp(way));
    if (kind == "http")
        return loop.hold(probeHttp(way, http, {}));
    if (kind == "http2")
        return loop.hold(probeHttp(way, http2, {}));
    if (kind == "tls")
        return loop.hold(probeHttp(way, tls, *makeTls({})));
    if (kind == "grpc")
        return loop.hold(probeGrpc(way, grpc, {}));
    if (kind == "smtp")
        return loop.hold(probeSmtp(smtp));
    if (kind == "dns")
        return loop.hold(probeDns(way, dns));
    if (kind == "udp")
        return loop.hold(probeUdp(way, udp));
    return loop.hold(probePing(way));
}

// A server of TCP and of UDP on the same port, which hang up and answer with one byte; they
// remember who came.
struct Both {
    explicit Both(Loop &loop)
        : tcpServer(loop,
                    [this](tcp::socket &socket) -> Task<void> {
                        came = socket.remote_endpoint().address().to_string();
                        port = socket.remote_endpoint().port();
                        co_return;
                    }),
          packets(loop.io,
                  udp::endpoint(asio::ip::make_address("127.0.0.1"), tcpServer.at().port.value))
    {
        const int on = 1;
        marks = ::setsockopt(packets.native_handle(), SOL_SOCKET, SO_RCVMARK, &on, sizeof(on)) == 0;
        wait();
    }
    void wait()
    {
        packets.async_wait(udp::socket::wait_read, [this](boost::system::error_code error) {
            if (error)
                return;
            receive();
            wait();
        });
    }
    // By hand, for what comes along with a packet.
    void receive()
    {
        std::array<char, 512> bytes{};
        alignas(cmsghdr) std::array<char, 128> control{};
        sockaddr_in from{};
        iovec vector{.iov_base = bytes.data(), .iov_len = bytes.size()};
        msghdr message{.msg_name = &from,
                       .msg_namelen = sizeof(from),
                       .msg_iov = &vector,
                       .msg_iovlen = 1,
                       .msg_control = control.data(),
                       .msg_controllen = control.size(),
                       .msg_flags = 0};
        if (::recvmsg(packets.native_handle(), &message, MSG_DONTWAIT) < 0)
            return;
        came = asio::ip::address_v4(ntohl(from.sin_addr.s_addr)).to_string();
        port = ntohs(from.sin_port);
        for (auto *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
            if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_MARK)
                std::memcpy(&mark, CMSG_DATA(c), sizeof(mark));
        ::sendto(packets.native_handle(), "x", 1, 0, reinterpret_cast<const sockaddr *>(&from),
                 sizeof(from));
    }
    [[nodiscard]] Way way() const { return tcpServer.way(100ms); }

    std::string came{};
    std::uint16_t port = 0;
    std::uint32_t mark = 0;
    bool marks = false; // can be seen
    TcpServer tcpServer;
    udp::socket packets;
};

// A port that nobody else may use as long as this is there.
struct TakenPort {
    explicit TakenPort(Loop &loop)
        : listener(loop.io, {asio::ip::make_address("127.0.0.1"), 0}),
          packets(loop.io, {asio::ip::make_address("127.0.0.1"), port()})
    {}
    [[nodiscard]] std::uint16_t port() const { return listener.local_endpoint().port(); }

    tcp::acceptor listener;
    udp::socket packets;
};

} // namespace

BOOST_AUTO_TEST_CASE(bindto)
{
    for (const auto &kind : kinds) {
        BOOST_TEST_CONTEXT(kind)
        {
            Loop loop;
            Both server(loop);
            auto way = server.way();
            way.from = *Ip::parse("192.0.2.77"); // RFC 5737: nobody's
            const auto verdict = probed(loop, kind, way);
            BOOST_TEST(verdict.inconclusive);
            BOOST_TEST(verdict.why == "binding to 192.0.2.77: Cannot assign requested address");
            if (kind == "ping")
                continue;
            way.from = *Ip::parse("127.0.0.9");
            probed(loop, kind, way);
            BOOST_REQUIRE(loop.until([&] { return !server.came.empty(); }));
            BOOST_TEST(server.came == "127.0.0.9");
        }
    }
}

BOOST_AUTO_TEST_CASE(bind_if)
{
    for (const auto &kind : kinds) {
        BOOST_TEST_CONTEXT(kind)
        {
            Loop loop;
            Both server(loop);
            auto way = server.way();
            way.interface = "nosuchif0";
            const auto verdict = probed(loop, kind, way);
            BOOST_TEST(verdict.inconclusive);
            BOOST_TEST(verdict.why == "binding to interface nosuchif0: No such device");
            if (kind == "ping")
                continue;
            way.interface = "lo";
            probed(loop, kind, way);
            BOOST_REQUIRE(loop.until([&] { return !server.came.empty(); }));
        }
    }
}

BOOST_AUTO_TEST_CASE(bind_port)
{
    for (const auto &kind : kinds) {
        if (kind == "ping") // has no ports
            continue;
        BOOST_TEST_CONTEXT(kind)
        {
            Loop loop;
            Both server(loop);
            auto way = server.way();
            way.from = *Ip::parse("127.0.0.1");
            std::optional<TakenPort> taken(std::in_place, loop);
            way.fromPort = Port{taken->port()};
            const auto verdict = probed(loop, kind, way);
            BOOST_TEST(verdict.inconclusive);
            BOOST_TEST(verdict.why == fmt::format("binding to 127.0.0.1:{}: Address already in use",
                                                  way.fromPort.value));
            taken.reset();
            const auto again = probed(loop, kind, way);
            BOOST_TEST(!again.inconclusive);
            if (kind == "tcp") // is gone before anybody can see its port
                continue;
            BOOST_REQUIRE(loop.until([&] { return server.port != 0; }));
            BOOST_TEST(server.port == way.fromPort.value);
        }
    }
}

BOOST_AUTO_TEST_CASE(fwmark)
{
    for (const auto &kind : kinds) {
        BOOST_TEST_CONTEXT(kind)
        {
            Loop loop;
            Both server(loop);
            auto way = server.way();
            way.mark = 5;
            const auto verdict = probed(loop, kind, way);
            // Without CAP_NET_ADMIN that is what it says.
            if (verdict.why == "setting mark 5: Operation not permitted") {
                BOOST_TEST(verdict.inconclusive);
                continue;
            }
            if ((kind == "udp" || kind == "dns") && server.marks)
                BOOST_TEST(server.mark == 5U);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
