// SPDX-License-Identifier: GPL-2.0
// An answer of HTTP/2 means the same in whatever pieces it comes, and what is said to it is bounded.
#include "fuzz.hpp"
#include "health/grpc_health.hpp"
#include "health/http2_call.hpp"

#include <algorithm>

#include <fmt/ranges.h>

using namespace lb;
using namespace lb::health;

namespace {

std::string made(std::string_view input, std::size_t piece)
{
    Http2Call call({.method = "POST",
                    .authority = "www.example",
                    .path = "/",
                    .fields = {{"te", "trailers"}},
                    .body = grpcHealthRequest("a")},
                   {.digest = true, .text = true});
    const auto size = input.size();
    std::size_t said = call.unsent().size();
    while (!input.empty() && !call.done()) {
        const bool taken = call.take(input.substr(0, piece)).has_value();
        said += call.unsent().size();
        // Each frame of nine bytes is answered by no more than a few.
        fuzz::require(said <= 4096 + 4 * size, "little is said to little");
        if (!taken)
            return "none";
        input.remove_prefix(std::min(piece, input.size()));
    }
    if (!call.end())
        return "none";
    const auto &body = call.body();
    static_cast<void>(grpcVerdict({.httpStatus = call.status(),
                                   .contentType = call.field("content-type"),
                                   .status = call.field("grpc-status"),
                                   .message = call.field("grpc-message"),
                                   .body = body.text()},
                                  "a"));
    const auto result =
        fmt::format("{} {} {} {}", call.status(), body.size(), body.digest(), body.text());
    call.leave();
    return result;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    auto input = fuzz::textOf(bytes, size);
    const auto piece = fuzz::takePieceSize(input);
    fuzz::require(made(input, piece) == made(input, std::max<std::size_t>(input.size(), 1)),
                  "pieces make no difference");
    return 0;
}
