// SPDX-License-Identifier: GPL-2.0
#include "run.hpp"

#include "../health/net.hpp"
#include "words.hpp"

#include <chrono>
#include <exception>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

namespace lb::genhash {

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr int failed = 1;
constexpr std::size_t longestRead = 4095; // keepalived's, which -v shows

// As the resolver has them, in its order.
Result<std::vector<Ip>> addressesOf(asio::io_context &io, const std::string &server)
{
    if (const auto ip = Ip::parse(server))
        return std::vector{*ip};

    boost::system::error_code ec;
    asio::ip::tcp::resolver resolver(io);
    const auto found = resolver.resolve(server, "", ec);
    if (ec)
        return Error{.what = fmt::format("there is no server '{}': {}", server, ec.message())};
    std::vector<Ip> addresses;
    for (const auto &one : found)
        if (const auto ip = Ip::parse(one.endpoint().address().to_string()))
            addresses.push_back(*ip);
    return addresses;
}

health::Task<Result<health::Stream>> open(const Ask &ask, const std::vector<Ip> &addresses)
{
    Result<health::Stream> stream = Error{.what = fmt::format("'{}' has no address", ask.server)};
    // Named: g++ 12 frees temporaries of a co_await that it does not own.
    health::Way way{.mark = ask.mark, .timeout = ask.timeout};
    for (const auto &ip : addresses) {
        way.to = {.ip = ip, .port = ask.port};
        stream = co_await health::Stream::connect(way);
        if (stream)
            break;
    }
    if (!stream || !ask.tls)
        co_return stream;

    auto tls = health::makeTls(std::nullopt);
    if (!tls)
        co_return tls.error();
    health::TlsWish wish{.name = ask.sni ? ask.host.value_or("") : ""};
    const auto started = co_await stream->startTls(std::move(*tls), std::move(wish));
    if (!started)
        co_return started.error();
    co_return stream;
}

health::Task<Result<void>> fetch(const Ask &ask, const std::vector<Ip> &addresses, Page &page)
{
    auto stream = co_await open(ask, addresses);
    if (!stream)
        co_return stream.error();
    const auto request = requestOf(ask);
    const auto sent = co_await stream->write(request);
    if (!sent)
        co_return sent.error();
    std::array<char, longestRead> piece{};
    while (!page.done()) {
        const auto size = co_await stream->readSome(piece);
        if (!size)
            co_return size.error();
        if (*size == 0)
            break;
        page.take({piece.data(), *size});
    }
    co_return Result<void>();
}

Result<void> fetchAll(const Ask &ask, Page &page)
{
    asio::io_context io;
    const auto addresses = addressesOf(io, ask.server);
    if (!addresses)
        return addresses.error();

    Result<void> done;
    std::exception_ptr thrown;
    asio::co_spawn(io, fetch(ask, *addresses, page),
                   [&](const std::exception_ptr &failure, const Result<void> &result) {
                       thrown = failure;
                       done = result;
                   });
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return done;
}

// What is to be known of an answer besides its digest; @tell gets each.
bool judge(const Page::Told &told, const Sink &tell)
{
    if (!told.page)
        tell(fmt::format("no data received from remote webserver: {}",
                         told.complete ? "a head without an end" : told.complete.error().what));
    else if (!told.complete)
        tell(told.complete.error().what);
    constexpr unsigned good = 200;
    constexpr unsigned redirect = 300;
    if (told.complete && (told.status < good || told.status >= redirect))
        tell(fmt::format("the HTTP status is {}", told.status));
    if (told.content)
        tell(fmt::format("the answer comes in chunks, and how it is cut may change; lbd takes the "
                         "digest of its content, too: {}",
                         toString(*told.content)));
    return told.page && told.complete;
}

} // namespace

bool isGenhash(std::string_view path)
{
    return path.substr(path.rfind('/') + 1) == "genhash";
}

int run(std::string_view name, std::span<const std::string> words, const Streams &streams)
{
    const auto ask = readWords(words);
    if (!ask) {
        streams.fail(ask.error().what + (ask.error().what.empty() ? "" : "\n") + usage(name));
        return failed;
    }

    const auto tell = [&](std::string_view text) {
        streams.fail(fmt::format("genhash: {}\n", text));
    };
    const auto start = Clock::now();
    Page page(ask->verbose, streams.out);
    const auto fetched = fetchAll(*ask, page);
    bool good = false;
    if (fetched)
        good = judge(page.end(), tell);
    else
        tell(toString(fetched.error()));
    if (ask->verbose)
        streams.out(fmt::format(
            "\nGlobal response time for [{}] = {} usecs\n", ask->url,
            std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count()));
    return good ? 0 : failed;
}

} // namespace lb::genhash
