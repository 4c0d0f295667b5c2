// SPDX-License-Identifier: GPL-2.0
// When a server is called up or down, and when it is asked next: as keepalived 2.2.7, whose
// checkers take 1 + retry failures to call a server down, one success to call it up, and one
// failure if it was never asked.
#include "health/monitor.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb;
using namespace lb::health;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(health_monitor)

namespace {

const Time t0 = Time() + 1000s;
const auto good = Verdict::up("connected");
const auto bad = Verdict::down("connection refused by 10.0.0.1:80");

struct Patient {
    explicit Patient(Pace pace, std::optional<bool> known = {}, double random = 0)
        : monitor(pace, known, t0, [random] { return random; })
    {}

    // A verdict when it is due: "up 5", "down 5" or "- 5", with the seconds until the next.
    std::string on(const Verdict &verdict)
    {
        const auto now = monitor.due();
        monitor.started(now);
        const auto changed = monitor.on(verdict, now);
        const std::chrono::duration<double> next = monitor.due() - now;
        return fmt::format("{} {:g}", !changed ? "-" : changed->up ? "up" : "down", next.count());
    }
    std::string state() const { return std::string(toString(monitor.record().state)); }

    Monitor monitor;
};

constexpr Pace pace{.interval = 10s, .retryDelay = 2s, .retries = 2, .warmup = 8s};

} // namespace

BOOST_AUTO_TEST_CASE(the_first_probe_is_within_the_warmup)
{
    BOOST_CHECK(Patient(pace).monitor.due() == t0);
    BOOST_CHECK(Patient(pace, {}, 0.25).monitor.due() == t0 + 2s);
    BOOST_CHECK(Patient(pace, true, 0.5).monitor.due() == t0 + 4s);
    BOOST_CHECK(Patient({.warmup = 0s}, {}, 0.5).monitor.due() == t0);
}

BOOST_AUTO_TEST_CASE(how_long_an_attempt_took)
{
    Monitor monitor(pace, {}, t0, [] { return 0.0; });
    monitor.started(t0 + 1s);
    monitor.on(good, t0 + 1s + 20ms);
    BOOST_CHECK(monitor.record().took == 20ms);
    monitor.started(t0 + 11s);
    BOOST_CHECK(monitor.record().took == 20ms); // of the last that has ended
    monitor.on(bad, t0 + 12s);
    BOOST_CHECK(monitor.record().took == 1s);
}

BOOST_AUTO_TEST_CASE(the_first_failure_of_one_never_asked_is_final)
{
    Patient patient(pace);
    BOOST_TEST(patient.state() == "unknown");
    BOOST_TEST(patient.monitor.serves());
    BOOST_TEST(patient.on(bad) == "down 10");
    BOOST_TEST(patient.state() == "down");
    BOOST_TEST(!patient.monitor.serves());
}

BOOST_AUTO_TEST_CASE(with_alpha_it_does_not_serve_until_it_answers)
{
    Patient patient({.interval = 10s, .startsDown = true});
    BOOST_TEST(!patient.monitor.serves());
    BOOST_TEST(patient.state() == "unknown");
    BOOST_TEST(patient.on(good) == "up 10");
    BOOST_TEST(patient.monitor.serves());
}

BOOST_AUTO_TEST_CASE(one_that_is_up_is_asked_again_before_it_is_down)
{
    Patient patient(pace);
    BOOST_TEST(patient.on(good) == "up 10");
    BOOST_TEST(patient.on(bad) == "- 2");
    BOOST_TEST(patient.state() == "checking");
    BOOST_TEST(patient.monitor.record().attempt == 2U);
    BOOST_TEST(patient.monitor.record().attempts == 3U);
    BOOST_TEST(patient.on(bad) == "- 2");
    BOOST_TEST(patient.on(bad) == "down 10");
    BOOST_TEST(patient.state() == "down");
    // Down already: no retries, and no news.
    BOOST_TEST(patient.on(bad) == "- 10");
    BOOST_TEST(patient.on(good) == "up 10");
}

