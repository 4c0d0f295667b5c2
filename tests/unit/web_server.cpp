// SPDX-License-Identifier: GPL-2.0
// Pages over HTTP: in pieces, with bounds, and gone when the server goes.
#include "health_loop.hpp"
#include "temporary_folder.hpp"
#include "web/server.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Says its pieces, and what became of it.
class Pieces : public web::Source {
public:
    Pieces(std::vector<std::string> pieces, std::optional<std::size_t> fails, int *turns)
        : pieces_(std::move(pieces)), fails_(fails), turns_(turns)
    {}
    Result<std::optional<std::string>> next() override
    {
        if (turns_)
            ++*turns_;
        if (fails_ == next_)
            return Error{.what = "there is no director"};
        if (next_ == pieces_.size())
            return std::optional<std::string>();
        return std::optional(pieces_[next_++]);
    }

private:
    std::vector<std::string> pieces_;
    std::optional<std::size_t> fails_;
    int *turns_;
    std::size_t next_ = 0;
};

struct Web : health::Loop {
    explicit Web(web::Limits limits = {}, std::vector<std::string> pieces = {"one\n", "", "two\n"},
                 std::optional<std::size_t> fails = {})
    {
        auto made = web::Server::listen(
            io, Endpoint{*Ip::parse("127.0.0.1"), Port{0}},
            {{.path = "/metrics",
              .type = "text/plain; version=0.0.4",
              .open = [=, this] { return std::make_unique<Pieces>(pieces, fails, &turns); }}},
            limits);
        BOOST_REQUIRE(made);
        server.emplace(std::move(*made));
    }

    [[nodiscard]] tcp::socket connect()
    {
        tcp::socket socket(io);
        socket.connect({asio::ip::make_address("127.0.0.1"), server->port()});
        return socket;
    }

    // All that comes until the other side ends.
    std::string rest(tcp::socket &socket)
    {
        std::string text;
        bool ended = false;
        asio::async_read(socket, asio::dynamic_buffer(text),
                         [&](const boost::system::error_code &, std::size_t) { ended = true; });
        BOOST_REQUIRE(until([&] { return ended; }));
        return text;
    }

    std::string answerTo(const std::string &request)
    {
        auto socket = connect();
        asio::write(socket, asio::buffer(request));
        return rest(socket);
    }

    int turns = 0;
    std::optional<web::Server> server{};
};

std::string bodyOf(const std::string &response)
{
    return response.substr(response.find("\r\n\r\n") + 4);
}

} // namespace

BOOST_AUTO_TEST_SUITE(web_server)

