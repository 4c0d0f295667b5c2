// SPDX-License-Identifier: GPL-2.0
/* nat: the virtual endpoint of a packet becomes the destination's on the way
 * in, and the destination's the virtual one on the way out. An ICMP error is
 * about a packet that went the other way, so what it quotes is rewritten at the
 * other end: who gets the error finds his own packet in it.
 *
 * Checksums are updated, never computed: a packet that came damaged leaves
 * damaged. Where the hardware completes a checksum (CHECKSUM_PARTIAL) it holds
 * the pseudo header only; where it has summed the packet (CHECKSUM_COMPLETE)
 * that sum stays true, because each change is answered by a checksum's.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "../dest.h"
#include "../xmit.h"
#include "method.h"

/* Which end of a packet is rewritten. */
enum lb_end {
	LB_END_SOURCE,
	LB_END_DEST,
};

struct lb_endpoint {
	union lb_addr addr;
	__be16 port;
};

static unsigned int lb_check_offset(u8 proto)
{
	return proto == IPPROTO_TCP ? offsetof(struct tcphdr, check) :
				      offsetof(struct udphdr, check);
}

static unsigned int lb_port_offset(enum lb_end end)
{
	return end == LB_END_SOURCE ? offsetof(struct udphdr, source) :
				      offsetof(struct udphdr, dest);
}

static __be32 *lb_addr4(struct iphdr *ih, enum lb_end end)
{
	return end == LB_END_SOURCE ? &ih->saddr : &ih->daddr;
}

static struct in6_addr *lb_addr6(struct ipv6hdr *ih, enum lb_end end)
{
	return end == LB_END_SOURCE ? &ih->saddr : &ih->daddr;
}

/* Writes an address, and into @check what that changes in a checksum over the
 * pseudo header; NULL for none.
 */
static void lb_rewrite_addr(struct sk_buff *skb, u8 family, enum lb_end end,
			    const union lb_addr *to, __sum16 *check)
{
	if (family == AF_INET) {
		struct iphdr *ih = ip_hdr(skb);
		__be32 *addr = lb_addr4(ih, end);

		if (check)
			inet_proto_csum_replace4(check, skb, *addr, to->ip, true);
		csum_replace4(&ih->check, *addr, to->ip);
		*addr = to->ip;
	} else {
		struct in6_addr *addr = lb_addr6(ipv6_hdr(skb), end);

		if (check)
			inet_proto_csum_replace16(check, skb, addr->s6_addr32, to->ip6.s6_addr32,
						  true);
		*addr = to->ip6;
	}
}

/* Does the checksum at @check belong to the header at @l4 and wait for the
 * device? A packet within a packet may be meant instead.
 */
static bool lb_is_partial(const struct sk_buff *skb, unsigned int l4)
{
	return skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_start_offset(skb) == l4;
}

static bool lb_rewrite_packet(struct lb_ctx *ctx, enum lb_end end, const struct lb_endpoint *to)
{
	const struct lb_packet *pkt = &ctx->pkt;
	struct sk_buff *skb = ctx->skb;
	bool udp = pkt->tuple.proto == IPPROTO_UDP;
	unsigned int check_at = pkt->l4 + lb_check_offset(pkt->tuple.proto);
	__sum16 *check;
	__be16 *port;
	bool partial;

	if (skb_ensure_writable(skb, check_at + sizeof(*check)))
		return false;
	port = (__be16 *)(skb->data + pkt->l4 + lb_port_offset(end));
	check = (__sum16 *)(skb->data + check_at);
	partial = lb_is_partial(skb, pkt->l4);

	/* UDP without a checksum stays so, and nothing answers its changes. */
	if (udp && !*check && !partial) {
		check = NULL;
		if (skb->ip_summed == CHECKSUM_COMPLETE)
			skb->ip_summed = CHECKSUM_NONE;
	}
	lb_rewrite_addr(skb, pkt->tuple.family, end, &to->addr, check);
	if (check && *port != to->port)
		inet_proto_csum_replace2(check, skb, *port, to->port, false);
	*port = to->port;
	if (udp && check && !*check && !partial)
		*check = CSUM_MANGLED_0;
	return true;
}

static __wsum lb_diff16(__sum16 from, __sum16 to)
{
	return csum_sub(csum_unfold(to), csum_unfold(from));
}

/* Rewrites the quoted network header. @pseudo is what changes in a pseudo
 * header; the result is what changes in the sum over the header itself.
 */
static __wsum lb_rewrite_quoted_addr4(struct iphdr *ih, enum lb_end end, __be32 to, __wsum *pseudo)
{
	__be32 *addr = lb_addr4(ih, end);
	__sum16 old = ih->check;

	*pseudo = csum_sub((__force __wsum)to, (__force __wsum)*addr);
	csum_replace_by_diff(&ih->check, *pseudo);
	*addr = to;
	return csum_add(*pseudo, lb_diff16(old, ih->check));
}

static __wsum lb_rewrite_quoted_addr6(struct ipv6hdr *ih, enum lb_end end,
				      const struct in6_addr *to, __wsum *pseudo)
{
	struct in6_addr *addr = lb_addr6(ih, end);

	*pseudo = csum_sub(csum_partial(to, sizeof(*to), 0), csum_partial(addr, sizeof(*addr), 0));
	*addr = *to;
	return *pseudo;
}

static __wsum lb_rewrite_quoted_addr(struct lb_ctx *ctx, enum lb_end end,
				     const union lb_addr *to, __wsum *pseudo)
{
	void *l3 = ctx->skb->data + ctx->pkt.quoted_l3;

	if (ctx->pkt.tuple.family == AF_INET)
		return lb_rewrite_quoted_addr4(l3, end, to->ip, pseudo);
	return lb_rewrite_quoted_addr6(l3, end, &to->ip6, pseudo);
}

