// SPDX-License-Identifier: GPL-2.0
// Slow start: steps, the time to the next one, and weights. All values are arithmetic.
extern "C" {
#include "core/slow_start.h"
}

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_slow_start)

BOOST_AUTO_TEST_CASE(it_grows_by_sixteenths)
{
    BOOST_TEST(slow_start_step(0, 160) == 1U);
    BOOST_TEST(slow_start_step(19, 160) == 1U);
    BOOST_TEST(slow_start_step(20, 160) == 2U);
    BOOST_TEST(slow_start_step(80, 160) == 8U);
    BOOST_TEST(slow_start_step(159, 160) == 15U);
    BOOST_TEST(slow_start_step(160, 160) == 16U);
    BOOST_TEST(slow_start_step(4000000000U, 160) == 16U);
    // A day at 1000 ticks a second.
    BOOST_TEST(slow_start_step(43200000U, 86400000U) == 8U);
}

BOOST_AUTO_TEST_CASE(each_wait_leads_to_the_next_step)
{
    for (const u32 duration : {1U, 2U, 7U, 16U, 17U, 100U, 250U, 12345U, 86400000U}) {
        u32 elapsed = 0;
        u32 waits = 0;
        while (slow_start_step(elapsed, duration) < SLOW_START_STEPS) {
            const auto step = slow_start_step(elapsed, duration);
            const auto wait = slow_start_wait(elapsed, duration);
            BOOST_REQUIRE(wait >= 1U);
            BOOST_REQUIRE(slow_start_step(elapsed + wait - 1, duration) == step);
            BOOST_REQUIRE(slow_start_step(elapsed + wait, duration) > step);
            elapsed += wait;
            waits++;
        }
        BOOST_TEST(elapsed == duration);
        BOOST_TEST(waits <= SLOW_START_STEPS - 1U);
    }
}

BOOST_AUTO_TEST_CASE(weights_keep_their_proportions)
{
    BOOST_TEST(slow_start_factor(1, 65535) == 16U);
    BOOST_TEST(slow_start_factor(4095, 65535) == 16U);
    BOOST_TEST(slow_start_factor(4096, 65535) == 15U);
    BOOST_TEST(slow_start_factor(65535, 65535) == 1U);
    // One of weight 1 that is full has 16, one that begins has 1.
    BOOST_TEST(slow_start_weight(1, 16, 16) == 16U);
    BOOST_TEST(slow_start_weight(1, 16, 1) == 1U);
    BOOST_TEST(slow_start_weight(3, 16, 8) == 24U);
    // Never none.
    BOOST_TEST(slow_start_weight(1, 1, 1) == 1U);
    BOOST_TEST(slow_start_weight(65535, 1, 16) == 65535U);
    BOOST_TEST(slow_start_weight(65535, 1, 1) == 4096U);
}

BOOST_AUTO_TEST_SUITE_END()
