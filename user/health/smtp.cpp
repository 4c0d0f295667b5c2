// SPDX-License-Identifier: GPL-2.0
// SMTP_CHECK: every host greets, answers HELO, and says something to QUIT (RFC 5321, 3.1 to 3.8).
#include "dialogue.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace lb::health {

namespace {

// The last line of a reply: RFC 5321, 4.2.1, those before it have a hyphen behind the code.
Task<Result<std::string>> reply(Stream &stream)
{
    constexpr int longest = 100; // lines
    constexpr std::size_t code = 3;

    for (int i = 0; i < longest; i++) {
        auto line = co_await stream.readLine();
        if (!line || line->size() <= code || (*line)[code] != '-')
            co_return line;
    }
    co_return Error{.what = fmt::format("a reply of more than {} lines", longest)};
}

bool is(const std::string &line, std::string_view code)
{
    return line.starts_with(code);
}

// As much of it as fits on the line of a log, and nothing that a terminal would obey.
std::string quote(std::string_view line)
{
    constexpr std::size_t most = 80;
    std::string text(line.substr(0, most));
    std::ranges::replace_if(
        text, [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
    return text;
}

Error because(std::string what)
{
    return {.what = std::move(what)};
}

Task<Result<void>> greet(Way way, const std::string &name)
{
    auto stream = co_await Stream::connect(std::move(way));
    if (!stream)
        co_return stream.error();
    const auto greeting = co_await reply(*stream);
    if (!greeting)
        co_return because(fmt::format("no greeting: {}", greeting.error().what));
    if (!is(*greeting, "220"))
        co_return because(fmt::format("greeting '{}', expected 220", quote(*greeting)));

    const auto hello = fmt::format("HELO {}\r\n", name);
    const auto said = co_await stream->write(hello);
    if (!said)
        co_return said.error();
    const auto welcome = co_await reply(*stream);
    if (!welcome)
        co_return because(fmt::format("no reply to HELO: {}", welcome.error().what));
    if (!is(*welcome, "250"))
        co_return because(fmt::format("reply '{}' to HELO, expected 250", quote(*welcome)));

    const auto left = co_await stream->write("QUIT\r\n");
    if (!left)
        co_return left.error();
    const auto farewell = co_await reply(*stream);
    if (!farewell)
        co_return because(fmt::format("no reply to QUIT: {}", farewell.error().what));
    co_return Result<void>();
}

} // namespace

Task<Verdict> probeSmtp(const SmtpAsk &ask)
{
    for (const auto &host : ask.hosts) {
        const auto greeted = co_await greet(host, ask.helloName);
        if (greeted)
            continue;
        auto verdict = verdictOf(greeted.error());
        if (ask.hosts.size() > 1)
            verdict.why = fmt::format("{}: {}", toString(host.to), verdict.why);
        co_return verdict;
    }
    co_return Verdict::up(
        ask.hosts.size() == 1 ? "greeted" : fmt::format("greeted by {} hosts", ask.hosts.size()));
}

} // namespace lb::health
