// SPDX-License-Identifier: GPL-2.0
// HTTP/2 against servers on the loopback address that speak in frames written by hand: RFC 9113,
// and RFC 7541 for the fields.
#include "health/http2_call.hpp"
#include "health_certificate.hpp"
#include "health_frames.hpp"

#include <nghttp2/nghttp2.h>

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::health;
using namespace lb::health::frames;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(health_http2)

namespace {

bool contains(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

// "good", or what is wrong, of these bytes as the answer; @call is looked at afterwards.
std::string made(Http2Call &call, const std::string &bytes)
{
    const auto taken = call.take(bytes);
    return !taken ? taken.error().what : call.done() ? "done" : "more";
}

Http2Call asked(HttpBody::Wanted wanted = {})
{
    return {{.authority = "www.example", .path = "/health"}, wanted};
}

std::string made(const std::string &bytes)
{
    auto call = asked();
    return made(call, bytes);
}

std::string textOf(const nghttp2_nv &field)
{
    return fmt::format("{}: {}\n",
                       std::string(reinterpret_cast<const char *>(field.name), field.namelen),
                       std::string(reinterpret_cast<const char *>(field.value), field.valuelen));
}

// The fields of a block, a line each.
std::string inflated(std::string block)
{
    nghttp2_hd_inflater *inflater = nullptr;
    nghttp2_hd_inflate_new(&inflater);
    std::string all;
    while (true) {
        nghttp2_nv field{};
        int flags = 0;
        const auto used = nghttp2_hd_inflate_hd2(
            inflater, &field, &flags, reinterpret_cast<const std::uint8_t *>(block.data()),
            block.size(), 1);
        BOOST_REQUIRE(used >= 0);
        block.erase(0, static_cast<std::size_t>(used));
        if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0)
            all += textOf(field);
        if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0)
            break;
    }
    nghttp2_hd_inflate_del(inflater);
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_asked)
{
    Http2Call call({.method = "POST",
                    .authority = "www.example",
                    .path = "/a",
                    .fields = {{"te", "trailers"}},
                    .body = "hello"},
                   {});
    const auto said = call.unsent();
    // RFC 9113, 3.4: the preface, and SETTINGS first.
    const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    BOOST_REQUIRE(said.starts_with(preface));
    const auto all = parsed(said.substr(preface.size()));
    BOOST_REQUIRE(all.size() == 3U);
    BOOST_TEST(all[0].type == settings);
    // 6.5.2: SETTINGS_ENABLE_PUSH (2) is 0.
    BOOST_TEST(contains(all[0].payload, std::string({0, 2, 0, 0, 0, 0})));
    BOOST_TEST(all[1].type == headers);
    BOOST_TEST(all[1].stream == 1U);
    BOOST_TEST(inflated(all[1].payload) == ":method: POST\n:scheme: http\n:authority: www.example\n"
                                           ":path: /a\nte: trailers\n");
    BOOST_TEST(all[2].type == data);
    BOOST_TEST(all[2].flags == endStream);
    BOOST_TEST(all[2].payload == "hello");
    BOOST_TEST(call.unsent().empty());
}

BOOST_AUTO_TEST_CASE(answers)
{
    auto call = asked({.text = true});
    BOOST_TEST(made(call, hello()) == "more");
    BOOST_TEST(made(call, frame(headers, endHeaders, 1, status200 + literal("x-a", "b"))) ==
               "more");
    BOOST_TEST(call.status() == 200U);
    BOOST_TEST(made(call, frame(data, 0, 1, "hel")) == "more");
    BOOST_TEST(made(call, frame(data, endStream, 1, "lo")) == "done");
    BOOST_TEST(call.body().size() == 5U);
    // As curl shows it.
    BOOST_TEST(call.body().text() == "HTTP/2 200\r\nx-a: b\r\n\r\nhello");
    BOOST_TEST(*call.field("x-a") == "b");
    BOOST_TEST(!call.field("x-b").has_value());
    // 6.5.3: SETTINGS are acknowledged.
    BOOST_TEST(contains(call.unsent(), frame(settings, 1, 0, "")));
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_body)
{
    BOOST_TEST(made(hello() + frame(headers, endHeaders | endStream, 1, status404)) == "done");
}

