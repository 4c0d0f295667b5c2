// SPDX-License-Identifier: GPL-2.0
// One request of HTTP/2 and its answer (RFC 9113, by nghttp2) as a machine without I/O: bytes of
// the server in, bytes for it out. What is kept is bounded; what goes wrong comes as a sentence.
// What is a good answer is the dialogue's to say.
#pragma once

#include "../base/error.hpp"
#include "http_body.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lb::health {

class Http2Call {
public:
    struct Field {
        std::string name{}; // in small letters
        std::string value{};
    };
    struct Request {
        std::string method = "GET";
        std::string scheme = "http";
        std::string authority{};
        std::string path{};
        std::vector<Field> fields{};
        std::string body{};
    };

    Http2Call(Request request, HttpBody::Wanted wanted);
    Http2Call(Http2Call &&) noexcept;
    Http2Call &operator=(Http2Call &&) noexcept;
    Http2Call(const Http2Call &) = delete;
    Http2Call &operator=(const Http2Call &) = delete;
    ~Http2Call();

    // What the server is to be sent now; each byte once.
    std::string unsent();
    Result<void> take(std::string_view bytes);
    // The server says nothing more.
    [[nodiscard]] Result<void> end() const;
    // All that is wanted is there.
    [[nodiscard]] bool done() const;
    // Takes leave (RFC 9113, 6.8): what unsent() says then is the last.
    void leave();

    [[nodiscard]] unsigned status() const;
    [[nodiscard]] const HttpBody &body() const;
    // Of the trailers, or of the head.
    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace lb::health
