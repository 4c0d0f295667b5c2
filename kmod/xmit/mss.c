// SPDX-License-Identifier: GPL-2.0
/* Lowers what a SYN announces as the largest segment that its sender takes, so that
 * the other end sends none that does not fit. It is never raised, nor added where
 * there is none: then it is 536, or 1220 with IPv6 (RFC 9293, 3.7.1).
 */
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "../core/tcp_options.h"
#include "../dest.h"
#include "../service.h"
#include "encap.h"
#include "method.h"

/* What the way to the destination has room for. */
static unsigned int lb_mss_room(const struct lb_conn *conn, unsigned int mtu)
{
	bool v4 = conn->family == AF_INET;
	unsigned int overhead = 0;

	if (conn->method == LB_METHOD_TUNNEL) {
		const struct lb_dest *dest = conn->dest;
		const union lb_tunnel tunnel = { .word = READ_ONCE(dest->tunnel.word) };

		overhead = lb_tunnel_overhead(dest->family, tunnel, true);
	}
	/* As xmit.c measures packets: smaller ones than these are not asked for. */
	mtu = max_t(unsigned int, mtu, overhead) - overhead;
	mtu = max_t(unsigned int, mtu, v4 ? IPV4_MIN_MTU : IPV6_MIN_MTU);
	mtu -= sizeof(struct tcphdr) + (v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr));
	return min_t(unsigned int, mtu, U16_MAX);
}

/* The service's limit for this connection, U16_MAX for none. */
static unsigned int lb_mss_limit(struct lb_ctx *ctx, const struct lb_route *route)
{
	const struct lb_service *svc = rcu_dereference(ctx->conn->dest->svc);
	const struct lb_pool *pool = lb_service_pool(svc);
	unsigned int limit = pool ? pool->mss_clamp : 0;
	struct lb_route found;

	if (limit != LB_MSS_CLAMP_AUTO)
		return limit ?: U16_MAX;
	if (route)
		return lb_mss_room(ctx->conn, dst_mtu(route->dst));
	if (!lb_route_get(ctx->ln->net, ctx->conn, lb_skb_vrf(ctx->skb), &found))
		return U16_MAX;
	limit = found.local ? U16_MAX : lb_mss_room(ctx->conn, dst_mtu(found.dst));
	lb_route_put(&found);
	return limit;
}

/* Lowers the two bytes at @value, of a header at @th. */
static void lb_mss_limit_to(struct sk_buff *skb, struct tcphdr *th, u8 *value, u16 limit)
{
	u16 mss = value[0] << 8 | value[1];

	if (mss <= limit)
		return;
	value[0] = limit >> 8;
	value[1] = limit & 0xff;
	/* A checksum sums words: at an odd place the two are in one each, the
	 * first as a lower byte.
	 */
	if ((value - (u8 *)th) & 1) {
		mss = swab16(mss);
		limit = swab16(limit);
	}
	inet_proto_csum_replace2(&th->check, skb, htons(mss), htons(limit), false);
}

bool lb_mss_lower(struct lb_ctx *ctx, const struct lb_route *route)
{
	unsigned int limit = lb_mss_limit(ctx, route);
	struct sk_buff *skb = ctx->skb;
	unsigned int l4 = ctx->pkt.l4;
	const struct tcphdr *th;
	struct tcphdr _th, *to;
	unsigned int len;
	u8 *options;
	int at;

	if (limit == U16_MAX)
		return true;
	th = skb_header_pointer(skb, l4, sizeof(_th), &_th);
	if (!th || th->doff * 4 < sizeof(*th))
		return true;
	/* A header that goes on beyond the packet is the receiver's to refuse. */
	len = th->doff * 4;
	if (len > skb->len - l4)
		return true;
	if (skb_ensure_writable(skb, l4 + len))
		return false;

	to = (struct tcphdr *)(skb->data + l4);
	options = (u8 *)(to + 1);
	at = tcp_find_mss(options, len - sizeof(*to));
	if (at >= 0)
		lb_mss_limit_to(skb, to, options + at, limit);
	return true;
}
