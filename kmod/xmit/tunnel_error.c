// SPDX-License-Identifier: GPL-2.0
/* Errors that an outer packet met on its way to the destination: a router within
 * the tunnel tells us, who sent it. We learn from them, and pass them on to the
 * client, about the client's packet.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "../dest.h"
#include "../xmit.h"
#include "encap.h"
#include "method.h"

/* What an error about the outer packet means to the client. */
enum lb_fate {
	LB_FATE_UNREACHABLE,
	LB_FATE_TOO_BIG,
	LB_FATE_EXPIRED,
	LB_FATE_OTHER,
};

/**
 * struct lb_tunnel_error - an ICMP error about an outer packet
 * @fate: what happened to it
 * @type: of the ICMP message
 * @code: of the ICMP message
 * @mtu: with LB_FATE_TOO_BIG
 * @family: of the outer packet, and of the error
 * @outer: offset of the outer header from skb->data
 * @quoted: what follows the outer header
 * @daddr: where the outer packet went
 * @tuple: of the client's packet
 */
struct lb_tunnel_error {
	enum lb_fate fate;
	u8 type;
	u8 code;
	u32 mtu;
	u8 family;
	unsigned int outer;
	struct lb_quoted quoted;
	union lb_addr daddr;
	struct lb_tuple tuple;
};

/* What follows the outer header: @proto at @offset. */
static bool lb_error_read_encap(const struct sk_buff *skb, struct lb_tunnel_error *e, u8 proto,
				unsigned int offset)
{
	switch (proto) {
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
		e->quoted = (struct lb_quoted){
			.type = LB_TUNNEL_TYPE_IPIP,
			.proto = proto,
			.inner = offset,
		};
		break;
	case IPPROTO_UDP:
		if (!lb_gue_read(skb, offset, &e->quoted))
			return false;
		break;
	case IPPROTO_GRE:
		if (!lb_gre_read(skb, offset, &e->quoted))
			return false;
		break;
	default:
		return false;
	}
	e->tuple.family = e->quoted.proto == IPPROTO_IPIP ? AF_INET : AF_INET6;
	return true;
}

static bool lb_error_read4(const struct lb_ctx *ctx, struct lb_tunnel_error *e)
{
	const struct sk_buff *skb = ctx->skb;
	const struct icmphdr *ic;
	const struct iphdr *ih;
	struct icmphdr _ic;
	struct iphdr _ih;

	ic = skb_header_pointer(skb, ctx->pkt.l4, sizeof(_ic), &_ic);
	if (!ic)
		return false;
	e->type = ic->type;
	e->code = ic->code;
	if (ic->type == ICMP_DEST_UNREACH && ic->code == ICMP_FRAG_NEEDED) {
		e->fate = LB_FATE_TOO_BIG;
		e->mtu = ntohs(ic->un.frag.mtu);
	} else if (ic->type == ICMP_DEST_UNREACH) {
		e->fate = LB_FATE_UNREACHABLE;
	} else if (ic->type == ICMP_TIME_EXCEEDED) {
		e->fate = LB_FATE_EXPIRED;
	}

	ih = skb_header_pointer(skb, e->outer, sizeof(_ih), &_ih);
	if (!ih || ih->version != 4 || ih->ihl < 5 || (ih->frag_off & htons(IP_OFFSET)))
		return false;
	e->daddr.ip = ih->daddr;
	return lb_error_read_encap(skb, e, ih->protocol, e->outer + ih->ihl * 4);
}

static bool lb_error_read6(const struct lb_ctx *ctx, struct lb_tunnel_error *e)
{
	const struct sk_buff *skb = ctx->skb;
	const struct icmp6hdr *ic;
	const struct ipv6hdr *ih;
	struct icmp6hdr _ic;
	struct ipv6hdr _ih;
	__be16 frag_off;
	u8 nexthdr;
	int off;

	ic = skb_header_pointer(skb, ctx->pkt.l4, sizeof(_ic), &_ic);
	if (!ic)
		return false;
	e->type = ic->icmp6_type;
	e->code = ic->icmp6_code;
	if (ic->icmp6_type == ICMPV6_PKT_TOOBIG) {
		e->fate = LB_FATE_TOO_BIG;
		e->mtu = ntohl(ic->icmp6_mtu);
	} else if (ic->icmp6_type == ICMPV6_DEST_UNREACH) {
		e->fate = LB_FATE_UNREACHABLE;
	} else if (ic->icmp6_type == ICMPV6_TIME_EXCEED) {
		e->fate = LB_FATE_EXPIRED;
	}

	ih = skb_header_pointer(skb, e->outer, sizeof(_ih), &_ih);
	if (!ih || ih->version != 6)
		return false;
	e->daddr.ip6 = ih->daddr;
	nexthdr = ih->nexthdr;
	off = ipv6_skip_exthdr(skb, e->outer + sizeof(*ih), &nexthdr, &frag_off);
	if (off < 0 || (frag_off & htons(IP6_OFFSET)))
		return false;
	return lb_error_read_encap(skb, e, nexthdr, off);
}

