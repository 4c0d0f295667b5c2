// SPDX-License-Identifier: GPL-2.0
// An answer of HTTP as it comes in, piece by piece (RFC 9112, by Beast's parser): its status, the
// MD5 of its body, and as much of it as a regular expression looks at. No more than that is kept.
#pragma once

#include "../base/error.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lb::health {

class HttpAnswer {
public:
    static constexpr std::size_t mostKept = std::size_t{4} << 20U; // bytes

    struct Wanted {
        bool digest = false;
        bool text = false;
    };
    explicit HttpAnswer(Wanted wanted);
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
    [[nodiscard]] std::uint64_t bodySize() const;
    [[nodiscard]] std::array<std::uint8_t, 16> digest();
    // The head as it came, and the body, up to mostKept in all.
    [[nodiscard]] std::string_view text() const;
    [[nodiscard]] bool textIsWhole() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace lb::health
