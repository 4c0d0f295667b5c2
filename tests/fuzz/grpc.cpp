// SPDX-License-Identifier: GPL-2.0
// The body, status and message of an answer of gRPC's health service.
#include "fuzz.hpp"
#include "health/grpc_health.hpp"

using namespace lb;
using namespace lb::health;

int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const auto input = fuzz::textOf(bytes, size);
    static_cast<void>(grpcHealthAnswer(input));
    // And as it is framed.
    std::string framed(5, '\0');
    for (std::size_t i = 1; i < framed.size(); i++)
        framed[i] = static_cast<char>(size >> (8 * (framed.size() - 1 - i)));
    framed += input;
    static_cast<void>(grpcHealthAnswer(framed));
    const auto half = input.substr(0, size / 2), rest = input.substr(size / 2);
    const auto verdict = grpcVerdict({.httpStatus = 200,
                                      .contentType = "application/grpc",
                                      .status = half.substr(0, 3),
                                      .message = rest,
                                      .body = framed},
                                     half);
    fuzz::require(verdict.why.size() < 400 + half.size(), "a sentence is short");
    const auto request = grpcHealthRequest(input);
    fuzz::require(size == 0 || request.size() > size, "the name is in the request");
    return 0;
}