/* The client's packet: its tuple, as it was when it came to us. */
static bool lb_error_read_inner(const struct lb_ctx *ctx, struct lb_tunnel_error *e)
{
	struct lb_tuple *tuple = &e->tuple;
	const struct sk_buff *skb = ctx->skb;
	const __be16 *ports;
	__be16 frag_off, _ports[2];
	int l4;

	if (tuple->family == AF_INET) {
		const struct iphdr *ih;
		struct iphdr _ih;

		ih = skb_header_pointer(skb, e->quoted.inner, sizeof(_ih), &_ih);
		if (!ih || ih->version != 4 || ih->ihl < 5)
			return false;
		tuple->src.ip = ih->saddr;
		tuple->dst.ip = ih->daddr;
		tuple->proto = ih->protocol;
		frag_off = ih->frag_off & htons(IP_OFFSET);
		l4 = e->quoted.inner + ih->ihl * 4;
	} else {
		const struct ipv6hdr *ih;
		struct ipv6hdr _ih;

		ih = skb_header_pointer(skb, e->quoted.inner, sizeof(_ih), &_ih);
		if (!ih || ih->version != 6)
			return false;
		tuple->src.ip6 = ih->saddr;
		tuple->dst.ip6 = ih->daddr;
		tuple->proto = ih->nexthdr;
		l4 = ipv6_skip_exthdr(skb, e->quoted.inner + sizeof(*ih), &tuple->proto, &frag_off);
		frag_off &= htons(IP6_OFFSET);
	}
	if (l4 < 0)
		return false;
	if (lb_is_ipsec(tuple->proto)) {
		lb_tuple_set_ipsec(tuple);
		return true;
	}
	if (frag_off)
		return false;
	if (tuple->proto != IPPROTO_TCP && tuple->proto != IPPROTO_UDP &&
	    tuple->proto != IPPROTO_SCTP)
		return false;
	ports = skb_header_pointer(skb, l4, sizeof(_ports), _ports);
	if (!ports)
		return false;
	tuple->sport = ports[0];
	tuple->dport = ports[1];
	return true;
}

/* Is that the tunnel that the destination is in? */
static bool lb_error_is_of(const struct lb_tunnel_error *e, const struct lb_dest *dest)
{
	const union lb_tunnel tunnel = { .word = READ_ONCE(dest->tunnel.word) };

	return dest->family == e->family && lb_addr_equal(e->family, &dest->addr, &e->daddr) &&
	       tunnel.type == e->quoted.type &&
	       (tunnel.type != LB_TUNNEL_TYPE_GUE || tunnel.port == e->quoted.port);
}

/* The connection whose packet was in the tunnel; NULL when it was not ours. */
static const struct lb_conn *lb_error_conn(const struct lb_ctx *ctx,
					   const struct lb_tunnel_error *e)
{
	struct lb_ctx inner = {
		.skb = ctx->skb,
		.ln = ctx->ln,
		.hook = ctx->hook,
		.pkt.tuple = e->tuple,
	};
	const struct lb_conn *conn;

	if (!lb_conn_find(&inner) || inner.dir != LB_DIR_IN)
		return NULL;
	conn = inner.conn;
	if (conn->method != LB_METHOD_TUNNEL || !lb_error_is_of(e, conn->dest))
		return NULL;
	return conn;
}

static bool lb_error_checksum_ok(const struct lb_ctx *ctx, const struct lb_tunnel_error *e)
{
	if (e->family == AF_INET)
		return !nf_ip_checksum(ctx->skb, ctx->hook, ctx->pkt.l4, IPPROTO_ICMP);
	return !nf_ip6_checksum(ctx->skb, ctx->hook, ctx->pkt.l4, IPPROTO_ICMPV6);
}

/* Makes a quoted network header the packet's own; offsets are void afterwards. */
static bool lb_error_strip(struct sk_buff *skb, unsigned int offset, u8 family)
{
	unsigned int hlen = family == AF_INET ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);

	if (!pskb_pull(skb, offset) || !pskb_may_pull(skb, hlen))
		return false;
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, hlen);
	skb->ip_summed = CHECKSUM_NONE;
	return true;
}

/* The outer header is the packet's own. Learns the path MTU and returns what of
 * it is left for the client's packets.
 */
