// SPDX-License-Identifier: GPL-2.0
/* The packet's whole journey. The hooks sit where ip_vs has them, so that a
 * firewall written around ip_vs sees the same packets: LOCAL_IN behind the
 * filter for what comes to a virtual address, FORWARD for what destinations
 * answer, LOCAL_OUT for clients and destinations on the director itself.
 */
#include "hook.h"

#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>

#include "alg.h"
#include "conn.h"
#include "dest.h"
#include "fate.h"
#include "lb.h"
#include "packet.h"
#include "proto.h"
#include "server.h"
#include "xmit.h"

/* Admission happens where the packet is addressed to us, not where it passes. With
 * several routers in front of several directors, an ICMP error may come to a
 * director that has not met its connection: it goes where the scheduler leads.
 */
static enum lb_verdict lb_admit(struct lb_ctx *ctx)
{
	enum lb_verdict verdict;

	if (lb_alg_may_expect(ctx) && lb_alg_admit(ctx, &verdict))	/* alg.c */
		return verdict;
	if (lb_server_may_speak(ctx) && lb_server_admit(ctx, &verdict))	/* server.c */
		return verdict;
	if (ctx->pkt.icmp ? !READ_ONCE(ctx->ln->settings.schedule_icmp) :
			    ctx->hook == NF_INET_FORWARD)
		return LB_ACCEPT;
	return lb_conn_admit(ctx);			/* service.c, sched/, conn.c */
}

static void lb_count(struct lb_ctx *ctx)
{
	if (ctx->dir == LB_DIR_IN)
		lb_dest_count_in(ctx->conn->dest, ctx->pkt.len);
	else
		lb_dest_count_out(ctx->conn->dest, ctx->pkt.len);
}

/* One packet, start to finish. Each step fills in more of @ctx or ends the
 * journey with a verdict; this is also the order in which to read the files.
 */
static enum lb_verdict lb_handle(struct lb_ctx *ctx)
{
	enum lb_verdict verdict;
	bool found;

	verdict = lb_packet_read(ctx);			/* packet.c */
	if (verdict != LB_CONTINUE)
		return verdict;

	found = lb_conn_find(ctx);			/* conn_table.c */
	if (static_branch_unlikely(&lb_sync_used) && lb_sync_is_off(ctx))
		return LB_ACCEPT;
	if (!found || lb_conn_is_reused(ctx)) {
		verdict = lb_admit(ctx);
		if (verdict != LB_CONTINUE)
			return verdict;
	}
	/* What a client sends to a virtual address is forwarded where it is
	 * delivered; passing by, it is somebody else's.
	 */
	if (ctx->hook == NF_INET_FORWARD && ctx->dir == LB_DIR_IN && !ctx->pkt.icmp)
		return LB_ACCEPT;
	if (unlikely(READ_ONCE(ctx->conn->dest->fate) != LB_FATE_NONE)) {
		verdict = lb_fate(ctx);			/* fate.c */
		if (verdict != LB_CONTINUE)
			return verdict;
	}

	lb_count(ctx);
	if (!ctx->pkt.icmp) {
		lb_proto_step(ctx);			/* proto.c */
		if (static_branch_unlikely(&lb_sync_used))
			lb_sync_step(ctx);		/* sync/due.c */
	}
	return lb_xmit(ctx);				/* xmit.c, xmit/ */
}

/* Bridged and otherwise overheard packets are not ours; neither is one without a
 * route (a raw socket's), nor what we have sent ourselves.
 */
static bool lb_hook_is_for_us(const struct sk_buff *skb, unsigned int hook)
{
	return !lb_skb_handled(skb) && skb_dst(skb) &&
	       (skb->pkt_type == PACKET_HOST || hook == NF_INET_LOCAL_OUT);
}

static enum lb_verdict lb_hook_handle(struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct lb_ctx ctx = {
		.skb = skb,
		.ln = lb_net(state->net),
		.hook = state->hook,
	};
	enum lb_verdict verdict;

	/* LOCAL_OUT, and packets that come back from a queue to userspace, arrive
	 * in process context; counters are per CPU.
	 */
	local_bh_disable();
	verdict = lb_handle(&ctx);
	local_bh_enable();
	return verdict;
}

static unsigned int lb_hook(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (!lb_hook_is_for_us(skb, state->hook))
		return NF_ACCEPT;
	switch (lb_hook_handle(skb, state)) {
	case LB_DROP:
		return NF_DROP;
	case LB_STOLEN:
		return NF_STOLEN;
	case LB_CONTINUE:
	case LB_ACCEPT:
		break;
	}
	return NF_ACCEPT;
}

#define LB_HOOK(family, point, prio)	\
	{ .hook = lb_hook, .pf = (family), .hooknum = (point), .priority = (prio) }

static const struct nf_hook_ops lb_hook_ops[] = {
	LB_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_IN, NF_IP_PRI_NAT_SRC - 1),
	LB_HOOK(NFPROTO_IPV4, NF_INET_FORWARD, 100),
	LB_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_OUT, NF_IP_PRI_NAT_DST + 2),
	LB_HOOK(NFPROTO_IPV6, NF_INET_LOCAL_IN, NF_IP6_PRI_NAT_SRC - 1),
	LB_HOOK(NFPROTO_IPV6, NF_INET_FORWARD, 100),
	LB_HOOK(NFPROTO_IPV6, NF_INET_LOCAL_OUT, NF_IP6_PRI_NAT_DST + 2),
};

int lb_hooks_register(struct lb_net *ln)
{
	int err;

	if (ln->hooks)
		return 0;
	err = nf_register_net_hooks(ln->net, lb_hook_ops, ARRAY_SIZE(lb_hook_ops));
	if (!err)
		ln->hooks = true;
	return err;
}

void lb_hooks_unregister(struct lb_net *ln)
{
	if (!ln->hooks)
		return;
	ln->hooks = false;
	nf_unregister_net_hooks(ln->net, lb_hook_ops, ARRAY_SIZE(lb_hook_ops));
	/* The hook functions may still run for packets that met them before. */
	synchronize_rcu();
}
