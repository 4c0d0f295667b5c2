// SPDX-License-Identifier: GPL-2.0
// gRPC's health service: grpc/doc/health-checking.md, PROTOCOL-HTTP2.md and statuscodes.md, and the
// wire format of protocol buffers (protobuf.dev/programming-guides/encoding).
#include "health/grpc_health.hpp"
#include "health_frames.hpp"
#include "health_loop.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::health;
using namespace lb::health::frames;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(health_grpc)

namespace {

std::string bytes(std::initializer_list<int> list)
{
    std::string all;
    for (const int byte : list)
        all += static_cast<char>(byte);
    return all;
}

// A message, as it is framed.
std::string message(const std::string &content)
{
    return bytes({0}) + word(static_cast<std::uint32_t>(content.size())) + content;
}

std::string show(const Verdict &verdict)
{
    return fmt::format("{}: {}", verdict.good ? "good" : "bad", verdict.why);
}

std::string answered(const std::string &content)
{
    const auto serving = grpcHealthAnswer(message(content));
    return serving ? std::to_string(static_cast<std::uint64_t>(*serving)) : serving.error().what;
}

std::string judged(GrpcAnswer answer, std::string_view service = "")
{
    return show(grpcVerdict(answer, service));
}

const std::string serving = message("\x08\x01");

} // namespace

BOOST_AUTO_TEST_CASE(requests)
{
    BOOST_TEST(grpcHealthRequest("") == bytes({0, 0, 0, 0, 0}));
    // Field 1, counted bytes: 1 << 3 | 2.
    BOOST_TEST(grpcHealthRequest("a.B") == bytes({0, 0, 0, 0, 5, 0x0a, 3, 'a', '.', 'B'}));
    // 300 is AC 02: the page's own example.
    const auto request = grpcHealthRequest(std::string(300, 'a'));
    BOOST_TEST(request.substr(0, 8) == bytes({0, 0, 0, 1, 0x2f, 0x0a, 0xac, 0x02}));
    BOOST_TEST(request.size() == 308U);
}

BOOST_AUTO_TEST_CASE(messages)
{
    BOOST_TEST(answered("\x08\x01") == "1");
    BOOST_TEST(answered("") == "0"); // the default is not written
    BOOST_TEST(answered("\x08\x02") == "2");
    BOOST_TEST(answered(bytes({8, 0x96, 1})) == "150"); // the page's example
    // Unknown fields are passed over: of eight bytes, counted, of four, a number.
    BOOST_TEST(answered(bytes({0x11, 1,    2, 3, 4, 5, 6,    7,    8, 0x1a, 2, 9,
                               9,    0x25, 1, 2, 3, 4, 0x28, 0x96, 1, 8,    1})) == "1");
    BOOST_TEST(answered(bytes({8, 1, 8, 2})) == "2"); // the last one counts
    const std::string none = "a message that is no HealthCheckResponse";
    BOOST_TEST(answered(bytes({8})) == none);
    BOOST_TEST(answered(bytes({8, 0x80})) == none);
    BOOST_TEST(answered(bytes({0x1a, 5, 1})) == none);
    BOOST_TEST(answered(bytes({0x1a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})) ==
               none);
    BOOST_TEST(answered(bytes({0x13})) == none); // a group
    BOOST_TEST(answered(bytes(
                   {8, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1})) == none);
    BOOST_TEST(grpcHealthAnswer("").error().what == "an answer without a message");
    BOOST_TEST(grpcHealthAnswer(bytes({1, 0, 0, 0, 0})).error().what ==
               "a message that is compressed, which it should not be");
    BOOST_TEST(grpcHealthAnswer(bytes({0, 0, 0, 0, 2, 8})).error().what ==
               "a message of 2 bytes, of which 1 came");
}

