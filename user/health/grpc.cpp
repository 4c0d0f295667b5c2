// SPDX-License-Identifier: GPL-2.0
// GRPC_CHECK: the health service of gRPC, asked over HTTP/2, says SERVING.
#include "dialogue.hpp"
#include "grpc_health.hpp"
#include "http2.hpp"

#include <fmt/core.h>

namespace lb::health {

namespace {

Http2Call::Request requestOf(const Way &way, const GrpcAsk &ask)
{
    using std::chrono::milliseconds;
    const auto timeout = std::chrono::duration_cast<milliseconds>(way.timeout).count();
    return {
        .method = "POST",
        .scheme = ask.tls ? "https" : "http",
        .authority = ask.authority,
        .path = "/grpc.health.v1.Health/Check",
        .fields = {{"content-type", "application/grpc"},
                   {"te", "trailers"},
                   {"grpc-timeout", fmt::format("{}m", std::max<decltype(timeout)>(timeout, 1))},
                   {"user-agent", "KeepAliveClient"}},
        .body = grpcHealthRequest(ask.service)};
}

Verdict judge(const GrpcAsk &ask, const Http2Call &call)
{
    const auto &body = call.body();
    const auto head = body.text().find("\r\n\r\n");
    return grpcVerdict({.httpStatus = call.status(),
                        .contentType = call.field("content-type"),
                        .status = call.field("grpc-status"),
                        .message = call.field("grpc-message"),
                        .body = body.text().substr(head + 4)},
                       ask.service);
}

} // namespace

Task<Verdict> probeGrpc(const Way &way, const GrpcAsk &ask, Tls tls)
{
    constexpr int patience = 10; // timeouts, for all of it

    const auto end = std::chrono::steady_clock::now() + patience * way.timeout;
    auto stream = co_await Stream::connect(way);
    if (!stream)
        co_return verdictOf(stream.error());
    stream->endAt(end);
    if (ask.tls) {
        TlsWish wish{.name = ask.server,
                     .protocols = std::string(alpnOfHttp2),
                     .verify = ask.verify,
                     .owner = ask.owner};
        auto secure = co_await stream->startTls(std::move(tls), std::move(wish));
        if (secure)
            secure = agreedOnHttp2(*stream);
        if (!secure) {
            auto verdict = verdictOf(secure.error());
            verdict.certificateEnds = stream->certificateEnds();
            co_return verdict;
        }
    }
    Http2Call call(requestOf(way, ask), {.text = true});
    const auto held = co_await hold(*stream, call);
    auto verdict = held ? judge(ask, call) : verdictOf(held.error());
    verdict.certificateEnds = stream->certificateEnds();
    co_return verdict;
}

} // namespace lb::health
