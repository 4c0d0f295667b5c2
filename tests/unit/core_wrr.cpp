// SPDX-License-Identifier: GPL-2.0
// Interleaved weighted round robin. The expectation is the algorithm as LVS has
// published it (an index that goes round, a current weight that goes down),
// run here step by step, which the module's search trees must agree with.
#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

// A table ends in an array without a length, which is C.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
extern "C" {
#include "core/wrr.h"
}
#pragma GCC diagnostic pop

namespace {

using Weights = std::vector<u32>;

class Table {
public:
    explicit Table(const Weights &weights)
        : memory_(wrr_table_size(static_cast<u32>(weights.size())) / sizeof(u32))
    {
        wrr_table_begin(get(), static_cast<u32>(weights.size()));
        for (u32 i = 0; i < weights.size(); i++) {
            *wrr_weight(get(), i) = weights[i];
        }
        wrr_table_finish(get());
    }
    wrr_table *get() { return reinterpret_cast<wrr_table *>(memory_.data()); }
    wrr_table *operator->() { return get(); }

private:
    std::vector<u32> memory_;
};

// "A", "B", ... for the first, the second, ...
std::string turns(Table &table, wrr_place &place, int n)
{
    std::string names;
    while (n-- > 0) {
        names += static_cast<char>('A' + wrr_next(table.get(), &place));
    }
    return names;
}

std::string turns(const Weights &weights, int n)
{
    Table table(weights);
    wrr_place place = wrr_start(table.get());
    return turns(table, place, n);
}

// Job scheduling in the LVS documentation: weighted round robin.
class Published {
public:
    explicit Published(const Weights &weights)
        : weights_(weights), step_(std::accumulate(weights.begin(), weights.end(), 0U,
                                                   [](u32 a, u32 b) { return std::gcd(a, b); })),
          max_(*std::max_element(weights.begin(), weights.end()))
    {}
    u32 next()
    {
        for (;;) {
            i_ = (i_ + 1) % static_cast<long>(weights_.size());
            if (i_ == 0) {
                current_ -= step_;
                if (current_ <= 0) {
                    current_ = max_;
                }
            }
            if (static_cast<long>(weights_[static_cast<std::size_t>(i_)]) >= current_) {
                return static_cast<u32>(i_);
            }
        }
    }

private:
    Weights weights_;
    long step_;
    long max_;
    long i_ = -1;
    long current_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(core_wrr)

BOOST_AUTO_TEST_CASE(the_published_example)
{
    BOOST_TEST(turns({4, 3, 2}, 18) == "AABABCABCAABABCABC");
}

BOOST_AUTO_TEST_CASE(equal_weights_are_plain_round_robin)
{
    BOOST_TEST(turns({1, 1, 1}, 7) == "ABCABCA");
    BOOST_TEST(turns({5, 5, 5}, 7) == "ABCABCA");
}

BOOST_AUTO_TEST_CASE(one_destination_has_every_turn)
{
    BOOST_TEST(turns({1}, 4) == "AAAA");
    BOOST_TEST(turns({65535}, 4) == "AAAA");
}

BOOST_AUTO_TEST_CASE(a_common_divisor_shortens_the_round)
{
    BOOST_TEST(turns({300, 100}, 8) == "AAABAAAB");
}

BOOST_DATA_TEST_CASE(any_pool_has_the_published_sequence, boost::unit_test::data::xrange(200), run)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_INFO("run " << run << ", seed " << seed);
    std::mt19937 random(seed);
    const u32 factor = std::uniform_int_distribution<u32>(1, 9)(random);
    std::uniform_int_distribution<u32> weight(1, run % 2 ? 7 : 7000);
    Weights weights(std::uniform_int_distribution<std::size_t>(1, run % 3 ? 20 : 300)(random));
    std::generate(weights.begin(), weights.end(), [&] { return factor * weight(random); });

