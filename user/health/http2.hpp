// SPDX-License-Identifier: GPL-2.0
// HTTP/2 over a connection: by ALPN where there is TLS, with prior knowledge where there is none
// (RFC 9113, 3.2 and 3.3).
#pragma once

#include "http2_call.hpp"
#include "net.hpp"

namespace lb::health {

inline constexpr std::string_view alpnOfHttp2 = "\x02h2";

// After a handshake that has offered it.
Result<void> agreedOnHttp2(const Stream &stream);

// Until the call is done, or cannot be.
Task<Result<void>> hold(Stream &stream, Http2Call &call);

} // namespace lb::health
