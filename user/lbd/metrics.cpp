// SPDX-License-Identifier: GPL-2.0
#include "metrics.hpp"

#include "../../include/lb_version.h"
#include "../web/exposition.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace lb::lbd {

namespace {

using Clock = std::chrono::steady_clock;

// No piece of the taking is begun later than this after its turn's begin.
constexpr auto turn = std::chrono::milliseconds(2);
// Bytes after which a piece of the text is enough.
constexpr std::size_t enough = std::size_t{64} * 1024;
// Reloads during one scrape before it gives up.
constexpr int mostReloads = 5;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t slots = 9;
using Values = std::array<double, slots>; // NaN: there is none

// What samples are of; each has so many values, of which a family shows one.
enum class Of : std::uint8_t {
    lbd,
    total,
    backend,
    address,
    realAddress,
    virtualServer,
    server,
    probe
};
constexpr std::size_t kinds = 8;

struct Sample {
    std::string labels{};
    Values values{};
};

struct Row {
    Family family{};
    Of of = Of::lbd;
    std::size_t value = 0;
    std::string_view more{}; // labels besides the sample's
};

// The slots of Sample::values.
namespace lbdValue {
enum : std::size_t { taken, refused, wasRefused, loaded, heartbeat, started, events, lost, one };
}
namespace stat {
enum : std::size_t { conns, inPackets, outPackets, inBytes, outBytes, readable };
}
namespace backend {
enum : std::size_t { active, inactive, weight };
}
namespace virtualValue {
enum : std::size_t { quorum, weight, sorry };
}
namespace serverValue {
enum : std::size_t { up, weight };
}
namespace probeValue {
enum : std::size_t { up, good, failed, inconclusive, duration, last, certificate };
}

constexpr std::string_view counter = "counter", gauge = "gauge";
constexpr std::string_view results = "Probes that have ended, by what they came to.";
constexpr std::string_view reloads = "Reloads and commits, by what became of them.";

// Rows of one family stand together.
constexpr Row rows[] = {
    {{"node_ipvs_connections_total", counter, "The total number of connections made."},
     Of::total,
     stat::conns},
    {{"node_ipvs_incoming_packets_total", counter, "The total number of incoming packets."},
     Of::total,
     stat::inPackets},
    {{"node_ipvs_outgoing_packets_total", counter, "The total number of outgoing packets."},
     Of::total,
     stat::outPackets},
    {{"node_ipvs_incoming_bytes_total", counter, "The total amount of incoming data."},
     Of::total,
     stat::inBytes},
    {{"node_ipvs_outgoing_bytes_total", counter, "The total amount of outgoing data."},
     Of::total,
     stat::outBytes},
    {{"node_ipvs_backend_connections_active", gauge,
      "The current active connections by local and remote address."},
     Of::backend,
     backend::active},
    {{"node_ipvs_backend_connections_inactive", gauge,
      "The current inactive connections by local and remote address."},
     Of::backend,
     backend::inactive},
    {{"node_ipvs_backend_weight", gauge, "The current backend weight by local and remote address."},
     Of::backend,
     backend::weight},
    {{"keepalived_up", gauge, "Always 1: lbd stands in for keepalived."}, Of::lbd, lbdValue::one},
    {{"keepalived_lvs_vip_in_packets", counter, "Packets that came for a service."},
     Of::address,
     stat::inPackets},
    {{"keepalived_lvs_vip_out_packets", counter, "Packets that a service answered with."},
     Of::address,
     stat::outPackets},
    {{"keepalived_lvs_vip_in_bytes", counter, "Bytes that came for a service."},
     Of::address,
     stat::inBytes},
    {{"keepalived_lvs_vip_out_bytes", counter, "Bytes that a service answered with."},
     Of::address,
     stat::outBytes},
    {{"keepalived_lvs_vip_conn", counter, "Connections to a service."}, Of::address, stat::conns},
    {{"keepalived_lvs_rs_in_packets", counter, "Packets that went to a real server."},
     Of::realAddress,
     stat::inPackets},
    {{"keepalived_lvs_rs_out_packets", counter, "Packets that a real server answered with."},
     Of::realAddress,
     stat::outPackets},
    {{"keepalived_lvs_rs_in_bytes", counter, "Bytes that went to a real server."},
     Of::realAddress,
     stat::inBytes},
    {{"keepalived_lvs_rs_out_bytes", counter, "Bytes that a real server answered with."},
     Of::realAddress,
     stat::outBytes},
    {{"keepalived_lvs_rs_conn", counter, "Connections to a real server."},
     Of::realAddress,
     stat::conns},
    {{"lbd_build_info", gauge, "Always 1, with the version of lbd."},
     Of::lbd,
     lbdValue::one,
     "version=\"" LB_VERSION "\""},
    {{"lbd_start_timestamp_seconds", gauge, "When lbd was started."}, Of::lbd, lbdValue::started},
    {{"lbd_heartbeat_timestamp_seconds", gauge, "When lbd's loop last turned, every second."},
     Of::lbd,
     lbdValue::heartbeat},
    {{"lbd_director_up", gauge, "Whether the module's counters could be read."},
     Of::total,
     stat::readable},
    {{"lbd_reloads_total", counter, reloads}, Of::lbd, lbdValue::taken, "result=\"taken\""},
    {{"lbd_reloads_total", counter, reloads}, Of::lbd, lbdValue::refused, "result=\"refused\""},
    {{"lbd_reload_refused", gauge, "Whether the last reload was refused: what ran before it runs."},
     Of::lbd,
     lbdValue::wasRefused},
    {{"lbd_configuration_timestamp_seconds", gauge, "When the configuration that runs was taken."},
     Of::lbd,
     lbdValue::loaded},
    {{"lbd_events_total", counter, "Events of lbd: the number of the last one."},
     Of::lbd,
     lbdValue::events},
    {{"lbd_events_lost_total", counter, "Events that readers were too slow for."},
     Of::lbd,
     lbdValue::lost},
    {{"lbd_virtual_server_quorum", gauge, "Whether servers of enough weight are up."},
     Of::virtualServer,
     virtualValue::quorum},
    {{"lbd_virtual_server_weight", gauge, "The sum of weights of the servers that are up."},
     Of::virtualServer,
     virtualValue::weight},
    {{"lbd_virtual_server_sorry", gauge,
      "Whether the sorry server serves; of those that have one."},
     Of::virtualServer,
     virtualValue::sorry},
    {{"lbd_server_up", gauge, "Whether a real server is up: all its probes say so."},
     Of::server,
     serverValue::up},
    {{"lbd_server_weight", gauge,
      "Its weight when it is up, as configured or as a probe asks for."},
     Of::server,
     serverValue::weight},
    {{"lbd_probe_up", gauge, "Whether this probe holds its server for up."},
     Of::probe,
     probeValue::up},
    {{"lbd_probe_results_total", counter, results}, Of::probe, probeValue::good, "result=\"good\""},
    {{"lbd_probe_results_total", counter, results},
     Of::probe,
     probeValue::failed,
     "result=\"failed\""},
    {{"lbd_probe_results_total", counter, results},
     Of::probe,
     probeValue::inconclusive,
     "result=\"inconclusive\""},
    {{"lbd_probe_duration_seconds", gauge, "How long the last one took."},
     Of::probe,
     probeValue::duration},
    {{"lbd_probe_last_timestamp_seconds", gauge, "When the last one ended."},
     Of::probe,
     probeValue::last},
    {{"lbd_probe_certificate_end_timestamp_seconds", gauge,
      "When the certificate ends that the server has shown."},
     Of::probe,
     probeValue::certificate},
};

double seconds(std::chrono::system_clock::time_point time)
{
    constexpr double perSecond = 1000;
    const auto since =
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
    return static_cast<double>(since.count()) / perSecond;
}

double number(std::uint64_t value)
{
    return static_cast<double>(value);
}

Values valuesOf(const netlink::Stats &stats)
{
    return {number(stats.conns), number(stats.inPackets), number(stats.outPackets),
            number(stats.inBytes), number(stats.outBytes)};
}

// As exporters of keepalived write it: without brackets.
std::string plain(const Endpoint &endpoint)
{
    return fmt::format("{}:{}", toString(endpoint.ip), endpoint.port.value);
}

std::string protocolOf(const netlink::ServiceKey &key)
{
    return fmt::to_string(key.fwmark ? 0 : static_cast<int>(key.protocol));
}

std::string upper(std::string_view text)
{
    std::string all(text);
    for (auto &c : all)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return all;
}

// As /proc/net/ip_vs has it, which those exporters read.
std::string backendLabels(const netlink::ServiceKey &key, const Endpoint &remote)
{
    const bool mark = key.fwmark != 0;
    return web::Labels()
        .add("local_address", mark ? "" : toString(key.endpoint.ip))
        .add("local_port", mark ? "0" : fmt::to_string(key.endpoint.port.value))
        .add("remote_address", toString(remote.ip))
        .add("remote_port", fmt::to_string(remote.port.value))
        .add("proto", mark ? "FWM" : upper(toString(key.protocol)))
        .add("local_mark", mark ? fmt::format("{:08X}", key.fwmark) : "")
        .take();
}

class Scrape : public web::Source {
public:
    explicit Scrape(const Watched &watched)
        : services_(watched.services), prober_(watched.prober), facts_(watched.facts)
    {}