BOOST_AUTO_TEST_CASE(a_page_in_chunks)
{
    Web web;
    const auto text = web.answerTo("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    BOOST_TEST(text.starts_with("HTTP/1.1 200 OK\r\n"));
    BOOST_TEST(text.find("Content-Type: text/plain; version=0.0.4\r\n") != std::string::npos);
    BOOST_TEST(bodyOf(text) == "4\r\none\n\r\n4\r\ntwo\n\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_client_of_http_1_0_gets_it_plain)
{
    Web web;
    const auto text = web.answerTo("GET /metrics?x=y HTTP/1.0\r\n\r\n");
    BOOST_TEST(text.starts_with("HTTP/1.0 200 OK\r\n"));
    BOOST_TEST(bodyOf(text) == "one\ntwo\n");
}

BOOST_AUTO_TEST_CASE(one_connection_asks_again)
{
    Web web;
    const auto text = web.answerTo("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"
                                   "HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n"
                                   "GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    BOOST_TEST(text.find("one\n") != std::string::npos);
    BOOST_TEST(text.find("one\n") == text.rfind("one\n"));
    BOOST_TEST(text.find("HTTP/1.1 404 Not Found") != std::string::npos);
    BOOST_TEST(text.ends_with("/metrics\n")); // says what there is
}

BOOST_AUTO_TEST_CASE(what_is_no_question_is_refused)
{
    Web web;
    BOOST_TEST(web.answerTo("POST /metrics HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 405 "));
    BOOST_TEST(web.answerTo("\x16\x03\x01\x02 nonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));
    BOOST_TEST(web.answerTo("GET /" + std::string(10000, 'x') + " HTTP/1.1\r\n\r\n")
                   .starts_with("HTTP/1.1 400 "));
    BOOST_TEST(web.turns == 0);
}

BOOST_AUTO_TEST_CASE(a_source_that_fails_before_it_began)
{
    Web web({}, {"", ""}, 2);
    const auto text = web.answerTo("GET /metrics HTTP/1.0\r\n\r\n");
    BOOST_TEST(text.starts_with("HTTP/1.0 503 "));
    BOOST_TEST(bodyOf(text) == "there is no director\n");
}

BOOST_AUTO_TEST_CASE(a_source_that_fails_in_the_middle_is_seen_to)
{
    Web web({}, {"one\n", "two\n"}, 1);
    const auto text = web.answerTo("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
    BOOST_TEST(bodyOf(text) == "4\r\none\n\r\n"); // without the last chunk, RFC 9112, 8
}

BOOST_AUTO_TEST_CASE(who_does_not_ask_is_left)
{
    Web web({.asking = 50ms});
    auto silent = web.connect();
    BOOST_TEST(web.rest(silent) == "");
    auto half = web.connect();
    asio::write(half, asio::buffer(std::string("GET /metrics HT")));
    BOOST_TEST(web.rest(half) == "");
}

BOOST_AUTO_TEST_CASE(who_does_not_read_is_left)
{
    Web web({.reading = 50ms}, {std::string(std::size_t{64} << 20, 'x')});
    auto slow = web.connect();
    asio::write(slow, asio::buffer(std::string("GET /metrics HTTP/1.0\r\n\r\n")));
    BOOST_REQUIRE(web.until([&] { return web.turns == 1; }));
    // Others are served meanwhile; then the first is cut off.
    Web other;
    BOOST_TEST(other.answerTo("GET /metrics HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 200"));
    const auto wait = std::chrono::steady_clock::now() + 200ms;
    BOOST_REQUIRE(web.until([&] { return std::chrono::steady_clock::now() > wait; }));
    BOOST_TEST(web.rest(slow).size() < (std::size_t{64} << 20));
}

BOOST_AUTO_TEST_CASE(only_so_many_at_once)
{
    Web web({.connections = 2});
    auto first = web.connect();
    auto second = web.connect();
    auto third = web.connect();
    BOOST_TEST(web.rest(third) == "");
    asio::write(first, asio::buffer(std::string("GET /metrics HTTP/1.0\r\n\r\n")));
    BOOST_TEST(bodyOf(web.rest(first)) == "one\ntwo\n");
    // Whose place is free then.
    BOOST_TEST(bodyOf(web.answerTo("GET /metrics HTTP/1.0\r\n\r\n")) == "one\ntwo\n");
}

BOOST_AUTO_TEST_CASE(with_the_server_goes_who_is_being_answered)
{
    Web web({}, std::vector<std::string>(1000, ""));
    auto socket = web.connect();
    asio::write(socket, asio::buffer(std::string("GET /metrics HTTP/1.0\r\n\r\n")));
    BOOST_REQUIRE(web.until([&] { return web.turns > 3; }));
    web.server.reset();
    const auto turns = web.turns;
    web.rest(socket);
    BOOST_TEST(web.turns == turns);
}

BOOST_AUTO_TEST_CASE(a_unix_socket_for_everybody_that_goes_with_it)
{
    const TemporaryFolder folder;
    const auto path = (folder.path / "metrics.sock").string();
    health::Loop loop;
    const auto listen = [&] {
        return web::Server::listen(
            loop.io, path, {{.path = "/metrics", .type = "text/plain", .open = [] {
                                 return std::make_unique<Pieces>(std::vector<std::string>{"here\n"},
                                                                 std::nullopt, nullptr);
                             }}});
    };
    folder.write("metrics.sock", "left over");
    auto server = listen();
    BOOST_REQUIRE(server);
    struct stat info {};
    BOOST_REQUIRE(::stat(path.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777U) == 0666U);
    asio::local::stream_protocol::socket socket(loop.io);
    socket.connect(path);
    asio::write(socket, asio::buffer(std::string("GET /metrics HTTP/1.0\r\n\r\n")));
    std::string text;
    bool ended = false;
    asio::async_read(socket, asio::dynamic_buffer(text),
                     [&](const boost::system::error_code &, std::size_t) { ended = true; });
    BOOST_REQUIRE(loop.until([&] { return ended; }));
    BOOST_TEST(bodyOf(text) == "here\n");
    {
        const auto gone = std::move(*server);
    }
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(an_address_that_is_not_here_is_an_error)
{
    health::Loop loop;
    const auto server =
        web::Server::listen(loop.io, Endpoint{*Ip::parse("192.0.2.77"), Port{9100}}, {});
    BOOST_REQUIRE(!server);
    BOOST_TEST(server.error().what.starts_with("192.0.2.77:9100: "));
}

BOOST_AUTO_TEST_SUITE_END()
