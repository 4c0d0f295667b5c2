// SPDX-License-Identifier: GPL-2.0
/* Connections are ours to track: conntrack would take the two halves of one for
 * two. Where a firewall on the director asks for states, though, it has to know
 * them, so on request we tell conntrack what it cannot see: that the reply to
 * what was sent to the virtual address comes from the destination.
 *
 * Nothing of conntrack's module is called. An entry that is not confirmed yet is
 * the packet's alone and can be written; conntrack enters it into its table by
 * itself, at the end of the packet's way through the stack.
 *
 * Only where both directions pass: of direct and tunnel we see the client's
 * half, which conntrack takes for invalid from its second packet on.
 */
#include "ct.h"

#include <linux/netfilter/nf_conntrack_common.h>
#include <net/netfilter/nf_conntrack.h>

#include "conn.h"
#include "dest.h"
#include "lb.h"
#include "packet.h"

void lb_ct_untrack(struct sk_buff *skb)
{
	nf_reset_ct(skb);
	skb_set_nfct(skb, IP_CT_UNTRACKED);
}

#if IS_ENABLED(CONFIG_NF_CONNTRACK)

static void lb_ct_source(const struct lb_conn *conn, struct nf_conntrack_man *src)
{
	*src = (struct nf_conntrack_man){
		.l3num = conn->family,
		.u.all = conn->dport,
	};
	if (conn->family == AF_INET)
		src->u3.ip = conn->dest->addr.ip;
	else
		src->u3.in6 = conn->dest->addr.ip6;
}

static bool lb_ct_same_source(const struct nf_conntrack_man *a, const struct nf_conntrack_man *b)
{
	return nf_inet_addr_cmp(&a->u3, &b->u3) && a->u.all == b->u.all;
}

/* Lets conntrack tell the replies of nat from strangers.
 * Return: false when this packet's entry is not for its connection.
 */
static bool lb_ct_expect(const struct lb_ctx *ctx, struct nf_conn *ct)
{
	struct nf_conntrack_man *reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple.src;
	struct nf_conntrack_man src;

	lb_ct_source(ctx->conn, &src);
	if (!nf_ct_is_confirmed(ct)) {
		*reply = src;
		return true;
	}
	if (lb_ct_same_source(reply, &src))
		return true;
	/* The connection was moved to another destination. A confirmed entry
	 * cannot be changed; an expired one is not found again, so that the
	 * client's next packet makes a new one.
	 */
	WRITE_ONCE(ct->timeout, nfct_time_stamp);
	return false;
}

static bool lb_ct_follows(const struct lb_ctx *ctx)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(ctx->skb, &ctinfo);

	/* None: conntrack is not there, or could make nothing of the packet. */
	if (!ct || nf_ct_is_template(ct))
		return false;
	if (ctx->dir != LB_DIR_IN || ctx->pkt.icmp || ctx->conn->method != LB_METHOD_NAT ||
	    CTINFO2DIR(ctinfo) != IP_CT_DIR_ORIGINAL)
		return true;
	return lb_ct_expect(ctx, ct);
}

#else

static bool lb_ct_follows(const struct lb_ctx *ctx)
{
	return false;
}

#endif

void lb_ct_pass(struct lb_ctx *ctx)
{
	if (likely(!READ_ONCE(ctx->ln->settings.conntrack)) || !lb_ct_follows(ctx))
		lb_ct_untrack(ctx->skb);
}
