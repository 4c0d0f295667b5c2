// SPDX-License-Identifier: GPL-2.0
// What is remembered of an answer's body while it passes, whatever version of HTTP brings it: its
// MD5, and as much of it as a regular expression looks at. No more than that is kept.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace lb::health {

class HttpBody {
public:
    static constexpr std::size_t mostKept = std::size_t{4} << 20U; // bytes

    struct Wanted {
        bool digest = false;
        bool text = false;
    };
    explicit HttpBody(Wanted wanted);

    // The head of the answer, with which the text begins.
    void begin(std::string head);
    void take(std::string_view bytes);
    // More of it changes nothing of what is wanted.
    [[nodiscard]] bool enough() const;

    [[nodiscard]] bool wantsText() const { return wanted_.text; }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] std::array<std::uint8_t, 16> digest() const;
    // The head as it came, and the body, up to mostKept in all.
    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] bool textIsWhole() const { return whole_; }

private:
    struct Free {
        void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
    };
    using Context = std::unique_ptr<EVP_MD_CTX, Free>;

    Wanted wanted_;
    Context md5_{};
    std::string text_{};
    bool whole_ = true;
    std::uint64_t size_ = 0;
};

} // namespace lb::health
