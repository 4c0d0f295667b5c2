// SPDX-License-Identifier: GPL-2.0
// Servers on the loopback address to hold dialogues with, on the loop of the test itself.
#pragma once

#include "health/dialogue.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

namespace lb::health {

using asio::ip::tcp;
using asio::ip::udp;

inline constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

struct Loop {
    asio::io_context io{};

    // Not a measure: only so that nothing hangs.
    template <typename Condition>
    bool until(Condition condition)
    {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!condition()) {
            io.restart();
            io.run_one_until(limit);
            if (std::chrono::steady_clock::now() >= limit)
                return false;
        }
        return true;
    }

    Verdict hold(Task<Verdict> dialogue)
    {
        std::optional<Verdict> verdict;
        asio::co_spawn(io, std::move(dialogue), [&](const std::exception_ptr &thrown, Verdict v) {
            if (thrown)
                std::rethrow_exception(thrown);
            verdict = std::move(v);
        });
        BOOST_REQUIRE(until([&] { return verdict.has_value(); }));
        return *verdict;
    }
};

inline Endpoint endpointOf(const tcp::endpoint &at)
{
    return {*Ip::parse(at.address().to_string()), Port{at.port()}};
}

// Plays its part with each client.
class TcpServer {
public:
    using Part = std::function<Task<void>(tcp::socket &)>;

    TcpServer(Loop &loop, Part part, const std::string &address = "127.0.0.1")
        : acceptor_(loop.io, {asio::ip::make_address(address), 0})
    {
        asio::co_spawn(loop.io, serve(acceptor_, std::move(part), clients_), asio::detached);
    }

    [[nodiscard]] Endpoint at() const { return endpointOf(acceptor_.local_endpoint()); }
    [[nodiscard]] Way way(Duration timeout = std::chrono::seconds(30)) const
    {
        return {.to = at(), .timeout = timeout};
    }
    [[nodiscard]] std::size_t clients() const { return *clients_; }
    void stop() { acceptor_.close(); }

private:
    static Task<void> serve(tcp::acceptor &acceptor, Part part,
                            std::shared_ptr<std::size_t> clients)
    {
        while (true) {
            auto [error, socket] = co_await acceptor.async_accept(tuple);
            if (error)
                co_return;
            ++*clients;
            asio::co_spawn(acceptor.get_executor(), play(std::move(socket), part), asio::detached);
        }
    }
    static Task<void> play(tcp::socket socket, Part part) { co_await part(socket); }

    tcp::acceptor acceptor_;
    std::shared_ptr<std::size_t> clients_ = std::make_shared<std::size_t>(0);
};

// What the client says, up to and with @end; less if it hangs up.
inline Task<std::string> hear(tcp::socket &socket, std::string end)
{
    std::string heard;
    while (!heard.ends_with(end)) {
        char c = 0;
        const auto [error, size] = co_await socket.async_read_some(asio::buffer(&c, 1), tuple);
        if (error)
            break;
        heard += c;
    }
    co_return heard;
}

inline Task<void> say(tcp::socket &socket, std::string text)
{
    co_await asio::async_write(socket, asio::buffer(text), tuple);
}

// Says nothing until the client goes.
inline TcpServer::Part silence()
{
    return [](tcp::socket &socket) -> Task<void> { co_await hear(socket, "never said"); };
}

// Hears a request of HTTP, says this, and hangs up.
inline TcpServer::Part answer(std::string text, std::vector<std::string> *requests = nullptr)
{
    return [text, requests](tcp::socket &socket) -> Task<void> {
        auto request = co_await hear(socket, "\r\n\r\n");
        if (requests)
            requests->push_back(std::move(request));
        co_await say(socket, text);
    };
}

// A port of the loopback address on which nobody listens, and nobody else may.
class ClosedPort {
public:
    explicit ClosedPort(Loop &loop) : socket_(loop.io, tcp::v4())
    {
        socket_.bind({asio::ip::make_address("127.0.0.1"), 0});
    }
    [[nodiscard]] Way way() const
    {
        return {.to = endpointOf(socket_.local_endpoint()), .timeout = std::chrono::seconds(30)};
    }

private:
    tcp::socket socket_;
};

// Answers each packet with those that its part makes of it.
class UdpServer {
public:
    using Packet = std::vector<std::uint8_t>;
    using Part = std::function<std::vector<Packet>(const Packet &)>;

    UdpServer(Loop &loop, Part part, const std::string &address = "127.0.0.1", Port port = {})
        : socket_(loop.io, {asio::ip::make_address(address), port.value})
    {
        asio::co_spawn(loop.io, serve(socket_, std::move(part)), asio::detached);
    }
    [[nodiscard]] Way way(Duration timeout = std::chrono::seconds(30)) const
    {
        const auto at = socket_.local_endpoint();
        return {.to = {*Ip::parse(at.address().to_string()), Port{at.port()}}, .timeout = timeout};
    }

private:
    static Task<void> serve(udp::socket &socket, Part part)
    {
        while (true) {
            Packet packet(4096);
            udp::endpoint from;
            const auto [error, size] =
                co_await socket.async_receive_from(asio::buffer(packet), from, tuple);
            if (error)
                co_return;
            packet.resize(size);
            for (const auto &reply : part(packet))
                co_await socket.async_send_to(asio::buffer(reply), from, tuple);
        }
    }

    udp::socket socket_;
};

} // namespace lb::health
