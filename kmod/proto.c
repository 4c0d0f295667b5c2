// SPDX-License-Identifier: GPL-2.0
/* Events to states and timeouts. Decides nothing about forwarding. */
#include "proto.h"

#include <linux/jiffies.h>

#include "alg.h"
#include "conn.h"
#include "core/sctp_state.h"
#include "core/tcp_state.h"
#include "packet.h"
#include "service.h"

/* RFC 9260, 16: RTO.Max is 60 seconds; one more, and whatever is sent again is. */
#define LB_SCTP_MAX_RTO	61

/* Seconds; those of ip_vs. */
static const u16 default_timeout[LB_STATES] = {
	[LB_STATE_NONE] = 2,
	[LB_STATE_ESTABLISHED] = 15 * 60,
	[LB_STATE_SYN_SENT] = 2 * 60,
	[LB_STATE_SYN_RECV] = 60,
	[LB_STATE_FIN_WAIT] = 2 * 60,
	[LB_STATE_TIME_WAIT] = 2 * 60,
	[LB_STATE_CLOSE] = 10,
	[LB_STATE_CLOSE_WAIT] = 60,
	[LB_STATE_LAST_ACK] = 30,
	[LB_STATE_LISTEN] = 2 * 60,
	[LB_STATE_SYNACK] = 120,
	[LB_STATE_UDP] = 5 * 60,
	[LB_STATE_SCTP_NONE] = 2,
	[LB_STATE_SCTP_INIT1] = 4,
	[LB_STATE_SCTP_INIT] = LB_SCTP_MAX_RTO,
	[LB_STATE_SCTP_COOKIE_SENT] = LB_SCTP_MAX_RTO,
	[LB_STATE_SCTP_COOKIE_REPLIED] = LB_SCTP_MAX_RTO,
	[LB_STATE_SCTP_COOKIE_WAIT] = LB_SCTP_MAX_RTO,
	[LB_STATE_SCTP_COOKIE] = LB_SCTP_MAX_RTO,
	[LB_STATE_SCTP_COOKIE_ECHOED] = LB_SCTP_MAX_RTO,
	[LB_STATE_SCTP_ESTABLISHED] = 15 * 60,
	[LB_STATE_SCTP_SHUTDOWN_SENT] = LB_SCTP_MAX_RTO,
	[LB_STATE_SCTP_SHUTDOWN_RECEIVED] = LB_SCTP_MAX_RTO,
	[LB_STATE_SCTP_SHUTDOWN_ACK_SENT] = LB_SCTP_MAX_RTO,
	[LB_STATE_SCTP_REJECTED] = 4,
	[LB_STATE_SCTP_CLOSED] = LB_SCTP_MAX_RTO,
};

void lb_proto_default_timeouts(u32 timeout[LB_STATES])
{
	unsigned int state;

	for (state = 0; state < LB_STATES; state++)
		timeout[state] = default_timeout[state] * HZ;
}

bool lb_proto_has_state(u8 proto, u8 state)
{
	switch (proto) {
	case IPPROTO_TCP:
		return state <= LB_STATE_SYNACK;
	case IPPROTO_UDP:
		return state == LB_STATE_UDP;
	case IPPROTO_SCTP:
		return state >= LB_STATE_SCTP_NONE && state <= LB_STATE_SCTP_CLOSED;
	}
	return false;
}

/* A service that is gone, or being added, has no say. */
static u32 lb_proto_own_timeout(const struct lb_dest *dest, u8 state)
{
	const struct lb_pool *pool = lb_service_pool(rcu_dereference(dest->svc));

	return pool ? pool->timeouts.jiffies[state] : 0;
}

u32 lb_proto_timeout(const struct lb_net *ln, const struct lb_dest *dest, u8 state)
{
	u32 own = 0;

	if (unlikely(READ_ONCE(ln->n_timeouts)))
		own = lb_proto_own_timeout(dest, state);
	return own ?: READ_ONCE(ln->settings.timeout[state]);
}

u8 lb_proto_first_state(u8 proto)
{
	switch (proto) {
	case IPPROTO_UDP:
		return LB_STATE_UDP;
	case IPPROTO_SCTP:
		return LB_STATE_SCTP_NONE;
	}
	return LB_STATE_NONE;
}

