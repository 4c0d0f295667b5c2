// SPDX-License-Identifier: GPL-2.0
#include "services.hpp"

#include <algorithm>
#include <cerrno>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace lb::lbd {

namespace {

constexpr auto retryAfter = std::chrono::seconds(1);
constexpr auto askAfter = std::chrono::seconds(1); // whether who leaves has connections left

// By which a virtual server is the same one after a reload.
std::string nameOf(const pool::Virtual &server)
{
    return fmt::format("{} {}", server.name, toString(server.protocol));
}

const plane::Member *memberOf(const plane::Pool &pool, const Endpoint &endpoint)
{
    const auto found = std::ranges::find(pool.members, endpoint, &plane::Member::endpoint);
    return found == pool.members.end() ? nullptr : &*found;
}

// What is known of @server by what the director does with it.
std::optional<pool::Known> knownOf(const pool::Virtual &virtualServer, const pool::Server &server,
                                   const plane::Model *director)
{
    if (!director)
        return {};
    const auto found = director->services.find(virtualServer.keys.front());
    if (found == director->services.end())
        return {};
    const auto *member = memberOf(found->second, server.member.endpoint);
    if (!member)
        return pool::Known{.up = false};
    const bool up = member->weight.value != 0 || server.member.weight.value == 0 ||
                    server.whenDown.how == config::Leaving::How::remove;
    return pool::Known{.up = up};
}

} // namespace

Services::Services(boost::asio::io_context &io, netlink::Director director, health::Prober &prober,
                   Log log, Listener listener)
    : io_(io), keeper_(std::move(director)), prober_(prober), log_(std::move(log)),
      listener_(std::move(listener)), retry_(io), settling_(io)
{}

// Unless it is known: as it begins.
bool Services::isUp(ProbeId id) const
{
    return prober_.up(id).value_or(!prober_.job(id).pace.startsDown);
}

bool Services::good(const Running &running, std::size_t server) const
{
    return std::ranges::all_of(running.servers.at(server).probes,
                               [&](auto id) { return isUp(id); });
}

std::unique_ptr<Services::Running> Services::make(pool::Virtual virtualServer,
                                                  const config::Globals &globals,
                                                  const plane::Model *director)
{
    const auto was = byName_.find(nameOf(virtualServer));
    const auto *old = was == byName_.end() ? nullptr : was->second;
    std::vector<pool::Known> known;
    std::vector<Server> servers;
    for (std::size_t i = 0; i < virtualServer.servers.size(); i++) {
        const auto &server = virtualServer.servers[i];
        std::optional<pool::Known> before;
        if (old) {
            const auto &others = old->pool.server().servers;
            const auto other = std::ranges::find(others, server.member.endpoint,
                                                 [](const auto &o) { return o.member.endpoint; });
            if (other != others.end())
                before = old->pool.known(static_cast<std::size_t>(other - others.begin()));
        } else {
            before = knownOf(virtualServer, server, director);
        }
        Server made;
        const auto up = before ? std::optional(before->up) : std::nullopt;
        const auto &config = virtualServer.config;
        for (const auto &job :
             health::jobsOf(config, config.realServers[i], server.member.endpoint, globals))
            made.probes.push_back(prober_.add(job, up));
        const bool good = std::ranges::all_of(made.probes, [&](auto id) { return isUp(id); });
        known.push_back({good, before ? before->weight : std::nullopt});
        servers.push_back(std::move(made));
    }
    const auto quorum = old ? std::optional(old->pool.hasQuorum()) : std::nullopt;
    return std::make_unique<Running>(
        Running{pool::Pool(std::move(virtualServer), known, quorum), std::move(servers)});
}

Services::All Services::makeAll(const config::Model &model, const plane::Model *director)
{
    All all;
    for (auto &server : pool::virtualsOf(model))
        all.push_back(make(std::move(server), model.globals, director));
    return all;
}

void Services::removeProbes(const All &all)
{
    for (const auto &running : all)
        for (const auto &server : running->servers)
            for (const auto id : server.probes)
                prober_.remove(id);
}

plane::Pool Services::serviceOf(const Running &running, const netlink::ServiceKey &key) const
{
    auto pool = running.pool.service(key);
    leavers_.addTo(key, pool);
    return pool;
}

// Who has to leave when @next is wanted instead of what is now.
pool::Leavers Services::leaversTo(const plane::Model &next) const
{
    std::map<netlink::ServiceKey, const Running *> owners;
    for (const auto &running : running_)
        for (const auto &key : running->pool.server().keys)
            owners.emplace(key, running.get());
    const auto policy = [&](const netlink::ServiceKey &key, const Endpoint &endpoint) {
        const auto owner = owners.find(key);
        if (owner == owners.end())
            return config::usualRemoval;
        const auto &virtualServer = owner->second->pool.server();
        for (const auto &server : virtualServer.servers)
            if (pool::memberOf(server, key).endpoint == endpoint)
                return server.whenRemoved;
        return virtualServer.sorry ? virtualServer.sorry->whenRemoved : config::usualRemoval;
    };
    return leavers_.follow(keeper_.wanted(), next, policy, Clock::now());
}

