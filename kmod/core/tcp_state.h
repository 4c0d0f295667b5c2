/* SPDX-License-Identifier: GPL-2.0 */
/* TCP as a director sees it: the state that an event leads to. ip_vs's
 * behaviour (its three tables), arranged by state.
 */
#ifndef LB_CORE_TCP_STATE_H
#define LB_CORE_TCP_STATE_H

#include "types.h"

/* Whose packet it is, and whether we would see the other side's at all. */
enum tcp_side {
	TCP_SIDE_IN,		/* the client's; replies pass us as well (nat) */
	TCP_SIDE_OUT,		/* the destination's */
	TCP_SIDE_IN_ONLY,	/* the client's; replies do not pass us (direct, tunnel) */
};

/* Columns of the tables; any other event changes nothing. */
enum tcp_event {
	TCP_EVENT_SYN,
	TCP_EVENT_FIN,
	TCP_EVENT_ACK,
	TCP_EVENT_RST,
	TCP_EVENT_NONE,
};

/* @secure: by ip_vs's tables for secure_tcp; @state and the result: enum lb_state up
 * to LB_STATE_SYNACK.
 */
u8 tcp_next_state(bool secure, enum tcp_side side, enum tcp_event event, u8 state);

/* Does a connection in this state count as active? */
bool tcp_state_active(u8 state);

#endif /* LB_CORE_TCP_STATE_H */
