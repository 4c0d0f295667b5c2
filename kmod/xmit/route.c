// SPDX-License-Identifier: GPL-2.0
/* Routes to destinations. Only the destination counts, as in ip_vs: one route
 * serves all of a destination's packets on all CPUs, which take it without a
 * reference.
 *
 * Lifetime: dest->route is published under no lock, by xchg(): whoever takes an
 * entry out of there owns it, takes it off its list and frees it a grace period
 * later. A route may pin its device beyond the device's life (an IPv6 clone pins
 * the table's entry, and that the device), so entries are listed by device, and
 * dropped when that goes down.
 */
#include "route.h"

#include <linux/hash.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "../conn.h"
#include "../dest.h"

/**
 * struct lb_dest_route - a destination's route
 * @dst: referenced
 * @cookie: what the route was valid for
 * @saddr: see struct lb_route
 * @local: see struct lb_route
 * @vrf: see lb_route_get()
 * @dev: the device that the route depends on; an identity, not to be followed
 * @dest: whose route it is; outlives the entry's time on its list
 * @node: in the list of @dev's bucket, under its lock
 * @rcu: frees it
 */
struct lb_dest_route {
	struct dst_entry *dst;
	u32 cookie;
	union lb_addr saddr;
	bool local;
	int vrf;
	const struct net_device *dev;
	struct lb_dest *dest;
	struct hlist_node node;
	struct rcu_head rcu;
};

#define LB_ROUTE_BITS	6

/* Taken when a route is found or lost, never for a packet that has one. */
static struct lb_route_bucket {
	spinlock_t lock; /* serialises @entries */
	struct hlist_head entries;
} lb_routes[1 << LB_ROUTE_BITS];

static struct lb_route_bucket *lb_route_bucket(const struct net_device *dev)
{
	return &lb_routes[hash_ptr(dev, LB_ROUTE_BITS)];
}

bool lb_dst_is_local(u8 family, const struct dst_entry *dst)
{
	if (family == AF_INET)
		return dst_rtable(dst)->rt_flags & RTCF_LOCAL;
	return (dst_rt6_info(dst)->rt6i_flags & RTF_LOCAL) || (dst->dev->flags & IFF_LOOPBACK);
}

/* With direct the packet's own address does not say who the neighbour is, so
 * the route has to: FLOWI_FLAG_KNOWN_NH.
 */
static struct dst_entry *lb_route_lookup4(struct net *net, const struct lb_conn *conn,
					  const union lb_addr *daddr, int vrf,
					  union lb_addr *saddr)
{
	bool direct = conn->method == LB_METHOD_DIRECT;
	struct flowi4 fl4 = {
		.daddr = daddr->ip,
		.flowi4_oif = vrf,
		.flowi4_flags = direct ? FLOWI_FLAG_KNOWN_NH : 0,
	};
	struct rtable *rt;

	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt))
		return NULL;
	*saddr = (union lb_addr){ .ip = fl4.saddr };
	if (conn->method == LB_METHOD_TUNNEL && fib4_has_custom_rules(net)) {
		/* Rules may say otherwise once the source is known. */
		fl4 = (struct flowi4){
			.daddr = daddr->ip,
			.saddr = saddr->ip,
			.flowi4_oif = vrf,
		};
		ip_rt_put(rt);
		rt = ip_route_output_key(net, &fl4);
		if (IS_ERR(rt))
			return NULL;
	}
	if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		ip_rt_put(rt);
		return NULL;
	}
	return &rt->dst;
}

static struct dst_entry *lb_route_lookup6(struct net *net, const struct lb_conn *conn,
					  const union lb_addr *daddr, int vrf,
					  union lb_addr *saddr)
{
	bool direct = conn->method == LB_METHOD_DIRECT;
	struct flowi6 fl6 = {
		.daddr = daddr->ip6,
		.flowi6_oif = vrf,
		.flowi6_flags = direct ? FLOWI_FLAG_KNOWN_NH : 0,
	};
	struct dst_entry *dst;

	memset(saddr, 0, sizeof(*saddr));
	dst = ip6_route_output(net, NULL, &fl6);
	if (dst->error)
		goto err;
	if (conn->method == LB_METHOD_TUNNEL && !lb_dst_is_local(AF_INET6, dst) &&
	    ipv6_dev_get_saddr(net, ip6_dst_idev(dst)->dev, &fl6.daddr, 0, &saddr->ip6))
		goto err;
	return dst;
err:
	dst_release(dst);
	return NULL;
}

/* A kept route serves every method, but direct needs one that names its next
 * hop, and tunnel one for which the source was asked: a connection may be older
 * than its destination's present method.
 */
static bool lb_route_serves(const struct lb_dest_route *r, const struct lb_conn *conn)
{
	if (r->local)
		return true;
	if (conn->dest->family == AF_INET)
		return conn->method != LB_METHOD_DIRECT || dst_rtable(r->dst)->rt_gw_family;
	if (conn->method == LB_METHOD_DIRECT)
		return dst_rt6_info(r->dst)->rt6i_flags & (RTF_GATEWAY | RTF_CACHE);
	return conn->method != LB_METHOD_TUNNEL || !ipv6_addr_any(&r->saddr.ip6);
}

