// SPDX-License-Identifier: GPL-2.0
// HTTP_GET and SSL_GET: each url in turn, on a connection of its own, has one of the statuses, the
// digest and the text that it should have. keepalived asks for one url per delay_loop unless told
// fast_recovery; here they are always asked for one right after the other.
#include "dialogue.hpp"
#include "http_answer.hpp"
#include "regex.hpp"

#include <fmt/format.h>

namespace lb::health {

namespace {

std::string requestOf(const UrlAsk &url, config::HttpVersion version)
{
    using config::HttpVersion;
    // keepalived's name, which people sort their logs by.
    return fmt::format("GET {} HTTP/1.{}\r\n"
                       "User-Agent: KeepAliveClient\r\n"
                       "{}"
                       "Host: {}\r\n\r\n",
                       url.path, version == HttpVersion::v11 ? 1 : 0,
                       version == HttpVersion::v10 ? "" : "Connection: close\r\n", url.host);
}

std::string show(const std::vector<config::StatusRange> &ranges)
{
    std::string text;
    for (const auto &range : ranges)
        text += range.first == range.last
                    ? fmt::format("{}{}", text.empty() ? "" : " ", range.first)
                    : fmt::format("{}{}-{}", text.empty() ? "" : " ", range.first, range.last);
    return text;
}

std::string show(const std::array<std::uint8_t, 16> &digest)
{
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

std::string regexFailure(const config::Regex &regex, const HttpAnswer &answer)
{
    const auto match = found(regex, answer.text());
    if (!match)
        return match.error().what;
    if (*match)
        return regex.noMatch ? fmt::format("'{}' is in the answer", regex.pattern) : "";
    if (!answer.textIsWhole())
        return fmt::format("no '{}' in the first {} MiB of the answer, and no more is searched",
                           regex.pattern, HttpAnswer::mostKept >> 20U);
    return regex.noMatch ? "" : fmt::format("no '{}' in the answer", regex.pattern);
}

Verdict judge(const UrlAsk &url, HttpAnswer &answer)
{
    const auto status = answer.status();
    const auto fits = [&](const auto &range) {
        return range.first <= status && status <= range.last;
    };
    if (std::ranges::none_of(url.status, fits))
        return Verdict::down(fmt::format("HTTP status {}, expected {}", status, show(url.status)));
    if (url.digest) {
        const auto digest = answer.digest();
        if (digest != *url.digest)
            return Verdict::down(fmt::format("digest {} of {} bytes, expected {}", show(digest),
                                             answer.bodySize(), show(*url.digest)));
    }
    if (url.regex) {
        const auto wrong = regexFailure(*url.regex, answer);
        if (!wrong.empty())
            return Verdict::down(wrong);
    }
    return Verdict::up(fmt::format("HTTP status {}", status));
}

Task<Result<void>> readAnswer(Stream &stream, HttpAnswer &answer)
{
    std::array<char, 4096> piece{};
    while (!answer.done()) {
        const auto size = co_await stream.readSome(piece);
        if (!size)
            co_return size.error();
        if (*size == 0)
            co_return answer.end();
        const auto taken = answer.take({piece.data(), *size});
        if (!taken)
            co_return taken.error();
    }
    co_return Result<void>();
}

Task<Verdict> get(const Way &way, const HttpAsk &ask, const UrlAsk &url, Tls tls)
{
    constexpr int patience = 10; // timeouts, for all of one url

    const auto end = std::chrono::steady_clock::now() + patience * way.timeout;
    auto stream = co_await Stream::connect(way);
    if (!stream)
        co_return verdictOf(stream.error());
    stream->endAt(end);
    if (ask.tls) {
        stream->strictTls(ask.strictTls);
        const auto secure = co_await stream->startTls(std::move(tls), url.server);
        if (!secure)
            co_return verdictOf(secure.error());
    }
    const auto request = requestOf(url, ask.version);
    const auto sent = co_await stream->write(request);
    HttpAnswer answer({.digest = url.digest.has_value(), .text = url.regex.has_value()});
    Result<void> read;
    if (sent)
        read = co_await readAnswer(*stream, answer);
    auto verdict = !sent   ? verdictOf(sent.error())
                   : !read ? verdictOf(read.error())
                           : judge(url, answer);
    verdict.certificateEnds = stream->certificateEnds();
    co_return verdict;
}

} // namespace

Task<Verdict> probeHttp(const Way &way, const HttpAsk &ask, Tls tls)
{
    Verdict last;
    for (const auto &url : ask.urls) {
        last = co_await get(way, ask, url, tls);
        if (!last.good) {
            if (ask.urls.size() > 1)
                last.why = fmt::format("{}: {}", url.path, last.why);
            co_return last;
        }
    }
    if (ask.urls.size() > 1)
        last.why = fmt::format("{} urls are good", ask.urls.size());
    co_return last;
}

} // namespace lb::health
