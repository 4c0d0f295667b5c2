// SPDX-License-Identifier: GPL-2.0
// Destinations by weight. The expectation is a stable sort.
#include <algorithm>
#include <cstdlib>
#include <random>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/ranking.h"
}

BOOST_AUTO_TEST_SUITE(core_ranking)

BOOST_DATA_TEST_CASE(the_heaviest_first_and_equals_in_order, boost::unit_test::data::xrange(20),
                     run)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_INFO("run " << run << ", seed " << seed);
    std::mt19937 random(seed);
    std::vector<ranking_place> places(1 + random() % 100);
    for (u32 i = 0; i < places.size(); i++) {
        places[i] = {run % 2 ? 1 + static_cast<u32>(random()) % 4 : 65535 - i % 3, i};
    }

    auto expected = places;
    std::stable_sort(expected.begin(), expected.end(),
                     [](const auto &a, const auto &b) { return a.weight > b.weight; });
    std::shuffle(places.begin(), places.end(), random);
    std::qsort(places.data(), places.size(), sizeof(ranking_place), ranking_compare);
    for (std::size_t i = 0; i < places.size(); i++) {
        BOOST_TEST(places[i].who == expected[i].who);
    }
}

BOOST_AUTO_TEST_CASE(a_destination_overflows_beyond_its_weight)
{
    BOOST_TEST(!ranking_overflows(0, 1));
    BOOST_TEST(!ranking_overflows(1, 1));
    BOOST_TEST(ranking_overflows(2, 1));
    BOOST_TEST(ranking_overflows(0xffffffff, 65535));
}

BOOST_AUTO_TEST_SUITE_END()
