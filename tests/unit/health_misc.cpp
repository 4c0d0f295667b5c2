// SPDX-License-Identifier: GPL-2.0
// What the end of a program says of a server: keepalived.conf(5), MISC_CHECK; each status was
// tried with keepalived 2.2.7.
#include "health/misc.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace lb;
using namespace lb::health;

config::MiscProbe probe(bool dynamic)
{
    config::MiscProbe probe;
    probe.script.words = {"/check", "word"};
    probe.dynamic = dynamic;
    return probe;
}

} // namespace

BOOST_AUTO_TEST_SUITE(health_misc)

BOOST_AUTO_TEST_CASE(status_0_is_good)
{
    for (const bool dynamic : {false, true}) {
        const auto verdict = miscVerdict({.status = 0}, probe(dynamic));
        BOOST_TEST(verdict.good);
        BOOST_TEST(!verdict.weight);
        BOOST_TEST(verdict.why == "/check: status 0");
    }
}

BOOST_AUTO_TEST_CASE(any_other_is_not)
{
    for (const int status : {1, 2, 3, 254, 255}) {
        const auto verdict = miscVerdict({.status = status}, probe(false));
        BOOST_TEST(!verdict.good);
        BOOST_TEST(!verdict.weight);
    }
    BOOST_TEST(miscVerdict({.status = 3}, probe(false)).why == "/check: status 3");
}

BOOST_AUTO_TEST_CASE(unless_it_is_a_weight)
{
    BOOST_TEST(!miscVerdict({.status = 1}, probe(true)).good);
    for (const auto &[status, weight] :
         {std::pair(2, 0), {3, 1}, {12, 10}, {254, 252}, {255, 253}}) {
        const auto verdict = miscVerdict({.status = status}, probe(true));
        BOOST_TEST(verdict.good);
        BOOST_TEST(*verdict.weight == weight);
    }
    BOOST_TEST(miscVerdict({.status = 12}, probe(true)).why == "/check: status 12, weight 10");
}

BOOST_AUTO_TEST_CASE(no_status_is_not_good)
{
    for (const bool dynamic : {false, true}) {
        const auto late = miscVerdict(
            {.status = 0, .late = true, .why = "it did not end within 5 s"}, probe(dynamic));
        BOOST_TEST(!late.good);
        BOOST_TEST(late.why == "/check: it did not end within 5 s");
        BOOST_TEST(!miscVerdict({.signal = 9, .why = "x"}, probe(dynamic)).good);
        BOOST_TEST(!miscVerdict({.why = "it is not there"}, probe(dynamic)).good);
    }
}

BOOST_AUTO_TEST_SUITE_END()
