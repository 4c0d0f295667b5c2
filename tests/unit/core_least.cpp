// SPDX-License-Identifier: GPL-2.0
// The least loaded of many. The expectation is a look at all of them.
#include <algorithm>
#include <barrier>
#include <random>
#include <thread>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

// A table ends in an array without a length, which is C.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
extern "C" {
#include "core/least.h"
}
#pragma GCC diagnostic pop

namespace {

constexpr u64 active = u64{1} << 32;
constexpr u64 inactive = 1;
constexpr least_metric metrics[] = {LEAST_OVERHEAD, LEAST_DELAY, LEAST_IDLE};

// Candidates with their loads, and a tournament between them.
class Field {
public:
    explicit Field(std::vector<u32> weights, least_metric metric = LEAST_OVERHEAD)
        : weights_(std::move(weights)), metric_(metric), loads_(weights_.size()),
          memory_(least_size(size()) / sizeof(u64) + 1)
    {
        least_begin(tree(), size(), metric);
        for (u32 i = 0; i < size(); i++) {
            tree()->leaf[i] = {&loads_[i], weights_[i]};
        }
        least_refresh(tree());
    }
    u32 size() const { return static_cast<u32>(loads_.size()); }
    u32 pick() { return least_pick(tree()); }
    u32 scan() { return least_scan(tree()); }
    void bar(u32 i, bool barred)
    {
        loads_[i] = barred ? loads_[i] | LEAST_BARRED : loads_[i] & ~LEAST_BARRED;
        least_update(tree(), i);
    }
    void add(u32 i, u64 load)
    {
        __atomic_add_fetch(&loads_[i], load, __ATOMIC_SEQ_CST);
        least_update(tree(), i);
    }
    void set_unnoticed(u32 i, u64 load) { loads_[i] = load; }
    void refresh() { least_refresh(tree()); }
    // The first of those with the least load per weight.
    u32 least() const
    {
        u32 best = 0;
        for (u32 i = 1; i < size(); i++) {
            best = better(best, i);
        }
        return best;
    }

    // Every match was won by the one who has to win it.
    bool exact()
    {
        std::vector<u32> winner(std::size_t{2} * tree()->leaves, size());
        for (u32 i = 0; i < size(); i++) {
            winner[tree()->leaves + i] = i;
        }
        for (u32 i = tree()->leaves - 1; i > 0; i--) {
            winner[i] = better(winner[std::size_t{2} * i], winner[std::size_t{2} * i + 1]);
            if (winner[i] < size() && static_cast<u32>(tree()->node[i]) != winner[i]) {
                return false;
            }
        }
        return true;
    }

private:
    least_tree *tree() { return reinterpret_cast<least_tree *>(memory_.data()); }
    // The first one of two unless the second has less to carry; size() is nobody.
    u32 better(u32 a, u32 b) const
    {
        return b < size() && cost(b) * weights_[a] < cost(a) * weights_[b] ? b : a;
    }
    u64 cost(u32 i) const
    {
        const u64 busy = loads_[i] >> 32;
        switch (metric_) {
        case LEAST_DELAY:
            return busy + 1;
        case LEAST_IDLE:
            return busy == 0 ? 0 : busy + 1;
        default:
            return busy * 257 + (loads_[i] & 0xffffffff);
        }
    }

