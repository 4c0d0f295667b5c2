/* SPDX-License-Identifier: GPL-2.0 */
/* A pool's 256 buckets, for dh and sh. */
#ifndef LB_SCHED_BUCKETS_H
#define LB_SCHED_BUCKETS_H

#include "../core/buckets.h"
#include "../service.h"

/* Deals the buckets to all of @pool's members, in its order, also to those of
 * weight 0 or draining: by weight, or one each. 0 or -ENOMEM.
 */
int lb_buckets_build(struct lb_pool *pool, bool weighted);

static inline const struct lb_pool_entry *lb_buckets_entry(const struct lb_pool *pool, u32 bucket)
{
	const u32 *owner = pool->sched_data;

	return &pool->member[owner[bucket % BUCKETS]];
}

#endif /* LB_SCHED_BUCKETS_H */