    Table table(weights);
    wrr_place place = wrr_start(table.get());
    Published published(weights);
    for (int i = 0; i < 3000; i++) {
        BOOST_TEST_REQUIRE(wrr_next(table.get(), &place) == published.next());
    }
}

BOOST_AUTO_TEST_CASE(a_round_gives_each_its_weight)
{
    const Weights weights{12, 30, 6, 18};
    Table table(weights);
    wrr_place place = wrr_start(table.get());
    std::vector<u32> had(weights.size());
    for (u32 i = 0; i < (12 + 30 + 6 + 18) / 6; i++) {
        had[wrr_next(table.get(), &place)]++;
    }
    BOOST_TEST(had == (std::vector<u32>{2, 5, 1, 3}), boost::test_tools::per_element());
}

// ip_vs, by its rules for a change: traversal from the first on; the first
// destination of all asks for 1, and those added after it leave it at that.
BOOST_AUTO_TEST_CASE(a_pool_that_was_empty_starts_with_its_last_pass)
{
    Table table({4, 3, 2});
    wrr_place place = wrr_change({}, table.get());
    BOOST_TEST(turns(table, place, 12) == "ABCAABABCABC");
}

BOOST_AUTO_TEST_CASE(a_change_keeps_the_pass_and_starts_a_traversal)
{
    Table before({4, 3, 2});
    wrr_place place = wrr_start(before.get());
    BOOST_TEST(turns(before, place, 4) == "AABA"); // in the pass that asks for 2
    BOOST_TEST(place.pass == 2U);

    Table after({4, 1, 2});
    place = wrr_change(place, after.get());
    BOOST_TEST(turns(after, place, 5) == "ACABC");
}

BOOST_AUTO_TEST_CASE(a_change_of_the_step_moves_the_pass_onto_it)
{
    Table before({5, 1});
    wrr_place place = wrr_start(before.get());
    BOOST_TEST(turns(before, place, 2) == "AA");
    BOOST_TEST(place.pass == 4U);

    Table after({9, 3, 6}); // passes ask for 7, 4, 1
    BOOST_TEST(after->top == 7U);
    place = wrr_change(place, after.get());
    BOOST_TEST(place.pass == 4U);
    place = wrr_change({1, 3}, after.get());
    BOOST_TEST(place.pass == 4U);
    place = wrr_change({1, 2}, after.get());
    BOOST_TEST(place.pass == 1U);
}

BOOST_AUTO_TEST_CASE(a_pass_above_the_highest_weight_becomes_the_first)
{
    Table after({2, 3});
    const wrr_place place = wrr_change({1, 9}, after.get());
    BOOST_TEST(place.pass == 3U);
    BOOST_TEST(place.next == 0U);
}

BOOST_AUTO_TEST_CASE(an_empty_pool_has_no_pass)
{
    Table none(Weights{});
    BOOST_TEST(none->top == 0U);
    BOOST_TEST(wrr_start(none.get()).pass == 0U);
    BOOST_TEST(wrr_change({7, 7}, none.get()).pass == 0U);
}

// A packet may meet a new pool with the place of the old one.
BOOST_AUTO_TEST_CASE(a_place_that_does_not_fit_is_no_harm)
{
    Table table({2, 1, 1});
    wrr_place place{900, 900};
    BOOST_TEST(wrr_next(table.get(), &place) == 0U);
    BOOST_TEST(place.pass == 1U);
    place = {2, 0};
    BOOST_TEST(wrr_next(table.get(), &place) == 0U);
}

// Pass by pass, as LVS: who is closed is passed by.
BOOST_AUTO_TEST_CASE(those_that_are_closed_are_passed_by)
{
    std::mt19937 random(20261122);
    using Closed = std::vector<bool>;
    const auto closed = [](const void *context, u32 i) {
        return static_cast<bool>((*static_cast<const Closed *>(context))[i]);
    };
    for (int round = 0; round < 300; round++) {
        Weights weights(1 + random() % 12);
        const auto factor = static_cast<u32>(1 + random() % 3);
        for (u32 &w : weights)
            w = factor * static_cast<u32>(1 + random() % 9);
        const auto n = static_cast<u32>(weights.size());
        Table table(weights);
        wrr_place place = wrr_start(table.get());
        for (int turn = 0; turn < 50; turn++) {
            Closed who(n);
            for (u32 i = 0; i < n; i++)
                who[i] = random() % 3 == 0;
            const bool all = std::ranges::count(who, true) == n;
            u32 next = place.next;
            u32 pass = place.pass;
            u32 want = n;
            while (!all && want == n) {
                for (; next < n && want == n; next++)
                    if (weights[next] >= pass && !who[next])
                        want = next;
                if (want == n) {
                    next = 0;
                    pass = pass > table->step ? pass - table->step : table->top;
                }
            }
            const wrr_place before = place;
            BOOST_REQUIRE(wrr_next_open(table.get(), &place, closed, &who) == want);
            if (!all) {
                BOOST_REQUIRE(place.next == next);
                BOOST_REQUIRE(place.pass == pass);
            } else if (before.next != 0 && before.pass <= table->step) {
                // The search ends where it began, in the last pass, which asks for 1.
                BOOST_REQUIRE(place.next == before.next);
                BOOST_REQUIRE(place.pass == 1U);
            } else {
                BOOST_REQUIRE(place.next == 0U);
                BOOST_REQUIRE(place.pass == table->top);
            }
        }
    }
}

// 65534 passes between the two are not walked through: this would take seconds.
BOOST_AUTO_TEST_CASE(weights_far_apart_cost_nothing)
{
    Table table({65535, 1});
    wrr_place place = wrr_start(table.get());
    const auto first = [](const void *, u32 i) { return i == 0; };
    for (int turn = 0; turn < 100000; turn++)
        BOOST_REQUIRE(wrr_next_open(table.get(), &place, first, nullptr) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
