/* SPDX-License-Identifier: GPL-2.0 */
/* Services: what a packet is matched against, and the pool of destinations
 * behind each. Owns identity and lookup; how the configuration changes is
 * edit.h's, what a destination is dest.h's, whom a packet goes to sched.h's.
 */
#ifndef LB_SERVICE_H
#define LB_SERVICE_H

#include <linux/rcupdate.h>
#include <linux/refcount.h>

#include "addr.h"
#include "dest.h"
#include "lb.h"
#include "stats.h"

/**
 * struct lb_pool_entry - a destination's place in a pool
 * @dest: valid as long as the pool is: a pool is freed a grace period after it
 *	was replaced, and a destination after no pool and no connection has it
 * @upper: with so many connections it takes no more; 0 for no such bound
 * @lower: with fewer than that it takes some again; 0: three quarters of @upper
 * @weight: as configured, up to LB_WEIGHT_MAX; in pool->usable, which is what
 *	schedulers share out by, as slow start has it now
 * @last_weight: the last one that was not 0 since it was added; 0 for none
 * @method: enum lb_method
 * @drain: takes no new connections whatever its weight
 * @fresh: added by the edit that made this pool; all that are stand in front
 * @step: in pool->usable, how much of its share it has, in sixteenths; 0: all
 */
struct lb_pool_entry {
	struct lb_dest *dest;
	u32 upper;
	u32 lower;
	u16 weight;
	u16 last_weight;
	u8 method;
	bool drain;
	bool fresh;
	u8 step;
};

static_assert(LB_WEIGHT_MAX <= U16_MAX);

/* May it get a new connection? */
static inline bool lb_pool_entry_usable(const struct lb_pool_entry *entry)
{
	return entry->weight > 0 && !entry->drain;
}

/**
 * struct lb_persist - what a service says of persistence
 * @timeout: jiffies that a template lives after the last connection it has
 *	opened, and at least as long as its connections do; 0: there are none
 * @prefix: significant bits of a client's address
 * @engine: enum lb_persist_engine, what else tells clients apart (pe.h)
 */
struct lb_persist {
	u32 timeout;
	u8 prefix;
	u8 engine;
};

/**
 * struct lb_pool - one immutable version of a service
 * @rcu: frees it
 * @sched: its scheduler
 * @sched_flags: enum lb_sched_flags
 * @one_packet: every UDP packet is scheduled by itself and opens no connection
 * @sched_data: what @sched built for this pool; freed with it (kvfree)
 * @any_addr: its packets are for any address: a mark names it
 * @mss_clamp: largest MSS that a SYN may announce, LB_MSS_CLAMP_AUTO, or 0
 * @persist: see there
 * @timeouts: its own, where not 0
 * @slow_start: seconds in which a destination that comes up grows, 0 for none
 * @orphans: enum lb_orphans, of connections of destinations that are removed
 * @n_members: configured destinations
 * @n_usable: those that may get new connections (weight > 0, not draining)
 * @limited: one of them has an upper bound, so that some may be full
 * @member: all destinations, in ip_vs's order: the last added comes first
 * @usable: those of @member that are usable, in the same order; what
 *	schedulers index
 *
 * Built in process context, published by rcu_assign_pointer(), never changed
 * afterwards but for what a scheduler keeps in @sched_data.
 */
struct lb_pool {
	struct rcu_head rcu;
	const struct lb_sched_ops *sched;
	void *sched_data;
	u32 sched_flags;
	bool one_packet;
	bool any_addr;
	u16 mss_clamp;
	struct lb_persist persist;
	struct lb_timeouts timeouts;
	u32 slow_start;
	u8 orphans;
	u32 n_members;
	u32 n_usable;
	bool limited;
	struct lb_pool_entry *usable;
	struct lb_pool_entry member[];
};

/* Is this usable one to be passed by, because it has all connections that it may
 * have? Pools without such bounds do not look at its load.
 */
static inline bool lb_pool_entry_full(const struct lb_pool *pool, const struct lb_pool_entry *entry)
{
	return unlikely(pool->limited) && lb_dest_full(entry->dest);
}

/* May it get a new connection, now? */
static inline bool lb_pool_entry_open(const struct lb_pool *pool, const struct lb_pool_entry *entry)
{
	return lb_pool_entry_usable(entry) && !lb_pool_entry_full(pool, entry);
}

