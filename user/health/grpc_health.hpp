// SPDX-License-Identifier: GPL-2.0
// The messages of gRPC's health service (grpc.health.v1.Health/Check) and what its answer says of
// a server. Messages are in the wire format of protocol buffers
// (protobuf.dev/programming-guides/encoding), framed as PROTOCOL-HTTP2.md of gRPC says.
#pragma once

#include "../base/error.hpp"
#include "verdict.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lb::health {

// The body of the request.
std::string grpcHealthRequest(std::string_view service);

// HealthCheckResponse.ServingStatus, which is open: a number of its own is taken as it is.
enum class Serving : std::uint64_t { unknown, serving, notServing, serviceUnknown };

// Out of the body of the answer.
Result<Serving> grpcHealthAnswer(std::string_view body);

struct GrpcAnswer {
    unsigned httpStatus = 0;
    std::optional<std::string_view> contentType{};
    std::optional<std::string_view> status{};  // grpc-status
    std::optional<std::string_view> message{}; // grpc-message
    std::string_view body{};
};
Verdict grpcVerdict(const GrpcAnswer &answer, std::string_view service);

} // namespace lb::health
