// SPDX-License-Identifier: GPL-2.0
// SMTP_CHECK: every host greets, answers HELO, and says something to QUIT.
#include "dialogue.hpp"
#include "smtp_talk.hpp"

#include <fmt/core.h>

namespace lb::health {

namespace {

Task<Result<void>> greet(Way way, const std::string &name)
{
    auto stream = co_await Stream::connect(std::move(way));
    if (!stream)
        co_return stream.error();
    SmtpTalk talk(name);
    while (!talk.done()) {
        const auto line = co_await stream->readLine();
        if (!line)
            co_return Error{.what = fmt::format("no {}: {}", talk.awaited(), line.error().what)};
        const auto reply = talk.on(*line);
        if (!reply)
            co_return reply.error();
        if (reply->empty())
            continue;
        const auto said = co_await stream->write(*reply);
        if (!said)
            co_return said.error();
    }
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