// Whoever has left goes from the director, too.
void Services::settle()
{
    if (leavers_.empty())
        return;
    settling_.expires_after(askAfter);
    settling_.async_wait([this](const boost::system::error_code &code) {
        if (code)
            return;
        const auto idle = [this](const netlink::ServiceKey &key, const Endpoint &endpoint) {
            const auto dest = keeper_.director().dest(key, endpoint);
            return dest ? dest->active + dest->inactive == 0 : dest.error().code == ENOENT;
        };
        const auto keys = leavers_.settle(Clock::now(), idle);
        for (const auto &running : running_)
            if (std::ranges::any_of(running->pool.server().keys,
                                    [&](const auto &key) { return keys.contains(key); }))
                dirty_.insert(running.get());
        bring();
        settle();
    });
}

plane::Model Services::wanted(const All &all, const config::Globals &globals)
{
    plane::Model model;
    for (const auto &running : all)
        for (const auto &key : running->pool.server().keys)
            model.services.emplace(key, running->pool.service(key));
    const auto set = [&](std::uint16_t setting, const std::optional<std::uint32_t> &value) {
        if (value)
            model.settings.values[setting] = *value;
    };
    set(LB_A_SETTINGS_TCP_ESTABLISHED, globals.timeouts.tcp);
    set(LB_A_SETTINGS_TCP_FIN_WAIT, globals.timeouts.tcpFin);
    set(LB_A_SETTINGS_UDP, globals.timeouts.udp);
    for (const auto &[setting, value] : globals.settings)
        model.settings.values[setting] = value;
    return model;
}

void Services::replace(All all, pool::Leavers leavers)
{
    removeProbes(running_);
    running_ = std::move(all);
    leavers_ = std::move(leavers);
    settle();
    reloads_++;
    byName_.clear();
    users_.clear();
    dirty_.clear();
    for (const auto &running : running_) {
        byName_.emplace(nameOf(running->pool.server()), running.get());
        for (std::size_t i = 0; i < running->servers.size(); i++)
            for (const auto id : running->servers[i].probes)
                users_.emplace(id, User{running.get(), i});
    }
}

Result<Services::Change> Services::start(const config::Model &model,
                                         const std::set<netlink::ServiceKey> &owned)
{
    const auto director = plane::readModel(keeper_.director());
    if (!director)
        return director.error();
    auto all = makeAll(model, &*director);
    auto next = wanted(all, model.globals);
    auto leavers = pool::Leavers::found(*director, next, Clock::now());
    leavers.addTo(next);
    const auto steps = keeper_.adopt(std::move(next), owned, model.globals.flush);
    if (!steps) {
        removeProbes(all);
        return steps.error();
    }
    replace(std::move(all), std::move(leavers));
    return Change{.services = keeper_.wanted().services.size(), .steps = *steps};
}

Result<Services::Change> Services::reload(const config::Model &model)
{
    auto all = makeAll(model, nullptr);
    auto next = wanted(all, model.globals);
    auto leavers = leaversTo(next);
    leavers.addTo(next);
    const auto steps = keeper_.bring(std::move(next));
    if (!steps) {
        removeProbes(all);
        return steps.error();
    }
    replace(std::move(all), std::move(leavers));
    return Change{.services = keeper_.wanted().services.size(), .steps = *steps};
}

std::vector<plane::Step> Services::difference(const config::Model &model)
{
    // Its probes are there for a moment only, and never begin.
    const auto all = makeAll(model, nullptr);
    auto next = wanted(all, model.globals);
    leaversTo(next).addTo(next);
    auto steps = plane::diff(keeper_.wanted(), next);
    removeProbes(all);
    return steps;
}

Result<void> Services::flush()
{
    retry_.cancel();
    settling_.cancel();
    leavers_ = {};
    dirty_.clear();
    const auto done = keeper_.bring(plane::Model{});
    if (!done)
        return done.error();
    return {};
}

void Services::changed(ProbeId id, const health::Verdict &verdict)
{
    const auto [first, last] = users_.equal_range(id);
    for (auto user = first; user != last; ++user) {
        auto &[running, server] = user->second;
        running->servers[server].why = verdict.why;
        const auto news = running->pool.set(server, good(*running, server));
        tell(*running, news, verdict.why);
    }
}

void Services::weigh(ProbeId id, std::optional<std::uint16_t> weight)
{
    const auto [first, last] = users_.equal_range(id);
    for (auto user = first; user != last; ++user)
        tell(*user->second.running, user->second.running->pool.weigh(user->second.server, weight),
             "its probe asks for it");
}

void Services::tell(Running &running, const std::vector<pool::News> &news, const std::string &why)
{
    if (news.empty())
        return;
    for (const auto &one : news)
        if (listener_)
            listener_(running.pool, one, why);
    dirty_.insert(&running);
    // What fails together is taken out together: one transaction for all of this round.
    if (std::exchange(bringing_, true))
        return;
    boost::asio::post(io_, [this] {
        bringing_ = false;
        bring();
    });
}

void Services::bring()
{
    std::map<netlink::ServiceKey, plane::Pool> changed;
    for (const auto *running : dirty_)
        for (const auto &key : running->pool.server().keys)
            changed.emplace(key, serviceOf(*running, key));
    if (changed.empty())
        return;
    if (const auto done = keeper_.bring(changed); done) {
        dirty_.clear();
        return;
    } else {
        log_(Level::error, fmt::format("the director could not be changed, it is tried again: {}",
                                       toString(done.error())));
    }
    retry_.expires_after(retryAfter);
    retry_.async_wait([this](const boost::system::error_code &code) {
        if (!code)
            bring();
    });
}

} // namespace lb::lbd
