// SPDX-License-Identifier: GPL-2.0
/* nat: the virtual endpoint of a packet becomes the destination's on the way
 * in, and the destination's the virtual one on the way out. An ICMP error is
 * about a packet that went the other way, so what it quotes is rewritten at the
 * other end: who gets the error finds his own packet in it.
 *
 * Checksums are updated, never computed: a packet that came damaged leaves
 * damaged. Where the hardware completes a checksum (CHECKSUM_PARTIAL) it holds
 * the pseudo header only; where it has summed the packet (CHECKSUM_COMPLETE)
 * that sum stays true, because each change is answered by a checksum's. SCTP's CRC
 * has no pseudo header, and changes by what the port does to it.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "../alg.h"
#include "../core/crc32c.h"
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
	switch (proto) {
	case IPPROTO_TCP:
		return offsetof(struct tcphdr, check);
	case IPPROTO_SCTP:
		return offsetof(struct sctphdr, checksum);
	}
	return offsetof(struct udphdr, check);
}

static unsigned int lb_check_size(u8 proto)
{
	return proto == IPPROTO_SCTP ? sizeof(__le32) : sizeof(__sum16);
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

/* What another port at @end does to the CRC of an SCTP packet of @len bytes. */
static __le32 lb_crc_change(enum lb_end end, __be16 from, __be16 to, unsigned int len)
{
	u32 change = le16_to_cpu((__force __le16)(from ^ to));

	return cpu_to_le32(crc32c_change(end == LB_END_SOURCE ? change : change << 16, len));
}