    Result<std::optional<std::string>> next() override
    {
        const auto end = Clock::now() + turn;
        if (phase_ != Phase::writing) {
            while (phase_ != Phase::writing && Clock::now() < end)
                if (const auto done = take(); !done)
                    return done.error();
            return std::optional<std::string>("");
        }
        return write();
    }

private:
    enum class Phase : std::uint8_t { director, backends, own, writing };

    std::vector<Sample> &of(Of kind) { return samples_.at(static_cast<std::size_t>(kind)); }

    // A step of the taking: one request to the director, or one virtual server.
    Result<void> take()
    {
        switch (phase_) {
        case Phase::director:
            takeDirector();
            break;
        case Phase::backends:
            takeBackends();
            break;
        case Phase::own:
            return takeOwn();
        case Phase::writing:
            break;
        }
        return {};
    }

    // Without the director's counters the rest is all the more of interest.
    void takeDirector()
    {
        auto &director = services_.keeper().director();
        auto total = director.total();
        auto services = director.services();
        const bool readable = total && services;
        auto &sample = of(Of::total).emplace_back();
        sample.values.fill(nothing);
        if (readable) {
            sample.values = valuesOf(total->stats);
            directors_ = std::move(*services);
            std::ranges::sort(directors_, {}, &netlink::Service::key);
        }
        sample.values[stat::readable] = readable ? 1 : 0;
        phase_ = readable ? Phase::backends : Phase::own;
    }