/* The quoted packet's own checksum, when that much of it is quoted; returns what
 * changes in the sum over it.
 */
static __wsum lb_rewrite_quoted_check(struct lb_ctx *ctx, unsigned int at, __wsum diff)
{
	__sum16 *check = (__sum16 *)(ctx->skb->data + at);
	__sum16 old = *check;
	bool udp = ctx->pkt.tuple.proto == IPPROTO_UDP;

	if (udp && !old)
		return 0;
	csum_replace_by_diff(check, diff);
	if (udp && !*check)
		*check = CSUM_MANGLED_0;
	return lb_diff16(old, *check);
}

static bool lb_rewrite_error(struct lb_ctx *ctx, enum lb_end end, const struct lb_endpoint *to)
{
	enum lb_end quoted_end = end == LB_END_SOURCE ? LB_END_DEST : LB_END_SOURCE;
	const struct lb_packet *pkt = &ctx->pkt;
	struct sk_buff *skb = ctx->skb;
	unsigned int check_at = pkt->quoted_l4 + lb_check_offset(pkt->tuple.proto);
	bool whole = check_at + sizeof(__sum16) <= skb->len;
	__wsum pseudo, diff;
	__sum16 *check;
	__be16 *port;

	if (skb_ensure_writable(skb, whole ? check_at + sizeof(__sum16) :
					     pkt->quoted_l4 + 2 * sizeof(*port)))
		return false;

	diff = lb_rewrite_quoted_addr(ctx, quoted_end, &to->addr, &pseudo);
	port = (__be16 *)(skb->data + pkt->quoted_l4 + lb_port_offset(quoted_end));
	pseudo = csum_add(pseudo, csum_sub((__force __wsum)to->port, (__force __wsum)*port));
	diff = csum_add(diff, csum_sub((__force __wsum)to->port, (__force __wsum)*port));
	*port = to->port;
	if (whole)
		diff = csum_add(diff, lb_rewrite_quoted_check(ctx, check_at, pseudo));

	if (pkt->tuple.family == AF_INET)
		check = &((struct icmphdr *)(skb->data + pkt->l4))->checksum;
	else
		check = &((struct icmp6hdr *)(skb->data + pkt->l4))->icmp6_cksum;
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		csum_replace_by_diff(check, diff);
	/* Only ICMPv6 has a pseudo header. */
	lb_rewrite_addr(skb, pkt->tuple.family, end, &to->addr,
			pkt->tuple.family == AF_INET ? NULL : check);
	return true;
}

static bool lb_rewrite(struct lb_ctx *ctx, enum lb_end end, const struct lb_endpoint *to)
{
	return ctx->pkt.icmp ? lb_rewrite_error(ctx, end, to) : lb_rewrite_packet(ctx, end, to);
}

enum lb_verdict lb_nat_in(struct lb_ctx *ctx)
{
	const struct lb_conn *conn = ctx->conn;
	struct lb_endpoint to = { .addr = conn->dest->addr, .port = conn->dport };
	enum lb_verdict verdict;
	struct lb_route route;

	verdict = lb_route_find(ctx, &route);
	if (verdict != LB_CONTINUE)
		return verdict;
	/* Before the rewriting: the sender is to be told about its own packet. */
	if (!route.local) {
		verdict = lb_hop(ctx, &route, 0);
		if (verdict != LB_CONTINUE)
			return verdict;
	}
	if (!lb_rewrite(ctx, LB_END_DEST, &to)) {
		if (route.local)
			lb_route_put(&route);
		return lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);
	}
	return route.local ? lb_local_in(ctx, &route) : lb_send(ctx);
}

/* Can the new source lead a reply another way than the old one did? */
static bool lb_source_routes(const struct net *net, u8 family)
{
#ifdef CONFIG_XFRM
	if (READ_ONCE(net->xfrm.policy_count[XFRM_POLICY_OUT]))
		return true;
#endif
	if (family == AF_INET)
		return fib4_has_custom_rules(net);
	return fib6_has_custom_rules(net) || fib6_routes_require_src(net);
}

/* Routes the reply as one of this host's own packets, as ip_vs does; a lookup is
 * saved where it could only find what the packet has.
 */
static bool lb_reroute(struct lb_ctx *ctx)
{
	struct net *net = ctx->ln->net;
	struct sk_buff *skb = ctx->skb;
	u8 family = ctx->pkt.tuple.family;

	if (likely(!lb_source_routes(net, family)) || lb_dst_is_local(family, skb_dst(skb)))
		return true;
	if (family == AF_INET)
		return !ip_route_me_harder(net, skb->sk, skb, RTN_LOCAL);
	return !ip6_route_me_harder(net, skb->sk, skb);
}

enum lb_verdict lb_nat_out(struct lb_ctx *ctx)
{
	struct lb_endpoint to = { .port = ctx->conn->vport };

	lb_conn_vaddr(ctx->conn, &to.addr);
	if (!lb_mss_clamp(ctx, NULL) || !lb_rewrite(ctx, LB_END_SOURCE, &to))
		return lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);
	if (ctx->hook == NF_INET_LOCAL_IN)
		/* To a client here; the socket that was found by the old source
		 * is another one.
		 */
		skb_orphan(ctx->skb);
	else if (!lb_reroute(ctx))
		return lb_drop(ctx, LB_DROP_REASON_NO_ROUTE);
	return lb_accept_handled(ctx);
}