static void lb_route_free_rcu(struct rcu_head *rcu)
{
	struct lb_dest_route *r = container_of(rcu, struct lb_dest_route, rcu);

	dst_release(r->dst);
	kfree(r);
}

/* @r was taken out of dest->route by the caller. */
static void lb_route_retire(struct lb_dest_route *r)
{
	struct lb_route_bucket *bucket;

	if (!r)
		return;
	bucket = lb_route_bucket(r->dev);
	spin_lock_bh(&bucket->lock);
	hlist_del(&r->node);
	spin_unlock_bh(&bucket->lock);
	call_rcu(&r->rcu, lb_route_free_rcu);
}

static struct lb_dest_route *lb_route_exchange(struct lb_dest *dest, struct lb_dest_route *r)
{
	return unrcu_pointer(xchg(&dest->route, RCU_INITIALIZER(r)));
}

void lb_route_forget(struct lb_dest *dest)
{
	if (rcu_access_pointer(dest->route))
		lb_route_retire(lb_route_exchange(dest, NULL));
}

/* Keeps what was found, if there is memory for it, with a reference of its own.
 * Not for a device that goes down: nobody would tell us once it has gone.
 */
static void lb_route_keep(struct lb_dest *dest, int vrf, const struct lb_route *route)
{
	struct lb_dest_route *r, *old = NULL;
	struct lb_route_bucket *bucket;

	r = kmalloc(sizeof(*r), GFP_ATOMIC);
	if (!r)
		return;
	*r = (struct lb_dest_route){
		.dst = route->dst,
		.saddr = route->saddr,
		.local = route->local,
		.vrf = vrf,
		.dev = route->dst->dev,
		.dest = dest,
	};
	if (dest->family == AF_INET6) {
		r->cookie = rt6_get_cookie(dst_rt6_info(r->dst));
		/* A local route leaves by lo, but is there for another's sake. */
		r->dev = ip6_dst_idev(r->dst)->dev;
	}

	bucket = lb_route_bucket(r->dev);
	spin_lock_bh(&bucket->lock);
	if (!netif_running(r->dev)) {
		spin_unlock_bh(&bucket->lock);
		kfree(r);
		return;
	}
	dst_hold(r->dst);
	hlist_add_head(&r->node, &bucket->entries);
	old = lb_route_exchange(dest, r);
	spin_unlock_bh(&bucket->lock);
	lb_route_retire(old);
}

bool lb_route_get(struct net *net, const struct lb_conn *conn, int vrf, struct lb_route *route)
{
	struct lb_dest *dest = conn->dest;
	const struct lb_dest_route *r;
	union lb_addr daddr;

	r = rcu_dereference(dest->route);
	if (likely(r && r->vrf == vrf && lb_route_serves(r, conn) &&
		   (!r->dst->obsolete || r->dst->ops->check(r->dst, r->cookie)))) {
		*route = (struct lb_route){
			.dst = r->dst,
			.saddr = r->saddr,
			.local = r->local,
		};
		return true;
	}

	lb_conn_daddr(conn, &daddr);
	if (dest->family == AF_INET)
		route->dst = lb_route_lookup4(net, conn, &daddr, vrf, &route->saddr);
	else
		route->dst = lb_route_lookup6(net, conn, &daddr, vrf, &route->saddr);
	if (!route->dst) {
		lb_route_forget(dest);
		return false;
	}
	route->held = true;
	route->local = lb_dst_is_local(dest->family, route->dst);
	/* With bypass each connection goes elsewhere, and none is kept. */
	if (conn->method != LB_METHOD_BYPASS)
		lb_route_keep(dest, vrf, route);
	return true;
}

int lb_route_vrf(const struct lb_dest *dest)
{
	const struct lb_dest_route *r = rcu_dereference(dest->route);

	return r ? r->vrf : 0;
}

/* Entries that somebody has taken out of dest->route already are his: he waits
 * for the lock to take them off the list.
 */
static void lb_routes_drop(const struct net_device *dev)
{
	struct lb_route_bucket *bucket = lb_route_bucket(dev);
	struct lb_dest_route *r;
	struct hlist_node *next;

	spin_lock_bh(&bucket->lock);
	hlist_for_each_entry_safe(r, next, &bucket->entries, node) {
		if (r->dev != dev)
			continue;
		if (unrcu_pointer(cmpxchg(&r->dest->route, RCU_INITIALIZER(r), NULL)) != r)
			continue;
		hlist_del(&r->node);
		call_rcu(&r->rcu, lb_route_free_rcu);
	}
	spin_unlock_bh(&bucket->lock);
}

static int lb_route_netdev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	if (event == NETDEV_DOWN || event == NETDEV_UNREGISTER)
		lb_routes_drop(netdev_notifier_info_to_dev(ptr));
	return NOTIFY_DONE;
}

static struct notifier_block lb_route_netdev_notifier = {
	.notifier_call = lb_route_netdev_event,
};

int lb_route_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lb_routes); i++) {
		spin_lock_init(&lb_routes[i].lock);
		INIT_HLIST_HEAD(&lb_routes[i].entries);
	}
	return register_netdevice_notifier(&lb_route_netdev_notifier);
}

/* No destination is left. */
void lb_route_exit(void)
{
	unregister_netdevice_notifier(&lb_route_netdev_notifier);
	rcu_barrier();
}
