// SPDX-License-Identifier: GPL-2.0
// Buckets of dh and sh. Expectations: ip_vs's way of dealing, and 64-bit arithmetic for the hash.
#include <cmath>
#include <numeric>
#include <vector>

#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/buckets.h"
}

namespace {

using Numbers = std::vector<u32>;

// Owners of all buckets.
Numbers dealt(const Numbers &shares)
{
    Numbers owner(BUCKETS);
    buckets_deal(owner.data(), shares.data(), static_cast<u32>(shares.size()));
    return owner;
}

// Of the first of them.
Numbers first(const Numbers &shares, std::size_t n)
{
    auto owner = dealt(shares);
    owner.resize(n);
    return owner;
}

void check(const Numbers &found, const Numbers &expected)
{
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_buckets)

BOOST_AUTO_TEST_CASE(each_in_turn_and_as_often_as_its_share)
{
    check(first({1, 1, 1}, 7), {0, 1, 2, 0, 1, 2, 0});
    check(first({2, 1, 3}, 8), {0, 0, 1, 2, 2, 2, 0, 0});
    check(first({5}, 4), {0, 0, 0, 0});
}

BOOST_AUTO_TEST_CASE(weight_0_has_one_bucket_a_round)
{
    check(first({0, 2, 0}, 9), {0, 1, 1, 2, 0, 1, 1, 2, 0});
    check(first({0}, 3), {0, 0, 0});
}

BOOST_AUTO_TEST_CASE(a_large_share_leaves_nothing)
{
    check(dealt({65535, 1}), Numbers(BUCKETS, 0));
    Numbers expected(BUCKETS, 0);
    expected.back() = 1;
    check(dealt({255, 1}), expected);
}

BOOST_AUTO_TEST_CASE(as_many_as_buckets)
{
    Numbers expected(BUCKETS);
    std::iota(expected.begin(), expected.end(), 0U);
    check(dealt(Numbers(BUCKETS, 1)), expected);
}

// The upper bits of the product's lower half, by the golden ratio: (3 - sqrt(5)) / 2 * 2^32.
BOOST_AUTO_TEST_CASE(the_hash_is_multiplicative)
{
    const auto factor = static_cast<u64>(std::llround((3 - std::sqrt(5.0L)) / 2 * 4294967296.0L));
    for (const u64 value : {0ULL, 1ULL, 2ULL, 0x0a000001ULL, 0xc0000201ULL, 0xffffffffULL}) {
        BOOST_TEST(buckets_hash(static_cast<u32>(value)) ==
                   (value * factor & 0xffffffff) / 0x1000000);
    }
}

BOOST_AUTO_TEST_SUITE_END()
