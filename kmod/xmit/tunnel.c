// SPDX-License-Identifier: GPL-2.0
/* tunnel: the packet travels to the destination within another one (IPIP, GUE or
 * GRE, any family in any), and the destination, which has the virtual address
 * too, answers by itself. Errors that the outer packet meets come back to us, to
 * tunnel_error.c.
 *
 * The inner TTL is counted down and becomes the outer one, so a packet that
 * keeps coming back to a tunnel dies of age as anywhere else.
 */
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ip_tunnels.h>
#include <net/route.h>

#include "../dest.h"
#include "../xmit.h"
#include "encap.h"
#include "method.h"

unsigned int lb_tunnel_overhead(u8 family, union lb_tunnel tunnel, bool partial)
{
	unsigned int len = family == AF_INET ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);

	switch ((enum lb_tunnel_type)tunnel.type) {
	case LB_TUNNEL_TYPE_IPIP:
		break;
	case LB_TUNNEL_TYPE_GUE:
		return len + lb_gue_len(tunnel, partial);
	case LB_TUNNEL_TYPE_GRE:
		return len + lb_gre_len(tunnel);
	}
	return len;
}

/* What the packet's segments will need, if it is to be cut. */
static int lb_tunnel_gso(u8 family, union lb_tunnel tunnel, bool partial)
{
	switch ((enum lb_tunnel_type)tunnel.type) {
	case LB_TUNNEL_TYPE_IPIP:
		break;
	case LB_TUNNEL_TYPE_GUE:
		return lb_gue_gso(tunnel, family, partial);
	case LB_TUNNEL_TYPE_GRE:
		return lb_gre_gso(tunnel);
	}
	return family == AF_INET ? SKB_GSO_IPXIP4 : SKB_GSO_IPXIP6;
}

/* Puts in front what comes behind the outer IP header; returns what that is. */
static u8 lb_tunnel_push(struct lb_ctx *ctx, union lb_tunnel tunnel, u8 proto,
			 const struct lb_route *route)
{
	switch ((enum lb_tunnel_type)tunnel.type) {
	case LB_TUNNEL_TYPE_IPIP:
		break;
	case LB_TUNNEL_TYPE_GUE:
		lb_gue_push(ctx, tunnel, proto, route);
		return IPPROTO_UDP;
	case LB_TUNNEL_TYPE_GRE:
		lb_gre_push(ctx, tunnel, proto);
		return IPPROTO_GRE;
	}
	return proto;
}

/* What the outer header takes from the inner one. Of the traffic class that is
 * all, congestion experienced included: RFC 6040, 4.1, normal mode.
 */
struct lb_inner {
	__be16 df;
	u8 proto;
	u8 dsfield;
	u8 ttl;
};

static void lb_tunnel_read_inner(const struct lb_ctx *ctx, struct lb_inner *inner)
{
	const struct sk_buff *skb = ctx->skb;

	if (ctx->pkt.tuple.family == AF_INET) {
		const struct iphdr *ih = ip_hdr(skb);

		/* What came in fragments must be free to go in fragments. */
		if (!IPCB(skb)->frag_max_size && READ_ONCE(ctx->ln->settings.pmtu_disc))
			inner->df = ih->frag_off & htons(IP_DF);
		else
			inner->df = 0;
		inner->proto = IPPROTO_IPIP;
		inner->dsfield = ipv4_get_dsfield(ih);
		inner->ttl = ih->ttl;
	} else {
		const struct ipv6hdr *ih = ipv6_hdr(skb);

		inner->df = 0;
		inner->proto = IPPROTO_IPV6;
		inner->dsfield = ipv6_get_dsfield(ih);
		inner->ttl = ih->hop_limit;
	}
}