BOOST_AUTO_TEST_CASE(a_success_starts_the_count_again)
{
    Patient patient(pace, true);
    BOOST_TEST(patient.on(bad) == "- 2");
    BOOST_TEST(patient.on(bad) == "- 2");
    BOOST_TEST(patient.on(good) == "- 10");
    BOOST_TEST(patient.state() == "up");
    BOOST_TEST(patient.on(bad) == "- 2");
    BOOST_TEST(patient.on(bad) == "- 2");
    BOOST_TEST(patient.on(bad) == "down 10");
}

BOOST_AUTO_TEST_CASE(without_retries_one_failure_is_enough)
{
    Patient patient({.interval = 10s, .retries = 0}, true);
    BOOST_TEST(patient.on(bad) == "down 10");
}

BOOST_AUTO_TEST_CASE(what_is_known_is_no_news)
{
    Patient up(pace, true), down(pace, false);
    BOOST_TEST(up.state() == "up");
    BOOST_TEST(up.on(good) == "- 10");
    BOOST_TEST(down.state() == "down");
    BOOST_TEST(down.on(bad) == "- 10");
    BOOST_TEST(down.monitor.record().history.empty());
}

BOOST_AUTO_TEST_CASE(what_the_director_could_not_ask_changes_nothing)
{
    const Verdict none{.why = "opening a socket: Too many open files", .inconclusive = true};
    Patient patient({.interval = 10s, .retries = 0}, true), fresh(pace);
    BOOST_TEST(patient.on(none) == "- 10");
    BOOST_TEST(patient.state() == "up");
    BOOST_TEST(patient.monitor.record().last->why == none.why);
    BOOST_TEST(patient.monitor.record().inconclusive == 1U);
    BOOST_TEST(fresh.on(none) == "- 10");
    BOOST_TEST(fresh.state() == "unknown");
}

BOOST_AUTO_TEST_CASE(jitter_lengthens_intervals_and_not_retries)
{
    Patient patient({.interval = 10s, .retryDelay = 1s, .retries = 1, .jitter = 4s}, true, 0.5);
    BOOST_TEST(patient.on(good) == "- 12");
    BOOST_TEST(patient.on(bad) == "- 1");
    BOOST_TEST(patient.on(bad) == "down 12");
}

BOOST_AUTO_TEST_CASE(the_record_tells_what_happened)
{
    Patient patient({.interval = 10s, .retries = 0});
    for (int i = 0; i < 10; i++) {
        patient.on(good);
        patient.on(bad);
    }
    const auto &record = patient.monitor.record();
    BOOST_TEST(record.good == 10U);
    BOOST_TEST(record.failed == 10U);
    BOOST_TEST(record.history.size() == 16U);
    BOOST_TEST(record.history.front().up);
    BOOST_TEST(record.history.back().why == bad.why);
    BOOST_CHECK(record.since == t0 + 190s);
    BOOST_CHECK(record.lastAt == t0 + 190s);
    BOOST_CHECK(record.due == t0 + 200s);
}

BOOST_AUTO_TEST_CASE(how_late_it_ever_was)
{
    Patient patient(pace);
    patient.monitor.started(t0 + 300ms);
    patient.monitor.on(good, t0 + 400ms);
    patient.monitor.started(patient.monitor.due() + 100ms);
    BOOST_CHECK(patient.monitor.record().worstLateness == 300ms);
}

BOOST_AUTO_TEST_CASE(resumed_it_starts_as_at_first_and_knows_what_it_knew)
{
    Patient patient(pace, true, 0.5);
    patient.on(bad);
    patient.monitor.resume(t0 + 100s);
    BOOST_CHECK(patient.monitor.due() == t0 + 104s);
    BOOST_TEST((patient.monitor.up() == true));
}

BOOST_AUTO_TEST_SUITE_END()
