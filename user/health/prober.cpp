// SPDX-License-Identifier: GPL-2.0
#include "prober.hpp"

#include <algorithm>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace lb::health {

namespace {

using Clock = std::chrono::steady_clock;
using External = std::function<Task<Verdict>(const Job &)>;

// Owns all that it uses: it may outlive the probe, and the prober.
Task<Verdict> hold(std::shared_ptr<const Job> job, External external, Tls tls)
{
    const auto &way = job->way;
    const auto &ask = job->ask;
    if (std::holds_alternative<TcpAsk>(ask))
        co_return co_await probeTcp(way);
    if (const auto *http = std::get_if<HttpAsk>(&ask))
        co_return co_await probeHttp(way, *http, std::move(tls));
    if (const auto *smtp = std::get_if<SmtpAsk>(&ask))
        co_return co_await probeSmtp(*smtp);
    if (const auto *dns = std::get_if<DnsAsk>(&ask))
        co_return co_await probeDns(way, *dns);
    if (const auto *udp = std::get_if<UdpAsk>(&ask))
        co_return co_await probeUdp(way, *udp);
    if (const auto *grpc = std::get_if<GrpcAsk>(&ask))
        co_return co_await probeGrpc(way, *grpc, std::move(tls));
    if (std::holds_alternative<PingAsk>(ask))
        co_return co_await probePing(way);
    if (!external)
        co_return Verdict::down("nothing here runs such a probe");
    co_return co_await external(*job);
}

std::string reasonOf(const std::exception_ptr &exception)
{
    try {
        std::rethrow_exception(exception);
    } catch (const std::exception &error) {
        return error.what();
    } catch (...) {
        return "an unknown error";
    }
}

} // namespace

struct Prober::Probe {
    Probe(asio::io_context &loop, const Job &asked, Monitor machine)
        : job(std::make_shared<const Job>(asked)), monitor(std::move(machine)), timer(loop)
    {}

    std::shared_ptr<const Job> job;
    Monitor monitor;
    asio::steady_timer timer;
    std::vector<Id> ids{};
    std::size_t awake = 0; // of those, not paused
    std::optional<std::int64_t> weight{};
    // Of the dialogue that is being held; null if none.
    std::shared_ptr<asio::cancellation_signal> cancel{};
};

Prober::Prober(asio::io_context &loop, Callbacks callbacks, Tls tls)
    : loop_(loop), callbacks_(std::make_shared<const Callbacks>(std::move(callbacks))),
      tls_(std::move(tls)), random_(std::random_device{}())
{}

Prober::~Prober()
{
    try {
        for (const auto &[job, probe] : probes_)
            halt(*probe);
    } catch (const std::exception &) {
        // What was not cut off ends by itself, and finds no prober.
        alive_.reset();
    }
}

const Prober::Wish &Prober::wish(Id id) const
{
    return wishes_.at(id);
}

Prober::Id Prober::add(const Job &job, std::optional<bool> known)
{
    const Id id{next_++};
    std::shared_ptr<Probe> probe;

    if (const auto found = probes_.find(&job); found != probes_.end()) {
        probe = found->second;
    } else {
        const auto random = [this] { return std::uniform_real_distribution<>()(random_); };
        probe = std::make_shared<Probe>(loop_, job, Monitor(job.pace, known, Clock::now(), random));
        probes_.emplace(probe->job.get(), probe);
    }
    probe->ids.push_back(id);
    wishes_.emplace(id, Wish{.probe = probe, .told = known});
    if (probe->awake++ == 0) {
        if (probe->ids.size() > 1)
            probe->monitor.resume(Clock::now());
        schedule(probe);
    }
    if (probe->monitor.up() && probe->monitor.up() != known)
        tellLater(id);
    return id;
}

void Prober::remove(Id id)
{
    const auto found = wishes_.find(id);
    if (found == wishes_.end())
        return;
    const auto probe = found->second.probe;
    const bool wasAwake = !found->second.paused;
    wishes_.erase(found);
    std::erase(probe->ids, id);
    if (wasAwake && --probe->awake == 0)
        halt(*probe);
    if (probe->ids.empty())
        probes_.erase(probe->job.get());
}

void Prober::pause(Id id)
{
    const auto found = wishes_.find(id);
    if (found == wishes_.end() || found->second.paused)
        return;
    found->second.paused = true;
    if (--found->second.probe->awake == 0)
        halt(*found->second.probe);
}