BOOST_AUTO_TEST_CASE(answers_before_the_answer)
{
    // RFC 9113, 8.1: 103 comes in HEADERS of its own.
    auto call = asked();
    const auto early = frame(headers, endHeaders, 1, literal(":status", "103"));
    BOOST_TEST(made(call, hello() + early) == "more");
    BOOST_TEST(made(call, frame(headers, endHeaders | endStream, 1, status200)) == "done");
    BOOST_TEST(call.status() == 200U);
}

BOOST_AUTO_TEST_CASE(trailers)
{
    auto call = asked();
    BOOST_TEST(
        made(call, hello() + frame(headers, endHeaders, 1, status200) + frame(data, 0, 1, "x") +
                       frame(headers, endHeaders | endStream, 1, literal("grpc-status", "0"))) ==
        "done");
    BOOST_TEST(*call.field("grpc-status") == "0");
}

BOOST_AUTO_TEST_CASE(pieces_of_any_size)
{
    const auto all = hello() + frame(headers, endHeaders, 1, status200) + frame(data, 0, 1, "hel") +
                     frame(data, endStream, 1, "lo");
    for (std::size_t size = 1; size < all.size(); size++) {
        auto call = asked({.text = true});
        for (std::size_t at = 0; at < all.size(); at += size)
            BOOST_REQUIRE(call.take(std::string_view(all).substr(at, size)));
        BOOST_TEST(call.done());
        BOOST_TEST(call.body().text().ends_with("\r\n\r\nhello"));
    }
}

BOOST_AUTO_TEST_CASE(refusals)
{
    // RFC 9113, 7: ENHANCE_YOUR_CALM is 11, REFUSED_STREAM 7, NO_ERROR 0.
    BOOST_TEST(made(hello() + goaway(0, 11, "too many\x1b")) ==
               "the server sent GOAWAY: ENHANCE_YOUR_CALM (code 11), 'too many?'");
    BOOST_TEST(made(hello() + goaway(0, 0)) == "the server sent GOAWAY: NO_ERROR (code 0)");
    BOOST_TEST(made(hello() + frame(rstStream, 0, 1, word(7))) ==
               "the server reset the stream: REFUSED_STREAM (code 7)");
    BOOST_TEST(made(hello() + frame(headers, endHeaders, 1, status200) +
                    frame(rstStream, 0, 1, word(0))) ==
               "the server reset the stream: NO_ERROR (code 0)");
    // 6.8: what was asked before is still answered.
    BOOST_TEST(made(hello() + goaway(1, 0) +
                    frame(headers, endHeaders | endStream, 1, status200)) == "done");
    // 8.1: all that is wanted is there.
    BOOST_TEST(made(hello() + frame(headers, endHeaders | endStream, 1, status200) +
                    frame(rstStream, 0, 1, word(0))) == "done");
}

BOOST_AUTO_TEST_CASE(what_is_no_http2)
{
    BOOST_TEST(made("HTTP/1.1 400 Bad Request\r\n\r\n") ==
               "the server answers in HTTP/1, and was asked in HTTP/2");
    BOOST_TEST(made("220 mail.example ESMTP\r\n").starts_with("an answer that is no HTTP/2: "));
    // 6.5: SETTINGS of a length that is no multiple of six.
    BOOST_TEST(made(frame(settings, 0, 0, "abc")).starts_with("an answer that is no HTTP/2: "));
    // 8.3.2: an answer without :status.
    BOOST_TEST(made(hello() + frame(headers, endHeaders | endStream, 1, literal("a", "b")))
                   .starts_with("an answer that is no HTTP/2: "));
    // 8.1.1: less than the content-length.
    BOOST_TEST(made(hello() +
                    frame(headers, endHeaders, 1, status200 + literal("content-length", "9")) +
                    frame(data, endStream, 1, "hello"))
                   .starts_with("an answer that is no HTTP/2: "));
}

