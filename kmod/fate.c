// SPDX-License-Identifier: GPL-2.0
/* What becomes of connections whose destination is there no more, or is to have
 * none any more: decided when their next packet comes, because that has the
 * sequence numbers by which both ends believe a reset.
 */
#include "fate.h"

#include "dest.h"
#include "drain.h"
#include "proto.h"
#include "xmit.h"

/* Forgets the connection; the packet opens another one if it may. */
static enum lb_verdict lb_fate_anew(struct lb_ctx *ctx)
{
	lb_conn_del(ctx->ln, ctx->conn);
	return lb_conn_admit(ctx);
}

/* Late answers of the destination go their way, as in ip_vs. An error about a packet
 * is not the client's own.
 */
static enum lb_verdict lb_fate_setting(struct lb_ctx *ctx)
{
	if (ctx->dir == LB_DIR_OUT)
		return LB_CONTINUE;
	if (ctx->pkt.icmp || !READ_ONCE(ctx->ln->settings.expire_nodest_conn))
		return lb_drop(ctx, LB_DROP_REASON_DEST_REMOVED);
	return lb_fate_anew(ctx);
}

static enum lb_verdict lb_fate_drop(struct lb_ctx *ctx)
{
	if (ctx->dir == LB_DIR_OUT)
		return LB_CONTINUE;
	return lb_drop(ctx, LB_DROP_REASON_DEST_REMOVED);
}

/* What can begin anew does. Of TCP both ends are told; what is neither is left to
 * the director's own stack, which has no such connection and says so.
 */
static enum lb_verdict lb_fate_reset(struct lb_ctx *ctx)
{
	enum lb_verdict verdict = LB_ACCEPT;

	if (ctx->pkt.icmp || ctx->pkt.event == LB_EVENT_RST)
		return LB_CONTINUE;
	if (ctx->dir == LB_DIR_IN) {
		verdict = lb_proto_opens(ctx);
		if (verdict == LB_DROP)
			return verdict;
		if (verdict == LB_CONTINUE)
			return lb_fate_anew(ctx);
	}
	if (ctx->conn->proto == IPPROTO_TCP)
		return lb_xmit_reset(ctx);
	if (ctx->dir == LB_DIR_OUT)
		return LB_CONTINUE;
	lb_conn_del(ctx->ln, ctx->conn);
	return LB_ACCEPT;
}

/* Until the client speaks; what ends the connection may end it. */
static enum lb_verdict lb_fate_reschedule(struct lb_ctx *ctx)
{
	if (ctx->dir == LB_DIR_OUT || ctx->pkt.icmp || ctx->pkt.event == LB_EVENT_RST ||
	    ctx->pkt.event == lb_sctp_event(SCTP_SEEN_ABORT))
		return LB_CONTINUE;
	ctx->adopt = true;
	return lb_fate_anew(ctx);
}

enum lb_verdict lb_fate(struct lb_ctx *ctx)
{
	switch ((enum lb_dest_fate)READ_ONCE(ctx->conn->dest->fate)) {
	case LB_FATE_NONE:
		break;
	case LB_FATE_SETTING:
		return lb_fate_setting(ctx);
	case LB_FATE_DROP:
		return lb_fate_drop(ctx);
	case LB_FATE_RESET:
		return lb_fate_reset(ctx);
	case LB_FATE_RESCHEDULE:
		return lb_fate_reschedule(ctx);
	}
	return LB_CONTINUE;
}

bool lb_fate_ends(struct lb_net *ln, struct lb_conn *conn)
{
	const enum lb_dest_fate fate = READ_ONCE(conn->dest->fate);

	if (likely(fate != LB_FATE_RESET && fate != LB_FATE_RESCHEDULE))
		return false;
	if (conn->proto != IPPROTO_TCP)
		return true;
	/* Asked once: closed, it is gone in seconds, answered or not. */
	if (fate == LB_FATE_RESET && lb_proto_close(ln, conn))
		lb_xmit_probe(ln, conn);
	return false;
}
