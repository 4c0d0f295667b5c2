// SPDX-License-Identifier: GPL-2.0
#include "http2.hpp"

#include <array>

#include <fmt/core.h>

namespace lb::health {

Result<void> agreedOnHttp2(const Stream &stream)
{
    const auto chosen = stream.chosenProtocol();
    if (chosen == alpnOfHttp2.substr(1))
        return {};
    return Error{.what =
                     chosen.empty()
                         ? "the server does not agree to HTTP/2: it chose no protocol (ALPN)"
                         : fmt::format("the server does not agree to HTTP/2, but to {}", chosen)};
}

Task<Result<void>> hold(Stream &stream, Http2Call &call)
{
    std::array<char, 4096> piece{};
    while (true) {
        const auto bytes = call.unsent();
        if (!bytes.empty()) {
            const auto sent = co_await stream.write(bytes);
            if (!sent && !call.done())
                co_return sent.error();
        }
        if (call.done())
            break;
        const auto size = co_await stream.readSome(piece);
        if (!size)
            co_return size.error();
        if (*size == 0)
            co_return call.end();
        const auto taken = call.take({piece.data(), *size});
        if (!taken)
            co_return taken.error();
    }
    call.leave();
    const auto farewell = call.unsent();
    static_cast<void>(co_await stream.write(farewell));
    co_return Result<void>();
}

} // namespace lb::health
