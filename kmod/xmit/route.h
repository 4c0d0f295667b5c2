/* SPDX-License-Identifier: GPL-2.0 */
/* The way to a destination, and where it is kept: in the destination, for all
 * CPUs, until something about it changes.
 */
#ifndef LB_XMIT_ROUTE_H
#define LB_XMIT_ROUTE_H

#include <net/dst.h>
#include <net/l3mdev.h>

#include "../addr.h"

struct lb_conn;
struct lb_dest;

/**
 * struct lb_route - the way to a destination, for one packet
 * @dst: valid under rcu_read_lock()
 * @saddr: this host's address on that way; IPv6 has it for tunnel only
 * @local: the destination is this host
 * @held: there is a reference on @dst, lb_route_give()'s or lb_route_put()'s
 */
struct lb_route {
	struct dst_entry *dst;
	union lb_addr saddr;
	bool local;
	bool held;
};

/* Devices that go are noticed in between. */
int lb_route_init(void);
void lb_route_exit(void);

/**
 * lb_route_get - the way to a connection's destination
 * @net: namespace
 * @conn: connection
 * @vrf: lb_skb_vrf(), of the packet that is to go there
 * @route: result
 *
 * Context: rcu_read_lock().
 * Return: false when there is none.
 */
bool lb_route_get(struct net *net, const struct lb_conn *conn, int vrf, struct lb_route *route);

/* The VRF (l3mdev) that a packet came in by, or that its sender here is bound
 * to: the index of its device, 0 for none. Its routes are those that count.
 */
static inline int lb_skb_vrf(const struct sk_buff *skb)
{
	return l3mdev_master_ifindex_rcu(skb->dev ?: skb_dst(skb)->dev);
}

/* The VRF that a packet to @dest went by last. Context: rcu_read_lock(). */
int lb_route_vrf(const struct lb_dest *dest);

/* The packet takes this way. */
static inline void lb_route_give(struct sk_buff *skb, const struct lb_route *route)
{
	skb_dst_drop(skb);
	if (route->held)
		skb_dst_set(skb, route->dst);
	else
		skb_dst_set_noref(skb, route->dst);
}

static inline void lb_route_put(const struct lb_route *route)
{
	if (route->held)
		dst_release(route->dst);
}

/* The next packet is to look anew. Any context. */
void lb_route_forget(struct lb_dest *dest);

/* Leads this route to this host? */
bool lb_dst_is_local(u8 family, const struct dst_entry *dst);

#endif /* LB_XMIT_ROUTE_H */
