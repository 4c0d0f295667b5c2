// SPDX-License-Identifier: GPL-2.0
// When a connection is told: expected values are computed by hand from what ip_vs's
// Documentation/networking/ipvs-sysctl.rst says of sync_threshold, sync_refresh_period and
// sync_retries.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/sync_due.h"
}

namespace {

using Packets = std::vector<u32>;

struct Rules {
    u32 threshold = 3;
    u32 period = 50;
    u32 refresh = 0;
    u32 retries = 0;
};

// What a packet does, the @packets-th, @age seconds after it was told @retries + 1 times.
enum sync_due dueAt(const Rules &rules, u32 age, u32 retries, u32 timeout, u32 packets = 0,
                    bool ever = true)
{
    const sync_rules said{rules.threshold, rules.period, rules.refresh, rules.retries};
    const sync_told told{ever, age, retries};
    return sync_due(&said, &told, packets, timeout);
}

// Of packets 1 to @last of a connection that was told just before, those that tell it.
Packets toldAt(const Rules &rules, u32 last, bool ever = true)
{
    Packets at;
    for (u32 n = 1; n <= last; n++)
        if (dueAt(rules, 0, 0, 900, n, ever) != SYNC_NOT_DUE)
            at.push_back(n);
    return at;
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_sync_due)

// Told whenever the number of its packets, modulo the period, is the threshold.
BOOST_AUTO_TEST_CASE(every_period)
{
    BOOST_TEST(toldAt({.threshold = 3, .period = 50}, 160) == (Packets{3, 53, 103, 153}));
    BOOST_TEST(toldAt({.threshold = 0, .period = 4}, 12) == (Packets{4, 8, 12}));
    BOOST_TEST(toldAt({.threshold = 0, .period = 1}, 3) == (Packets{1, 2, 3}));
}

// Nobody's packets leave as much as the period itself.
BOOST_AUTO_TEST_CASE(a_threshold_that_is_never_met)
{
    BOOST_TEST(toldAt({.threshold = 50, .period = 50}, 200) == Packets{});
}

// Without either period, when there are just so many packets.
BOOST_AUTO_TEST_CASE(once)
{
    BOOST_TEST(toldAt({.threshold = 3, .period = 0}, 500) == Packets{3});
    BOOST_TEST(toldAt({.threshold = 0, .period = 0}, 500) == Packets{});
}

// Packets say nothing then: it is told with the first one, and no more before its time.
BOOST_AUTO_TEST_CASE(by_time_alone)
{
    const Rules rules{.threshold = 3, .period = 0, .refresh = 100};
    BOOST_TEST(toldAt(rules, 3, false) == (Packets{1, 2, 3}));
    BOOST_TEST(toldAt(rules, 500).empty());
    BOOST_TEST(dueAt(rules, 99, 0, 900, 7) == SYNC_NOT_DUE);
    BOOST_TEST(dueAt(rules, 100, 0, 900, 7) == SYNC_DUE);
}

// Both have to allow it.
BOOST_AUTO_TEST_CASE(by_time_and_packets)
{
    const Rules rules{.threshold = 3, .period = 50, .refresh = 100};
    BOOST_TEST(dueAt(rules, 99, 0, 900, 53) == SYNC_NOT_DUE);
    BOOST_TEST(dueAt(rules, 100, 0, 900, 54) == SYNC_NOT_DUE);
    BOOST_TEST(dueAt(rules, 100, 0, 900, 53) == SYNC_DUE);
}

// The span is the least of the period and half of the timeout, which counts as 10 at least.
BOOST_AUTO_TEST_CASE(span)
{
    struct {
        u32 refresh, timeout, span;
    } const cases[] = {
        {100, 900, 100}, // 450 is more
        {100, 120, 60},  // half of it
        {100, 20, 10},   // half of it, and the least
        {100, 10, 10},   // 5 is too short
        {100, 0, 10},    // so is none
        {4, 900, 4},     // the period is shorter still
        {4, 2, 4},
    };
    for (const auto &c : cases) {
        const Rules rules{.threshold = 3, .period = 50, .refresh = c.refresh};
        BOOST_TEST_CONTEXT("refresh " << c.refresh << ", timeout " << c.timeout)
        {
            BOOST_TEST(dueAt(rules, c.span - 1, 0, c.timeout) == SYNC_NOT_DUE);
            BOOST_TEST(dueAt(rules, c.span, 0, c.timeout) == SYNC_DUE);
        }
    }
}

// So many more times, an eighth of the period apart.
BOOST_AUTO_TEST_CASE(retries)
{
    const Rules rules{.threshold = 3, .period = 50, .refresh = 80, .retries = 2};
    BOOST_TEST(dueAt(rules, 9, 0, 900) == SYNC_NOT_DUE);
    BOOST_TEST(dueAt(rules, 10, 0, 900) == SYNC_DUE_RETRY);
    BOOST_TEST(dueAt(rules, 10, 1, 900) == SYNC_DUE_RETRY);
    BOOST_TEST(dueAt(rules, 79, 2, 900) == SYNC_NOT_DUE);
    BOOST_TEST(dueAt(rules, 80, 2, 900) == SYNC_DUE);
    // A retry, too, waits for its packet.
    BOOST_TEST(dueAt(rules, 10, 0, 900, 54) == SYNC_NOT_DUE);
    BOOST_TEST(dueAt(rules, 10, 0, 900, 53) == SYNC_DUE_RETRY);
}

// A template does not go by packets.
BOOST_AUTO_TEST_CASE(templates)
{
    BOOST_TEST(dueAt({.threshold = 3, .period = 50}, 0, 0, 300) == SYNC_DUE);
    BOOST_TEST(dueAt({.threshold = 3, .period = 50, .refresh = 60}, 59, 0, 300) == SYNC_NOT_DUE);
    BOOST_TEST(dueAt({.threshold = 3, .period = 50, .refresh = 60}, 60, 0, 300) == SYNC_DUE);
}

BOOST_AUTO_TEST_SUITE_END()
