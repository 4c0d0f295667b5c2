/* SPDX-License-Identifier: GPL-2.0 */
/* SCTP as a director sees it: the state that a chunk leads to. ip_vs's behaviour
 * (its three tables), arranged by state. States are as the server sees them; those
 * that RFC 9260's diagram (section 4) does not have tell how far a handshake is.
 *
 *   the client sets up:	INIT1, or INIT when it asked again; COOKIE_SENT after
 *				the server's INIT ACK; COOKIE_REPLIED after COOKIE ECHO
 *   the server sets up:	COOKIE_WAIT, COOKIE, COOKIE_ECHOED
 *   the server refuses:	REJECTED, where a new INIT is soon welcome
 */
#ifndef LB_CORE_SCTP_STATE_H
#define LB_CORE_SCTP_STATE_H

#include "types.h"

/* RFC 9260, 3.2: chunk types that mean something to a bystander. */
enum sctp_chunk {
	SCTP_CHUNK_DATA = 0,
	SCTP_CHUNK_INIT = 1,
	SCTP_CHUNK_INIT_ACK = 2,
	SCTP_CHUNK_ABORT = 6,
	SCTP_CHUNK_SHUTDOWN = 7,
	SCTP_CHUNK_SHUTDOWN_ACK = 8,
	SCTP_CHUNK_ERROR = 9,
	SCTP_CHUNK_COOKIE_ECHO = 10,
	SCTP_CHUNK_COOKIE_ACK = 11,
	SCTP_CHUNK_SHUTDOWN_COMPLETE = 14,
};

/* Whose packet it is, and whether we would see the other side's at all. */
enum sctp_side {
	SCTP_SIDE_IN,		/* the client's; replies pass us as well (nat) */
	SCTP_SIDE_OUT,		/* the destination's */
	SCTP_SIDE_IN_ONLY,	/* the client's; replies do not pass us (direct, tunnel) */
};

enum sctp_seen {
	SCTP_SEEN_DATA,	/* and whatever else an association carries */
	SCTP_SEEN_INIT,
	SCTP_SEEN_INIT_ACK,
	SCTP_SEEN_COOKIE_ECHO,
	SCTP_SEEN_COOKIE_ACK,
	SCTP_SEEN_SHUTDOWN,
	SCTP_SEEN_SHUTDOWN_ACK,
	SCTP_SEEN_SHUTDOWN_COMPLETE,
	SCTP_SEEN_ERROR,
	SCTP_SEEN_ABORT,
	SCTP_SEEN_COUNT,
};

/* What a chunk of this type, an enum sctp_chunk or any other, means. */
enum sctp_seen sctp_chunk_seen(u8 chunk);

/* @state and the result: enum lb_state from LB_STATE_SCTP_NONE on. */
u8 sctp_next_state(enum sctp_side side, enum sctp_seen seen, u8 state);

/* Does a connection in this state count as active? */
bool sctp_state_active(u8 state);

#endif /* LB_CORE_SCTP_STATE_H */
