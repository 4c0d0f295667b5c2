// SPDX-License-Identifier: GPL-2.0
// SCTP as a director sees it. Expected states come from RFC 9260's diagram (section 4) and
// sequences (5.1, 9) as far as a bystander can follow them, and, where the diagram has no
// state, from what the states are for in ip_vs; those that packets can show are compared with
// ip_vs itself in tests/net/scenarios/14-sctp-states.py.
#include <initializer_list>
#include <utility>

#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/sctp_state.h"

#include <linux/lb.h>
}

namespace {

using Step = std::pair<sctp_side, sctp_seen>;

u8 after(std::initializer_list<Step> steps, u8 state = LB_STATE_SCTP_NONE)
{
    for (const auto &[side, seen] : steps) {
        state = sctp_next_state(side, seen, state);
    }
    return state;
}

constexpr auto in = SCTP_SIDE_IN;
constexpr auto out = SCTP_SIDE_OUT;
constexpr auto only = SCTP_SIDE_IN_ONLY;
constexpr auto data = SCTP_SEEN_DATA;
constexpr auto init = SCTP_SEEN_INIT;
constexpr auto initAck = SCTP_SEEN_INIT_ACK;
constexpr auto cookieEcho = SCTP_SEEN_COOKIE_ECHO;
constexpr auto cookieAck = SCTP_SEEN_COOKIE_ACK;
constexpr auto shutdown = SCTP_SEEN_SHUTDOWN;
constexpr auto shutdownAck = SCTP_SEEN_SHUTDOWN_ACK;
constexpr auto shutdownComplete = SCTP_SEEN_SHUTDOWN_COMPLETE;
constexpr auto failure = SCTP_SEEN_ERROR;
constexpr auto abortion = SCTP_SEEN_ABORT;

} // namespace

BOOST_AUTO_TEST_SUITE(core_sctp_state)

// RFC 9260, 5.1: INIT, INIT ACK, COOKIE ECHO, COOKIE ACK.
BOOST_AUTO_TEST_CASE(the_client_sets_up)
{
    BOOST_TEST(after({{in, init}}) == LB_STATE_SCTP_INIT1);
    BOOST_TEST(after({{in, init}, {in, init}}) == LB_STATE_SCTP_INIT);
    BOOST_TEST(after({{in, init}, {out, initAck}}) == LB_STATE_SCTP_COOKIE_SENT);
    BOOST_TEST(after({{in, init}, {out, initAck}, {in, cookieEcho}}) ==
               LB_STATE_SCTP_COOKIE_REPLIED);
    BOOST_TEST(after({{in, init}, {out, initAck}, {in, cookieEcho}, {out, cookieAck}}) ==
               LB_STATE_SCTP_ESTABLISHED);
}

BOOST_AUTO_TEST_CASE(the_client_sets_up_when_only_it_is_seen)
{
    BOOST_TEST(after({{only, init}}) == LB_STATE_SCTP_INIT1);
    BOOST_TEST(after({{only, init}, {only, init}}) == LB_STATE_SCTP_INIT);
    BOOST_TEST(after({{only, init}, {only, cookieEcho}}) == LB_STATE_SCTP_ESTABLISHED);
}

BOOST_AUTO_TEST_CASE(the_server_sets_up)
{
    BOOST_TEST(after({{out, init}}) == LB_STATE_SCTP_COOKIE_WAIT);
    BOOST_TEST(after({{out, init}, {in, initAck}}) == LB_STATE_SCTP_COOKIE);
    BOOST_TEST(after({{out, init}, {in, initAck}, {out, cookieEcho}}) ==
               LB_STATE_SCTP_COOKIE_ECHOED);
    BOOST_TEST(after({{out, init}, {in, initAck}, {out, cookieEcho}, {in, cookieAck}}) ==
               LB_STATE_SCTP_ESTABLISHED);
}

BOOST_AUTO_TEST_CASE(a_refused_init_makes_room_soon)
{
    BOOST_TEST(after({{in, init}, {out, abortion}}) == LB_STATE_SCTP_REJECTED);
    BOOST_TEST(after({{in, init}, {out, abortion}, {in, init}}) == LB_STATE_SCTP_INIT);
    BOOST_TEST(after({{out, init}, {in, abortion}}) == LB_STATE_SCTP_REJECTED);
}

BOOST_AUTO_TEST_CASE(whatever_an_association_carries_leaves_it_established)
{
    for (const auto side : {in, out, only}) {
        for (const auto seen : {data, init, initAck, cookieEcho, cookieAck, failure}) {
            BOOST_TEST(after({{side, seen}}, LB_STATE_SCTP_ESTABLISHED) ==
                       LB_STATE_SCTP_ESTABLISHED);
        }
    }
}