/**
 * struct lb_service - a virtual service
 * @node: in ln->services
 * @list: in ln->service_list while it is configured, else empty
 * @key: constant
 * @ln: its namespace
 * @timed: in ln->timed, or empty; under ln->lock
 * @pool: the version that packets use, by ln->parity; NULL where the service
 *	does not exist. Outside a commit both are the same.
 * @draft: the version being edited, or NULL; under ln->lock (draft.h)
 * @cursor: where a round-robin scheduler stands; survives a change of pool
 * @carried: what the scheduler's carry() leaves for the next one: @cursor as
 *	it set it, and how many members were passed; under ln->lock
 * @retired: counters of destinations that were removed; under ln->lock
 * @zeroed: what clients of ip_vs's do not see of its counters; under ln->lock
 * @rate: last look; under ln->lock
 * @refs: one for being configured, one for each destination that points here
 * @rcu: frees it, a grace period after @refs went
 */
struct lb_service {
	struct rhash_head node;
	struct list_head list;
	struct lb_service_key key;
	struct lb_net *ln;
	struct list_head timed;
	struct lb_pool __rcu *pool[2];
	struct lb_draft *draft;
	atomic64_t cursor ____cacheline_aligned_in_smp;
	struct {
		u64 cursor;
		u32 passed;
	} carried;
	struct lb_counters retired;
	struct lb_counters zeroed;
	struct lb_rate rate;
	refcount_t refs;
	struct rcu_head rcu;
};

int lb_services_init(struct lb_net *ln);
/* No service is left and no packet comes any more. */
void lb_services_exit(struct lb_net *ln);

/**
 * lb_service_find - the service of that name
 * @ln: namespace
 * @key: what it is called
 *
 * Context: rcu_read_lock() or ln->lock; the service is valid as long.
 * Return: a service that may be without a pool (being added or removed), or
 *	NULL.
 */
struct lb_service *lb_service_find(struct lb_net *ln, const struct lb_service_key *key);

/**
 * lb_service_match - the service that a packet without a connection is for
 * @ctx: pkt is read
 * @pool: the version of it that the packet sees
 *
 * As in ip_vs: first the service of the packet's firewall mark, then that of its
 * protocol, address and port, then that of port 0.
 * Context: rcu_read_lock().
 * Return: NULL when there is none.
 */
struct lb_service *lb_service_match(const struct lb_ctx *ctx, struct lb_pool **pool);

/**
 * lb_service_pool - the version of a service that a packet sees
 * @svc: service
 *
 * Context: rcu_read_lock().
 * Return: NULL when the service does not exist for this packet.
 */
static inline struct lb_pool *lb_service_pool(const struct lb_service *svc)
{
	/* Pairs with the release in lb_edit_commit(): whoever sees the new
	 * parity sees the pools that were prepared for it.
	 */
	return rcu_dereference(svc->pool[smp_load_acquire(&svc->ln->parity) & 1]);
}

/* The published version, NULL for none. Caller holds ln->lock. */
struct lb_pool *lb_service_pool_locked(const struct lb_service *svc);

/* Has it timeouts of its own? NULL has none. */
bool lb_pool_has_timeouts(const struct lb_pool *pool);

/* Where a destination stands in a pool that a packet has in hand, NULL for nowhere. */
const struct lb_pool_entry *lb_pool_find(const struct lb_pool *pool, const struct lb_dest *dest);

/* At once: nobody else knows it any more. */
void lb_pool_free(struct lb_pool *pool);

/* A service that cannot be found; NULL when there is no memory. */
struct lb_service *lb_service_alloc(struct lb_net *ln, const struct lb_service_key *key);
/* For edit_service.c, under ln->lock: a service that can be found but has no pool yet,
 * so that packets see none. An ERR_PTR() when there is no memory.
 */
struct lb_service *lb_service_new(struct lb_net *ln, const struct lb_service_key *key);
/* It cannot be found any more; gives back the reference for being configured. */
void lb_service_remove(struct lb_service *svc);

/* Where the counters of a removed destination of @svc go: its own "retired" or,
 * when it is gone itself, the namespace's. Caller holds ln->lock.
 */
struct lb_counters *lb_service_retired(struct lb_service *svc);

/* Sum over its destinations and what gone ones left. Caller holds ln->lock. */
void lb_service_counters(struct lb_service *svc, struct lb_counters *sum);
/* Of the whole namespace. Caller holds ln->lock. */
void lb_net_counters(struct lb_net *ln, struct lb_counters *sum);

static inline void lb_service_get(struct lb_service *svc)
{
	refcount_inc(&svc->refs);
}

void lb_service_put(struct lb_service *svc);

#endif /* LB_SERVICE_H */