static enum lb_verdict lb_sctp_opens(const struct lb_ctx *ctx)
{
	enum lb_event event = ctx->pkt.event;

	/* RFC 9260, 3: a packet has a chunk. */
	if (event == LB_EVENT_NONE)
		return lb_drop(ctx, LB_DROP_REASON_MALFORMED);
	if (event == lb_sctp_event(SCTP_SEEN_INIT))
		return LB_CONTINUE;
	if (event == lb_sctp_event(SCTP_SEEN_ABORT) ||
	    !(ctx->adopt || READ_ONCE(ctx->ln->settings.sloppy_sctp)))
		return LB_ACCEPT;
	return LB_CONTINUE;
}

enum lb_verdict lb_proto_opens(const struct lb_ctx *ctx)
{
	if (ctx->pkt.portless)
		return LB_ACCEPT;
	if (ctx->pkt.icmp)
		return LB_CONTINUE;
	switch (ctx->pkt.tuple.proto) {
	case IPPROTO_UDP:
		return LB_CONTINUE;
	case IPPROTO_SCTP:
		return lb_sctp_opens(ctx);
	}
	/* As ip_vs: a SYN, also one with ACK. */
	if (ctx->pkt.event == LB_EVENT_SYN)
		return LB_CONTINUE;
	if (ctx->pkt.event == LB_EVENT_RST ||
	    !(ctx->adopt || READ_ONCE(ctx->ln->settings.sloppy_tcp)))
		return LB_ACCEPT;
	return LB_CONTINUE;
}

/* Is the connection over, in the sense of conn_reuse_mode, bit by bit ip_vs's? Not one
 * that a template or a control connection keeps to its destination.
 */
static bool lb_proto_is_over(const struct lb_ctx *ctx, u32 mode)
{
	if (READ_ONCE(ctx->conn->flags) & (LB_CONN_PERSISTENT | LB_CONN_DATA))
		return false;
	switch (READ_ONCE(ctx->conn->state)) {
	case LB_STATE_TIME_WAIT:
	case LB_STATE_CLOSE:
	case LB_STATE_SCTP_CLOSED:
		return mode;
	case LB_STATE_FIN_WAIT:
		/* The server's FIN, which would make it time-wait, is not seen. */
		return (mode & 2) && (READ_ONCE(ctx->conn->flags) & LB_CONN_NO_OUTPUT);
	}
	return false;
}

bool lb_proto_reopens(const struct lb_ctx *ctx)
{
	const struct lb_settings *settings = &ctx->ln->settings;

	if (ctx->pkt.event != LB_EVENT_SYN &&
	    ctx->pkt.event != lb_sctp_event(SCTP_SEEN_INIT))
		return false;
	if (READ_ONCE(settings->expire_nodest_conn) &&
	    READ_ONCE(ctx->conn->dest->place) == LB_DEST_UNUSABLE)
		return true;
	return lb_proto_is_over(ctx, READ_ONCE(settings->conn_reuse_mode));
}

static enum sctp_side lb_sctp_side(const struct lb_ctx *ctx)
{
	if (ctx->dir == LB_DIR_OUT)
		return SCTP_SIDE_OUT;
	return ctx->conn->flags & LB_CONN_NO_OUTPUT ? SCTP_SIDE_IN_ONLY : SCTP_SIDE_IN;
}

static enum tcp_side lb_tcp_side(const struct lb_ctx *ctx)
{
	if (ctx->dir == LB_DIR_OUT)
		return TCP_SIDE_OUT;
	return ctx->conn->flags & LB_CONN_NO_OUTPUT ? TCP_SIDE_IN_ONLY : TCP_SIDE_IN;
}

/* Where this packet leads from @state. */
static u8 lb_next_state(const struct lb_ctx *ctx, u8 state)
{
	enum lb_event event = ctx->pkt.event;

	if (ctx->conn->proto == IPPROTO_TCP)
		return tcp_next_state(READ_ONCE(ctx->ln->defence.secure_tcp), lb_tcp_side(ctx),
				      (enum tcp_event)event, state);
	if (event < LB_EVENT_SCTP)
		return state;
	return sctp_next_state(lb_sctp_side(ctx),
			       (enum sctp_seen)((int)event - (int)LB_EVENT_SCTP), state);
}

