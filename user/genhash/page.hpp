// SPDX-License-Identifier: GPL-2.0
// A page as it comes in, piece by piece, and what keepalived's genhash prints of it. Its digest is
// of the bytes behind the head as they came, as keepalived's checker takes it. Where the answer
// comes in chunks that of its content is another one, and the better one to write down: where a
// server cuts its chunks is its own affair.
#pragma once

#include "../base/error.hpp"
#include "../health/http_answer.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace lb::genhash {

using Sink = std::function<void(std::string_view)>;
using Digest = std::array<std::uint8_t, 16>;

std::string toString(const Digest &digest);

// Sixteen bytes a line, in hexadecimal and as characters.
std::string dump(std::string_view bytes);

class Page {
public:
    Page(bool verbose, Sink out);

    // What one read brought.
    void take(std::string_view piece);
    // There is no more to come, whether the server closes or not.
    [[nodiscard]] bool done() const;

    struct Told {
        bool page = false;             // there was a head
        Result<void> complete{};       // or why it is no whole answer
        unsigned status = 0;           // of HTTP; 0 when there is none
        std::optional<Digest> content; // the digest of it, when it is another one
    };
    // Prints the digest.
    Told end();

private:
    struct Free {
        void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
    };
    void takeBody(std::string_view piece);

    bool verbose_;
    Sink out_;
    std::unique_ptr<EVP_MD_CTX, Free> md5_;
    health::HttpAnswer answer_;
    Result<void> understood_{};
    std::string head_{};
    bool headIsWhole_ = false;
    std::optional<std::uint64_t> left_{}; // of the body, as the head has it
};

} // namespace lb::genhash