    std::vector<u32> weights_;
    least_metric metric_;
    std::vector<u64> loads_;
    std::vector<u64> memory_;
};

std::vector<u32> random_weights(std::mt19937 &random, std::size_t n, u32 max)
{
    std::uniform_int_distribution<u32> weight(1, max);
    std::vector<u32> weights(n);
    for (u32 &w : weights) {
        w = weight(random);
    }
    return weights;
}

// What one CPU does: connections go to the winner, and end in any order.
class Cpu {
public:
    Cpu(Field &field, unsigned int seed) : field_(field), random_(seed) {}
    void open_and_close(int times)
    {
        while (times-- > 0) {
            if (open_.size() < 8 || random_() % 2) {
                open_.push_back(field_.pick());
                field_.add(open_.back(), active);
            } else {
                std::swap(open_[random_() % open_.size()], open_.back());
                field_.add(open_.back(), u64{0} - active);
                open_.pop_back();
            }
        }
    }

private:
    Field &field_;
    std::mt19937 random_;
    std::vector<u32> open_;
};

// Between reading a match and replacing its result, others overtake.
void let_others_pass()
{
    thread_local unsigned int times = 0;
    if (++times % 3 == 0) {
        std::this_thread::yield();
    }
}

// Four at once, who wait for each other after each round; how many rounds left
// the tournament wrong.
int rounds_gone_wrong(Field &field, unsigned int seed, int rounds)
{
    int wrong = 0;
    std::barrier round(4, [&]() noexcept { wrong += !field.exact(); });
    std::vector<std::thread> threads;

    least_pause = let_others_pass;
    for (unsigned int t = 0; t < 4; t++) {
        threads.emplace_back([&round, rounds, cpu = Cpu(field, seed + t)]() mutable {
            for (int i = 0; i < rounds; i++) {
                cpu.open_and_close(4);
                round.arrive_and_wait();
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    least_pause = nullptr;
    return wrong;
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_least)

BOOST_AUTO_TEST_CASE(an_active_connection_is_257_inactive_ones)
{
    BOOST_TEST(least_overhead(0) == 0U);
    BOOST_TEST(least_overhead(3 * inactive) == 3U);
    BOOST_TEST(least_overhead(2 * active + 3 * inactive) == 2U * 257 + 3);
    BOOST_TEST(least_overhead(~u64{0}) == u64{0xffffffff} * 258);
}

BOOST_DATA_TEST_CASE(among_equals_the_first_wins,
                     boost::unit_test::data::make({1U, 2U, 16U, 17U, 33U, 2048U, 2049U}), n)
{
    Field field(std::vector<u32>(n, 1));
    for (u32 i = 0; i < n; i++) {
        BOOST_TEST_REQUIRE(field.pick() == i);
        field.add(i, inactive);
    }
    BOOST_TEST(field.pick() == 0U);
}

BOOST_AUTO_TEST_CASE(weight_divides_the_load)
{
    for (const std::size_t n : {3U, 40U}) {
        std::vector<u32> weights(n, 1);
        weights[2] = 3;
        Field field(weights);
        for (u32 i = 0; i < n; i++) {
            field.add(i, 2 * active);
        }
        BOOST_TEST(field.pick() == 2U);
        field.add(2, 4 * active); // 6 by 3 is as much as 2 by 1, and the first wins
        BOOST_TEST(field.pick() == 0U);
        field.add(0, inactive);
        field.add(1, inactive);
        BOOST_TEST(field.pick() == 2U);
    }
}

// Everybody's next connection is counted. By 3, by 2 and by 1:
// 1/3 1/2 1, 2/3 1/2 1, 2/3 1 1, 1 1 1, 4/3 1 1, 4/3 3/2 1, and all at 2 after as many again.
BOOST_AUTO_TEST_CASE(the_shortest_delay_counts_the_one_to_come)
{
    for (const u32 n : {3U, 40U}) {
        std::vector<u32> weights(n, 1);
        weights[0] = 3;
        weights[1] = 2;
        Field field(weights, LEAST_DELAY);
        field.add(0, 1000 * inactive); // does not matter
        for (const u32 i : {0U, 1U, 0U, 0U, 1U}) {
            BOOST_TEST_REQUIRE(field.pick() == i);
            field.add(i, active);
        }
        for (u32 i = 2; i < n; i++) {
            BOOST_TEST_REQUIRE(field.pick() == i);
            field.add(i, active);
        }
        BOOST_TEST(field.pick() == 0U);
    }
}

BOOST_AUTO_TEST_CASE(never_queue_takes_the_first_idle_one)
{
    for (const u32 n : {3U, 40U}) {
        std::vector<u32> weights(n, 1);
        weights[2] = 5;
        Field field(weights, LEAST_IDLE);
        for (u32 i = 0; i < n; i++) {
            BOOST_TEST_REQUIRE(field.pick() == i); // whatever its weight
            field.add(i, active + inactive);
        }
        BOOST_TEST(field.pick() == 2U); // 2 by 5
        field.add(1, u64{0} - active);
        BOOST_TEST(field.pick() == 1U);
        field.add(0, u64{0} - active);
        BOOST_TEST(field.pick() == 0U);
    }
}

BOOST_DATA_TEST_CASE(the_winner_is_the_least_after_every_change, boost::unit_test::data::xrange(60),
                     run)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_INFO("run " << run << ", seed " << seed);
    std::mt19937 random(seed);
    const std::size_t n =
        std::uniform_int_distribution<std::size_t>(1, run % 4 ? 70 : 2100)(random);
    Field field(random_weights(random, n, run % 3 ? 3 : 65535), metrics[run / 3 % 3]);
    std::uniform_int_distribution<u32> any(0, field.size() - 1);
    std::vector<u32> open;

    for (int i = 0; i < 1500; i++) {
        if (open.empty() || random() % 3) {
            open.push_back(random() % 4 ? field.pick() : any(random));
            field.add(open.back(), active);
        } else {
            std::swap(open[random() % open.size()], open.back());
            field.add(open.back(), u64{0} - active);
            open.pop_back();
        }
        BOOST_TEST_REQUIRE(field.pick() == field.least());
    }
}

BOOST_AUTO_TEST_CASE(a_refresh_sees_loads_that_nobody_told_of)
{
    Field field(std::vector<u32>(100, 1));
    for (u32 i = 0; i < 100; i++) {
        field.set_unnoticed(i, i == 77 ? 4 : 5);
    }
    field.refresh();
    BOOST_TEST(field.pick() == 77U);
}

// Whoever met whom on the way up, the tournament is right when all are done.
BOOST_DATA_TEST_CASE(the_tournament_is_exact_when_many_updaters_are_done,
                     boost::unit_test::data::make({17U, 64U, 300U}), n)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_INFO("seed " << seed);
    std::mt19937 random(seed);
    Field field(random_weights(random, n, 4));

    BOOST_TEST(rounds_gone_wrong(field, seed, 1000) == 0);
    BOOST_TEST(field.pick() == field.least());
}

BOOST_DATA_TEST_CASE(who_is_barred_wins_only_where_all_are, boost::unit_test::data::make(metrics),
                     metric)
{
    for (const std::size_t n :
         {std::size_t{1}, std::size_t{5}, std::size_t{16}, std::size_t{17}, std::size_t{100}}) {
        std::mt19937 random(static_cast<unsigned>(n));
        Field field(random_weights(random, n, 9), metric);
        std::vector<bool> barred(n);
        for (int round = 0; round < 500; round++) {
            const auto i = static_cast<u32>(random() % n);
            barred[i] = random() % 4 != 0;
            field.bar(i, barred[i]);
            field.add(static_cast<u32>(random() % n), random() % 2 != 0 ? active : inactive);
            const bool all = std::ranges::count(barred, true) == static_cast<long>(n);
            BOOST_REQUIRE(barred[field.pick()] == all);
            BOOST_REQUIRE(barred[field.scan()] == all);
            BOOST_REQUIRE((all || field.pick() == field.scan()));
        }
        // Who is barred no more is as before.
        for (u32 i = 0; i < n; i++)
            field.bar(i, false);
        BOOST_TEST(field.pick() == field.least());
        BOOST_TEST((n <= LEAST_SCAN_MAX || field.exact()));
    }
}

BOOST_AUTO_TEST_SUITE_END()