static u32 lb_error_learn(const struct lb_ctx *ctx, const struct lb_tunnel_error *e,
			  const struct lb_conn *conn)
{
	struct net *net = ctx->ln->net;
	unsigned int overhead = e->quoted.inner - e->outer;
	struct lb_route route;
	u32 mtu = e->mtu;

	if (e->family == AF_INET)
		ipv4_update_pmtu(ctx->skb, net, mtu, 0, 0);
	else
		ip6_update_pmtu(ctx->skb, net, htonl(mtu), 0, 0, sock_net_uid(net, NULL));
	/* A route that was asked for by another method would not notice. */
	lb_route_forget(conn->dest);
	if (lb_route_get(net, conn, lb_skb_vrf(ctx->skb), &route)) {
		mtu = dst_mtu(route.dst);
		lb_route_put(&route);
	}
	mtu = max_t(u32, mtu, overhead) - overhead;
	return max_t(u32, mtu, e->tuple.family == AF_INET ? IPV4_MIN_MTU : IPV6_MIN_MTU);
}

/* The inner header is the packet's own. icmp_send() and icmpv6_send() take the
 * packet for one of their family that came in here.
 */
static bool lb_error_prepare(const struct lb_ctx *ctx, const struct lb_tunnel_error *e)
{
	struct sk_buff *skb = ctx->skb;
	struct flowi4 fl4 = { .daddr = e->tuple.dst.ip };
	struct rtable *rt;

	if (e->tuple.family == AF_INET6) {
		int iif = e->family == AF_INET6 ? IP6CB(skb)->iif : skb->skb_iif;

		memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
		IP6CB(skb)->iif = iif;
		if (e->family == AF_INET6)
			return true;
		skb->protocol = htons(ETH_P_IPV6);
		skb_dst_drop(skb);
		return true;
	}
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	if (e->family == AF_INET)
		return true;
	skb->protocol = htons(ETH_P_IP);
	rt = ip_route_output_key(ctx->ln->net, &fl4);
	if (IS_ERR(rt))
		return false;
	skb_dst_drop(skb);
	skb_dst_set(skb, &rt->dst);
	return true;
}

static void lb_error_send4(const struct lb_ctx *ctx, const struct lb_tunnel_error *e, u32 mtu)
{
	if (e->fate == LB_FATE_TOO_BIG) {
		/* Who lets his packets be fragmented need not know. */
		if (ip_hdr(ctx->skb)->frag_off & htons(IP_DF))
			icmp_send(ctx->skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
	} else if (e->family == AF_INET) {
		icmp_send(ctx->skb, e->type, e->code, 0);
	} else if (e->fate == LB_FATE_EXPIRED) {
		icmp_send(ctx->skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
	} else {
		icmp_send(ctx->skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
	}
}

static void lb_error_send6(const struct lb_ctx *ctx, const struct lb_tunnel_error *e, u32 mtu)
{
	if (e->fate == LB_FATE_TOO_BIG)
		icmpv6_send(ctx->skb, ICMPV6_PKT_TOOBIG, 0, mtu);
	else if (e->family == AF_INET6)
		icmpv6_send(ctx->skb, e->type, e->code, 0);
	else if (e->fate == LB_FATE_EXPIRED)
		icmpv6_send(ctx->skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
	else
		icmpv6_send(ctx->skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
}

static void lb_error_relay(const struct lb_ctx *ctx, const struct lb_tunnel_error *e,
			   const struct lb_conn *conn)
{
	unsigned int offset = e->quoted.inner;
	struct sk_buff *skb = ctx->skb;
	u32 mtu = 0;

	if (e->fate == LB_FATE_TOO_BIG) {
		if (!lb_error_strip(skb, e->outer, e->family))
			return;
		offset -= e->outer;
		mtu = lb_error_learn(ctx, e, conn);
	}
	if (!lb_error_strip(skb, offset, e->tuple.family) || !lb_error_prepare(ctx, e))
		return;
	lb_dest_count_out(conn->dest, skb->len);
	if (e->tuple.family == AF_INET)
		lb_error_send4(ctx, e, mtu);
	else
		lb_error_send6(ctx, e, mtu);
}

enum lb_verdict lb_xmit_tunnel_error(struct lb_ctx *ctx)
{
	bool v4 = ip_hdr(ctx->skb)->version == 4;
	struct lb_tunnel_error e = {
		.fate = LB_FATE_OTHER,
		.family = v4 ? AF_INET : AF_INET6,
		.outer = ctx->pkt.quoted_l3,
	};
	const struct lb_conn *conn;

	if (!(v4 ? lb_error_read4(ctx, &e) : lb_error_read6(ctx, &e)) ||
	    !lb_error_read_inner(ctx, &e))
		return LB_CONTINUE;
	conn = lb_error_conn(ctx, &e);
	if (!conn)
		return LB_CONTINUE;
	if (e.fate == LB_FATE_OTHER)
		return LB_ACCEPT;
	/* What we send is new, so nobody else would find it damaged. */
	if (!lb_error_checksum_ok(ctx, &e))
		return lb_drop(ctx, LB_DROP_REASON_MALFORMED);

	lb_error_relay(ctx, &e, conn);
	consume_skb(ctx->skb);
	return LB_STOLEN;
}
