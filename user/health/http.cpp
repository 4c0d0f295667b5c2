// SPDX-License-Identifier: GPL-2.0
// HTTP_GET and SSL_GET: each url in turn, on a connection of its own, has one of the statuses, the
// digest and the text that it should have. keepalived asks for one url per delay_loop unless told
// fast_recovery; here they are always asked for one right after the other.
#include "dialogue.hpp"
#include "http2.hpp"
#include "http_answer.hpp"
#include "regex.hpp"

#include <fmt/format.h>

namespace lb::health {

namespace {

// keepalived's name, which people sort their logs by.
constexpr std::string_view client = "KeepAliveClient";

std::string requestOf(const UrlAsk &url, config::HttpVersion version)
{
    using config::HttpVersion;
    return fmt::format("GET {} HTTP/1.{}\r\n"
                       "User-Agent: {}\r\n"
                       "{}"
                       "Host: {}\r\n\r\n",
                       url.path, version == HttpVersion::v11 ? 1 : 0, client,
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

std::string regexFailure(const config::Regex &regex, const HttpBody &answer)
{
    const auto match = found(regex, answer.text());
    if (!match)
        return match.error().what;
    if (*match)
        return regex.noMatch ? fmt::format("'{}' is in the answer", regex.pattern) : "";
    if (!answer.textIsWhole())
        return fmt::format("no '{}' in the first {} MiB of the answer, and no more is searched",
                           regex.pattern, HttpBody::mostKept >> 20U);
    return regex.noMatch ? "" : fmt::format("no '{}' in the answer", regex.pattern);
}

// Of @raw, what came behind the head, and of @answer, its content, either may have the digest: the
// one is what keepalived's genhash prints, the other what md5sum does of the page.
Verdict judge(const UrlAsk &url, unsigned status, const HttpBody &answer, const HttpBody &raw)
{
    const auto fits = [&](const auto &range) {
        return range.first <= status && status <= range.last;
    };
    if (std::ranges::none_of(url.status, fits))
        return Verdict::down(fmt::format("HTTP status {}, expected {}", status, show(url.status)));
    if (url.digest) {
        const auto digest = answer.digest();
        if (digest != *url.digest && raw.digest() != *url.digest)
            return Verdict::down(fmt::format("digest {} of {} bytes, expected {}", show(digest),
                                             answer.size(), show(*url.digest)));
    }
    if (url.regex) {
        const auto wrong = regexFailure(*url.regex, answer);
        if (!wrong.empty())
            return Verdict::down(wrong);
    }
    return Verdict::up(fmt::format("HTTP status {}", status));
}

HttpBody::Wanted wantedOf(const UrlAsk &url)
{
    return {.digest = url.digest.has_value(), .text = url.regex.has_value()};
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

Task<Verdict> ask1(Stream &stream, const UrlAsk &url, config::HttpVersion version)
{
    const auto request = requestOf(url, version);
    const auto sent = co_await stream.write(request);
    if (!sent)
        co_return verdictOf(sent.error());
    HttpAnswer answer(wantedOf(url));
    const auto read = co_await readAnswer(stream, answer);
    co_return read ? judge(url, answer.status(), answer.body(), answer.raw())
                   : verdictOf(read.error());
}

Task<Verdict> ask2(Stream &stream, const UrlAsk &url, bool tls)
{
    Http2Call::Request request{.scheme = tls ? "https" : "http",
                               .authority = url.host,
                               .path = url.path,
                               .fields = {{"user-agent", std::string(client)}}};
    Http2Call call(std::move(request), wantedOf(url));
    const auto held = co_await hold(stream, call);
    co_return held ? judge(url, call.status(), call.body(), call.body()) : verdictOf(held.error());
}

Task<Verdict> get(const Way &way, const HttpAsk &ask, const UrlAsk &url, Tls tls)
{
    constexpr int patience = 10; // timeouts, for all of one url

    const bool two = ask.version == config::HttpVersion::v2;
    const auto end = std::chrono::steady_clock::now() + patience * way.timeout;
    auto stream = co_await Stream::connect(way);
    if (!stream)
        co_return verdictOf(stream.error());
    stream->endAt(end);
    if (ask.tls) {
        stream->strictTls(ask.strictTls);
        TlsWish wish{.name = url.server,
                     .protocols = two ? std::string(alpnOfHttp2) : std::string(),
                     .verify = ask.verify,
                     .owner = url.owner};
        auto secure = co_await stream->startTls(std::move(tls), std::move(wish));
        if (secure && two)
            secure = agreedOnHttp2(*stream);
        if (!secure) {
            auto verdict = verdictOf(secure.error());
            verdict.certificateEnds = stream->certificateEnds();
            co_return verdict;
        }
    }
    Verdict verdict;
    if (two)
        verdict = co_await ask2(*stream, url, ask.tls);
    else
        verdict = co_await ask1(*stream, url, ask.version);
    verdict.certificateEnds = stream->certificateEnds();
    co_return verdict;
}

// The one that ends first, of several urls' certificates.
template <typename T>
std::optional<T> earlier(const std::optional<T> &a, const std::optional<T> &b)
{
    return !a ? b : !b ? a : std::min(*a, *b);
}

} // namespace

Task<Verdict> probeHttp(const Way &way, const HttpAsk &ask, Tls tls)
{
    Verdict last;
    for (const auto &url : ask.urls) {
        const auto before = last.certificateEnds;
        last = co_await get(way, ask, url, tls);
        last.certificateEnds = earlier(before, last.certificateEnds);
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