BOOST_AUTO_TEST_CASE(verdicts)
{
    const GrpcAnswer good{
        .httpStatus = 200, .contentType = "application/grpc", .status = "0", .body = serving};
    BOOST_TEST(judged(good) == "good: SERVING");
    auto other = good;
    other.contentType = "application/grpc+proto";
    BOOST_TEST(judged(other) == "good: SERVING");
    const auto saying = [&](char status) {
        const auto body = message(std::string("\x08") + status);
        auto answer = good;
        answer.body = body;
        return judged(answer);
    };
    BOOST_TEST(saying(0) == "bad: the server says UNKNOWN");
    BOOST_TEST(saying(2) == "bad: the server says NOT_SERVING");
    BOOST_TEST(saying(3) == "bad: the server says SERVICE_UNKNOWN");
    BOOST_TEST(saying(9) == "bad: the server says 9");
    const auto status = [&](std::string_view code, std::string_view text = "",
                            std::string_view service = "") {
        return judged(
            {.httpStatus = 200, .contentType = "application/grpc", .status = code, .message = text},
            service);
    };
    BOOST_TEST(status("14", "try%20later%21%0a") ==
               "bad: gRPC status UNAVAILABLE (14), 'try later!?'");
    BOOST_TEST(status("5", "", "a.B") ==
               "bad: the server knows no service 'a.B': gRPC status NOT_FOUND (5)");
    BOOST_TEST(status("12", "%zz") ==
               "bad: the server has no health service: gRPC status UNIMPLEMENTED (12), '%zz'");
    BOOST_TEST(status("99") == "bad: gRPC status 99");
    BOOST_TEST(judged({.httpStatus = 503}) == "bad: HTTP status 503, expected 200");
    BOOST_TEST(judged({.httpStatus = 200}) ==
               "bad: an answer without a content type, which is not gRPC's");
    BOOST_TEST(judged({.httpStatus = 200, .contentType = "text/html"}) ==
               "bad: content type 'text/html', which is not gRPC's");
    BOOST_TEST(judged({.httpStatus = 200, .contentType = "application/grpc"}) ==
               "bad: an answer without a grpc-status");
}

namespace {

// What is made of these frames; @heard is what the client said.
std::string probed(const std::string &frames, std::string *heard = nullptr)
{
    Loop loop;
    const TcpServer server(loop, [frames, heard](tcp::socket &socket) -> Task<void> {
        const auto asked = co_await hear(socket, "\x0a\x03\x61.B");
        if (heard)
            *heard = asked;
        co_await say(socket, frames);
        co_await hear(socket, "never said");
    });
    const GrpcAsk ask{.authority = "www.example", .service = "a.B"};
    return show(loop.hold(probeGrpc(server.way(), ask, {})));
}

const std::string head =
    frame(headers, endHeaders, 1, status200 + literal("content-type", "application/grpc"));

std::string trailers(const std::string &status)
{
    return frame(headers, endHeaders | endStream, 1, literal("grpc-status", status));
}

} // namespace

BOOST_AUTO_TEST_CASE(as_a_probe)
{
    std::string heard;
    BOOST_TEST(probed(hello() + head + frame(data, 0, 1, serving) + trailers("0"), &heard) ==
               "good: SERVING");
    BOOST_TEST(heard.starts_with("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    BOOST_TEST(heard.ends_with(message("\x0a\x03\x61.B")));
    BOOST_TEST(probed(hello() + head + frame(data, 0, 1, message("\x08\x02")) + trailers("0")) ==
               "bad: the server says NOT_SERVING");
    // PROTOCOL-HTTP2.md, "Trailers-Only".
    BOOST_TEST(probed(hello() + frame(headers, endHeaders | endStream, 1,
                                      status200 + literal("content-type", "application/grpc") +
                                          literal("grpc-status", "5"))) ==
               "bad: the server knows no service 'a.B': gRPC status NOT_FOUND (5)");
    BOOST_TEST(probed("HTTP/1.1 400 Bad Request\r\n\r\n") ==
               "bad: the server answers in HTTP/1, and was asked in HTTP/2");
    BOOST_TEST(
        probed(hello() + head + frame(data, 0, 1, serving) + frame(rstStream, 0, 1, word(8))) ==
        "bad: the server reset the stream: CANCEL (code 8)");
}

BOOST_AUTO_TEST_CASE(silence_is_a_failure)
{
    Loop loop;
    const TcpServer server(loop, silence());
    const GrpcAsk ask{.authority = "x"};
    BOOST_TEST(show(loop.hold(probeGrpc(server.way(50ms), ask, {}))) ==
               "bad: no answer within 0.05 s");
}

BOOST_AUTO_TEST_SUITE_END()
