// SPDX-License-Identifier: GPL-2.0
/* One end is the director itself: a destination here, or a client.
 *
 * A packet for a destination here is delivered by the stack, which it is on its
 * way through already. A packet of a client here was routed to the virtual
 * address; where that is not an address of this host, the packet must not be
 * made to leave with a route that ends here, nor to stay with one that leaves.
 */
#include <linux/netfilter.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "../dest.h"
#include "../xmit.h"
#include "method.h"

static bool lb_is_loopback(u8 family, const union lb_addr *addr)
{
	return family == AF_INET ? ipv4_is_loopback(addr->ip) : ipv6_addr_loopback(&addr->ip6);
}

/* The sender, whatever the packet quotes. */
static bool lb_source_is_loopback(const struct lb_ctx *ctx)
{
	if (ctx->pkt.tuple.family == AF_INET)
		return ipv4_is_loopback(ip_hdr(ctx->skb)->saddr);
	return ipv6_addr_loopback(&ipv6_hdr(ctx->skb)->saddr);
}

static bool lb_came_from_outside(const struct lb_ctx *ctx)
{
	const struct sk_buff *skb = ctx->skb;

	if (ctx->hook == NF_INET_LOCAL_OUT)
		return false;
	return !skb->dev || !(skb->dev->flags & IFF_LOOPBACK);
}

bool lb_local_allows(const struct lb_ctx *ctx, const struct lb_route *route)
{
	const struct lb_conn *conn = ctx->conn;

	/* A loopback address means another host elsewhere. */
	if (!route->local)
		return !lb_source_is_loopback(ctx);
	/* What passes by cannot be delivered any more. */
	if (ctx->hook == NF_INET_FORWARD)
		return false;
	if (conn->method == LB_METHOD_NAT)
		return !lb_came_from_outside(ctx) ||
		       !lb_is_loopback(conn->dest->family, &conn->dest->addr);
	/* It is to leave: here is nobody for it. */
	if (conn->method == LB_METHOD_BYPASS)
		return false;
	/* The virtual address stays in the packet: it has to be one of ours. */
	return lb_dst_is_local(conn->family, skb_dst(ctx->skb));
}

static bool lb_endpoint_unchanged(const struct lb_conn *conn)
{
	union lb_addr vaddr;

	if (conn->method != LB_METHOD_NAT)
		return true;
	lb_conn_vaddr(conn, &vaddr);
	return conn->vport == conn->dport &&
	       lb_addr_equal(conn->family, &vaddr, &conn->dest->addr);
}

enum lb_verdict lb_local_in(struct lb_ctx *ctx, struct lb_route *route)
{
	struct sk_buff *skb = ctx->skb;

	if (ctx->hook == NF_INET_LOCAL_OUT) {
		/* Stay with the local route that the socket found, if it is one. */
		if (lb_dst_is_local(ctx->conn->family, skb_dst(skb)))
			lb_route_put(route);
		else
			lb_route_give(skb, route);
		return lb_accept_handled(ctx);
	}
	lb_route_put(route);
	/* Early demultiplexing may have found a socket by the addresses that the
	 * packet no longer has.
	 */
	if (!lb_endpoint_unchanged(ctx->conn))
		skb_orphan(skb);
	return lb_accept_handled(ctx);
}