BOOST_AUTO_TEST_CASE(the_end_of_the_connection)
{
    auto call = asked();
    BOOST_TEST(call.end().error().what == "the connection was closed without an answer");
    BOOST_TEST(made(call, hello() + frame(headers, endHeaders, 1, status200) +
                              frame(data, 0, 1, "hello")) == "more");
    BOOST_TEST(call.end().error().what ==
               "the answer ended in the middle, after 5 bytes of its body");
    BOOST_TEST(made(call, frame(data, endStream, 1, "")) == "done");
    BOOST_CHECK(call.end());
    // RFC 9113, 6.8: who leaves says so.
    static_cast<void>(call.unsent());
    call.leave();
    BOOST_TEST(parsed(call.unsent()).back().type == goawayType);
}

BOOST_AUTO_TEST_CASE(no_answer_takes_all_memory)
{
    // 64 KiB of fields, with 32 for each; here in trailers and CONTINUATION as well.
    const auto many = literal("a", std::string(16000, 'a'));
    auto call = asked();
    BOOST_TEST(made(call, hello() + frame(headers, endHeaders, 1, status200 + many)) == "more");
    std::string said = "more";
    for (int i = 0; i < 10 && said == "more"; i++)
        said = made(call, frame(headers, endHeaders, 1, literal(":status", "103") + many));
    BOOST_TEST(said != "more");
    auto other = asked();
    std::string trailers = frame(headers, 0, 1, status200 + many);
    for (int i = 0; i < 5; i++)
        trailers += frame(continuation, 0, 1, many);
    BOOST_TEST(made(other, hello() + trailers) == "the head of the answer is longer than 64 KiB");
    // Nobody looks at this body; more than 1 MiB of it is not waited for.
    auto body = asked();
    BOOST_TEST(made(body, hello() + frame(headers, endHeaders, 1, status200)) == "more");
    said = "more";
    int pieces = 0;
    for (; pieces < 1000 && said == "more"; pieces++)
        said = made(body, frame(data, 0, 1, std::string(16384, 'a')));
    BOOST_TEST(said == "done");
    BOOST_TEST(pieces == 65); // of 16 KiB
    // And it is kept only for a regex, up to 4 MiB.
    auto text = asked({.text = true});
    BOOST_TEST(made(text, hello() + frame(headers, endHeaders, 1, status200)) == "more");
    for (said = "more"; said == "more";)
        said = made(text, frame(data, 0, 1, std::string(16384, 'a')));
    BOOST_TEST(said == "done");
    BOOST_TEST(text.body().text().size() == HttpBody::mostKept);
    BOOST_TEST(!text.body().textIsWhole());
}

// --- as probes

