// SPDX-License-Identifier: GPL-2.0
#include "daemon.hpp"

#include "../base/version.hpp"
#include "../lbctl/script.hpp"
#include "../plane/diff.hpp"
#include "../web/exposition.hpp"
#include "health_json.hpp"
#include "module.hpp"
#include "program.hpp"
#include "scheduling.hpp"
#include "sync.hpp"
#include "utc.hpp"

#include <algorithm>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
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

// Of the loop, as long as it turns.
constexpr auto heartbeat = std::chrono::seconds(1);
constexpr auto metricsAgain = std::chrono::seconds(10);

// All errors of a configuration, as "lbd check" shows them.
std::string errorsOf(const Loaded &loaded)
{
    std::string all;
    for (const auto &finding : loaded.tree.findings)
        if (finding.severity == config::Severity::error)
            all += toString(finding, loaded.tree);
    return all;
}

std::string firstLine(const std::string &text)
{
    return text.substr(0, text.find('\n'));
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
               .certificate =
                   [this](const auto &job, auto ends) {
                       if (auto said = teller_->tellCertificate(job, ends))
                           tell({.kind = Event::Kind::certificateEnds,
                                 .server = toString(job.way.to),
                                 .reason = std::move(*said)});
                   },
               .external = [this](const health::Job &job) { return Outside::hold(outside_, job); }},
              std::move(tls)),
      services_(io, std::move(director), prober_, log_,
                [this](const auto &pool, const auto &news, const auto &why) {
                    teller_->tell(pool, news, why);
                    tell(eventOf(pool, news, why));
                }),
      drift_(
          io, services_.keeper(),
          [name = loaded_.model.globals.netNamespaceServices] {
              return openDirector(name, Missing::stays);
          },
          log_, [this](const std::string &what, bool repaired) { tellDrift(what, repaired); }),
      suspend_(io, services_, prober_, log_), reloadTime_(io, log_, [this] { reload(); }),
      signals_(io, SIGTERM, SIGINT, SIGHUP), confirmation_(io), heart_(io), watchdog_(io)
{}

Result<std::unique_ptr<Daemon>> Daemon::start(boost::asio::io_context &io, Options options,
                                              Loaded loaded, Folder folder, Log log)
{
    auto director = openDirector(loaded.model.globals.netNamespaceServices, Missing::loaded);
    if (!director)
        return director.error();
    return start(io, std::move(options), std::move(loaded), std::move(folder), std::move(log),
                 std::move(*director));
}

Result<std::unique_ptr<Daemon>> Daemon::start(boost::asio::io_context &io, Options options,
                                              Loaded loaded, Folder folder, Log log,
                                              netlink::Director director)
{
    auto tls = health::makeTls(loaded.model.tls);
    if (!tls)
        return tls.error();
    auto daemon =
        std::make_unique<Daemon>(io, std::move(options), std::move(loaded), std::move(folder),
                                 std::move(director), std::move(*tls), std::move(log));
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
    drift_.start(loaded_.model.globals.onDrift);
    followGlobals({});
    if (loaded_.model.globals.notifyAtStart)
        for (const auto &running : services_.all())
            teller_->tellStart(running->pool);
    auto server = control::Server::listen(
        io_, folder_.path(),
        [this](const json &request, const control::Peer &peer) { return answer(request, peer); });
    if (!server)
        return server.error();
    server_ = std::move(*server);
    // Counters are no secret; who may reach them by TCP is for the configuration.
    auto metrics = web::Server::listen(io_, folder_.path() + "/metrics.sock", pages());
    if (metrics)
        metricsSocket_ = std::move(*metrics);
    else
        log_(Level::warning, fmt::format("no metrics: {}", toString(metrics.error())));
    waitForSignals();
    auto said = fmt::format("lbd {} runs {}: {} services, {} changes made on the director", version,
                            options_.file, change->services, change->steps);
    if (const auto crashes = folder_.crashes().count())
        said += fmt::format("; lbd has ended without being told to {} times within {} minutes",
                            crashes, Crashes::remembered.count());
    log_(Level::notice, said);
    tell({.kind = Event::Kind::start, .reason = said});
    beat();
    supervisor_.ready();
    if (const auto interval = Supervisor::interval())
        feedWatchdog(*interval);
    return {};
}

void Daemon::beat()
{
    heartbeat_ = std::chrono::system_clock::now();
    supervisor_.status(summary());
    if (loaded_.model.globals.metrics && !metrics_ && Clock::now() >= metricsTried_ + metricsAgain)
        serveMetrics();
    heart_.expires_after(heartbeat);
    heart_.async_wait([this](const boost::system::error_code &code) {
        if (!code)
            beat();
    });
}

