// SPDX-License-Identifier: GPL-2.0
/* The way of a packet: route, TTL, path MTU, and out. What a method does with
 * the packet itself is in xmit/, one file each.
 */
#include "xmit.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/addrconf.h>
#include <net/gso.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "ct.h"
#include "dest.h"
#include "xmit/method.h"

enum lb_verdict lb_xmit(struct lb_ctx *ctx)
{
	if (ctx->dir == LB_DIR_OUT)
		return lb_nat_out(ctx);

	switch ((enum lb_method)ctx->conn->method) {
	case LB_METHOD_NAT:
		return lb_nat_in(ctx);
	case LB_METHOD_DIRECT:
	case LB_METHOD_BYPASS:
		return lb_direct_in(ctx);
	case LB_METHOD_TUNNEL:
		return lb_tunnel_in(ctx);
	}
	return lb_drop(ctx, LB_DROP_REASON_NO_ROUTE);
}

/* icmpv6_send() finds the namespace by the device, which a packet of a local
 * client does not have yet. It and icmp_send() see for themselves that no error
 * answers an error.
 */
static void lb_icmp6_send(struct lb_ctx *ctx, u8 type, u8 code, u32 info)
{
	struct sk_buff *skb = ctx->skb;

	if (!skb->dev)
		skb->dev = ctx->ln->net->loopback_dev;
	icmpv6_send(skb, type, code, info);
}

void lb_icmp_unreach(struct lb_ctx *ctx, u8 code4, u8 code6)
{
	if (ctx->pkt.tuple.family == AF_INET)
		icmp_send(ctx->skb, ICMP_DEST_UNREACH, code4, 0);
	else
		lb_icmp6_send(ctx, ICMPV6_DEST_UNREACH, code6, 0);
}

void lb_xmit_unreachable(struct lb_ctx *ctx)
{
	lb_icmp_unreach(ctx, ICMP_PORT_UNREACH, ICMPV6_PORT_UNREACH);
}

enum lb_verdict lb_route_find(struct lb_ctx *ctx, struct lb_route *route)
{
	if (!lb_route_get(ctx->ln->net, ctx->conn, lb_skb_vrf(ctx->skb), route)) {
		lb_icmp_unreach(ctx, ICMP_HOST_UNREACH, ICMPV6_ADDR_UNREACH);
		return lb_drop(ctx, LB_DROP_REASON_NO_ROUTE);
	}
	if (!lb_local_allows(ctx, route)) {
		lb_route_put(route);
		return lb_drop(ctx, LB_DROP_REASON_NEIGHBOUR);
	}
	return LB_CONTINUE;
}

static enum lb_verdict lb_ttl4(struct lb_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;

	if (ip_hdr(skb)->ttl <= 1) {
		IP_INC_STATS(ctx->ln->net, IPSTATS_MIB_INHDRERRORS);
		icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
		return lb_drop(ctx, LB_DROP_REASON_TTL);
	}
	if (skb_ensure_writable(skb, sizeof(struct iphdr)))
		return lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);
	ip_decrease_ttl(ip_hdr(skb));
	return LB_CONTINUE;
}

static enum lb_verdict lb_ttl6(struct lb_ctx *ctx, const struct lb_route *route)
{
	struct sk_buff *skb = ctx->skb;

	if (ipv6_hdr(skb)->hop_limit <= 1) {
		struct inet6_dev *idev = __in6_dev_get_safely(skb->dev);

		IP6_INC_STATS(ctx->ln->net, idev, IPSTATS_MIB_INHDRERRORS);
		/* As the router that it would have left by. The packet goes no
		 * further, so its device need not be put back; the families of
		 * a tunnel may differ, the device may then lack IPv6.
		 */
		if (!skb->dev || __in6_dev_get(route->dst->dev))
			skb->dev = route->dst->dev;
		icmpv6_send(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
		return lb_drop(ctx, LB_DROP_REASON_TTL);
	}
	if (skb_ensure_writable(skb, sizeof(struct ipv6hdr)))
		return lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);
	ipv6_hdr(skb)->hop_limit--;
	return LB_CONTINUE;
}

/* ip_vs counts the hop for packets of local clients, too. In FORWARD the stack
 * has counted it.
 */
static enum lb_verdict lb_ttl(struct lb_ctx *ctx, const struct lb_route *route)
{
	if (ctx->hook == NF_INET_FORWARD)
		return LB_CONTINUE;
	return ctx->pkt.tuple.family == AF_INET ? lb_ttl4(ctx) : lb_ttl6(ctx, route);
}

