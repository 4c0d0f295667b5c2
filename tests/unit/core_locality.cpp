// SPDX-License-Identifier: GPL-2.0
// Which servers an address was led to. The expectations are what ip_vs's lblcr says of its sets,
// and, where many write at once, that nobody reads what nobody wrote.
#include <algorithm>
#include <climits>
#include <random>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

// A table ends in an array without a length, which is C.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
extern "C" {
#include "core/locality.h"
}
#pragma GCC diagnostic pop

namespace {

constexpr u64 active = u64{1} << 32;
constexpr unsigned long life = 100;

using Servers = std::vector<u32>;

locality_address address(u32 n)
{
    return {{n, ~n, n, ~n}};
}

class Cache {
public:
    explicit Cache(u32 room, u32 buckets = 1) : memory_(locality_size(buckets, room) / sizeof(u64))
    {
        locality_begin(get(), buckets, room);
    }
    locality_cache *get() { return reinterpret_cast<locality_cache *>(memory_.data()); }
    void add(u32 n, u32 server, u32 instead = LOCALITY_NOBODY)
    {
        const auto a = address(n);
        locality_add(get(), n, &a, server, instead, now, life);
    }
    Servers find(u32 n)
    {
        const auto a = address(n);
        if (locality_find(get(), n, &a, now, life, &found) != LOCALITY_FOUND) {
            return {};
        }
        return {found.server, found.server + found.n};
    }
    void drop(u32 n, u32 server) { locality_drop(get(), n, &found, server, now); }

