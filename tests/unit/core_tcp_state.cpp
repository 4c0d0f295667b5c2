// SPDX-License-Identifier: GPL-2.0
// TCP as a director sees it. Expected states come from RFC 9293's diagram as far
// as a bystander can follow it, and from the timeouts' meaning in ip_vs.
#include <initializer_list>
#include <utility>

#include <boost/test/unit_test.hpp>

extern "C" {
#include "core/tcp_state.h"

#include <linux/lb.h>
}

namespace {

using Step = std::pair<tcp_side, tcp_event>;

u8 after(std::initializer_list<Step> steps, u8 state = LB_STATE_NONE)
{
    for (const auto &[side, event] : steps) {
        state = tcp_next_state(false, side, event, state);
    }
    return state;
}

constexpr auto in = TCP_SIDE_IN;
constexpr auto out = TCP_SIDE_OUT;
constexpr auto only = TCP_SIDE_IN_ONLY;
constexpr auto syn = TCP_EVENT_SYN;
constexpr auto fin = TCP_EVENT_FIN;
constexpr auto ack = TCP_EVENT_ACK;
constexpr auto rst = TCP_EVENT_RST;

} // namespace

BOOST_AUTO_TEST_SUITE(core_tcp_state)

BOOST_AUTO_TEST_CASE(a_handshake_establishes)
{
    BOOST_TEST(after({{in, syn}}) == LB_STATE_SYN_RECV);
    BOOST_TEST(after({{in, syn}, {out, syn}}) == LB_STATE_SYN_RECV);
    BOOST_TEST(after({{in, syn}, {out, syn}, {in, ack}}) == LB_STATE_ESTABLISHED);
}

BOOST_AUTO_TEST_CASE(a_handshake_establishes_when_only_the_client_is_seen)
{
    BOOST_TEST(after({{only, syn}}) == LB_STATE_SYN_RECV);
    BOOST_TEST(after({{only, syn}, {only, ack}}) == LB_STATE_ESTABLISHED);
}

BOOST_AUTO_TEST_CASE(the_client_closes_first)
{
    BOOST_TEST(after({{in, fin}}, LB_STATE_ESTABLISHED) == LB_STATE_CLOSE_WAIT);
    BOOST_TEST(after({{in, fin}, {out, ack}}, LB_STATE_ESTABLISHED) == LB_STATE_CLOSE_WAIT);
    BOOST_TEST(after({{in, fin}, {out, fin}}, LB_STATE_ESTABLISHED) == LB_STATE_TIME_WAIT);
    BOOST_TEST(after({{in, fin}, {out, fin}, {in, ack}}, LB_STATE_ESTABLISHED) ==
               LB_STATE_TIME_WAIT);
}

BOOST_AUTO_TEST_CASE(the_server_closes_first)
{
    BOOST_TEST(after({{out, fin}}, LB_STATE_ESTABLISHED) == LB_STATE_FIN_WAIT);
    BOOST_TEST(after({{out, fin}, {in, ack}}, LB_STATE_ESTABLISHED) == LB_STATE_FIN_WAIT);
    BOOST_TEST(after({{out, fin}, {in, fin}}, LB_STATE_ESTABLISHED) == LB_STATE_TIME_WAIT);
}

BOOST_AUTO_TEST_CASE(a_fin_seen_alone_waits_for_both_sides)
{
    BOOST_TEST(after({{only, fin}}, LB_STATE_ESTABLISHED) == LB_STATE_FIN_WAIT);
    BOOST_TEST(after({{only, fin}, {only, ack}}, LB_STATE_ESTABLISHED) == LB_STATE_FIN_WAIT);
}

BOOST_AUTO_TEST_CASE(a_reset_closes)
{
    for (const auto side : {in, out, only}) {
        BOOST_TEST(after({{side, rst}}, LB_STATE_ESTABLISHED) == LB_STATE_CLOSE);
        BOOST_TEST(after({{side, rst}}, LB_STATE_FIN_WAIT) == LB_STATE_CLOSE);
        BOOST_TEST(after({{side, rst}}, LB_STATE_CLOSE_WAIT) == LB_STATE_CLOSE);
    }
    // A client's reset may be forged more easily than a server's: it does not
    // end a half-open connection, the server's does.
    BOOST_TEST(after({{in, rst}}, LB_STATE_SYN_RECV) == LB_STATE_SYN_RECV);
    BOOST_TEST(after({{out, rst}}, LB_STATE_SYN_RECV) == LB_STATE_CLOSE);
}

BOOST_AUTO_TEST_CASE(a_retransmitted_syn_does_not_take_an_established_connection_back)
{
    for (const auto side : {in, out, only}) {
        BOOST_TEST(after({{side, syn}}, LB_STATE_ESTABLISHED) == LB_STATE_ESTABLISHED);
    }
}

BOOST_AUTO_TEST_CASE(a_segment_without_flags_changes_nothing)
{
    for (u8 state = LB_STATE_NONE; state <= LB_STATE_SYNACK; state++) {
        for (const auto side : {in, out, only}) {
            BOOST_TEST(tcp_next_state(false, side, TCP_EVENT_NONE, state) == state);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_event_leads_to_a_state)
{
    for (u8 state = LB_STATE_NONE; state <= LB_STATE_SYNACK; state++) {
        for (const auto side : {in, out, only}) {
            for (const auto event : {syn, fin, ack, rst}) {
                BOOST_TEST(tcp_next_state(false, side, event, state) <= LB_STATE_SYNACK);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(active_are_the_states_that_hold_a_server_busy)
{
    for (u8 state = LB_STATE_NONE; state <= LB_STATE_SYNACK; state++) {
        const bool want = state == LB_STATE_ESTABLISHED || state == LB_STATE_SYN_SENT ||
                          state == LB_STATE_SYN_RECV || state == LB_STATE_SYNACK;
        BOOST_TEST(tcp_state_active(state) == want);
    }
}

// What secure_tcp is for: Documentation/networking/ipvs-sysctl.rst, and the timeouts' meaning. That it
// is ip_vs's table, tests/net/scenarios/13-tcp-states.py sees.
BOOST_AUTO_TEST_CASE(a_secure_handshake_needs_both_sides)
{
    const auto secure = [](std::initializer_list<Step> steps, u8 state) {
        for (const auto &[side, event] : steps)
            state = tcp_next_state(true, side, event, state);
        return state;
    };
    BOOST_TEST(secure({{in, syn}, {in, ack}}, LB_STATE_NONE) == LB_STATE_SYN_RECV);
    BOOST_TEST(secure({{in, syn}, {out, syn}, {out, ack}}, LB_STATE_NONE) == LB_STATE_ESTABLISHED);
    BOOST_TEST(secure({{only, syn}}, LB_STATE_NONE) == LB_STATE_SYNACK);
    BOOST_TEST(secure({{only, syn}, {only, ack}}, LB_STATE_NONE) == LB_STATE_ESTABLISHED);
    BOOST_TEST(secure({{in, syn}, {out, syn}}, LB_STATE_ESTABLISHED) == LB_STATE_ESTABLISHED);
    for (const auto side : {in, out, only})
        for (const auto event : {syn, fin, ack, rst, TCP_EVENT_NONE})
            for (u8 state = 0; state <= LB_STATE_SYNACK; state++)
                BOOST_TEST(tcp_next_state(true, side, event, state) <= LB_STATE_SYNACK);
}

BOOST_AUTO_TEST_SUITE_END()
