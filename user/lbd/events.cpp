// SPDX-License-Identifier: GPL-2.0
#include "events.hpp"

#include "utc.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lb::lbd {

namespace {

std::string lineOf(const nlohmann::json &object)
{
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

} // namespace

std::string_view toString(Event::Kind kind)
{
    return Event::names.at(static_cast<std::size_t>(kind));
}

nlohmann::json toJson(const Event &event)
{
    nlohmann::json one{{"number", event.number},
                       {"time", utcWithMilliseconds(event.time)},
                       {"event", toString(event.kind)},
                       {"reason", event.reason}};
    if (!event.virtualServer.empty())
        one["virtual_server"] = event.virtualServer;
    if (!event.protocol.empty())
        one["protocol"] = event.protocol;
    if (!event.server.empty())
        one["server"] = event.server;
    return one;
}

Event eventOf(const pool::Pool &pool, const pool::News &news, const std::string &why)
{
    using enum pool::News::Kind;
    const auto &server = pool.server();
    const auto make = [&](Event::Kind kind, const pool::Server *of, std::string reason) {
        return Event{.kind = kind,
                     .virtualServer = server.name,
                     .protocol = std::string(toString(server.protocol)),
                     .server = of ? toString(of->member.endpoint) : "",
                     .reason = std::move(reason)};
    };
    const auto *sorry = server.sorry ? &*server.sorry : nullptr;
    switch (news.kind) {
    case serverUp:
        return make(Event::Kind::serverUp, &server.servers[news.server], why);
    case serverDown:
        return make(Event::Kind::serverDown, &server.servers[news.server], why);
    case weightChanged:
        return make(Event::Kind::weightChanged, &server.servers[news.server],
                    fmt::format("weight {}: {}", news.weights, why));
    case quorumGained:
        return make(Event::Kind::quorumGained, nullptr,
                    fmt::format("servers of weight {} are up, which are enough", news.weights));
    case quorumLost:
        return make(Event::Kind::quorumLost, nullptr,
                    fmt::format("servers of weight {} are up, which is below {}", news.weights,
                                server.quorum - server.hysteresis));
    case sorryIn:
        return make(Event::Kind::sorryIn, sorry, "the sorry server serves");
    case sorryOut:
        break;
    }
    return make(Event::Kind::sorryOut, sorry, "the sorry server has done");
}

void Events::tell(Event event, Time now)
{
    event.number = ++last_;
    event.time = now;
    std::erase_if(feeds_, [](const auto &feed) { return feed.expired(); });
    if (!feeds_.empty()) {
        const auto line = lineOf(toJson(event));
        for (const auto &weak : feeds_)
            if (const auto feed = weak.lock(); feed && !feed->write(line))
                lost_++;
    }
    events_.push_back(std::move(event));
    if (events_.size() > kept)
        events_.pop_front();
}

std::vector<const Event *> Events::since(std::uint64_t number, std::size_t most) const
{
    const auto from = number > last_ ? 0 : number;
    auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>({last_ - from, most, events_.size()}));
    std::vector<const Event *> found;
    for (auto i = events_.size() - count; i < events_.size(); i++)
        found.push_back(&events_[i]);
    return found;
}

std::uint64_t Events::missed(std::uint64_t number) const
{
    const auto from = number > last_ ? 0 : number;
    return from == 0 ? 0 : std::max(last_ - from, events_.size()) - events_.size();
}

std::shared_ptr<control::Feed> Events::follow(std::uint64_t number, std::size_t most)
{
    auto feed = std::make_shared<control::Feed>(queue);
    if (const auto gone = missed(number); gone != 0 && most >= kept)
        feed->write(lineOf({{"lost", gone}}));
    for (const auto *event : since(number, most))
        feed->write(lineOf(toJson(*event)));
    feeds_.push_back(feed);
    return feed;
}

} // namespace lb::lbd