    unsigned long now = ULONG_MAX - 50; // so that it wraps
    locality_copy found = {};

private:
    std::vector<u64> memory_;
};

void let_others_pass()
{
    thread_local unsigned int times = 0;
    if (++times % 16 == 0) {
        std::this_thread::yield();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_locality)

BOOST_AUTO_TEST_CASE(an_address_finds_its_servers_the_last_one_first)
{
    Cache cache(4);
    BOOST_TEST(cache.find(1).empty());
    cache.add(1, 7);
    cache.add(1, 5);
    cache.add(1, 7); // is there
    cache.add(2, 9);
    BOOST_TEST(cache.find(1) == Servers({5, 7}), boost::test_tools::per_element());
    BOOST_TEST(cache.find(2) == Servers({9}), boost::test_tools::per_element());
    BOOST_TEST(cache.find(0).empty()); // a free entry has address 0
}

BOOST_AUTO_TEST_CASE(without_room_the_one_named_leaves_or_the_first)
{
    Cache cache(3);
    for (const u32 server : {1U, 2U, 3U}) {
        cache.add(1, server);
    }
    cache.add(1, 4, 2);
    BOOST_TEST(cache.find(1) == Servers({4, 3, 1}), boost::test_tools::per_element());
    cache.add(1, 5, 2);
    BOOST_TEST(cache.find(1) == Servers({5, 4, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(room_for_one_is_lblc)
{
    Cache cache(1);
    cache.add(1, 4);
    cache.add(1, 6, 4);
    BOOST_TEST(cache.find(1) == Servers({6}), boost::test_tools::per_element());
    cache.drop(1, 6);
    BOOST_TEST(cache.find(1) == Servers({6}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_was_not_used_for_its_life_is_forgotten)
{
    Cache cache(2);
    cache.add(1, 4);
    for (int i = 0; i < 3; i++) {
        cache.now += life - 1;
        BOOST_TEST(cache.find(1).size() == 1U);
    }
    cache.now += life;
    BOOST_TEST(cache.find(1).empty());
    cache.add(1, 5); // begins anew
    BOOST_TEST(cache.find(1) == Servers({5}), boost::test_tools::per_element());
    cache.now -= 2; // another CPU's clock
    BOOST_TEST(cache.find(1).size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_one_used_least_recently_makes_room)
{
    Cache cache(1);
    for (u32 n = 0; n < LOCALITY_WAYS; n++) {
        cache.add(n, n);
        cache.now++;
    }
    BOOST_TEST(cache.find(0).size() == 1U);
    cache.add(77, 1);
    BOOST_TEST(cache.find(1).empty());
    for (const u32 n : {0U, 2U, 3U, 77U}) {
        BOOST_TEST(cache.find(n).size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_server_is_dropped_once)
{
    Cache cache(4);
    for (const u32 server : {1U, 2U, 3U}) {
        cache.add(1, server);
    }
    cache.find(1);
    const auto other = cache.found;
    cache.now += 10;
    BOOST_TEST(!locality_settled(&cache.found, cache.now, 10));
    BOOST_TEST(locality_settled(&cache.found, cache.now, 9));
    cache.drop(1, 2);
    cache.found = other; // another CPU saw the same
    cache.drop(1, 3);
    BOOST_TEST(cache.find(1) == Servers({3, 1}), boost::test_tools::per_element());
    BOOST_TEST(!locality_settled(&cache.found, cache.now, 9));
    cache.drop(1, 3);
    cache.find(1);
    cache.drop(1, 1);
    BOOST_TEST(cache.find(1) == Servers({1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(another_cache_inherits_what_is_still_listed)
{
    Cache old(3, 4);
    Cache cache(3, 4);
    for (const u32 server : {0U, 1U, 2U}) {
        old.add(5, server);
    }
    old.add(6, 1);
    const Servers name = {8, LOCALITY_NOBODY, 3};
    locality_inherit(cache.get(), old.get(), name.data());
    BOOST_TEST(cache.find(5) == Servers({3, 8}), boost::test_tools::per_element());
    BOOST_TEST(cache.find(6).empty());
}

BOOST_AUTO_TEST_CASE(least_and_most_are_per_weight_and_the_first_among_equals)
{
    const u64 loads[] = {4 * active, 2 * active, 2 * active, 0, LEAST_BARRED | (9 * active)};
    const least_leaf leaf[] = {
        {&loads[0], 2}, {&loads[1], 1}, {&loads[2], 1}, {&loads[3], 0}, {&loads[4], 1}};
    locality_copy found = {.address = {}, .used = 0, .changed = 0, .n = 4, .server = {3, 2, 0, 1}};

    BOOST_TEST(locality_least(&found, leaf) == 2U);
    BOOST_TEST(locality_most(&found, leaf) == 2U);
    found = {.address = {}, .used = 0, .changed = 0, .n = 3, .server = {4, 1, 3}};
    BOOST_TEST(locality_least(&found, leaf) == 1U);
    BOOST_TEST(locality_most(&found, leaf) == 4U);
    found = {.address = {}, .used = 0, .changed = 0, .n = 2, .server = {4, 3}};
    BOOST_TEST(locality_least(&found, leaf) == LOCALITY_NOBODY);
    found = {.address = {}, .used = 0, .changed = 0, .n = 1, .server = {3}};
    BOOST_TEST(locality_most(&found, leaf) == LOCALITY_NOBODY);

    BOOST_TEST(locality_overloaded(&leaf[0]));
    const u64 equal = 2 * active + 1000;
    const least_leaf just = {&equal, 2};
    BOOST_TEST(!locality_overloaded(&just));
}

// A server's number says whose it is, so that a mixture would be seen.
BOOST_AUTO_TEST_CASE(nobody_reads_what_nobody_wrote)
{
    Cache cache(4);
    std::vector<std::thread> threads;
    std::vector<int> wrong(4);
    std::vector<int> found(4);

    locality_pause = let_others_pass;
    for (unsigned int t = 0; t < 4; t++) {
        threads.emplace_back([&, t]() {
            std::mt19937 random(t);
            locality_copy copy;
            for (int i = 0; i < 20000; i++) {
                const auto n = static_cast<u32>(random() % 6);
                const auto a = address(n);
                const auto now = static_cast<unsigned long>(i / 100);
                if (locality_find(cache.get(), n, &a, now, life, &copy) != LOCALITY_FOUND) {
                    locality_add(cache.get(), n, &a, n * 100, 0, now, life);
                    continue;
                }
                found[t]++;
                std::sort(copy.server, copy.server + copy.n);
                wrong[t] += copy.n == 0 || copy.n > 4;
                wrong[t] += std::unique(copy.server, copy.server + copy.n) != copy.server + copy.n;
                wrong[t] += std::any_of(copy.server, copy.server + copy.n,
                                        [n](u32 server) { return server / 100 != n; });
                if (random() % 4 == 0) {
                    const auto any = static_cast<u32>(random() % 10);
                    locality_add(cache.get(), n, &a, n * 100 + any, copy.server[0], now, life);
                } else if (random() % 4 == 0) {
                    locality_drop(cache.get(), n, &copy, copy.server[0], now);
                }
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    locality_pause = nullptr;
    BOOST_TEST(wrong == std::vector<int>(4, 0), boost::test_tools::per_element());
    BOOST_TEST(*std::ranges::min_element(found) > 0);
}

BOOST_AUTO_TEST_SUITE_END()
