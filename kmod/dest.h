/* SPDX-License-Identifier: GPL-2.0 */
/* A destination: a real server as one service sees it. Owns its counters, its
 * load, its cached route and its death; its weight and method belong to the
 * pool that lists it (service.h).
 */
#ifndef LB_DEST_H
#define LB_DEST_H

#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>

#include "addr.h"
#include "drain.h"
#include "stats.h"
#include "tunnel.h"

/* struct lb_dest's @place when no new connection may go there. */
#define LB_DEST_UNUSABLE	((u32)-1)

/**
 * struct lb_dest - a real server of one service
 * @addr: constant
 * @port: network byte order; constant
 * @family: AF_INET or AF_INET6; may differ from the service's (tunnel)
 * @proto: its service's IPPROTO_*, 0 for any (a firewall mark's); constant
 * @server: it can be found by its address (server.h), in @server_node; under
 *	ln->lock
 * @removed: no longer configured. Written under ln->lock, read by packets
 * @fate: enum lb_dest_fate; written under ln->lock, read by packets
 * @ramp: how much of its share it has while that grows, in sixteenths; 0 when
 *	it has all (ramp.h); under ln->lock, as is @up_at
 * @up_at: jiffies when it became usable last
 * @drain: while it drains; under ln->lock
 * @place: index among the usable ones of the pool published last, or
 *	LB_DEST_UNUSABLE; written under ln->lock. For packets a hint to verify:
 *	they may have another pool in hand.
 * @nth: how many of the pool published last were added before it; written under
 *	ln->lock, a hint like @place
 * @templates: so many lead here
 * @svc: the service it belongs to; written under ln->lock. A removed one keeps
 *	its last service, which it holds a reference on.
 * @counters: per CPU
 * @route: to @addr, or NULL (xmit/route.c)
 * @tunnel: what its packets travel in with the tunnel method; written under
 *	ln->lock, read by packets as one word
 * @upper: with so many connections it is full; 0: never. Written under
 *	ln->lock, read by whoever changes @load, as is @lower
 * @lower: with fewer than that it is full no more
 * @load: active connections in bits 32 to 62, inactive ones in the lower 32;
 *	LB_LOAD_FULL
 * @rate: last look; under ln->lock
 * @zeroed: what clients of ip_vs's do not see of its counters; under ln->lock
 * @retired: while @removed, what of @counters is in the "retired" of its
 *	service or, when that is gone, of the namespace; under ln->lock
 * @server_node: in ln->servers while @server; read by packets
 * @removed_node: in ln->removed while @removed; under ln->lock
 * @removed_at: a grace period began after no pool listed it any more
 * @rcu: frees it
 *
 * Lives while a pool lists it or a connection or template points to it: it is freed by
 * lb_dests_reap(), a grace period or more after it was removed, when @load and
 * @templates are 0. No new connection or template can point to it then, because
 * whoever saw a pool that lists it is done: a template leads only to what the
 * packet's pool lists.
 */
struct lb_dest {
	union lb_addr addr;
	__be16 port;
	u8 family;
	u8 proto;
	bool server;
	bool removed;
	u8 fate;
	u8 ramp;
	u32 place;
	u32 nth;
	atomic_t templates;
	u32 upper;
	u32 lower;
	struct lb_service __rcu *svc;
	struct lb_pcpu_counters __percpu *counters;
	struct lb_dest_route __rcu *route;
	union lb_tunnel tunnel;
	atomic64_t load ____cacheline_aligned_in_smp;
	unsigned long up_at;
	struct lb_drain drain;
	struct lb_rate rate;
	struct lb_counters zeroed;
	struct lb_counters retired;
	struct rhlist_head server_node;
	struct hlist_node removed_node;
	unsigned long removed_at;
	struct rcu_head rcu;
};

#define LB_LOAD_ACTIVE		(1LL << 32)
#define LB_LOAD_INACTIVE	1LL
/* In dest->load, so that it and the number of connections that it follows from
 * change as one; LEAST_BARRED of core/least.h.
 */
