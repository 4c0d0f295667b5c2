// SPDX-License-Identifier: GPL-2.0
#include "http_body.hpp"

#include <algorithm>

namespace lb::health {

HttpBody::HttpBody(Wanted wanted) : wanted_(wanted)
{
    if (!wanted.digest)
        return;
    md5_.reset(EVP_MD_CTX_new());
    EVP_DigestInit_ex(md5_.get(), EVP_md5(), nullptr);
}

void HttpBody::begin(std::string head)
{
    if (wanted_.text)
        text_ = std::move(head);
}

void HttpBody::take(std::string_view bytes)
{
    size_ += bytes.size();
    if (md5_)
        EVP_DigestUpdate(md5_.get(), bytes.data(), bytes.size());
    if (!wanted_.text)
        return;
    const auto room = mostKept - std::min(text_.size(), mostKept);
    whole_ = whole_ && bytes.size() <= room;
    text_.append(bytes.substr(0, room));
}

bool HttpBody::enough() const
{
    constexpr std::uint64_t unread = std::uint64_t{1} << 20U; // of what nobody looks at

    if (wanted_.digest)
        return false;
    return wanted_.text ? !whole_ : size_ > unread;
}

std::array<std::uint8_t, 16> HttpBody::digest() const
{
    std::array<std::uint8_t, 16> md5{};
    const Context copy(EVP_MD_CTX_new());
    if (md5_ && EVP_MD_CTX_copy_ex(copy.get(), md5_.get()) == 1)
        EVP_DigestFinal_ex(copy.get(), md5.data(), nullptr);
    return md5;
}

} // namespace lb::health
