// SPDX-License-Identifier: GPL-2.0
// Options as RFC 9293, 3.2 writes them: kind, length, value; 0 ends, 1 fills.
#include <initializer_list>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/tcp_options.h"
}

namespace {

// On the heap and as long as it says, so that reading beyond it is seen.
int find(std::initializer_list<u8> bytes)
{
    const std::vector<u8> options(bytes);
    return tcp_find_mss(options.data(), static_cast<u32>(options.size()));
}

// Offset of the first block and how many there are.
std::pair<u32, u32> sack(std::initializer_list<u8> bytes)
{
    const std::vector<u8> options(bytes);
    u32 at = 0, blocks = 0;
    if (!tcp_find_sack(options.data(), static_cast<u32>(options.size()), &at, &blocks))
        return {0, 0};
    return {at, blocks};
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_tcp_options)

BOOST_AUTO_TEST_CASE(the_value_stands_behind_kind_and_length)
{
    BOOST_TEST(find({2, 4, 5, 0xb4}) == 2);
    BOOST_TEST(find({1, 2, 4, 5, 0xb4, 0, 0, 0}) == 3);
    BOOST_TEST(find({1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 2, 4, 5, 0xb4}) == 14);
}

BOOST_AUTO_TEST_CASE(without_one_there_is_none)
{
    BOOST_TEST(find({}) == -1);
    BOOST_TEST(find({1, 1, 1, 1}) == -1);
    BOOST_TEST(find({3, 3, 7, 1, 4, 2, 1, 1}) == -1);
}

BOOST_AUTO_TEST_CASE(nothing_stands_behind_the_end)
{
    BOOST_TEST(find({0, 0, 0, 0, 2, 4, 5, 0xb4}) == -1);
}

BOOST_AUTO_TEST_CASE(an_impossible_length_ends_the_search)
{
    BOOST_TEST(find({5, 0, 2, 4, 5, 0xb4, 0, 0}) == -1);
    BOOST_TEST(find({5, 1, 2, 4, 5, 0xb4, 0, 0}) == -1);
    BOOST_TEST(find({2, 3, 5, 2, 4, 5, 0xb4, 0}) == -1);
}

BOOST_AUTO_TEST_CASE(what_is_cut_off_is_not_read)
{
    BOOST_TEST(find({2, 4, 5}) == -1);
    BOOST_TEST(find({1, 1, 1, 2}) == -1);
    BOOST_TEST(find({8, 255, 1, 2, 2, 4, 5, 0xb4}) == -1);
    BOOST_TEST(find({1, 1, 1, 1, 1, 5}) == -1);
}

BOOST_AUTO_TEST_CASE(selective_acknowledgements)
{
    const std::pair<u32, u32> none;
    BOOST_TEST((sack({1, 1, 5, 10, 1, 2, 3, 4, 5, 6, 7, 8}) == std::pair(4U, 1U)));
    BOOST_TEST(
        (sack({5, 18, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8}) == std::pair(2U, 2U)));
    BOOST_TEST((sack({8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 5, 10, 1, 2, 3, 4, 5, 6, 7, 8}) ==
                std::pair(13U, 1U)));
    BOOST_TEST((sack({5, 10, 1, 2, 3, 4, 5, 6, 7}) == none));
    BOOST_TEST((sack({5, 9, 1, 2, 3, 4, 5, 6, 7}) == none));
    BOOST_TEST((sack({5, 2}) == none));
    BOOST_TEST((sack({5}) == none));
    BOOST_TEST((sack({0, 5, 10, 1, 2, 3, 4, 5, 6, 7, 8}) == none));
    BOOST_TEST((sack({8, 0, 5, 10, 1, 2, 3, 4, 5, 6, 7, 8}) == none));
    BOOST_TEST((sack({}) == none));
}

BOOST_AUTO_TEST_SUITE_END()