void Prober::resume(Id id)
{
    const auto found = wishes_.find(id);
    if (found == wishes_.end() || !found->second.paused)
        return;
    auto &wish = found->second;
    wish.paused = false;
    if (wish.probe->awake++ == 0) {
        wish.probe->monitor.resume(Clock::now());
        schedule(wish.probe);
    }
    tellLater(id);
}

const Job &Prober::job(Id id) const
{
    return *wish(id).probe->job;
}

const Record &Prober::record(Id id) const
{
    return wish(id).probe->monitor.record();
}

std::optional<bool> Prober::up(Id id) const
{
    return wish(id).probe->monitor.up();
}

std::optional<std::int64_t> Prober::weight(Id id) const
{
    return wish(id).probe->weight;
}

bool Prober::paused(Id id) const
{
    return wish(id).paused;
}

void Prober::halt(Probe &probe)
{
    probe.timer.cancel();
    if (const auto cancel = std::exchange(probe.cancel, nullptr))
        cancel->emit(asio::cancellation_type::terminal);
}

void Prober::schedule(const std::shared_ptr<Probe> &probe)
{
    probe->timer.expires_at(probe->monitor.due());
    probe->timer.async_wait([this, weak = std::weak_ptr(probe)](boost::system::error_code ec) {
        const auto self = weak.lock();
        // Without a probe there may be no prober. One that rang before it was set anew, or
        // halted, finds nothing due.
        if (ec || !self || self->awake == 0 || self->cancel || self->monitor.due() > Clock::now())
            return;
        begin(self);
    });
}

void Prober::begin(const std::shared_ptr<Probe> &probe)
{
    probe->monitor.started(Clock::now());
    const auto cancel = std::make_shared<asio::cancellation_signal>();
    probe->cancel = cancel;
    asio::co_spawn(loop_, hold(probe->job, callbacks_->external, tls_),
                   asio::bind_cancellation_slot(
                       cancel->slot(), [this, cancel, weak = std::weak_ptr(probe)](
                                           const std::exception_ptr &thrown, Verdict verdict) {
                           const auto self = weak.lock();
                           // Cut off: whatever it says.
                           if (!self || self->cancel != cancel)
                               return;
                           if (thrown)
                               verdict = Verdict::down(reasonOf(thrown));
                           self->cancel.reset();
                           end(self, verdict);
                       }));
}

void Prober::end(const std::shared_ptr<Probe> &probe, const Verdict &verdict)
{
    probe->monitor.on(verdict, Clock::now());
    if (verdict.weight)
        probe->weight = verdict.weight;
    schedule(probe);

    const Alive alive = alive_;
    const auto callbacks = callbacks_;
    const auto job = probe->job;
    // Those who are told may add and remove.
    const auto ids = probe->ids;
    for (const auto id : ids) {
        if (!alive.lock())
            return;
        tell(id, verdict);
        if (!alive.lock())
            return;
        const auto found = wishes_.find(id);
        const bool log = verdict.inconclusive || (!verdict.good && probe->job->logAllFailures);
        const bool awake = found != wishes_.end() && !found->second.paused;
        if (log && awake && callbacks->failed)
            callbacks->failed(id, verdict);
    }
    if (alive.lock() && verdict.certificateEnds && callbacks->certificate)
        callbacks->certificate(*job, *verdict.certificateEnds);
}

// What @id does not know yet.
void Prober::tell(Id id, const Verdict &verdict)
{
    const auto found = wishes_.find(id);
    if (found == wishes_.end() || found->second.paused)
        return;
    auto &wish = found->second;
    const auto up = wish.probe->monitor.up();
    const auto weight = wish.probe->weight;
    const bool newWeight = weight && weight != wish.toldWeight;
    const bool newState = up && up != wish.told;
    wish.told = up ? up : wish.told;
    wish.toldWeight = weight;

    const Alive alive = alive_;
    const auto callbacks = callbacks_;
    if (newWeight && callbacks->weight)
        callbacks->weight(id, *weight);
    if (newState && alive.lock() && wishes_.contains(id) && callbacks->changed)
        callbacks->changed(id, *up, verdict);
}

void Prober::tellLater(Id id)
{
    asio::post(loop_, [this, id, alive = Alive(alive_)] {
        if (!alive.lock())
            return;
        if (const auto found = wishes_.find(id); found != wishes_.end()) {
            // A copy: the probe may go while it is told.
            const auto last = found->second.probe->monitor.record().last;
            tell(id, last.value_or(Verdict{.why = "known before"}));
        }
    });
}

} // namespace lb::health