/* What was fragments when it came will be fragments of that size again. */
static bool lb_exceeds(const struct sk_buff *skb, unsigned int frag_max, unsigned int mtu)
{
	if (frag_max)
		return frag_max > mtu;
	return skb->len > mtu && !(skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
}

static enum lb_verdict lb_fit4(struct lb_ctx *ctx, unsigned int mtu, bool tunnel)
{
	struct sk_buff *skb = ctx->skb;

	if (tunnel && !READ_ONCE(ctx->ln->settings.pmtu_disc))
		return LB_CONTINUE;
	/* An ICMP error too large for the way is fragmented all the same. */
	if (!(ip_hdr(skb)->frag_off & htons(IP_DF)) || ctx->pkt.icmp ||
	    !lb_exceeds(skb, IPCB(skb)->frag_max_size, mtu))
		return LB_CONTINUE;
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
	return lb_drop(ctx, LB_DROP_REASON_TOO_BIG);
}

static enum lb_verdict lb_fit6(struct lb_ctx *ctx, unsigned int mtu)
{
	struct sk_buff *skb = ctx->skb;

	if (!lb_exceeds(skb, IP6CB(skb)->frag_max_size, mtu))
		return LB_CONTINUE;
	lb_icmp6_send(ctx, ICMPV6_PKT_TOOBIG, 0, mtu);
	return lb_drop(ctx, LB_DROP_REASON_TOO_BIG);
}

/* A local client's socket has routed by the virtual address, and knows nothing
 * of what will be put in front of its packets.
 */
static void lb_tell_socket(struct lb_ctx *ctx, unsigned int mtu)
{
	struct dst_entry *dst = skb_dst(ctx->skb);
	struct sock *sk = ctx->skb->sk;

	if (ctx->hook == NF_INET_LOCAL_OUT && sk && sk_fullsock(sk) && mtu < dst_mtu(dst))
		dst->ops->update_pmtu(dst, sk, NULL, mtu, true);
}

static enum lb_verdict lb_fit(struct lb_ctx *ctx, const struct lb_route *route,
			      unsigned int overhead)
{
	bool v4 = ctx->pkt.tuple.family == AF_INET;
	unsigned int mtu = dst_mtu(route->dst);

	if (overhead) {
		/* Smaller than every link of the inner family must be: then the
		 * tunnel's packets are fragmented (RFC 2473, 7.1).
		 */
		mtu = max_t(unsigned int, mtu, overhead) - overhead;
		mtu = max_t(unsigned int, mtu, v4 ? IPV4_MIN_MTU : IPV6_MIN_MTU);
		lb_tell_socket(ctx, mtu);
	}
	return v4 ? lb_fit4(ctx, mtu, overhead) : lb_fit6(ctx, mtu);
}

enum lb_verdict lb_hop(struct lb_ctx *ctx, struct lb_route *route, unsigned int overhead)
{
	struct sk_buff *skb = ctx->skb;
	enum lb_verdict verdict;

	verdict = lb_ttl(ctx, route);
	if (verdict != LB_CONTINUE)
		goto err;
	/* Segments are measured from here; of IPv6 packets, the stack lets this
	 * point to the first extension header.
	 */
	skb_set_transport_header(skb, ctx->pkt.l4);
	verdict = lb_fit(ctx, route, overhead);
	if (verdict != LB_CONTINUE)
		goto err;
	if (!lb_mss_clamp(ctx, route)) {
		verdict = lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);
		goto err;
	}

	lb_route_give(skb, route);
	return LB_CONTINUE;
err:
	lb_route_put(route);
	return verdict;
}

void lb_originate(struct lb_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;

	lb_skb_set_handled(skb);
	skb_forward_csum(skb);
	/* Fragments were asked for, or errors sent, in lb_fit(). */
	skb->ignore_df = 1;
	if (ctx->hook == NF_INET_LOCAL_OUT)
		return;
	/* Early demultiplexing may have found a socket for it. */
	skb_orphan(skb);
	skb_clear_tstamp(skb);
}

enum lb_verdict lb_send(struct lb_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	u8 pf = ctx->pkt.tuple.family == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6;

	lb_originate(ctx);
	if (ctx->conn->method == LB_METHOD_NAT)
		lb_ct_pass(ctx);
	else
		lb_ct_untrack(skb);
	NF_HOOK(pf, NF_INET_LOCAL_OUT, ctx->ln->net, NULL, skb, NULL, skb_dst(skb)->dev,
		dst_output);
	return LB_STOLEN;
}

enum lb_verdict lb_accept_handled(struct lb_ctx *ctx)
{
	lb_skb_set_handled(ctx->skb);
	lb_ct_pass(ctx);
	return LB_ACCEPT;
}
