// SPDX-License-Identifier: GPL-2.0
#include "page.hpp"

#include "../base/number.hpp"

#include <algorithm>

#include <boost/beast/core/string.hpp>
#include <fmt/format.h>

namespace lb::genhash {

namespace {

constexpr std::string_view endOfHead = "\r\n\r\n";

constexpr std::string_view headTitle =
    "-----------------------[    HTTP Header Buffer    ]-----------------------\n";
constexpr std::string_view asciiTitle =
    "-----------------------[ HTTP Header Ascii Buffer ]-----------------------\n";
constexpr std::string_view bodyTitle =
    "-----------------------[        HTML Buffer        ]-----------------------\n";
constexpr std::string_view hashTitle =
    "-----------------------[    HTML hash resulting    ]-----------------------\n";
constexpr std::string_view finalTitle =
    "-----------------------[ HTML hash final resulting ]-----------------------\n";

// RFC 9110, 8.6; nothing when it is missing or no number.
std::optional<std::uint64_t> contentLength(std::string_view head)
{
    constexpr std::string_view name = "content-length:";
    constexpr std::string_view eol = "\r\n";

    for (auto at = head.find(eol); at != std::string_view::npos; at = head.find(eol)) {
        head.remove_prefix(at + eol.size());
        auto line = head.substr(0, head.find(eol));
        if (!boost::beast::iequals(std::string(line.substr(0, name.size())), std::string(name)))
            continue;
        line.remove_prefix(name.size());
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        line = line.substr(0, line.find_last_not_of(" \t") + 1);
        const auto length = parseNumber(line, 0, UINT64_MAX);
        return length ? std::optional(*length) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace

std::string toString(const Digest &digest)
{
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

std::string dump(std::string_view bytes)
{
    constexpr std::size_t width = 16;
    std::string text;

    for (std::size_t start = 0; start < bytes.size(); start += width) {
        const auto row = bytes.substr(start, width);
        text += fmt::format("{:04}  ", start);
        for (std::size_t i = 0; i < width; i++) {
            if (i == width / 2)
                text += "- ";
            text +=
                i < row.size() ? fmt::format("{:02x} ", static_cast<std::uint8_t>(row[i])) : "   ";
        }
        text += "  ";
        for (std::size_t i = 0; i < width; i++) {
            const char c = i < row.size() ? row[i] : ' ';
            text += c >= ' ' && c <= '~' ? c : '.';
        }
        text += "\n";
    }
    return text;
}

Page::Page(bool verbose, Sink out)
    : verbose_(verbose), out_(std::move(out)), md5_(EVP_MD_CTX_new()), answer_({.digest = true})
{
    EVP_DigestInit_ex(md5_.get(), EVP_md5(), nullptr);
}

void Page::take(std::string_view piece)
{
    if (understood_)
        understood_ = answer_.take(piece);
    if (headIsWhole_) {
        takeBody(piece);
        return;
    }

    if (verbose_)
        out_(headTitle);
    head_ += piece;
    const auto at = head_.find(endOfHead);
    if (at == std::string::npos)
        return;
    headIsWhole_ = true;
    const auto body = head_.substr(at + endOfHead.size());
    head_.resize(at + endOfHead.size());
    left_ = contentLength(head_);
    if (verbose_) {
        out_(dump(head_));
        out_(asciiTitle);
        out_(head_ + "\n");
        if (!body.empty())
            out_(bodyTitle);
    }
    takeBody(body);
}

void Page::takeBody(std::string_view piece)
{
    if (left_) {
        piece = piece.substr(0, *left_);
        *left_ -= piece.size();
    }
    EVP_DigestUpdate(md5_.get(), piece.data(), piece.size());
    if (verbose_)
        out_(dump(piece));
}

bool Page::done() const
{
    return understood_ && answer_.done();
}

Page::Told Page::end()
{
    Digest digest{};
    EVP_DigestFinal_ex(md5_.get(), digest.data(), nullptr);

    if (verbose_)
        out_(fmt::format("\n{}{}{}", hashTitle,
                         dump({reinterpret_cast<const char *>(digest.data()), digest.size()}),
                         finalTitle));
    if (headIsWhole_)
        out_(toString(digest) + "\n");

    Told told{.page = headIsWhole_,
              .complete = understood_ ? answer_.end() : understood_,
              .status = headIsWhole_ ? answer_.status() : 0,
              .content = std::nullopt};
    if (told.complete)
        if (const auto content = answer_.body().digest(); content != digest)
            told.content = content;
    return told;
}

} // namespace lb::genhash
