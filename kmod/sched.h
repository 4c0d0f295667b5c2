/* SPDX-License-Identifier: GPL-2.0 */
/* The contract of a scheduler: which usable destination gets a new connection.
 * A scheduler is one small file in sched/ and a line in the table of sched.c;
 * its arithmetic is in core/, where userspace tests compile it.
 */
#ifndef LB_SCHED_H
#define LB_SCHED_H

#include <linux/types.h>

struct lb_ctx;
struct lb_dest;
struct lb_pool;
struct lb_pool_entry;
struct lb_service;
struct netlink_ext_ack;

/* What pool->usable[].weight is to a scheduler. */
enum lb_weigh {
	LB_WEIGH_NOT,		/* nothing: it goes by pool->member, or by no weights */
	LB_WEIGH_SHARE,		/* a share: all weights times a number mean the same */
	LB_WEIGH_COUNT,		/* a number of connections */
};

/**
 * struct lb_sched_ops - a scheduler
 * @name: as configured and shown
 * @flags: those of enum lb_sched_flags that it knows; no other is in
 *	pool->sched_flags
 * @weigh: what weights are to it; those that it goes by grow with slow start
 * @pick: chooses one of pool->usable, which is not empty, but for those that
 *	lb_pool_entry_full() says are full; or one of pool->member that
 *	lb_pool_entry_open() says may be chosen. Called under
 *	rcu_read_lock() in BH context, by many CPUs at once; allocates nothing,
 *	takes no lock of the service. NULL: none is usable at this moment.
 * @build: optional; fills pool->sched_data (kvmalloc) for a pool that is not
 *	published yet. Process context, under ln->lock. 0 or -ENOMEM.
 * @inherit: optional; takes over what the pool that packets use, of the same
 *	scheduler, has learnt from them into @sched_data of one that is not
 *	published yet. dest->nth still is of the former. Process context, under
 *	ln->lock. 0 or -ENOMEM.
 * @carry: optional; adapts svc->cursor from the pool that packets used so far
 *	(NULL: the service is new) to the one just published, a full barrier
 *	ago. Process context, under ln->lock.
 * @load_changed: optional; a destination's load changed. Same context as
 *	@pick. Called after the load was written, with a full barrier between.
 */
struct lb_sched_ops {
	const char *name;
	u32 flags;
	enum lb_weigh weigh;
	const struct lb_pool_entry *(*pick)(struct lb_service *svc, struct lb_pool *pool,
					    const struct lb_ctx *ctx);
	int (*build)(struct lb_pool *pool);
	int (*inherit)(struct lb_pool *pool, const struct lb_pool *old);
	void (*carry)(struct lb_service *svc, const struct lb_pool *old,
		      const struct lb_pool *pool);
	void (*load_changed)(struct lb_pool *pool, const struct lb_dest *dest);
};

extern const struct lb_sched_ops lb_sched_rr;
extern const struct lb_sched_ops lb_sched_wrr;
extern const struct lb_sched_ops lb_sched_lc;
extern const struct lb_sched_ops lb_sched_wlc;
extern const struct lb_sched_ops lb_sched_sed;
extern const struct lb_sched_ops lb_sched_nq;
extern const struct lb_sched_ops lb_sched_fo;
extern const struct lb_sched_ops lb_sched_ovf;
extern const struct lb_sched_ops lb_sched_dh;
extern const struct lb_sched_ops lb_sched_sh;
extern const struct lb_sched_ops lb_sched_mh;
extern const struct lb_sched_ops lb_sched_twos;
extern const struct lb_sched_ops lb_sched_p2c;
extern const struct lb_sched_ops lb_sched_lblc;
extern const struct lb_sched_ops lb_sched_lblcr;

/* NULL when there is none of that name. */
const struct lb_sched_ops *lb_sched_find(const char *name);
/* The @i-th known scheduler, NULL behind the last. */
const struct lb_sched_ops *lb_sched_nth(unsigned int i);

#endif /* LB_SCHED_H */
