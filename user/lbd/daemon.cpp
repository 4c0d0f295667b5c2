// SPDX-License-Identifier: GPL-2.0
#include "daemon.hpp"

#include "../base/version.hpp"
#include "../lbctl/script.hpp"
#include "../plane/diff.hpp"
#include "health_json.hpp"
#include "module.hpp"

#include <algorithm>
#include <csignal>

#include <unistd.h>

#include <boost/asio/post.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace lb::lbd {

namespace {

using nlohmann::json;

json refusal(const std::string &what, const std::string &hint = {})
{
    json error{{"what", what}};
    if (!hint.empty())
        error["hint"] = hint;
    return {{"ok", false}, {"error", std::move(error)}};
}

json refusal(const Error &error)
{
    return refusal(error.what, error.hint);
}

std::string utc(std::chrono::system_clock::time_point time)
{
    return fmt::format("{:%FT%TZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

// All errors of a configuration, as "lbd check" shows them.
std::string errorsOf(const Loaded &loaded)
{
    std::string all;
    for (const auto &finding : loaded.tree.findings)
        if (finding.severity == config::Severity::error)
            all += toString(finding, loaded.tree);
    return all;
}

std::uint16_t weightOf(std::int64_t asked)
{
    return static_cast<std::uint16_t>(std::clamp<std::int64_t>(asked, 0, UINT16_MAX));
}

} // namespace

Daemon::Daemon(boost::asio::io_context &io, Options options, Loaded loaded, Folder folder,
               netlink::Director director, health::Tls tls, Log log)
    : io_(io), options_(std::move(options)), loaded_(std::move(loaded)), folder_(std::move(folder)),
      log_(std::move(log)), outside_(std::make_shared<Outside>(loaded_.model)),
      prober_(io,
              {.changed = [this](auto id, bool,
                                 const auto &verdict) { services_.changed(id, verdict); },
               .weight = [this](auto id, auto weight) { services_.weigh(id, weightOf(weight)); },
               .failed =
                   [this](auto id, const auto &verdict) {
                       log_(Level::info,
                            fmt::format("{} of {}: {}", kindOf(prober_.job(id)),
                                        toString(prober_.job(id).way.to), verdict.why));
                   },
               .certificate = [this](const auto &job,
                                     auto ends) { teller_->tellCertificate(job, ends); },
               .external = [this](const health::Job &job) { return Outside::hold(outside_, job); }},
              std::move(tls)),
      services_(io, std::move(director), prober_, log_,
                [this](const auto &pool, const auto &news, const auto &why) {
                    teller_->tell(pool, news, why);
                }),
      signals_(io, SIGTERM, SIGINT, SIGHUP), confirmation_(io)
{}

Result<std::unique_ptr<Daemon>> Daemon::start(boost::asio::io_context &io, Options options,
                                              Loaded loaded, Folder folder, Log log)
{
    auto director = openDirector();
    if (!director)
        return director.error();
    auto tls = health::makeTls(loaded.model.tls);
    if (!tls)
        return tls.error();
    auto daemon =
        std::make_unique<Daemon>(io, std::move(options), std::move(loaded), std::move(folder),
                                 std::move(*director), std::move(*tls), std::move(log));
    if (const auto begun = daemon->begin(); !begun)
        return begun.error();
    return daemon;
}

Result<void> Daemon::begin()
{
    follow(nullptr);
    const auto change = services_.start(loaded_.model, folder_.services());
    if (!change)
        return change.error();
    remember();
    if (loaded_.model.globals.notifyAtStart)
        for (const auto &running : services_.all())
            teller_->tellStart(running->pool);
    auto server = control::Server::listen(
        io_, folder_.path(),
        [this](const json &request, const control::Peer &peer) { return answer(request, peer); });
    if (!server)
        return server.error();
    server_ = std::move(*server);
    waitForSignals();
    log_(Level::notice, fmt::format("lbd {} runs {}: {} services, {} changes made on the director",
                                    version, options_.file, change->services, change->steps));
    return {};
}

void Daemon::waitForSignals()
{
    signals_.async_wait([this](const boost::system::error_code &code, int signal) {
        if (code)
            return;
        if (signal == SIGHUP) {
            reload();
            waitForSignals();
        } else {
            stop();
        }
    });
}

// The services stay unless they are to go: whoever starts lbd again takes them over.
void Daemon::stop()
{
    using enum config::FlushOnStop;
    if (loaded_.model.globals.flushOnStop != no) {
        if (const auto flushed = services_.flush(); !flushed)
            log_(Level::error,
                 fmt::format("the services could not be removed: {}", toString(flushed.error())));
        else
            folder_.forgetServices();
    }
    for (const auto &running : services_.all())
        if (running->pool.server().config.omega)
            teller_->tellEnd(running->pool);
    log_(Level::notice, "lbd ends");
    server_.reset();
    io_.stop();
}

// Who is told, and as whom programs run: as the configuration says that runs now.
void Daemon::follow(const config::Globals *before)
{
    outside_ = std::make_shared<Outside>(loaded_.model);
    if (before && *before == loaded_.model.globals) {
        teller_->follow(outside_);
    } else {
        auto teller =
            std::make_unique<Teller>(io_.get_executor(), loaded_.model.globals, outside_, log_);
        if (teller_)
            teller->remember(*teller_);
        teller_ = std::move(teller);
    }
}

void Daemon::remember()
{
    std::set<netlink::ServiceKey> keys;
    for (const auto &[key, pool] : services_.keeper().wanted().services)
        keys.insert(key);
    if (const auto done = folder_.rememberServices(keys); !done)
        log_(Level::warning,
             fmt::format("which services are lbd's own could not be written down: {}",
                         toString(done.error())));
}

json Daemon::takeOver(Loaded loaded, std::string_view from)
{
    for (const auto &finding : loaded.tree.findings)
        log_(finding.severity == config::Severity::error ? Level::error : Level::warning,
             fmt::format("{}:{}:{}: {}",
                         finding.place.file < loaded.tree.files.size()
                             ? loaded.tree.files[finding.place.file].path
                             : options_.file,
                         finding.place.line, finding.place.column, finding.what));
    const auto begun = Clock::now();
    const auto refuse = [&](const json &answer) {
        lastRefusal_ = answer["error"]["what"].get<std::string>();
        log_(Level::error, fmt::format("{} is refused, what ran goes on", from));
        return answer;
    };
    if (!loaded.good())
        return refuse(
            refusal(fmt::format("{}{} is refused, what ran goes on", errorsOf(loaded), from)));
    // Also when SSL { } is as it was: the files that it names may have changed.
    auto tls = health::makeTls(loaded.model.tls);
    if (!tls)
        return refuse(refusal(tls.error()));
    const auto change = services_.reload(loaded.model);
    if (!change)
        return refuse(refusal(change.error()));
    prober_.use(std::move(*tls));
    const auto before = std::exchange(loaded_, std::move(loaded));
    follow(&before.model.globals);
    loadedAt_ = std::chrono::system_clock::now();
    lastRefusal_.clear();
    remember();
    const auto took = std::chrono::duration<double>(Clock::now() - begun).count();
    log_(Level::notice, fmt::format("{} runs: {} services, {} changes in {:.3f} s", from,
                                    change->services, change->steps, took));
    return {{"ok", true},
            {"services", change->services},
            {"changes", change->steps},
            {"seconds", took}};
}

json Daemon::reload()
{
    // Whoever reloads wants the file, not what was tried.
    confirmation_.cancel();
    before_.reset();
    return takeOver(load(options_.file, options_.configId), options_.file);
}

json Daemon::commit(const std::string &file, std::uint32_t confirm)
{
    auto before = before_ ? std::move(before_) : std::make_unique<Loaded>(loaded_);
    confirmation_.cancel();
    auto answer = takeOver(load(file, options_.configId), file);
    if (!answer["ok"].get<bool>() || !confirm)
        return answer;
    before_ = std::move(before);
    confirmation_.expires_after(std::chrono::seconds(confirm));
    confirmation_.async_wait([this](const boost::system::error_code &code) {
        if (!code)
            rollBack();
    });
    answer["confirm_within"] = confirm;
    return answer;
}

void Daemon::rollBack()
{
    auto before = std::move(before_);
    if (!before)
        return;
    log_(Level::warning, "nobody has confirmed what was committed, it is taken back");
    takeOver(std::move(*before), "what ran before");
}

json Daemon::confirm()
{
    if (!before_)
        return refusal("there is nothing to confirm");
    confirmation_.cancel();
    before_.reset();
    log_(Level::notice, "what was committed is confirmed");
    return {{"ok", true}};
}

json Daemon::difference(const std::string &file)
{
    const auto loaded = load(file, options_.configId);
    if (!loaded.good())
        return refusal(fmt::format("{}{} would be refused", errorsOf(loaded), file));
    json steps = json::array();
    for (const auto &step : services_.difference(loaded.model))
        steps.push_back(lbctl::toCommand(step.change));
    return {{"ok", true}, {"steps", std::move(steps)}};
}

json Daemon::status() const
{
    std::size_t up = 0, down = 0, withoutQuorum = 0;
    for (const auto &running : services_.all()) {
        for (std::size_t i = 0; i < running->servers.size(); i++)
            ++(running->pool.up(i) ? up : down);
        withoutQuorum += running->pool.hasQuorum() ? 0 : 1;
    }
    json answer{{"ok", true},
                {"version", version},
                {"pid", ::getpid()},
                {"seconds",
                 std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - started_).count()},
                {"file", options_.file},
                {"loaded", utc(loadedAt_)},
                {"virtual_servers", services_.all().size()},
                {"without_quorum", withoutQuorum},
                {"servers_up", up},
                {"servers_down", down}};
    if (!lastRefusal_.empty())
        answer["refused"] = lastRefusal_;
    if (before_)
        answer["confirm_within"] =
            std::chrono::duration_cast<std::chrono::seconds>(confirmation_.expiry() - Clock::now())
                .count();
    return answer;
}

json Daemon::health() const
{
    return {{"ok", true},
            {"virtual_servers", toJson(services_, prober_, health::Time::clock::now())}};
}

json Daemon::answer(const json &request, const control::Peer &peer)
{
    const auto what = request.value("do", "");
    if (what == "status")
        return status();
    if (what == "health")
        return health();
    if (what != "reload" && what != "diff" && what != "commit" && what != "confirm" &&
        what != "stop")
        return refusal(fmt::format("'{}' is nothing that can be asked", what),
                       "status, health, diff, reload, commit, confirm, stop");
    if (!peer.mayChange())
        return refusal(fmt::format("user {} may not ask for that", peer.uid), "as root");
    log_(Level::info, fmt::format("process {} of user {} asks: {}", peer.pid, peer.uid, what));
    return change(what, request);
}

json Daemon::change(const std::string &what, const json &request)
{
    if (what == "reload")
        return reload();
    if (what == "confirm")
        return confirm();
    if (what == "stop") {
        // The answer goes first.
        boost::asio::post(io_, [this] { stop(); });
        return {{"ok", true}, {"pid", ::getpid()}};
    }
    const auto file = request.value("file", options_.file);
    if (what == "diff")
        return difference(file);
    return commit(file, request.value("confirm", std::uint32_t{0}));
}

} // namespace lb::lbd