    void takeBackends()
    {
        if (next_ == directors_.size()) {
            for (auto &[labels, sum] : realServers_)
                of(Of::realAddress).push_back({labels, valuesOf(sum)});
            realServers_.clear();
            next_ = 0;
            phase_ = Phase::own;
            return;
        }
        const auto &service = directors_[next_++];
        const auto &key = service.key;
        of(Of::address)
            .push_back({web::Labels()
                            .add("addr", key.fwmark ? toString(key) : plain(key.endpoint))
                            .add("proto", protocolOf(key))
                            .take(),
                        valuesOf(service.stats)});
        // One that was removed meanwhile has none.
        const auto dests = services_.keeper().director().dests(key);
        if (!dests)
            return;
        for (const auto &dest : *dests) {
            of(Of::backend)
                .push_back(
                    {backendLabels(key, dest.endpoint),
                     {number(dest.active), number(dest.inactive), number(dest.weight.value)}});
            // They know no service of a real server: what it has of all is added up.
            auto &sum = realServers_[web::Labels()
                                         .add("addr", plain(dest.endpoint))
                                         .add("proto", protocolOf(key))
                                         .take()];
            sum.conns += dest.stats.conns;
            sum.inPackets += dest.stats.inPackets;
            sum.outPackets += dest.stats.outPackets;
            sum.inBytes += dest.stats.inBytes;
            sum.outBytes += dest.stats.outBytes;
        }
    }

    Result<void> takeOwn()
    {
        // After a reload they are others.
        if (next_ != 0 && services_.reloads() != reloads_) {
            if (++restarts_ > mostReloads)
                return Error{.what = "the configuration kept changing while it was read"};
            for (const auto kind : {Of::virtualServer, Of::server, Of::probe})
                of(kind).clear();
            next_ = 0;
        }
        reloads_ = services_.reloads();
        if (next_ < services_.all().size()) {
            takeVirtualServer(*services_.all()[next_++]);
            return {};
        }
        takeFacts();
        next_ = 0;
        phase_ = Phase::writing;
        return {};
    }

