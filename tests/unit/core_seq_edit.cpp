// SPDX-License-Identifier: GPL-2.0
// A stream is edited segment by segment, however it is cut, and must come out as if it had been
// edited at once; positions must lead there and back.
#include <random>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/seq_edit.h"
}

namespace {

void add(seq_edits &edits, u32 at, u8 old_len, std::string_view text)
{
    BOOST_REQUIRE(seq_edits_room(&edits, at));
    seq_edits_add(&edits, at, old_len, text.data(), static_cast<u8>(text.size()));
}

std::string edit(const seq_edits &edits, std::string segment, u32 seq)
{
    seq_cut cut;
    for (u32 i = edits.n, len = static_cast<u32>(segment.size()); i; i--) {
        if (seq_edit_cut(&edits.edit[i - 1], seq, len, &cut))
            segment.replace(cut.off, cut.old_len, cut.text, cut.new_len);
    }
    return segment;
}

// 0123456789 with "34" made longer and "78" made shorter, around the wrap.
constexpr u32 start = UINT32_MAX - 4;
seq_edits example()
{
    seq_edits edits{};
    add(edits, start + 3, 2, "abcd");
    add(edits, start + 7, 2, "x");
    return edits;
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_seq_edit)

BOOST_AUTO_TEST_CASE(nothing_replaced_nothing_shifted)
{
    const seq_edits edits{};
    BOOST_TEST(seq_edits_out(&edits, 7) == 7U);
    BOOST_TEST(seq_edits_in(&edits, 7) == 7U);
}

BOOST_AUTO_TEST_CASE(a_whole_segment)
{
    const auto edits = example();
    BOOST_TEST(edit(edits, "0123456789", start) == "012abcd56x9");
    BOOST_TEST(edit(edits, "012", start) == "012");
    BOOST_TEST(edit(edits, "9", start + 9) == "9");
}

BOOST_AUTO_TEST_CASE(every_segment_lands_where_the_one_before_it_ends)
{
    const auto edits = example();
    const std::string text = "0123456789";
    for (u32 a = 0; a <= 10; a++) {
        for (u32 b = a; b <= 10; b++) {
            const auto one = edit(edits, text.substr(0, a), start);
            const auto two = edit(edits, text.substr(a, b - a), start + a);
            const auto three = edit(edits, text.substr(b), start + b);
            BOOST_TEST(one + two + three == "012abcd56x9");
            const auto first = static_cast<u32>(one.size());
            const auto second = first + static_cast<u32>(two.size());
            BOOST_TEST(seq_edits_out(&edits, start + a) == start + first);
            BOOST_TEST(seq_edits_out(&edits, start + b) == start + second);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_acknowledged_was_received)
{
    const auto edits = example();
    const u32 back[] = {0, 1, 2, 3, 3, 3, 3, 5, 6, 7, 9, 10, 11};
    for (u32 i = 0; i < std::size(back); i++)
        BOOST_TEST(seq_edits_in(&edits, start + i) == start + back[i], i);
}

BOOST_AUTO_TEST_CASE(there_and_back_between_the_pieces)
{
    const auto edits = example();
    for (const u32 i : {0U, 1U, 2U, 3U, 5U, 6U, 7U, 9U, 10U, 1000U})
        BOOST_TEST(seq_edits_in(&edits, seq_edits_out(&edits, start + i)) == start + i, i);
}

BOOST_AUTO_TEST_CASE(the_oldest_goes_when_it_is_acknowledged)
{
    seq_edits edits{};
    for (u32 i = 0; i < SEQ_EDITS; i++)
        add(edits, 10 * i, 1, "abc");
    BOOST_TEST(!seq_edits_room(&edits, 0));
    BOOST_TEST(edits.n == SEQ_EDITS);
    BOOST_TEST(seq_edits_room(&edits, 1));
    BOOST_TEST(edits.n == SEQ_EDITS - 1);
    seq_edits_add(&edits, 100, 3, "", 0);
    BOOST_TEST(seq_edits_out(&edits, 5) == 7U);
    BOOST_TEST(seq_edits_out(&edits, 100) == 108U);
    BOOST_TEST(seq_edits_out(&edits, 103) == 108U);
    BOOST_TEST(seq_edits_in(&edits, 108) == 103U);
}

BOOST_AUTO_TEST_SUITE_END()
