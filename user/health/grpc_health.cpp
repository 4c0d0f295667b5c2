// SPDX-License-Identifier: GPL-2.0
#include "grpc_health.hpp"

#include "../base/number.hpp"
#include "quote.hpp"

#include <charconv>

#include <fmt/core.h>

namespace lb::health {

namespace {

constexpr std::size_t prefixLength = 5; // compressed or not, and four bytes of length

// Bytes of a message, from the front.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }

    // Base 128, the lowest seven bits first; at most ten bytes.
    std::optional<std::uint64_t> varint()
    {
        constexpr unsigned bits = 7, mostBytes = 10, more = 0x80, payload = 0x7f;
        std::uint64_t value = 0;
        for (unsigned i = 0; i < mostBytes && i < rest_.size(); i++) {
            const auto byte = static_cast<std::uint8_t>(rest_[i]);
            value |= static_cast<std::uint64_t>(byte & payload) << (i * bits);
            if ((byte & more) == 0) {
                rest_.remove_prefix(i + 1);
                return value;
            }
        }
        return {};
    }
    bool skip(std::uint64_t size)
    {
        if (size > rest_.size())
            return false;
        rest_.remove_prefix(size);
        return true;
    }

private:
    std::string_view rest_;
};

// Past the value of a field of this type; groups (3 and 4) are gone from the language.
bool skipValue(Reader &reader, std::uint64_t type)
{
    constexpr std::uint64_t varint = 0, eight = 1, counted = 2, four = 5;
    switch (type) {
    case varint:
        return reader.varint().has_value();
    case eight:
        return reader.skip(8);
    case counted: {
        const auto size = reader.varint();
        return size && reader.skip(*size);
    }
    case four:
        return reader.skip(4);
    default:
        return false;
    }
}

std::string showStatus(std::string_view status)
{
    // grpc/doc/statuscodes.md
    constexpr std::string_view names[] = {"OK",
                                          "CANCELLED",
                                          "UNKNOWN",
                                          "INVALID_ARGUMENT",
                                          "DEADLINE_EXCEEDED",
                                          "NOT_FOUND",
                                          "ALREADY_EXISTS",
                                          "PERMISSION_DENIED",
                                          "RESOURCE_EXHAUSTED",
                                          "FAILED_PRECONDITION",
                                          "ABORTED",
                                          "OUT_OF_RANGE",
                                          "UNIMPLEMENTED",
                                          "INTERNAL",
                                          "UNAVAILABLE",
                                          "DATA_LOSS",
                                          "UNAUTHENTICATED"};
    const auto code = parseNumber(status, 0, std::size(names) - 1);
    return code ? fmt::format("{} ({})", names[*code], *code) : quote(status);
}

// PROTOCOL-HTTP2.md, "Status-Message": bytes that are not plain stand as %XX.
std::string decoded(std::string_view message)
{
    constexpr std::size_t escape = 3;
    std::string text;
    for (std::size_t i = 0; i < message.size(); i++) {
        unsigned char byte = 0;
        const auto *at = message.data() + i;
        if (*at == '%' && i + escape <= message.size() &&
            std::from_chars(at + 1, at + escape, byte, 16).ptr == at + escape) {
            text += static_cast<char>(byte);
            i += escape - 1;
        } else {
            text += *at;
        }
    }
    return quote(text);
}

Verdict refusal(const GrpcAnswer &answer, std::string_view service)
{
    constexpr std::string_view notFound = "5", unimplemented = "12";

    const auto said = answer.message && !answer.message->empty()
                          ? fmt::format(", '{}'", decoded(*answer.message))
                          : "";
    const auto status = fmt::format("gRPC status {}{}", showStatus(*answer.status), said);
    if (*answer.status == notFound && !service.empty())
        return Verdict::down(fmt::format("the server knows no service '{}': {}", service, status));
    if (*answer.status == unimplemented)
        return Verdict::down(fmt::format("the server has no health service: {}", status));
    return Verdict::down(status);
}

} // namespace

std::string grpcHealthRequest(std::string_view service)
{
    constexpr unsigned bits = 7, more = 0x80, payload = 0x7f;
    constexpr char fieldService = 0x0a; // field 1, counted bytes

    std::string message;
    if (!service.empty()) {
        message += fieldService;
        auto length = service.size();
        for (; length > payload; length >>= bits)
            message += static_cast<char>((length & payload) | more);
        message += static_cast<char>(length);
        message += service;
    }
    const auto size = static_cast<std::uint32_t>(message.size());
    std::string framed(prefixLength, '\0');
    for (std::size_t i = 1; i < prefixLength; i++)
        framed[i] = static_cast<char>(size >> (8 * (prefixLength - 1 - i)));
    return framed + message;
}

Result<Serving> grpcHealthAnswer(std::string_view body)
{
    constexpr std::uint64_t typeBits = 3, typeMask = 7, fieldStatus = 1U << typeBits; // a varint

    if (body.size() < prefixLength)
        return Error{.what = "an answer without a message"};
    if (body[0] != 0)
        return Error{.what = "a message that is compressed, which it should not be"};
    std::uint32_t size = 0;
    for (std::size_t i = 1; i < prefixLength; i++)
        size = size << 8U | static_cast<std::uint8_t>(body[i]);
    body.remove_prefix(prefixLength);
    if (body.size() != size)
        return Error{.what =
                         fmt::format("a message of {} bytes, of which {} came", size, body.size())};
    auto serving = Serving::unknown; // proto3: 0 is not written
    Reader reader(body);
    while (!reader.empty()) {
        const auto key = reader.varint();
        const auto value = key && *key == fieldStatus ? reader.varint() : std::nullopt;
        if (value)
            serving = Serving{*value};
        else if (!key || *key == fieldStatus || !skipValue(reader, *key & typeMask))
            return Error{.what = "a message that is no HealthCheckResponse"};
    }
    return serving;
}

Verdict grpcVerdict(const GrpcAnswer &answer, std::string_view service)
{
    constexpr unsigned ok = 200;
    constexpr std::string_view names[] = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};

    // PROTOCOL-HTTP2.md, "Responses": what is in front of it, and not gRPC, answers otherwise.
    if (answer.httpStatus != ok)
        return Verdict::down(fmt::format("HTTP status {}, expected 200", answer.httpStatus));
    if (!answer.contentType || !answer.contentType->starts_with("application/grpc"))
        return Verdict::down(
            answer.contentType
                ? fmt::format("content type '{}', which is not gRPC's", quote(*answer.contentType))
                : "an answer without a content type, which is not gRPC's");
    if (!answer.status)
        return Verdict::down("an answer without a grpc-status");
    if (*answer.status != "0")
        return refusal(answer, service);
    const auto serving = grpcHealthAnswer(answer.body);
    if (!serving)
        return Verdict::down(serving.error().what);
    if (*serving == Serving::serving)
        return Verdict::up("SERVING");
    const auto number = static_cast<std::uint64_t>(*serving);
    return Verdict::down(fmt::format("the server says {}", number < std::size(names)
                                                               ? std::string(names[number])
                                                               : fmt::format("{}", number)));
}

} // namespace lb::health