// From the loop itself: when that hangs, the service manager notices.
void Daemon::feedWatchdog(std::chrono::microseconds interval)
{
    supervisor_.alive();
    watchdog_.expires_after(interval);
    watchdog_.async_wait([this, interval](const boost::system::error_code &code) {
        if (!code)
            feedWatchdog(interval);
    });
}

std::string Daemon::summary() const
{
    std::size_t up = 0, all = 0, withoutQuorum = 0;
    for (const auto &running : services_.all()) {
        for (std::size_t i = 0; i < running->servers.size(); i++, all++)
            up += running->pool.up(i) ? 1 : 0;
        withoutQuorum += running->pool.hasQuorum() ? 0 : 1;
    }
    auto text = fmt::format("{} virtual servers, {} without quorum; {} of {} servers up",
                            services_.all().size(), withoutQuorum, up, all);
    if (before_)
        text += "; a commit waits to be confirmed";
    if (!lastRefusal_.empty())
        text += "; the last reload was refused";
    return text;
}

Facts Daemon::facts() const
{
    using std::chrono::system_clock;
    return {.started = system_clock::now() -
                       std::chrono::duration_cast<system_clock::duration>(Clock::now() - started_),
            .heartbeat = heartbeat_,
            .loaded = loadedAt_,
            .reloadsTaken = reloadsTaken_,
            .reloadsRefused = reloadsRefused_,
            .refused = !lastRefusal_.empty(),
            .events = events_.last(),
            .eventsLost = events_.lost()};
}

std::vector<web::Page> Daemon::pages()
{
    return {{.path = "/metrics", .type = std::string(web::expositionType), .open = [this] {
                 return scrape({services_, prober_, [this] { return facts(); }});
             }}};
}

// An address that is not there yet may come: it is tried again.
void Daemon::serveMetrics()
{
    metrics_.reset();
    const auto &at = loaded_.model.globals.metrics;
    if (!at)
        return;
    metricsTried_ = Clock::now();
    auto server = web::Server::listen(io_, *at, pages());
    if (server) {
        metrics_ = std::move(*server);
        metricsFailed_ = false;
        return;
    }
    if (std::exchange(metricsFailed_, true))
        return;
    const auto said = fmt::format("metrics are not served by TCP: {}", toString(server.error()));
    log_(Level::warning, said);
    tell({.kind = Event::Kind::metricsFailed, .reason = said});
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
    supervisor_.stopping();
    if (loaded_.model.globals.flushOnStop != no) {
        if (const auto flushed = services_.flush(); !flushed)
            log_(Level::error,
                 fmt::format("the services could not be removed: {}", toString(flushed.error())));
        else
            folder_.forgetServices();
        followSync(services_.keeper().director(), loaded_.model.globals.syncDaemon, {}, log_);
    }
    for (const auto &running : services_.all())
        if (running->pool.server().config.omega)
            teller_->tellEnd(running->pool);
    log_(Level::notice, "lbd ends");
    tell({.kind = Event::Kind::stop, .reason = "lbd ends"});
    server_.reset();
    const auto &globals = loaded_.model.globals;
    runProgram(io_, globals.shutdown, globals.shutdownTimeout, outside_, log_,
               [this] { io_.stop(); });
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
    if (!before || before->metrics != loaded_.model.globals.metrics) {
        metricsFailed_ = false;
        serveMetrics();
    }
}

// The parts that have nothing to do with the virtual servers themselves.
void Daemon::followGlobals(const config::Globals &before)
{
    const auto &globals = loaded_.model.globals;
    suspend_.follow();
    followSync(services_.keeper().director(), before.syncDaemon, globals.syncDaemon, log_);
    reloadTime_.follow(globals.reloadTimeFile, globals.reloadRepeat);
    const auto scheduling = urgent(globals.checkerScheduling, globals.vrrpScheduling);
    if (scheduling != urgent(before.checkerScheduling, before.vrrpScheduling))
        schedule(scheduling, log_);
}

