/* SPDX-License-Identifier: GPL-2.0 */
/* What the schedulers that look for the least load have in common: keeping
 * core/least.h's tournament for a pool. They differ in what they compare, and in
 * what weight they enter a destination with.
 */
#ifndef LB_SCHED_LEAST_H
#define LB_SCHED_LEAST_H

#include "../core/least.h"

struct lb_ctx;
struct lb_dest;
struct lb_pool;
struct lb_pool_entry;
struct lb_service;

/* @weighted: by configured weights; else all are alike. */
int lb_least_build(struct lb_pool *pool, enum least_metric metric, bool weighted);
/* In front of @size bytes, the rest of which is zeroed and the caller's. */
int lb_least_build_with(struct lb_pool *pool, enum least_metric metric, bool weighted,
			size_t size);
/* Where in pool->usable a destination whose load changed is; LB_DEST_UNUSABLE:
 * nowhere.
 */
u32 lb_least_place(const struct lb_pool *pool, const struct lb_dest *dest);
const struct lb_pool_entry *lb_least_pick(struct lb_service *svc, struct lb_pool *pool,
					  const struct lb_ctx *ctx);
void lb_least_carry(struct lb_service *svc, const struct lb_pool *old,
		    const struct lb_pool *pool);
void lb_least_load_changed(struct lb_pool *pool, const struct lb_dest *dest);

#endif /* LB_SCHED_LEAST_H */
