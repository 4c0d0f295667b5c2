// SPDX-License-Identifier: GPL-2.0
/* Events to states and timeouts. Decides nothing about forwarding. */
#include "proto.h"

#include <linux/jiffies.h>

#include "conn.h"
#include "core/tcp_state.h"
#include "packet.h"

/* Seconds; those of ip_vs. */
static const u16 default_timeout[LB_STATE_UDP + 1] = {
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
};

void lb_proto_default_timeouts(u32 timeout[LB_STATE_UDP + 1])
{
	unsigned int state;

	for (state = 0; state <= LB_STATE_UDP; state++)
		timeout[state] = default_timeout[state] * HZ;
}

u8 lb_proto_first_state(u8 proto)
{
	return proto == IPPROTO_UDP ? LB_STATE_UDP : LB_STATE_NONE;
}

bool lb_proto_opens(const struct lb_ctx *ctx)
{
	/* As ip_vs without sloppy_tcp: a SYN, also one with ACK. */
	return ctx->pkt.tuple.proto == IPPROTO_UDP || ctx->pkt.event == LB_EVENT_SYN;
}

static enum tcp_side lb_tcp_side(const struct lb_ctx *ctx)
{
	if (ctx->dir == LB_DIR_OUT)
		return TCP_SIDE_OUT;
	return ctx->conn->flags & LB_CONN_NO_OUTPUT ? TCP_SIDE_IN_ONLY : TCP_SIDE_IN;
}

/* The states of two packets may race; the lock decides who was first, and the
 * destination's load follows the winner. Established traffic changes nothing
 * and does not come here.
 */
static void lb_tcp_change(struct lb_ctx *ctx)
{
	struct lb_conn *conn = ctx->conn;
	s64 load = 0;
	u8 next;

	spin_lock_bh(&conn->lock);
	next = tcp_next_state(lb_tcp_side(ctx), (enum tcp_event)ctx->pkt.event, conn->state);
	if (next != conn->state && !(conn->flags & LB_CONN_DEAD)) {
		bool active = tcp_state_active(next);

		WRITE_ONCE(conn->state, next);
		WRITE_ONCE(conn->timeout, READ_ONCE(ctx->ln->settings.timeout[next]));
		if (active == !!(conn->flags & LB_CONN_INACTIVE)) {
			WRITE_ONCE(conn->flags, conn->flags ^ LB_CONN_INACTIVE);
			load = active ? LB_LOAD_ACTIVE - LB_LOAD_INACTIVE :
					LB_LOAD_INACTIVE - LB_LOAD_ACTIVE;
		}
		/* Within the lock: whoever unlinks the connection next takes
		 * off what was put on here.
		 */
		if (load)
			lb_dest_load_add(conn->dest, load);
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

	if (conn->proto == IPPROTO_TCP) {
		u8 state = READ_ONCE(conn->state);

		if (tcp_next_state(lb_tcp_side(ctx), (enum tcp_event)ctx->pkt.event, state) !=
		    state)
			lb_tcp_change(ctx);
	}
	if (now - READ_ONCE(conn->seen) >= LB_CONN_TICK) {
		WRITE_ONCE(conn->seen, now);
		/* Settings may have changed since the state was entered. */
		WRITE_ONCE(conn->timeout,
			   READ_ONCE(ctx->ln->settings.timeout[READ_ONCE(conn->state)]));
	}
}
