// SPDX-License-Identifier: GPL-2.0
// How many have room to spare. The expectation is a look at all of them.
#include <barrier>
#include <random>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

// A table ends in an array without a length, which is C.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
extern "C" {
#include "core/spare.h"
}
#pragma GCC diagnostic pop

namespace {

constexpr u64 active = u64{1} << 32;

class Field {
public:
    explicit Field(const std::vector<u32> &weights)
        : loads_(weights.size()), memory_(spare_size(size()) / sizeof(int))
    {
        for (u32 i = 0; i < size(); i++) {
            leaves_.push_back({&loads_[i], weights[i]});
            spare_update(count(), i, &leaves_[i]);
        }
    }
    u32 size() const { return static_cast<u32>(loads_.size()); }
    void add(u32 i, u64 load)
    {
        __atomic_add_fetch(&loads_[i], load, __ATOMIC_SEQ_CST);
        spare_update(count(), i, &leaves_[i]);
    }
    int total() { return count()->total; }
    int counted() const
    {
        int n = 0;
        for (u32 i = 0; i < size(); i++) {
            n += (loads_[i] >> 32) * 2 < leaves_[i].weight;
        }
        return n;
    }

private:
    spare_count *count() { return reinterpret_cast<spare_count *>(memory_.data()); }

    std::vector<u64> loads_;
    std::vector<least_leaf> leaves_;
    std::vector<int> memory_;
};

// Between reading a load and exchanging the flag, others overtake.
void let_others_pass()
{
    thread_local unsigned int times = 0;
    if (++times % 3 == 0) {
        std::this_thread::yield();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_spare)

BOOST_AUTO_TEST_CASE(room_is_half_the_weight_not_used)
{
    BOOST_TEST(spare_has(0, 1));
    BOOST_TEST(!spare_has(active, 1));
    BOOST_TEST(!spare_has(active, 2));
    BOOST_TEST(spare_has(active, 3));
    BOOST_TEST(spare_has(active + 1000, 3)); // inactive ones do not matter
    BOOST_TEST(spare_has(LEAST_BARRED | active, 3));
    BOOST_TEST(!spare_has(0, 0));
}

BOOST_AUTO_TEST_CASE(the_total_follows_every_change)
{
    Field field({1, 4, 10});
    BOOST_TEST(field.total() == 3);
    field.add(0, active);
    BOOST_TEST(field.total() == 2);
    field.add(1, 2 * active);
    BOOST_TEST(field.total() == 1);
    field.add(2, 5 * active);
    BOOST_TEST(field.total() == 0);
    field.add(1, u64{0} - active);
    BOOST_TEST(field.total() == 1);
}

// Four at once, on few candidates, so that they meet.
BOOST_AUTO_TEST_CASE(the_total_is_exact_when_many_are_done)
{
    Field field({1, 2, 5});
    int wrong = 0;
    std::barrier round(4, [&]() noexcept { wrong += field.total() != field.counted(); });
    std::vector<std::thread> threads;

    spare_pause = let_others_pass;
    for (unsigned int t = 0; t < 4; t++) {
        threads.emplace_back([&round, &field, t]() {
            std::mt19937 random(t);
            std::vector<u32> open;
            for (int i = 0; i < 8000; i++) {
                if (open.empty() || random() % 2 != 0) {
                    open.push_back(static_cast<u32>(random() % field.size()));
                    field.add(open.back(), active);
                } else {
                    field.add(open.back(), u64{0} - active);
                    open.pop_back();
                }
                if (i % 4 == 0) {
                    round.arrive_and_wait();
                }
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    spare_pause = nullptr;
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