/* The rest of the header, length and checksum, is ip_local_out()'s. */
static void lb_tunnel_push4(struct lb_ctx *ctx, const struct lb_inner *inner, u8 proto,
			    __be32 saddr)
{
	struct sk_buff *skb = ctx->skb;
	struct iphdr *ih;

	ih = skb_push(skb, sizeof(*ih));
	skb_reset_network_header(skb);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	*ih = (struct iphdr){
		.version = 4,
		.ihl = sizeof(*ih) / 4,
		.tos = inner->dsfield,
		.frag_off = inner->df,
		.ttl = inner->ttl,
		.protocol = proto,
		.saddr = saddr,
		.daddr = ctx->conn->dest->addr.ip,
	};
	ip_select_ident_segs(ctx->ln->net, skb, NULL, skb_shinfo(skb)->gso_segs ?: 1);
}

/* RFC 6438: the outer flow label tells connections apart, for routers that spread
 * load by it; net.ipv6.auto_flowlabels and flowlabel_state_ranges have their say,
 * as with the kernel's own tunnels.
 */
static __be32 lb_tunnel_flow_label(const struct lb_ctx *ctx)
{
	const struct net *net = ctx->ln->net;
	__be32 label;

	if (READ_ONCE(net->ipv6.sysctl.auto_flowlabels) == IP6_AUTO_FLOW_LABEL_OFF)
		return 0;
	label = htonl(ctx->hash) & IPV6_FLOWLABEL_MASK;
	if (READ_ONCE(net->ipv6.sysctl.flowlabel_state_ranges))
		label |= IPV6_FLOWLABEL_STATELESS_FLAG;
	return label;
}

static void lb_tunnel_push6(struct lb_ctx *ctx, const struct lb_inner *inner, u8 proto,
			    const struct in6_addr *saddr)
{
	struct sk_buff *skb = ctx->skb;
	struct ipv6hdr *ih;

	ih = skb_push(skb, sizeof(*ih));
	skb_reset_network_header(skb);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	ip6_flow_hdr(ih, inner->dsfield, lb_tunnel_flow_label(ctx));
	ih->nexthdr = proto;
	ih->hop_limit = inner->ttl;
	ih->saddr = *saddr;
	ih->daddr = ctx->conn->dest->addr.ip6;
}

enum lb_verdict lb_tunnel_in(struct lb_ctx *ctx)
{
	const struct lb_dest *dest = ctx->conn->dest;
	const union lb_tunnel tunnel = { .word = READ_ONCE(dest->tunnel.word) };
	struct net *net = ctx->ln->net;
	struct sk_buff *skb = ctx->skb;
	enum lb_verdict verdict;
	struct lb_inner inner;
	struct lb_route route;
	unsigned int overhead;
	bool partial;
	u8 proto;

	verdict = lb_route_find(ctx, &route);
	if (verdict != LB_CONTINUE)
		return verdict;
	if (route.local)
		return lb_local_in(ctx, &route);
	partial = skb->ip_summed == CHECKSUM_PARTIAL;
	overhead = lb_tunnel_overhead(dest->family, tunnel, partial);
	verdict = lb_hop(ctx, &route, overhead);
	if (verdict != LB_CONTINUE)
		return verdict;

	if (skb_cow_head(skb, LL_RESERVED_SPACE(skb_dst(skb)->dev) + overhead) ||
	    iptunnel_handle_offloads(skb, lb_tunnel_gso(dest->family, tunnel, partial)))
		return lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);
	lb_tunnel_read_inner(ctx, &inner);
	skb->transport_header = skb->network_header;
	skb_set_inner_ipproto(skb, inner.proto);
	skb_set_inner_mac_header(skb, skb_inner_network_offset(skb));

	proto = lb_tunnel_push(ctx, tunnel, inner.proto, &route);
	if (dest->family == AF_INET)
		lb_tunnel_push4(ctx, &inner, proto, route.saddr.ip);
	else
		lb_tunnel_push6(ctx, &inner, proto, &route.saddr.ip6);
	lb_originate(ctx);
	/* Unlike the inner packet the outer one is nobody's but this host's: it
	 * is tracked, so that a firewall knows the errors about it.
	 */
	nf_reset_ct(skb);
	if (dest->family == AF_INET)
		ip_local_out(net, skb->sk, skb);
	else
		ip6_local_out(net, skb->sk, skb);
	return LB_STOLEN;
}
