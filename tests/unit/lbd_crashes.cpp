// SPDX-License-Identifier: GPL-2.0
#include "lbd/crashes.hpp"

#include <boost/test/unit_test.hpp>

using lb::lbd::Crashes;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(lbd_crashes)

constexpr Crashes::Time now{seconds(1'800'000'000)};

BOOST_AUTO_TEST_CASE(five_within_two_minutes_are_a_loop)
{
    Crashes crashes;
    for (int i = 0; i < 4; i++)
        crashes.add(now - seconds(119 - i));
    crashes.forget(now);
    BOOST_TEST(crashes.count() == 4);
    BOOST_TEST(!crashes.looping());
    crashes.add(now);
    BOOST_TEST(crashes.looping());
    crashes.forget(now + seconds(1));
    BOOST_TEST(crashes.count() == 4);
    BOOST_TEST(!crashes.looping());
    crashes.forget(now + seconds(120));
    BOOST_TEST(crashes.count() == 0);
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_makes_no_loop)
{
    Crashes crashes;
    for (int i = 0; i < 5; i++)
        crashes.add(now + seconds(3600));
    crashes.forget(now);
    BOOST_TEST(crashes.count() == 0);
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read)
{
    Crashes crashes;
    BOOST_TEST(crashes.toText().empty());
    crashes.add(now);
    crashes.add(now + seconds(7));
    BOOST_TEST(crashes.toText() == "1800000000\n1800000007\n");
    BOOST_TEST(Crashes::parse(crashes.toText()).toText() == crashes.toText());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_none_of_ours)
{
    BOOST_TEST(Crashes::parse("").count() == 0);
    BOOST_TEST(Crashes::parse("\n\nx\n-1\n1.5\n99999999999999999999\n").count() == 0);
    BOOST_TEST(Crashes::parse("1800000000").toText() == "1800000000\n");
    BOOST_TEST(Crashes::parse("1800000000\nhalf of 18").toText() == "1800000000\n");
}

BOOST_AUTO_TEST_SUITE_END()