void Daemon::tellDrift(const std::string &what, bool repaired)
{
    log_(Level::warning, what);
    tell({.kind = repaired ? Event::Kind::driftRepaired : Event::Kind::driftSeen, .reason = what});
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

json Daemon::takeOver(Loaded loaded, std::string_view from, Event::Kind kind,
                      Clock::time_point begun)
{
    for (const auto &finding : loaded.tree.findings)
        log_(finding.severity == config::Severity::error ? Level::error : Level::warning,
             fmt::format("{}:{}:{}: {}",
                         finding.place.file < loaded.tree.files.size()
                             ? loaded.tree.files[finding.place.file].path
                             : options_.file,
                         finding.place.line, finding.place.column, finding.what));
    const auto refuse = [&](const json &answer) {
        lastRefusal_ = answer["error"]["what"].get<std::string>();
        reloadsRefused_++;
        log_(Level::error, fmt::format("{} is refused, what ran goes on", from));
        tell({.kind = Event::Kind::reloadRefused,
              .reason = fmt::format("{} is refused, what ran goes on: {}", from,
                                    firstLine(lastRefusal_))});
        return answer;
    };
    if (!loaded.good())
        return refuse(
            refusal(fmt::format("{}{} is refused, what ran goes on", errorsOf(loaded), from)));
    const auto &was = loaded_.model.globals, &is = loaded.model.globals;
    if (was.netNamespace != is.netNamespace || was.netNamespaceServices != is.netNamespaceServices)
        return refuse(refusal("another network namespace cannot be entered while lbd runs",
                              "stop it, and start it again"));
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
    drift_.set(loaded_.model.globals.onDrift);
    drift_.lookSoon();
    followGlobals(before.model.globals);
    loadedAt_ = std::chrono::system_clock::now();
    lastRefusal_.clear();
    remember();
    const auto took = std::chrono::duration<double>(Clock::now() - begun).count();
    const auto said = fmt::format("{} runs: {} services, {} changes in {:.3f} s", from,
                                  change->services, change->steps, took);
    reloadsTaken_++;
    log_(Level::notice, said);
    tell({.kind = kind, .reason = said});
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
    supervisor_.reloading();
    const auto &reloadFile = loaded_.model.globals.reloadFile;
    const auto mark = !reloadFile           ? ""
                      : reloadFile->empty() ? folder_.path() + "/reload"
                                            : *reloadFile;
    if (!mark.empty())
        Fd(::open(mark.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    const auto begun = Clock::now();
    auto loaded = load(options_.file, options_.configId);
    if (!mark.empty())
        ::unlink(mark.c_str());
    auto answer = takeOver(std::move(loaded), options_.file, Event::Kind::reloadTaken, begun);
    supervisor_.ready();
    return answer;
}

json Daemon::commit(const std::string &file, std::uint32_t confirm)
{
    supervisor_.reloading();
    const auto begun = Clock::now();
    auto loaded = load(file, options_.configId);
    auto ran = confirm ? std::make_unique<Loaded>(loaded_) : nullptr;
    auto answer = takeOver(std::move(loaded), file,
                           confirm ? Event::Kind::commitTaken : Event::Kind::reloadTaken, begun);
    supervisor_.ready();
    // Refused, it leaves as it was what waits to be confirmed.
    if (!answer["ok"].get<bool>())
        return answer;
    confirmation_.cancel();
    // Of two commits that nobody confirms both are taken back.
    if (auto before = std::move(before_); before && confirm)
        ran = std::move(before);
    if (!confirm)
        return answer;
    before_ = std::move(ran);
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
    supervisor_.reloading();
    takeOver(std::move(*before), "what ran before", Event::Kind::commitRolledBack, Clock::now());
    supervisor_.ready();
}

json Daemon::confirm()
{
    if (!before_)
        return refusal("there is nothing to confirm");
    confirmation_.cancel();
    before_.reset();
    log_(Level::notice, "what was committed is confirmed");
    tell({.kind = Event::Kind::commitConfirmed, .reason = "what was committed is confirmed"});
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
    if (!drift_.commands().empty())
        answer["drift"] = drift_.commands();
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

// {"since": N, "last": M, "follow": true}
control::Answer Daemon::events(const json &request)
{
    const auto since = request.value("since", std::uint64_t{0});
    const auto most = request.value("last", Events::kept);
    if (request.value("follow", false))
        return {json{{"ok", true}, {"last", events_.last()}}, events_.follow(since, most)};
    json list = json::array();
    for (const auto *event : events_.since(since, most))
        list.push_back(toJson(*event));
    return json{{"ok", true},
                {"events", std::move(list)},
                {"last", events_.last()},
                {"lost", events_.missed(since)}};
}

control::Answer Daemon::answer(const json &request, const control::Peer &peer)
{
    const auto what = request.value("do", "");
    if (what == "status")
        return status();
    if (what == "health")
        return health();
    if (what == "events")
        return events(request);
    if (what != "reload" && what != "diff" && what != "commit" && what != "confirm" &&
        what != "stop")
        return refusal(fmt::format("'{}' is nothing that can be asked", what),
                       "status, health, events, diff, reload, commit, confirm, stop");
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
