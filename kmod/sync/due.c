// SPDX-License-Identifier: GPL-2.0
/* Which of its connections a director tells of, and when: what core/sync_due.h decides, of
 * what is noted in the connection.
 */
#include "../conn.h"
#include "../core/sync_due.h"
#include "../dest.h"
#include "../packet.h"
#include "../persist.h"
#include "sync.h"

/* Templates are told with their connections' packets, but not more often. */
#define LB_SYNC_TEMPLATE_TICK	HZ

/* What a connection notes of its being told: the state, and retries above it. */
#define LB_SYNC_STATE	0x1f
#define LB_SYNC_RETRY	5

static_assert(LB_STATE_MAX < LB_SYNC_STATE && LB_CONN_UNTOLD == LB_SYNC_STATE);

/* Those of ip_vs: before, somebody else's connection is not to be gone on with. */
static bool lb_sync_state_is_told(u8 state)
{
	switch ((enum lb_state)state) {
	case LB_STATE_ESTABLISHED:
	case LB_STATE_FIN_WAIT:
	case LB_STATE_TIME_WAIT:
	case LB_STATE_CLOSE:
	case LB_STATE_CLOSE_WAIT:
	case LB_STATE_UDP:
	case LB_STATE_SCTP_ESTABLISHED:
	case LB_STATE_SCTP_SHUTDOWN_SENT:
	case LB_STATE_SCTP_SHUTDOWN_RECEIVED:
	case LB_STATE_SCTP_SHUTDOWN_ACK_SENT:
	case LB_STATE_SCTP_CLOSED:
		return true;
	default:
		return false;
	}
}

/* Does a change to this state go at once? */
static bool lb_sync_state_is_news(u8 state)
{
	return state != LB_STATE_ESTABLISHED && state != LB_STATE_SCTP_ESTABLISHED &&
	       state != LB_STATE_UDP;
}

static u16 lb_sync_seconds(void)
{
	return (u16)(jiffies / HZ);
}

static void lb_sync_rules(struct sync_rules *rules, const struct lb_settings *settings)
{
	rules->threshold = READ_ONCE(settings->sync_threshold);
	rules->period = READ_ONCE(settings->sync_period);
	rules->refresh = READ_ONCE(settings->sync_refresh_period);
	rules->retries = READ_ONCE(settings->sync_retries);
}

/* Is this packet, of so many, one that tells the connection? Then that is noted. */
static bool lb_sync_conn_due(const struct lb_settings *settings, struct lb_conn *conn, u16 packets)
{
	struct lb_conn_node *in = &conn->node[LB_DIR_IN], *out = &conn->node[LB_DIR_OUT];
	const u8 state = READ_ONCE(conn->state), noted = READ_ONCE(in->told);
	const bool same = (noted & LB_SYNC_STATE) == state;
	const struct sync_told told = {
		.ever = same,
		.age = (u16)(lb_sync_seconds() - READ_ONCE(out->word)),
		.retries = noted >> LB_SYNC_RETRY,
	};
	enum sync_due due = SYNC_DUE;
	struct sync_rules rules;

	if (!lb_sync_state_is_told(state))
		return false;
	if (same || !lb_sync_state_is_news(state)) {
		lb_sync_rules(&rules, settings);
		/* Counted by 16 bits: 0 is one of many. */
		due = sync_due(&rules, &told, packets ?: U16_MAX, READ_ONCE(conn->timeout) / HZ);
	}
	if (due == SYNC_NOT_DUE)
		return false;
	if (due == SYNC_DUE_RETRY)
		WRITE_ONCE(in->told, state | (told.retries + 1) << LB_SYNC_RETRY);
	else
		WRITE_ONCE(in->told, state);
	WRITE_ONCE(out->word, lb_sync_seconds());
	return true;
}

static bool lb_sync_template_due(const struct lb_settings *settings, struct lb_template *tpl)
{
	const u32 now = jiffies, age = now - READ_ONCE(tpl->told_at);
	const bool ever = READ_ONCE(tpl->told);
	const struct sync_told told = { .ever = ever, .age = age / HZ };
	struct sync_rules rules;

	if (ever && age < LB_SYNC_TEMPLATE_TICK)
		return false;
	lb_sync_rules(&rules, settings);
	if (ever && !rules.period && !rules.refresh)
		return false;
	if (sync_due(&rules, &told, 0, READ_ONCE(tpl->timeout) / HZ) == SYNC_NOT_DUE)
		return false;
	WRITE_ONCE(tpl->told, true);
	WRITE_ONCE(tpl->told_at, now);
	return true;
}

/* The template that a connection is counted in, NULL when the connection is gone.
 * Valid under rcu_read_lock(): it was not unlinked before the connection was.
 */
static struct lb_template *lb_sync_template_of(struct lb_conn *conn)
{
	struct lb_template *tpl = NULL;

	spin_lock(&conn->lock);
	if (!(conn->flags & LB_CONN_DEAD))
		tpl = conn->tpl;
	spin_unlock(&conn->lock);
	return tpl;
}

/* What version 1 has one family for, or no word. */
static bool lb_sync_can_tell(u8 family, const struct lb_dest *dest, u8 method)
{
	return dest->family == family && method != LB_METHOD_BYPASS;
}

void lb_sync_step(const struct lb_ctx *ctx)
{
	struct lb_sync_master *master = rcu_dereference(ctx->ln->sync.master);
	const struct lb_settings *settings = &ctx->ln->settings;
	struct lb_conn *conn = ctx->conn;
	struct lb_conn_node *in = &conn->node[LB_DIR_IN];
	struct lb_template *tpl = NULL;
	u16 packets;

	if (!master || ctx->dir != LB_DIR_IN ||
	    !lb_sync_can_tell(conn->family, conn->dest, conn->method))
		return;
	packets = READ_ONCE(in->word) + 1;
	WRITE_ONCE(in->word, packets);

	if (conn->flags & LB_CONN_PERSISTENT)
		tpl = lb_sync_template_of(conn);
	if (tpl && READ_ONCE(settings->sync_persist_mode))
		packets = 0;
	else if (lb_sync_conn_due(settings, conn, packets))
		lb_sync_tell_conn(master, conn);
	if (tpl && lb_sync_template_due(settings, tpl))
		lb_sync_tell_template(master, tpl);
}

bool lb_sync_is_off(const struct lb_ctx *ctx)
{
	return READ_ONCE(ctx->ln->sync.backs_up) && READ_ONCE(ctx->ln->settings.backup_only) &&
	       !(ctx->conn && ctx->dir == LB_DIR_OUT);
}