static bool lb_state_active(const struct lb_conn *conn, u8 state)
{
	return conn->proto == IPPROTO_TCP ? tcp_state_active(state) : sctp_state_active(state);
}

/* Caller holds conn->lock, and has seen that the connection is not dead: whoever
 * unlinks it next takes off the destination's load what is put on here.
 */
static void lb_state_enter(const struct lb_net *ln, struct lb_conn *conn, u8 next)
{
	bool active = lb_state_active(conn, next);

	WRITE_ONCE(conn->state, next);
	WRITE_ONCE(conn->timeout, lb_proto_timeout(ln, conn->dest, next));
	if (active != !!(conn->flags & LB_CONN_INACTIVE))
		return;
	WRITE_ONCE(conn->flags, conn->flags ^ LB_CONN_INACTIVE);
	lb_dest_load_add(conn->dest, active ? LB_LOAD_ACTIVE - LB_LOAD_INACTIVE :
					      LB_LOAD_INACTIVE - LB_LOAD_ACTIVE);
}

/* The states of two packets may race; the lock decides who was first, and the
 * destination's load follows the winner. Established traffic changes nothing
 * and does not come here.
 */
static void lb_state_change(struct lb_ctx *ctx)
{
	struct lb_conn *conn = ctx->conn;
	u8 next;

	spin_lock_bh(&conn->lock);
	next = lb_next_state(ctx, conn->state);
	if (next != conn->state && !(conn->flags & LB_CONN_DEAD))
		lb_state_enter(ctx->ln, conn, next);
	spin_unlock_bh(&conn->lock);
}

bool lb_proto_close(const struct lb_net *ln, struct lb_conn *conn)
{
	bool closes;

	spin_lock_bh(&conn->lock);
	closes = conn->state != LB_STATE_CLOSE && !(conn->flags & LB_CONN_DEAD);
	if (closes) {
		lb_state_enter(ln, conn, LB_STATE_CLOSE);
		WRITE_ONCE(conn->seen, (u32)jiffies);
	}
	spin_unlock_bh(&conn->lock);
	return closes;
}

void lb_proto_bring(const struct lb_net *ln, struct lb_conn *conn, u8 state, u32 timeout)
{
	spin_lock_bh(&conn->lock);
	if (!(conn->flags & LB_CONN_DEAD)) {
		if (conn->proto == IPPROTO_UDP)
			WRITE_ONCE(conn->timeout, lb_proto_timeout(ln, conn->dest, state));
		else
			lb_state_enter(ln, conn, state);
		if (timeout)
			WRITE_ONCE(conn->timeout, timeout);
		WRITE_ONCE(conn->seen, (u32)jiffies);
	}
	spin_unlock_bh(&conn->lock);
}

void lb_proto_step(struct lb_ctx *ctx)
{
	struct lb_conn *conn = ctx->conn;
	u32 now = jiffies;

	BUILD_BUG_ON((int)LB_EVENT_SYN != (int)TCP_EVENT_SYN ||
		     (int)LB_EVENT_FIN != (int)TCP_EVENT_FIN ||
		     (int)LB_EVENT_ACK != (int)TCP_EVENT_ACK ||
		     (int)LB_EVENT_RST != (int)TCP_EVENT_RST ||
		     (int)LB_EVENT_NONE != (int)TCP_EVENT_NONE);

	if (conn->proto != IPPROTO_UDP) {
		u8 state = READ_ONCE(conn->state);

		if (lb_next_state(ctx, state) != state)
			lb_state_change(ctx);
	}
	if (ctx->dir == LB_DIR_IN && unlikely(READ_ONCE(conn->packets) <= LB_DEFENCE_PACKETS))
		WRITE_ONCE(conn->packets, conn->packets + 1);
	if (now - READ_ONCE(conn->seen) >= LB_CONN_TICK) {
		WRITE_ONCE(conn->seen, now);
		if (unlikely(conn->flags & LB_CONN_DATA))
			lb_data_seen(conn, now);
		/* Settings may have changed since the state was entered. */
		WRITE_ONCE(conn->timeout,
			   lb_proto_timeout(ctx->ln, conn->dest, READ_ONCE(conn->state)));
	}
}