// RFC 9260, 9.2: SHUTDOWN, SHUTDOWN ACK, SHUTDOWN COMPLETE.
BOOST_AUTO_TEST_CASE(the_client_shuts_down)
{
    BOOST_TEST(after({{in, shutdown}}, LB_STATE_SCTP_ESTABLISHED) ==
               LB_STATE_SCTP_SHUTDOWN_RECEIVED);
    BOOST_TEST(after({{in, shutdown}, {out, shutdownAck}}, LB_STATE_SCTP_ESTABLISHED) ==
               LB_STATE_SCTP_SHUTDOWN_ACK_SENT);
    BOOST_TEST(after({{in, shutdown}, {out, shutdownAck}, {in, shutdownComplete}},
                     LB_STATE_SCTP_ESTABLISHED) == LB_STATE_SCTP_CLOSED);
}

BOOST_AUTO_TEST_CASE(the_server_shuts_down)
{
    BOOST_TEST(after({{out, shutdown}}, LB_STATE_SCTP_ESTABLISHED) == LB_STATE_SCTP_SHUTDOWN_SENT);
    BOOST_TEST(after({{out, shutdown}, {in, shutdownAck}}, LB_STATE_SCTP_ESTABLISHED) ==
               LB_STATE_SCTP_CLOSED);
}

BOOST_AUTO_TEST_CASE(both_shut_down_when_only_the_client_is_seen)
{
    BOOST_TEST(after({{only, shutdown}}, LB_STATE_SCTP_ESTABLISHED) ==
               LB_STATE_SCTP_SHUTDOWN_RECEIVED);
    BOOST_TEST(after({{only, shutdown}, {only, shutdownComplete}}, LB_STATE_SCTP_ESTABLISHED) ==
               LB_STATE_SCTP_CLOSED);
    // The server's SHUTDOWN was not seen; the client acknowledges it.
    BOOST_TEST(after({{only, shutdownAck}}, LB_STATE_SCTP_ESTABLISHED) == LB_STATE_SCTP_CLOSED);
}

// RFC 9260, 9.1: whoever gets an ABORT is done. A server that set up is another matter.
BOOST_AUTO_TEST_CASE(an_abort_closes)
{
    for (u8 state = LB_STATE_SCTP_NONE; state <= LB_STATE_SCTP_CLOSED; state++) {
        for (const auto side : {in, out, only}) {
            const bool refused =
                side == out ? state == LB_STATE_SCTP_INIT1 : state == LB_STATE_SCTP_COOKIE_WAIT;
            BOOST_TEST(sctp_next_state(side, abortion, state) ==
                       (refused ? LB_STATE_SCTP_REJECTED : LB_STATE_SCTP_CLOSED));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_over_begins_anew_with_init_only)
{
    for (const auto state : {LB_STATE_SCTP_CLOSED, LB_STATE_SCTP_REJECTED}) {
        for (const auto side : {in, only}) {
            BOOST_TEST(after({{side, init}}, state) == LB_STATE_SCTP_INIT);
            for (const auto seen : {data, initAck, cookieEcho, cookieAck, shutdown, shutdownAck,
                                    shutdownComplete, failure}) {
                BOOST_TEST(after({{side, seen}}, state) == state);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(every_chunk_leads_to_a_state_of_sctp)
{
    for (u8 state = LB_STATE_SCTP_NONE; state <= LB_STATE_SCTP_CLOSED; state++) {
        for (const auto side : {in, out, only}) {
            for (unsigned chunk = 0; chunk < 256; chunk++) {
                const auto next =
                    sctp_next_state(side, sctp_chunk_seen(static_cast<u8>(chunk)), state);
                BOOST_TEST_REQUIRE(next > LB_STATE_SCTP_NONE);
                BOOST_TEST_REQUIRE(next <= LB_STATE_SCTP_CLOSED);
            }
        }
    }
}

// RFC 9260, 3.2: chunk types by number; SACK, HEARTBEAT and its answer, ECNE, CWR and those of
// extensions (AUTH 15, I-DATA 64, ASCONF 193, ...) are an association's daily life.
BOOST_AUTO_TEST_CASE(chunks_are_told_apart_by_type)
{
    BOOST_TEST(sctp_chunk_seen(0) == data);
    BOOST_TEST(sctp_chunk_seen(1) == init);
    BOOST_TEST(sctp_chunk_seen(2) == initAck);
    BOOST_TEST(sctp_chunk_seen(6) == abortion);
    BOOST_TEST(sctp_chunk_seen(7) == shutdown);
    BOOST_TEST(sctp_chunk_seen(8) == shutdownAck);
    BOOST_TEST(sctp_chunk_seen(9) == failure);
    BOOST_TEST(sctp_chunk_seen(10) == cookieEcho);
    BOOST_TEST(sctp_chunk_seen(11) == cookieAck);
    BOOST_TEST(sctp_chunk_seen(14) == shutdownComplete);
    for (const int other : {3, 4, 5, 12, 13, 15, 64, 128, 130, 192, 193, 194, 255}) {
        BOOST_TEST(sctp_chunk_seen(static_cast<u8>(other)) == data);
    }
}

BOOST_AUTO_TEST_CASE(active_is_only_what_is_established)
{
    for (u8 state = LB_STATE_SCTP_NONE; state <= LB_STATE_SCTP_CLOSED; state++) {
        BOOST_TEST(sctp_state_active(state) == (state == LB_STATE_SCTP_ESTABLISHED));
    }
}

BOOST_AUTO_TEST_SUITE_END()
