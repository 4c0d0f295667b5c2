// SPDX-License-Identifier: GPL-2.0
// Holds the dialogues when they are due and tells what became of the servers. Equal jobs are one
// probe, however many ask. Everything happens on the loop; nothing is done per event that grows
// with the number of probes. What a server's state means for a service is the caller's.
#pragma once

#include "dialogue.hpp"
#include "job.hpp"
#include "monitor.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <unordered_map>

#include <boost/asio/io_context.hpp>

namespace lb::health {

class Prober {
public:
    enum class Id : std::uint64_t {};

    // Any of them may call the prober, and may destroy it.
    struct Callbacks {
        // The server became up or down, or is known now.
        std::function<void(Id, bool up, const Verdict &)> changed{};
        // The probe asks for another weight than before.
        std::function<void(Id, std::int64_t)> weight{};
        // A failure that may have changed nothing, of jobs that log all failures; and, of all
        // jobs, that nothing could be found out.
        std::function<void(Id, const Verdict &)> failed{};
        // Each time that a server has shown a certificate, once whoever wants to know of it.
        std::function<void(const Job &, std::chrono::system_clock::time_point ends)> certificate{};
        // Holds MISC_CHECK and FILE_CHECK. The job lasts as long as what is returned.
        std::function<Task<Verdict>(const Job &)> external{};
    };

    Prober(asio::io_context &loop, Callbacks callbacks, Tls tls);
    Prober(const Prober &) = delete;
    Prober &operator=(const Prober &) = delete;
    ~Prober();

    // @known: what the caller holds the server for. If that is other than what the probe knows
    // already, changed() says so soon.
    Id add(const Job &job, std::optional<bool> known);
    void remove(Id id);

    // A probe that only those want to know of that are paused is not held. What is known stays;
    // who is resumed is told what it missed.
    void pause(Id id);
    void resume(Id id);

    // For what begins from now on.
    void use(Tls tls) { tls_ = std::move(tls); }

    // Of an id that was added and not removed.
    [[nodiscard]] const Job &job(Id id) const;
    [[nodiscard]] const Record &record(Id id) const;
    [[nodiscard]] std::optional<bool> up(Id id) const;
    [[nodiscard]] std::optional<std::int64_t> weight(Id id) const;
    [[nodiscard]] bool paused(Id id) const;

    [[nodiscard]] std::size_t probes() const { return probes_.size(); }

private:
    struct Probe;
    struct Wish {
        std::shared_ptr<Probe> probe{};
        std::optional<bool> told{};
        std::optional<std::int64_t> toldWeight{};
        bool paused = false;
    };
    struct Hash {
        std::size_t operator()(const Job *job) const { return hashOf(*job); }
    };
    struct Equal {
        bool operator()(const Job *a, const Job *b) const { return *a == *b; }
    };
    using Alive = std::weak_ptr<const bool>;

    [[nodiscard]] const Wish &wish(Id id) const;
    void schedule(const std::shared_ptr<Probe> &probe);
    void begin(const std::shared_ptr<Probe> &probe);
    void end(const std::shared_ptr<Probe> &probe, const Verdict &verdict);
    void tell(Id id, const Verdict &verdict);
    void tellLater(Id id);
    void halt(Probe &probe);

    asio::io_context &loop_;
    std::shared_ptr<const Callbacks> callbacks_; // outlive the call that destroys the prober
    Tls tls_;
    std::mt19937_64 random_;
    std::uint64_t next_ = 1;
    std::unordered_map<Id, Wish> wishes_{};
    std::unordered_map<const Job *, std::shared_ptr<Probe>, Hash, Equal> probes_{};
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

} // namespace lb::health
