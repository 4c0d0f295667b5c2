// SPDX-License-Identifier: GPL-2.0
// Maglev hashing. Expectations are the paper's example (Eisenbud et al., NSDI 2016, table 1), and
// arithmetic: who takes turns has its share, to within a turn.
#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/maglev.h"
}

namespace {

using Nodes = std::vector<maglev_node>;
using Slots = std::vector<u32>;

maglev_node node(u32 owner, u32 offset, u32 skip, u32 turns = 1)
{
    return {owner, turns, turns, offset, skip};
}

Slots filled(Nodes nodes, u32 slots)
{
    Slots slot(slots);
    maglev_fill(slot.data(), slots, nodes.data(), static_cast<u32>(nodes.size()));
    return slot;
}

u32 owned(const Slots &slot, u32 owner)
{
    return static_cast<u32>(std::count(slot.begin(), slot.end(), owner));
}

// Nodes of these weights, at random places among @slots.
Nodes nodes_of(const std::vector<u32> &weights, u32 slots, u32 bits, std::mt19937 &random)
{
    Nodes nodes(weights.size());
    for (u32 i = 0; i < nodes.size(); i++) {
        nodes[i].owner = i;
        nodes[i].weight = weights[i];
        maglev_place(&nodes[i], slots, static_cast<u32>(random()), static_cast<u32>(random()));
    }
    maglev_weigh(nodes.data(), static_cast<u32>(nodes.size()), bits);
    return nodes;
}

std::vector<u32> turns(const std::vector<u32> &weights, u32 bits)
{
    std::mt19937 random(1); // places do not matter
    std::vector<u32> found;
    for (const auto &one : nodes_of(weights, 4093, bits, random)) {
        found.push_back(one.turns);
    }
    return found;
}

void check(const std::vector<u32> &found, const std::vector<u32> &expected)
{
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_maglev)

BOOST_AUTO_TEST_CASE(the_papers_example)
{
    const auto b0 = node(0, 3, 4);
    const auto b1 = node(1, 0, 2);
    const auto b2 = node(2, 3, 1);
    check(filled({b0, b1, b2}, 7), {1, 0, 1, 0, 2, 2, 0});
    check(filled({b0, b2}, 7), {0, 0, 0, 0, 2, 2, 2}); // B1 was removed
}

BOOST_AUTO_TEST_CASE(places_are_remainders)
{
    maglev_node one{};
    maglev_place(&one, 4093, 4093 * 5 + 17, 4092 * 7 + 4091);
    BOOST_TEST(one.next == 17U);
    BOOST_TEST(one.skip == 4092U);
    maglev_place(&one, 4093, 4092, 0);
    BOOST_TEST(one.next == 4092U);
    BOOST_TEST(one.skip == 1U);
}

// ip_vs: weight by gcd, shifted right by the bits beyond those of the table's size, not below 1.
BOOST_AUTO_TEST_CASE(weights_become_turns)
{
    check(turns({1, 1, 1}, 6), {1, 1, 1});
    check(turns({300, 100, 200}, 6), {3, 1, 2});
    check(turns({63, 1}, 6), {63, 1});
    check(turns({64, 1}, 6), {32, 1});    // 7 bits: one too many; and 0.5 is 1
    check(turns({65535, 1}, 6), {63, 1}); // 16 bits: ten too many
    check(turns({65535, 1}, 8), {255, 1});
    check(turns({65535, 65535}, 6), {1, 1});
    check(turns({}, 6), {});
}

BOOST_AUTO_TEST_CASE(without_nodes_nobody_has_a_slot)
{
    BOOST_TEST(owned(filled({}, 251), MAGLEV_FREE) == 251U);
}

BOOST_DATA_TEST_CASE(more_nodes_than_slots, boost::unit_test::data::make({251U, 252U, 400U}), n)
{
    std::mt19937 random(n);
    const auto slot = filled(nodes_of(std::vector<u32>(n, 1), 251, 6, random), 251);
    for (u32 owner = 0; owner < n; owner++) {
        BOOST_TEST(owned(slot, owner) == (owner < 251 ? 1U : 0U));
    }
}

// Whoever takes t slots in a turn has t times the number of rounds, and up to t in the last one.
BOOST_DATA_TEST_CASE(slots_are_in_proportion_to_turns, boost::unit_test::data::xrange(40), run)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_INFO("run " << run << ", seed " << seed);
    std::mt19937 random(seed);
    const u32 slots = run % 2 ? 4093 : 131071;
    std::vector<u32> weights(std::uniform_int_distribution<std::size_t>(1, 100)(random));
    std::generate(weights.begin(), weights.end(),
                  [&] { return 1 + static_cast<u32>(random()) % 9; });

    const auto nodes = nodes_of(weights, slots, 6, random);
    const auto slot = filled(nodes, slots);
    const u32 round = std::accumulate(nodes.begin(), nodes.end(), 0U,
                                      [](u32 sum, const auto &one) { return sum + one.turns; });
    BOOST_TEST(owned(slot, MAGLEV_FREE) == 0U);
    for (const auto &one : nodes) {
        const u32 least = slots / round * one.turns;
        BOOST_TEST(owned(slot, one.owner) >= least);
        BOOST_TEST(owned(slot, one.owner) <= least + one.turns);
    }
}

// The paper's 5.3: with a table a hundred times as large as the pool, all but a few percent of the
// others' slots stay when one leaves. Here, on the average over who leaves.
BOOST_DATA_TEST_CASE(who_leaves_disturbs_few_others, boost::unit_test::data::make({2U, 10U, 40U}),
                     n)
{
    const u32 slots = 4093;
    const auto seed = std::random_device{}();
    BOOST_TEST_INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto nodes = nodes_of(std::vector<u32>(n, 1), slots, 6, random);
    const auto before = filled(nodes, slots);
    u32 moved = 0;

    for (u32 gone = 0; gone < n; gone++) {
        auto rest = nodes;
        rest.erase(rest.begin() + gone);
        const auto after = filled(rest, slots);
        for (u32 i = 0; i < slots; i++) {
            BOOST_TEST_REQUIRE(after[i] != gone);
            moved += before[i] != gone && before[i] != after[i];
        }
    }
    BOOST_TEST(moved < n * slots * 5 / 100);
}

BOOST_AUTO_TEST_SUITE_END()