namespace {

const UrlAsk root{.path = "/", .host = "www.example", .status = {{200, 299}}};

std::string show(const Verdict &verdict)
{
    return fmt::format("{}: {}", verdict.good ? "good" : "bad", verdict.why);
}

// What is made of these frames, with prior knowledge.
std::string judged(const std::string &frames, UrlAsk url = root)
{
    Loop loop;
    const TcpServer server(loop, [frames](tcp::socket &socket) -> Task<void> {
        co_await hear(socket, "SM\r\n\r\n");
        co_await say(socket, frames);
        co_await hear(socket, "never said");
    });
    const HttpAsk ask{.version = config::HttpVersion::v2, .urls = {std::move(url)}};
    return show(loop.hold(probeHttp(server.way(), ask, {})));
}

std::string ok(const std::string &body)
{
    return hello() + frame(headers, endHeaders, 1, status200) + frame(data, endStream, 1, body);
}

// A server of TLS that makes this of what is offered to it by ALPN.
TcpServer::Part choosing(SSL_CTX_alpn_select_cb_func choose, const std::string &frames)
{
    auto context = selfSigned();
    SSL_CTX_set_alpn_select_cb(context->native_handle(), choose, nullptr);
    return secure(
        [frames](TlsSocket &tls) -> Task<void> {
            std::string heard(24, '\0');
            co_await asio::async_read(tls, asio::buffer(heard), tuple);
            co_await asio::async_write(tls, asio::buffer(frames), tuple);
            co_await asio::async_read(tls, asio::buffer(heard), tuple);
        },
        true, context);
}

Verdict overTls(TcpServer::Part part)
{
    Loop loop;
    const TcpServer server(loop, std::move(part));
    const HttpAsk ask{.tls = true, .version = config::HttpVersion::v2, .urls = {root}};
    return loop.hold(probeHttp(server.way(), ask, *makeTls({})));
}

int chooseH2(SSL * /*ssl*/, const unsigned char **out, unsigned char *size,
             const unsigned char *offered, unsigned /*length*/, void * /*data*/)
{
    *out = offered + 1;
    *size = *offered;
    return SSL_TLSEXT_ERR_OK;
}

int chooseNone(SSL * /*ssl*/, const unsigned char ** /*out*/, unsigned char * /*size*/,
               const unsigned char * /*offered*/, unsigned /*length*/, void * /*data*/)
{
    return SSL_TLSEXT_ERR_NOACK;
}

int refuse(SSL * /*ssl*/, const unsigned char ** /*out*/, unsigned char * /*size*/,
           const unsigned char * /*offered*/, unsigned /*length*/, void * /*data*/)
{
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

} // namespace

BOOST_AUTO_TEST_CASE(with_prior_knowledge)
{
    BOOST_TEST(judged(ok("hello")) == "good: HTTP status 200");
    BOOST_TEST(judged(hello() + frame(headers, endHeaders | endStream, 1, status404)) ==
               "bad: HTTP status 404, expected 200-299");
    auto url = root;
    // md5("hello"), as `echo -n hello | md5sum` says.
    url.digest = {0x5d, 0x41, 0x40, 0x2a, 0xbc, 0x4b, 0x2a, 0x76,
                  0xb9, 0x71, 0x9d, 0x91, 0x10, 0x17, 0xc5, 0x92};
    BOOST_TEST(judged(ok("hello"), url) == "good: HTTP status 200");
    BOOST_TEST(judged(ok("hallo"), url).starts_with("bad: digest "));
    url = root;
    url.regex = config::Regex{.pattern = "all is w[a-f]ll"};
    BOOST_TEST(judged(ok("all is well"), url) == "good: HTTP status 200");
    BOOST_TEST(judged(ok("all is lost"), url) == "bad: no 'all is w[a-f]ll' in the answer");
    BOOST_TEST(judged(hello() + goaway(0, 2)) ==
               "bad: the server sent GOAWAY: INTERNAL_ERROR (code 2)");
}

BOOST_AUTO_TEST_CASE(by_alpn)
{
    const auto verdict = overTls(choosing(chooseH2, ok("hello")));
    BOOST_TEST(show(verdict) == "good: HTTP status 200");
    BOOST_TEST(verdict.certificateEnds.has_value());
    const auto none = overTls(choosing(chooseNone, ok("hello")));
    BOOST_TEST(show(none) ==
               "bad: the server does not agree to HTTP/2: it chose no protocol (ALPN)");
    BOOST_TEST(none.certificateEnds.has_value());
    BOOST_TEST(contains(show(overTls(choosing(refuse, ok("hello")))),
                        ": the server speaks none of the protocols that were offered (ALPN)"));
}

BOOST_AUTO_TEST_CASE(one_that_says_much_and_answers_nothing)
{
    // RFC 9113, 6.7: PING, again and again.
    Loop loop;
    const TcpServer server(loop, [](tcp::socket &socket) -> Task<void> {
        co_await hear(socket, "SM\r\n\r\n");
        co_await say(socket, hello());
        asio::steady_timer timer(socket.get_executor());
        while (true) {
            const auto ping = frame(pingType, 0, 0, "12345678");
            const auto [error, size] =
                co_await asio::async_write(socket, asio::buffer(ping), tuple);
            if (error)
                co_return;
            timer.expires_after(5ms);
            co_await timer.async_wait(tuple);
        }
    });
    const HttpAsk ask{.version = config::HttpVersion::v2, .urls = {root}};
    BOOST_TEST(show(loop.hold(probeHttp(server.way(50ms), ask, {}))) ==
               "bad: " + toString(server.at()) + " is still answering after all its time");
}

BOOST_AUTO_TEST_SUITE_END()
