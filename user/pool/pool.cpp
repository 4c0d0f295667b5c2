// SPDX-License-Identifier: GPL-2.0
#include "pool.hpp"

#include <set>

namespace lb::pool {

Pool::Pool(Virtual server, const std::vector<Known> &known, std::optional<bool> quorum)
    : server_(std::move(server))
{
    states_.resize(server_.servers.size());
    for (std::size_t i = 0; i < states_.size() && i < known.size(); i++)
        states_[i] = {known[i].up, known[i].weight};
    sum();
    if (quorum) {
        // Those that were there may be fewer or more than are asked for now.
        quorum_ = *quorum;
        std::vector<News> unheard;
        settle(unheard);
        return;
    }
    // One that begins has to have what one needs that lost it.
    quorum_ = weights_ > 0 && weights_ >= std::uint64_t{server_.quorum} + server_.hysteresis;
}

std::uint16_t Pool::weight(std::size_t server) const
{
    return states_.at(server).weight.value_or(server_.servers.at(server).member.weight.value);
}

void Pool::sum()
{
    weights_ = 0;
    for (std::size_t i = 0; i < states_.size(); i++)
        if (states_[i].up)
            weights_ += weight(i);
}

std::uint64_t Pool::threshold() const
{
    return quorum_ ? server_.quorum - server_.hysteresis
                   : std::uint64_t{server_.quorum} + server_.hysteresis;
}

void Pool::settle(std::vector<News> &news)
{
    using enum News::Kind;
    if (!quorum_ && weights_ > 0 && weights_ >= threshold()) {
        quorum_ = true;
        news.push_back({quorumGained, 0, weights_});
        if (server_.sorry)
            news.push_back({sorryOut, 0, weights_});
    } else if (quorum_ && (weights_ == 0 || weights_ < threshold())) {
        quorum_ = false;
        news.push_back({quorumLost, 0, weights_});
        if (server_.sorry)
            news.push_back({sorryIn, 0, weights_});
    }
}

plane::Member leaving(plane::Member member, const config::Leaving &how, bool alive)
{
    member.weight = Weight{0};
    if (how.how != config::Leaving::How::drain)
        return member;
    member.drain = true;
    if (!alive)
        member.draining = {.deadline = how.deadline, .end = how.end};
    return member;
}

std::vector<News> Pool::set(std::size_t server, bool up)
{
    std::vector<News> news;
    auto &state = states_.at(server);
    if (state.up == up)
        return news;
    state.up = up;
    sum();
    news.push_back({up ? News::Kind::serverUp : News::Kind::serverDown, server, weight(server)});
    settle(news);
    return news;
}

std::vector<News> Pool::weigh(std::size_t server, std::optional<std::uint16_t> weight)
{
    std::vector<News> news;
    const auto before = this->weight(server);
    states_.at(server).weight = weight;
    const auto after = this->weight(server);
    if (before == after)
        return news;
    sum();
    news.push_back({News::Kind::weightChanged, server, after});
    settle(news);
    return news;
}

plane::Pool Pool::service(const netlink::ServiceKey &key) const
{
    auto pool = policyOf(server_, key);
    // The first of two with one endpoint is it. The sorry server may be one of the others.
    std::set<Endpoint> taken;
    const auto take = [&](const plane::Member &member) {
        if (taken.insert(member.endpoint).second)
            pool.members.push_back(member);
    };
    const auto use = [&](const Server &server, std::uint16_t weight) {
        auto member = memberOf(server, key);
        member.weight = Weight{weight};
        take(member);
    };
    const auto leave = [&](const Server &server, bool up) {
        if (server.whenDown.how != config::Leaving::How::remove)
            take(leaving(memberOf(server, key), server.whenDown, up));
    };
    if (sorryServes())
        use(*server_.sorry, server_.sorry->member.weight.value);
    for (std::size_t i = 0; i < states_.size(); i++)
        if (states_[i].up && !sorryServes())
            use(server_.servers[i], weight(i));
        else
            leave(server_.servers[i], states_[i].up);
    if (server_.sorry && !sorryServes())
        leave(*server_.sorry, true);
    return pool;
}

} // namespace lb::pool
