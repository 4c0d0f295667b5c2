// SPDX-License-Identifier: GPL-2.0
// Random choices: every candidate's part of all random numbers is its weight's part of all weights.
// The numbers are not random here: all of them are tried, or all columns measured.
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/alias.h"
#include "core/twos.h"
}

namespace {

using Weights = std::vector<u64>;
using Columns = std::vector<alias_column>;

Weights random_weights(std::mt19937 &random, std::size_t n, u32 max)
{
    Weights weights(n);
    for (u64 &weight : weights) {
        weight = 1 + random() % max;
    }
    return weights;
}

Columns filled(Weights weights)
{
    Columns columns(weights.size());
    alias_fill(columns.data(), weights.data(), static_cast<u32>(weights.size()));
    return columns;
}

u32 draw(const Columns &columns, u64 random)
{
    return alias_draw(columns.data(), static_cast<u32>(columns.size()), random);
}

// How much of the columns each candidate has, in units of 2^-32 columns.
std::vector<u64> parts(const Columns &columns)
{
    std::vector<u64> part(columns.size());
    for (std::size_t i = 0; i < columns.size(); i++) {
        part[i] += columns[i].own;
        part[columns[i].alias] += (u64{1} << 32) - columns[i].own;
    }
    return part;
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_random)

BOOST_AUTO_TEST_CASE(twos_has_a_number_for_each_unit_of_weight_and_0_for_the_first)
{
    const Weights sums{2, 3, 7}; // weights 2, 1, 4
    const std::vector<u32> expected{0, 0, 0, 1, 2, 2, 2, 2};
    for (u64 number = 0; number < expected.size(); number++) {
        BOOST_TEST(twos_draw(sums.data(), 3, number) == expected[number]);
    }
    BOOST_TEST(twos_draw(sums.data(), 1, 2) == 0U);
}

BOOST_DATA_TEST_CASE(twos_is_in_proportion_to_weights,
                     boost::unit_test::data::make({1U, 2U, 3U, 64U, 1000U}), n)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto weights = random_weights(random, n, 20);
    Weights sums(n);
    std::partial_sum(weights.begin(), weights.end(), sums.begin());
    Weights times(n);
    for (u64 number = 1; number <= sums.back(); number++) {
        times[twos_draw(sums.data(), n, number)]++;
    }
    BOOST_TEST(times == weights, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(equal_weights_have_a_column_each)
{
    for (const auto &column : filled({5, 5, 5})) {
        BOOST_TEST(column.own == 0xffffffff);
    }
    const auto columns = filled({5, 5, 5});
    const u64 third = 0x55555555;
    BOOST_TEST(draw(columns, 0) == 0U);
    BOOST_TEST(draw(columns, third << 32 | 0xffffffff) == 0U);
    BOOST_TEST(draw(columns, (third + 1) << 32) == 1U);
    BOOST_TEST(draw(columns, ~u64{0}) == 2U);
}

// Weights 1 and 3: a column is 2 high in all, so the first has half of its own.
BOOST_AUTO_TEST_CASE(a_light_one_shares_its_column)
{
    const auto columns = filled({1, 3});
    BOOST_TEST(columns[0].own == 0x80000000U);
    BOOST_TEST(columns[0].alias == 1U);
    BOOST_TEST(draw(columns, 0x7fffffff) == 0U);
    BOOST_TEST(draw(columns, 0x80000000) == 1U);
    BOOST_TEST(draw(columns, u64{1} << 63) == 1U);
}

BOOST_DATA_TEST_CASE(columns_are_in_proportion_to_weights, boost::unit_test::data::xrange(60), run)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_INFO("run " << run << ", seed " << seed);
    std::mt19937 random(seed);
    const std::size_t n = 1 + random() % (run % 4 ? 50 : 5000);
    const auto weights = random_weights(random, n, run % 3 ? 4 : 65535);
    const auto part = parts(filled(weights));
    const auto whole =
        static_cast<long double>(std::accumulate(weights.begin(), weights.end(), u64{0}));
    const auto columns = static_cast<long double>(n);

    for (std::size_t i = 0; i < n; i++) {
        const auto expected =
            static_cast<long double>(weights[i]) / whole * columns * 4294967296.0L;
        BOOST_TEST_REQUIRE(std::abs(static_cast<long double>(part[i]) - expected) <= columns + 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