#define LB_LOAD_FULL		S64_MIN

static inline u32 lb_dest_active(const struct lb_dest *dest)
{
	return (atomic64_read(&dest->load) & ~LB_LOAD_FULL) >> 32;
}

static inline u32 lb_dest_inactive(const struct lb_dest *dest)
{
	return (u32)atomic64_read(&dest->load);
}

/* Has it as many connections as it may have? Then schedulers pass it by. */
static inline bool lb_dest_full(const struct lb_dest *dest)
{
	return atomic64_read(&dest->load) & LB_LOAD_FULL;
}

/**
 * lb_dest_load_add - a connection came, went, or changed sides
 * @dest: destination
 * @delta: sum of +-LB_LOAD_ACTIVE and +-LB_LOAD_INACTIVE
 *
 * Tells the scheduler of the destination's service where that wants to know.
 * Context: rcu_read_lock(), BH disabled.
 */
void lb_dest_load_add(struct lb_dest *dest, s64 delta);

/* How many connections it may have; @upper 0: any number.
 * @lower 0 is three quarters of @upper. Caller holds ln->lock, and tells the
 * scheduler.
 */
void lb_dest_limit(struct lb_dest *dest, u32 upper, u32 lower);

/* Module-wide cache of destinations. _exit(): every namespace is gone; waits
 * for the destinations they freed.
 */
int lb_dest_init(void);
void lb_dest_exit(void);

/* For edit_dest.c, under ln->lock: a destination that no pool lists yet. NULL when
 * there is no memory.
 */
struct lb_dest *lb_dest_new(struct lb_service *svc, u8 family, const union lb_addr *addr,
			    __be16 port);
/* A grace period later; no connection points to it. */
void lb_dest_free(struct lb_dest *dest);

/* The removed destination of a service of that name, or NULL. */
struct lb_dest *lb_dest_find_removed(struct lb_net *ln, const struct lb_service_key *key,
				     u8 family, const union lb_addr *addr, __be16 port);
/* It is configured no longer. @grace: start_poll_synchronize_rcu(), called
 * after the last pool that lists it was replaced. @fate: its connections'.
 */
void lb_dest_remove(struct lb_dest *dest, unsigned long grace, enum lb_dest_fate fate);
/* It is configured again, for @svc, with its connections and counters. */
void lb_dest_return(struct lb_dest *dest, struct lb_service *svc);

/* Are there removed ones whose connections' ends are to be told? Caller holds ln->lock. */
bool lb_dests_tell(struct lb_net *ln);

/* Frees removed destinations whose last connection is gone; the sweep calls
 * this now and then. Takes ln->lock, and unregisters the hooks where nobody needs
 * them any more. Returns whether some still wait.
 */
bool lb_dests_reap(struct lb_net *ln);
/* Frees all removed ones: no connection is left. */
void lb_dests_exit(struct lb_net *ln);

/* One packet of @bytes from the client, or to it. BH context. */
static inline void lb_dest_count_in(struct lb_dest *dest, unsigned int bytes)
{
	struct lb_pcpu_counters *c = this_cpu_ptr(dest->counters);

	u64_stats_update_begin(&c->sync);
	u64_stats_inc(&c->in_packets);
	u64_stats_add(&c->in_bytes, bytes);
	u64_stats_update_end(&c->sync);
}

static inline void lb_dest_count_out(struct lb_dest *dest, unsigned int bytes)
{
	struct lb_pcpu_counters *c = this_cpu_ptr(dest->counters);

	u64_stats_update_begin(&c->sync);
	u64_stats_inc(&c->out_packets);
	u64_stats_add(&c->out_bytes, bytes);
	u64_stats_update_end(&c->sync);
}

static inline void lb_dest_count_conn(struct lb_dest *dest)
{
	struct lb_pcpu_counters *c = this_cpu_ptr(dest->counters);

	u64_stats_update_begin(&c->sync);
	u64_stats_inc(&c->conns);
	u64_stats_update_end(&c->sync);
}

#endif /* LB_DEST_H */
