/* SPDX-License-Identifier: GPL-2.0 */
/* A destination: a real server as one service sees it. Owns its counters, its
 * load, its cached route and its death; its weight and method belong to the
 * pool that lists it (service.h).
 */
#ifndef LB_DEST_H
#define LB_DEST_H

#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>
#include <net/dst_cache.h>

#include "addr.h"
#include "stats.h"

/**
 * struct lb_dest - a real server of one service
 * @addr: constant
 * @port: network byte order; constant
 * @family: AF_INET or AF_INET6; may differ from the service's (tunnel)
 * @removed: no longer configured; its connections' packets are dropped.
 *	Written under ln->lock, read by packets
 * @load: active connections in the upper 32 bits, inactive ones in the lower
 * @svc: the service it belongs to; written under ln->lock. A removed one keeps
 *	its last service, which it holds a reference on.
 * @counters: per CPU
 * @route: to @addr, per CPU; used in BH context
 * @rate: last look; under ln->lock
 * @removed_node: in ln->removed while @removed; under ln->lock
 * @free_work: frees it in process context after a grace period
 *
 * Lives while a pool lists it or a connection points to it: it is freed by the
 * sweep (conn.c), some time after it was removed, when @load is 0. No new
 * connection can point to it then, because pools that list it are gone for a
 * grace period.
 */
struct lb_dest {
	union lb_addr addr;
	__be16 port;
	u8 family;
	bool removed;
	atomic64_t load;
	struct lb_service __rcu *svc;
	struct lb_pcpu_counters __percpu *counters;
	struct dst_cache route;
	struct lb_rate rate;
	struct hlist_node removed_node;
	struct rcu_work free_work;
};

#define LB_LOAD_ACTIVE		(1LL << 32)
#define LB_LOAD_INACTIVE	1LL

static inline u32 lb_dest_active(const struct lb_dest *dest)
{
	return (u64)atomic64_read(&dest->load) >> 32;
}

static inline u32 lb_dest_inactive(const struct lb_dest *dest)
{
	return (u32)atomic64_read(&dest->load);
}

/**
 * lb_dest_overhead - load as least-connection schedulers compare it
 * @dest: destination
 *
 * An active connection weighs 256 times an inactive one, as in ip_vs.
 */
static inline u64 lb_dest_overhead(const struct lb_dest *dest)
{
	u64 load = atomic64_read(&dest->load);

	return ((load >> 32) << 8) + (u32)load;
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

/* Frees removed destinations whose last connection is gone; the sweep calls
 * this now and then. Takes ln->lock. Returns whether some still wait.
 */
bool lb_dests_reap(struct lb_net *ln);

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
