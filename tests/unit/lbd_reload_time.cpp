// SPDX-License-Identifier: GPL-2.0
// reload_time_file: the formats of keepalived.conf(5), and what is next. The times are arithmetic on
// 2026-03-01 12:00:00 UTC, which is 1772366400.
#include "lbd/reload_time.hpp"

#include <boost/test/unit_test.hpp>

using namespace lb::lbd;

namespace {

constexpr std::time_t noon = 1772366400;

std::time_t next(std::string_view text)
{
    const auto date = nextTime(text, std::chrono::system_clock::from_time_t(noon));
    return date ? std::chrono::system_clock::to_time_t(*date) : 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(lbd_reload_time)

BOOST_AUTO_TEST_CASE(a_time_is_today_or_tomorrow)
{
    BOOST_TEST(next("12:00:01Z") == noon + 1);
    BOOST_TEST(next("23:59:59Z") == noon + 12 * 3600 - 1);
    BOOST_TEST(next("12:00:00Z") == noon + 86400);
    BOOST_TEST(next("00:00:00Z") == noon + 43200);
}

BOOST_AUTO_TEST_CASE(a_date_is_that_day)
{
    BOOST_TEST(next("2026-03-02 12:00:00Z") == noon + 86400);
    BOOST_TEST(next("26-03-02 12:00:00Z") == noon + 86400);
    BOOST_TEST(next("2028-02-29 12:00:00Z") == noon + 730 * 86400);
    BOOST_TEST(next("2026-03-01 11:59:59Z") == 0);
}

BOOST_AUTO_TEST_CASE(anything_else_is_none)
{
    for (const auto *text :
         {"", "Z", "12:00", "24:00:00Z", "12:60:00Z", "12:00:60Z", "2026-13-01 12:00:00Z",
          "2026-00-01 12:00:00Z", "2026-03-00 12:00:00Z", " 12:00:01Z", "12:00:01 Z", "12:00:01ZZ",
          "2026-03-02  12:00:00Z", "2026/03/02 12:00:00Z", "126-03-02 12:00:00Z", "1a:00:00Z"})
        BOOST_TEST(next(text) == 0, text);
}

BOOST_AUTO_TEST_SUITE_END()