    void takeVirtualServer(const Services::Running &running)
    {
        const auto &pool = running.pool;
        const auto &virtualServer = pool.server();
        const auto labels = web::Labels()
                                .add("virtual_server", virtualServer.name)
                                .add("protocol", toString(virtualServer.protocol))
                                .take();
        of(Of::virtualServer)
            .push_back({labels,
                        {pool.hasQuorum() ? 1.0 : 0.0, number(pool.weights()),
                         !virtualServer.sorry ? nothing
                         : pool.sorryServes() ? 1.0
                                              : 0.0}});
        for (std::size_t i = 0; i < virtualServer.servers.size(); i++) {
            const auto server =
                labels + ',' +
                web::Labels()
                    .add("server", toString(virtualServer.servers[i].member.endpoint))
                    .take();
            of(Of::server).push_back({server, {pool.up(i) ? 1.0 : 0.0, number(pool.weight(i))}});
            for (std::size_t j = 0; j < running.servers[i].probes.size(); j++)
                takeProbe(server, j, running.servers[i].probes[j]);
        }
    }

    void takeProbe(const std::string &server, std::size_t index, Services::ProbeId id)
    {
        const auto &job = prober_.job(id);
        const auto &record = prober_.record(id);
        Sample sample{server + ',' +
                          web::Labels()
                              .add("probe", fmt::to_string(index))
                              .add("kind", kindOf(job))
                              .add("target", toString(job.way.to))
                              .take(),
                      {}};
        auto &values = sample.values;
        values.fill(nothing);
        if (const auto up = prober_.up(id))
            values[probeValue::up] = *up ? 1 : 0;
        values[probeValue::good] = number(record.good);
        values[probeValue::failed] = number(record.failed);
        values[probeValue::inconclusive] = number(record.inconclusive);
        if (record.last) {
            values[probeValue::duration] = std::chrono::duration<double>(record.took).count();
            const auto ago = std::chrono::duration_cast<std::chrono::system_clock::duration>(
                Clock::now() - record.lastAt);
            values[probeValue::last] = seconds(std::chrono::system_clock::now() - ago);
            if (record.last->certificateEnds)
                values[probeValue::certificate] = seconds(*record.last->certificateEnds);
        }
        of(Of::probe).push_back(std::move(sample));
    }

    void takeFacts()
    {
        const auto facts = facts_();
        of(Of::lbd).push_back(
            {"",
             {number(facts.reloadsTaken), number(facts.reloadsRefused), facts.refused ? 1.0 : 0.0,
              seconds(facts.loaded), seconds(facts.heartbeat), seconds(facts.started),
              number(facts.events), number(facts.eventsLost), 1.0}});
    }

    Result<std::optional<std::string>> write()
    {
        if (row_ == std::size(rows))
            return std::optional<std::string>();
        std::string text;
        while (row_ < std::size(rows) && text.size() < enough) {
            const auto &row = rows[row_];
            const auto &samples = of(row.of);
            if (next_ == 0 && (row_ == 0 || rows[row_ - 1].family.name != row.family.name))
                web::addHeading(text, row.family.name, row.family.type, row.family.help);
            for (; next_ < samples.size() && text.size() < enough; next_++)
                addSample(text, row, samples[next_]);
            if (next_ == samples.size()) {
                row_++;
                next_ = 0;
            }
        }
        return std::optional(std::move(text));
    }

    static void addSample(std::string &text, const Row &row, const Sample &sample)
    {
        if (const auto value = sample.values.at(row.value); !std::isnan(value))
            web::addSample(text, row.family.name, sample.labels, row.more, value);
    }

    Services &services_;
    const health::Prober &prober_;
    std::function<Facts()> facts_;
    Phase phase_ = Phase::director;
    std::vector<netlink::Service> directors_{};
    std::map<std::string, netlink::Stats> realServers_{}; // by their labels
    std::array<std::vector<Sample>, kinds> samples_{};
    std::uint64_t reloads_ = 0;
    int restarts_ = 0;
    std::size_t row_ = 0;
    std::size_t next_ = 0; // service, virtual server or sample
};

} // namespace

std::vector<Family> families()
{
    std::vector<Family> all;
    for (const auto &row : rows)
        if (all.empty() || all.back().name != row.family.name)
            all.push_back(row.family);
    return all;
}

std::unique_ptr<web::Source> scrape(const Watched &watched)
{
    return std::make_unique<Scrape>(watched);
}

} // namespace lb::lbd
