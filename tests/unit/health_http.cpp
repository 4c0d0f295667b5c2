// SPDX-License-Identifier: GPL-2.0
// HTTP_GET and SSL_GET against servers on the loopback address: RFC 9112, keepalived.conf(5).
#include "health/http_answer.hpp"
#include "health/regex.hpp"
#include "health_certificate.hpp"
#include "temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::health;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(health_http)

namespace {

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

const UrlAsk root{.path = "/", .host = "www.example", .status = {{200, 299}}};

// What is made of this answer.
std::string judged(const std::string &text, UrlAsk url = root,
                   config::HttpVersion version = config::HttpVersion::v10)
{
    Loop loop;
    const TcpServer server(loop, answer(text));
    const HttpAsk ask{.version = version, .urls = {std::move(url)}};
    return show(loop.hold(probeHttp(server.way(), ask, {})));
}

std::string ok(const std::string &body)
{
    return fmt::format("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
}

UrlAsk searching(config::Regex regex)
{
    auto url = root;
    url.regex = std::move(regex);
    return url;
}

// md5("hello"), as `echo -n hello | md5sum` says.
constexpr std::array<std::uint8_t, 16> helloDigest{0x5d, 0x41, 0x40, 0x2a, 0xbc, 0x4b, 0x2a, 0x76,
                                                   0xb9, 0x71, 0x9d, 0x91, 0x10, 0x17, 0xc5, 0x92};

UrlAsk digested()
{
    auto url = root;
    url.digest = helloDigest;
    return url;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_asked)
{
    using config::HttpVersion;
    std::vector<std::string> heard;
    for (const auto version : {HttpVersion::v10, HttpVersion::v10Close, HttpVersion::v11}) {
        Loop loop;
        const TcpServer server(loop, answer(ok(""), &heard));
        const HttpAsk ask{.version = version, .urls = {root}};
        BOOST_TEST(show(loop.hold(probeHttp(server.way(), ask, {}))) == "good: HTTP status 200");
    }
    const std::string name = "User-Agent: KeepAliveClient\r\n", host = "Host: www.example\r\n\r\n";
    BOOST_REQUIRE(heard.size() == 3U);
    BOOST_TEST(heard[0] == "GET / HTTP/1.0\r\n" + name + host);
    BOOST_TEST(heard[1] == "GET / HTTP/1.0\r\n" + name + "Connection: close\r\n" + host);
    BOOST_TEST(heard[2] == "GET / HTTP/1.1\r\n" + name + "Connection: close\r\n" + host);
}

BOOST_AUTO_TEST_CASE(statuses)
{
    BOOST_TEST(judged("HTTP/1.1 204 No Content\r\n\r\n") == "good: HTTP status 204");
    BOOST_TEST(judged("HTTP/1.1 503 Sorry\r\nContent-Length: 0\r\n\r\n") ==
               "bad: HTTP status 503, expected 200-299");
    auto url = root;
    url.status = {{200, 200}, {301, 302}};
    BOOST_TEST(judged("HTTP/1.1 302 There\r\nContent-Length: 0\r\n\r\n", url) ==
               "good: HTTP status 302");
    BOOST_TEST(judged("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", url) ==
               "bad: HTTP status 404, expected 200 301-302");
    // RFC 9110, 15.2: what comes before the answer is not the answer.
    BOOST_TEST(
        judged("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") ==
        "good: HTTP status 200");
}

BOOST_AUTO_TEST_CASE(bodies)
{
    BOOST_TEST(judged(ok("hello"), digested()) == "good: HTTP status 200");
    BOOST_TEST(judged("HTTP/1.0 200 OK\r\n\r\nhello", digested()) == "good: HTTP status 200");
    BOOST_TEST(judged("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n"
                      "0\r\n\r\n",
                      digested(), config::HttpVersion::v11) == "good: HTTP status 200");
    // printf "5\r\nhello\r\n0\r\n\r\n" | md5sum: what keepalived's genhash prints, in whatever
    // pieces it comes.
    auto raw = root;
    raw.digest = {0x79, 0xe9, 0x48, 0x9e, 0x3b, 0xd3, 0xf0, 0xcb,
                  0x01, 0x58, 0x21, 0x53, 0x41, 0xde, 0x04, 0x6d};
    BOOST_TEST(
        judged("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", raw,
               config::HttpVersion::v11) == "good: HTTP status 200");
    BOOST_TEST(
        judged(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
            raw, config::HttpVersion::v11)
            .starts_with("bad: digest 5d41402abc4b2a76b9719d911017c592 of 5 bytes"));
    // md5(""): d41d8cd98f00b204e9800998ecf8427e
    BOOST_TEST(judged(ok(""), digested()) ==
               "bad: digest d41d8cd98f00b204e9800998ecf8427e of 0 bytes, expected "
               "5d41402abc4b2a76b9719d911017c592");
}

BOOST_AUTO_TEST_CASE(a_server_that_keeps_the_connection_open)
{
    Loop loop;
    const TcpServer server(loop, [](tcp::socket &socket) -> Task<void> {
        co_await hear(socket, "\r\n\r\n");
        co_await say(socket, ok("hello"));
        co_await hear(socket, "never said");
    });
    const HttpAsk ask{.version = config::HttpVersion::v11, .urls = {digested()}};
    BOOST_TEST(show(loop.hold(probeHttp(server.way(), ask, {}))) == "good: HTTP status 200");
}

BOOST_AUTO_TEST_CASE(what_is_no_answer)
{
    BOOST_TEST(judged("") == "bad: the connection was closed without an answer");
    BOOST_TEST(judged("HTTP/1.1 200 O") == "bad: the answer ended in the middle of its head");
    BOOST_TEST(judged("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello") ==
               "bad: the answer ended in the middle, after 5 bytes of its body");
    BOOST_TEST(contains(judged("SSH-2.0-OpenSSH_9.2\r\n"), "bad: an answer that is no HTTP: "));
    BOOST_TEST(contains(judged("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
                        "bad: an answer that is no HTTP: "));
    BOOST_TEST(contains(judged("HTTP/1.1 200 OK\r\nA: " + std::string(70000, 'a') + "\r\n\r\n"),
                        "bad: an answer that is no HTTP: "));
}

BOOST_AUTO_TEST_CASE(refused_and_silent)
{
    Loop loop;
    const HttpAsk ask{.urls = {root}};
    const ClosedPort closed(loop);
    BOOST_TEST(show(loop.hold(probeHttp(closed.way(), ask, {}))) ==
               "bad: connection refused by " + toString(closed.way().to));
    const TcpServer silent(loop, silence());
    BOOST_TEST(show(loop.hold(probeHttp(silent.way(50ms), ask, {}))) ==
               "bad: no answer within 0.05 s");
}

BOOST_AUTO_TEST_CASE(regex)
{
    BOOST_TEST(judged(ok("all is well"), searching({.pattern = "is w[a-f]ll"})) ==
               "good: HTTP status 200");
    BOOST_TEST(judged(ok("all is lost"), searching({.pattern = "well"})) ==
               "bad: no 'well' in the answer");
    BOOST_TEST(judged(ok("all is lost"), searching({.pattern = "lost", .noMatch = true})) ==
               "bad: 'lost' is in the answer");
    BOOST_TEST(judged(ok("fine"), searching({.pattern = "lost", .noMatch = true})) ==
               "good: HTTP status 200");
    // keepalived searches what was returned, with its head.
    BOOST_TEST(judged("HTTP/1.0 200 OK\r\nX-Health: yes\r\n\r\n",
                      searching({.pattern = "X-Health: yes"})) == "good: HTTP status 200");
    BOOST_TEST(contains(judged(ok(""), searching({.pattern = "(a"})), "bad: regex '(a': "));
}

BOOST_AUTO_TEST_CASE(regex_offsets)
{
    const auto at = [](std::size_t min, std::size_t max) {
        const auto result = found({.pattern = "b", .minOffset = min, .maxOffset = max}, "aabaab");
        return result ? std::string(*result ? "yes" : "no") : result.error().what;
    };
    BOOST_TEST(at(0, 0) == "yes");
    BOOST_TEST(at(3, 4) == "no");
    BOOST_TEST(at(3, 5) == "yes");
    BOOST_TEST(at(0, 1) == "no");
    BOOST_TEST(at(0, 2) == "yes");
    BOOST_TEST(at(6, 0) == "no");
    BOOST_TEST(at(7, 0) == "no");
}

BOOST_AUTO_TEST_CASE(regex_options)
{
    const auto with = [](const std::string &pattern, std::uint32_t option, std::string_view text) {
        return *found({.pattern = pattern, .options = option}, text);
    };
    // The fourth, sixth, eighth, eleventh of keepalived.conf(5): caseless, dotall, extended,
    // multiline.
    BOOST_TEST(!with("ABC", 0, "abc"));
    BOOST_TEST(with("ABC", 1U << 3U, "abc"));
    BOOST_TEST(with("a.c", 1U << 5U, "a\nc"));
    BOOST_TEST(with("a b c", 1U << 7U, "abc"));
    BOOST_TEST(with("^b", 1U << 10U, "a\nb"));
    BOOST_TEST(!with("^b", 0, "a\nb"));
}

BOOST_AUTO_TEST_CASE(a_regex_that_never_ends_gives_up)
{
    const auto result = found({.pattern = "(a+)+$"}, std::string(60, 'a') + "b");
    BOOST_TEST(result.has_error());
}

BOOST_AUTO_TEST_CASE(huge_answers)
{
    // Without a length, and without an end until the client has had enough.
    const auto endless = [](tcp::socket &socket) -> Task<void> {
        co_await hear(socket, "\r\n\r\n");
        co_await say(socket, "HTTP/1.0 200 OK\r\n\r\n");
        const std::string piece(1U << 16U, 'a');
        while (true) {
            const auto [error, size] =
                co_await asio::async_write(socket, asio::buffer(piece), tuple);
            if (error)
                co_return;
        }
    };
    Loop loop;
    const TcpServer server(loop, endless);
    const auto asked = [&](const UrlAsk &url) {
        const HttpAsk ask{.urls = {url}};
        return show(loop.hold(probeHttp(server.way(), ask, {})));
    };
    BOOST_TEST(asked(root) == "good: HTTP status 200");
    BOOST_TEST(asked(searching({.pattern = "ab"})) ==
               "bad: no 'ab' in the first 4 MiB of the answer, and no more is searched");
    BOOST_TEST(asked(searching({.pattern = "aaa"})) == "good: HTTP status 200");
}

BOOST_AUTO_TEST_CASE(an_answer_without_end_is_cut_off)
{
    Loop loop;
    const TcpServer server(loop, [](tcp::socket &socket) -> Task<void> {
        co_await hear(socket, "\r\n\r\n");
        co_await say(socket, "HTTP/1.0 200 OK\r\n\r\n");
        asio::steady_timer timer(socket.get_executor());
        while (true) {
            const auto [error, size] =
                co_await asio::async_write(socket, asio::buffer("a", 1), tuple);
            if (error)
                co_return;
            timer.expires_after(5ms);
            co_await timer.async_wait(tuple);
        }
    });
    const HttpAsk ask{.urls = {digested()}};
    BOOST_TEST(show(loop.hold(probeHttp(server.way(50ms), ask, {}))) ==
               "bad: " + toString(server.at()) + " is still answering after all its time");
}

BOOST_AUTO_TEST_CASE(every_url_has_to_be_good)
{
    Loop loop;
    const TcpServer server(loop, [](tcp::socket &socket) -> Task<void> {
        const auto request = co_await hear(socket, "\r\n\r\n");
        auto reply = ok("");
        if (request.starts_with("GET /bad "))
            reply = "HTTP/1.0 500 Oh\r\nContent-Length: 0\r\n\r\n";
        co_await say(socket, reply);
    });
    auto other = root, bad = root;
    other.path = "/other";
    bad.path = "/bad";
    const HttpAsk both{.urls = {root, other}}, one{.urls = {root, bad, other}};
    BOOST_TEST(show(loop.hold(probeHttp(server.way(), both, {}))) == "good: 2 urls are good");
    BOOST_TEST(server.clients() == 2U);
    BOOST_TEST(show(loop.hold(probeHttp(server.way(), one, {}))) ==
               "bad: /bad: HTTP status 500, expected 200-299");
    BOOST_TEST(server.clients() == 4U);
}

BOOST_AUTO_TEST_CASE(pieces_of_any_size)
{
    const std::string text =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo"
        "\r\n0\r\n\r\n";
    for (std::size_t size = 1; size < text.size(); size++) {
        HttpAnswer answer({.digest = true, .text = true});
        for (std::size_t at = 0; at < text.size(); at += size)
            BOOST_REQUIRE(answer.take(std::string_view(text).substr(at, size)));
        BOOST_TEST(answer.done());
        BOOST_CHECK(answer.body().digest() == helloDigest);
        BOOST_TEST(answer.body().text() == text.substr(0, text.find("2\r\nhe")) + "hello");
    }
}

// --- SSL_GET

namespace {

Verdict overTls(TcpServer::Part part, UrlAsk url = root, bool strict = false)
{
    Loop loop;
    const TcpServer server(loop, std::move(part));
    const HttpAsk ask{.tls = true, .strictTls = strict, .urls = {std::move(url)}};
    return loop.hold(probeHttp(server.way(), ask, *makeTls({})));
}

} // namespace

BOOST_AUTO_TEST_CASE(tls)
{
    std::string name;
    const auto verdict = overTls(secureAnswer(ok("hello"), true, &name), digested());
    BOOST_TEST(show(verdict) == "good: HTTP status 200");
    BOOST_TEST(name == "none");
    using namespace std::chrono;
    BOOST_REQUIRE(verdict.certificateEnds.has_value());
    BOOST_CHECK(*verdict.certificateEnds == sys_days(2040y / January / 2) + 3h + 4min + 5s);

    auto url = root;
    url.server = "sni.example";
    BOOST_TEST(show(overTls(secureAnswer(ok("hello"), true, &name), url)) ==
               "good: HTTP status 200");
    BOOST_TEST(name == "sni.example");
}

BOOST_AUTO_TEST_CASE(tls_that_ends_without_a_word)
{
    const std::string text = "HTTP/1.0 200 OK\r\n\r\nhello";
    BOOST_TEST(show(overTls(secureAnswer(text, false), digested())) == "good: HTTP status 200");
    // tls_compliant
    BOOST_TEST(contains(show(overTls(secureAnswer(text, false), digested(), true)), "bad: "));
    BOOST_TEST(show(overTls(secureAnswer(text, true), digested(), true)) ==
               "good: HTTP status 200");
}

BOOST_AUTO_TEST_CASE(what_is_no_tls)
{
    BOOST_TEST(contains(show(overTls([](tcp::socket &socket) -> Task<void> {
                            co_await say(socket, "220 mail.example\r\n");
                            co_await hear(socket, "never said");
                        })),
                        "bad: TLS handshake with 127.0.0.1:"));
    BOOST_TEST(contains(show(overTls([](tcp::socket & /*socket*/) -> Task<void> { co_return; })),
                        "bad: TLS handshake with 127.0.0.1:"));
    Loop loop;
    const TcpServer silent(loop, silence());
    const HttpAsk ask{.tls = true, .urls = {root}};
    BOOST_TEST(show(loop.hold(probeHttp(silent.way(50ms), ask, *makeTls({})))) ==
               "bad: no end of the TLS handshake within 0.05 s");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_verified)
{
    const TemporaryFolder folder;
    const auto context = selfSigned();
    folder.write("ca.pem", pemOf(*context));
    const auto judgedBy = [&](const Tls &trusted, const std::string &owner) {
        Loop loop;
        const TcpServer server(loop, secureAnswer(ok("hello"), true, nullptr, context));
        auto url = root;
        url.owner = owner;
        const HttpAsk ask{.tls = true, .verify = true, .urls = {url}};
        return show(loop.hold(probeHttp(server.way(), ask, trusted)));
    };
    const auto trusted = *makeTls(config::Tls{.authority = folder.path / "ca.pem"});
    BOOST_TEST(judgedBy(trusted, "test") == "good: HTTP status 200");
    BOOST_TEST(contains(judgedBy(trusted, "other"),
                        ": its certificate is not accepted: hostname mismatch with other"));
    BOOST_TEST(
        contains(judgedBy(trusted, ""), ": its certificate is not accepted: IP address mismatch"));
    BOOST_TEST(contains(judgedBy(*makeTls({}), "test"),
                        ": its certificate is not accepted: self-signed certificate"));
}

BOOST_AUTO_TEST_CASE(the_certificate_that_ends_first_counts)
{
    const auto url = root;
    Loop loop;
    const TcpServer server(loop, secureAnswer(ok("hello")));
    const HttpAsk ask{.tls = true, .urls = {url, url}};
    BOOST_TEST(loop.hold(probeHttp(server.way(), ask, *makeTls({}))).certificateEnds.has_value());
}

BOOST_AUTO_TEST_CASE(tls_files_that_are_none)
{
    const auto tls = makeTls(config::Tls{.certificate = "/nowhere/cert.pem"});
    BOOST_REQUIRE(tls.has_error());
    BOOST_TEST(contains(tls.error().what, "reading the certificate /nowhere/cert.pem: "));
}

BOOST_AUTO_TEST_SUITE_END()