static bool lb_rewrite_sctp(struct lb_ctx *ctx, enum lb_end end, const struct lb_endpoint *to)
{
	const struct lb_packet *pkt = &ctx->pkt;
	struct sk_buff *skb = ctx->skb;
	struct sctphdr *sh;
	__be16 *port;

	if (skb_ensure_writable(skb, pkt->l4 + sizeof(*sh)))
		return false;
	sh = (struct sctphdr *)(skb->data + pkt->l4);
	port = end == LB_END_SOURCE ? &sh->source : &sh->dest;

	lb_rewrite_addr(skb, pkt->tuple.family, end, &to->addr, NULL);
	/* Where the CRC is still to be computed it is computed over the new port. */
	if (!lb_is_partial(skb, pkt->l4) && !skb_is_gso(skb))
		sh->checksum ^= lb_crc_change(end, *port, to->port, skb->len - pkt->l4);
	*port = to->port;
	/* A CRC's change does not answer the others in a sum over the packet. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	return true;
}

/* IPsec's checks are the receiver's; ESP's do not cover addresses. */
static bool lb_rewrite_ipsec(struct lb_ctx *ctx, enum lb_end end, const struct lb_endpoint *to)
{
	struct sk_buff *skb = ctx->skb;

	if (skb_ensure_writable(skb, ctx->pkt.l4))
		return false;
	lb_rewrite_addr(skb, ctx->pkt.tuple.family, end, &to->addr, NULL);
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	return true;
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

/* Bytes that the quoted packet had from its transport header on, however few are
 * quoted; 0 when that cannot be known.
 */
static unsigned int lb_quoted_len(const struct lb_ctx *ctx)
{
	const void *l3 = ctx->skb->data + ctx->pkt.quoted_l3;
	unsigned int hlen = ctx->pkt.quoted_l4 - ctx->pkt.quoted_l3;
	const struct ipv6hdr *ih6 = l3;
	const struct iphdr *ih = l3;
	unsigned int len;

	if (ctx->pkt.tuple.family == AF_INET)
		len = ih->frag_off & htons(IP_MF) ? 0 : ntohs(ih->tot_len);
	else
		len = sizeof(*ih6) + ntohs(ih6->payload_len);
	return len > hlen ? len - hlen : 0;
}

/* SCTP's. */
static __wsum lb_rewrite_quoted_crc(struct lb_ctx *ctx, unsigned int at, enum lb_end end,
				    __be16 from, __be16 to)
{
	__le32 *check = (__le32 *)(ctx->skb->data + at);
	unsigned int len = lb_quoted_len(ctx);
	__le32 old = *check;

	if (len >= sizeof(struct sctphdr))
		*check ^= lb_crc_change(end, from, to, len);
	return csum_sub((__force __wsum)*check, (__force __wsum)old);
}

/* The quoted port, and the checksum over it when that much is quoted. @pseudo is
 * what changes in a pseudo header; returns what changes in the sum over all.
 */
static __wsum lb_rewrite_quoted_port(struct lb_ctx *ctx, enum lb_end end, __be16 to,
				     unsigned int check_at, bool whole, __wsum pseudo)
{
	const struct lb_packet *pkt = &ctx->pkt;
	__be16 *port = (__be16 *)(ctx->skb->data + pkt->quoted_l4 + lb_port_offset(end));
	__wsum diff = csum_sub((__force __wsum)to, (__force __wsum)*port);
	__be16 from = *port;

	*port = to;
	if (!whole)
		return diff;
	if (pkt->tuple.proto == IPPROTO_SCTP)
		return csum_add(diff, lb_rewrite_quoted_crc(ctx, check_at, end, from, to));
	return csum_add(diff, lb_rewrite_quoted_check(ctx, check_at, csum_add(pseudo, diff)));
}

static bool lb_rewrite_error(struct lb_ctx *ctx, enum lb_end end, const struct lb_endpoint *to)
{
	enum lb_end quoted_end = end == LB_END_SOURCE ? LB_END_DEST : LB_END_SOURCE;
	const struct lb_packet *pkt = &ctx->pkt;
	struct sk_buff *skb = ctx->skb;
	unsigned int check_at = pkt->quoted_l4 + lb_check_offset(pkt->tuple.proto);
	unsigned int check_end = check_at + lb_check_size(pkt->tuple.proto);
	bool whole = check_end <= skb->len;
	unsigned int port_end = pkt->quoted_l4 + 2 * sizeof(__be16);
	__wsum pseudo, diff;
	__sum16 *check;

	if (skb_ensure_writable(skb, pkt->portless ? pkt->quoted_l4 : whole ? check_end : port_end))
		return false;

	diff = lb_rewrite_quoted_addr(ctx, quoted_end, &to->addr, &pseudo);
	if (!pkt->portless)
		diff = csum_add(diff, lb_rewrite_quoted_port(ctx, quoted_end, to->port, check_at,
							     whole, pseudo));

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
	if (ctx->pkt.icmp)
		return lb_rewrite_error(ctx, end, to);
	if (ctx->pkt.portless)
		return lb_rewrite_ipsec(ctx, end, to);
	if (ctx->pkt.tuple.proto == IPPROTO_SCTP)
		return lb_rewrite_sctp(ctx, end, to);
	return lb_rewrite_packet(ctx, end, to);
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
	if (!lb_alg_step(ctx) || !lb_rewrite(ctx, LB_END_DEST, &to)) {
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

	if (likely(!lb_source_routes(net, family)) || lb_dst_is_local(family, skb_dst(skb)) ||
	    !READ_ONCE(ctx->ln->settings.snat_reroute))
		return true;
	if (family == AF_INET)
		return !ip_route_me_harder(net, skb->sk, skb, RTN_LOCAL);
	return !ip6_route_me_harder(net, skb->sk, skb);
}

enum lb_verdict lb_nat_out(struct lb_ctx *ctx)
{
	struct lb_endpoint to = { .port = ctx->conn->vport };

	lb_conn_vaddr(ctx->conn, &to.addr);
	if (!lb_mss_clamp(ctx, NULL) || !lb_alg_step(ctx) ||
	    !lb_rewrite(ctx, LB_END_SOURCE, &to))
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
