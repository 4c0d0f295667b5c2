// SPDX-License-Identifier: GPL-2.0
// An answer of HTTP/1 as it comes in, piece by piece (RFC 9112, by Beast's parser): its status and
// what is wanted of its body.
#pragma once

#include "../base/error.hpp"
#include "http_body.hpp"

#include <memory>
#include <string_view>

namespace lb::health {

class HttpAnswer {
public:
    explicit HttpAnswer(HttpBody::Wanted wanted);
    HttpAnswer(HttpAnswer &&) noexcept;
    HttpAnswer &operator=(HttpAnswer &&) noexcept;
    HttpAnswer(const HttpAnswer &) = delete;
    HttpAnswer &operator=(const HttpAnswer &) = delete;
    ~HttpAnswer();

    // Until done(), or as long as there is something.
    Result<void> take(std::string_view bytes);
    // The peer says nothing more.
    Result<void> end();
    // All that is wanted is there.
    [[nodiscard]] bool done() const;

    [[nodiscard]] unsigned status() const;
    [[nodiscard]] const HttpBody &body() const;
    // What is behind the head as it came, with the chunks' sizes that are no content: keepalived's
    // checker and genhash take their digest of these bytes.
    [[nodiscard]] const HttpBody &raw() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace lb::health
