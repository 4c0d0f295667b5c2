/* SPDX-License-Identifier: GPL-2.0 */
/* What lblc and lblcr have in common: a pool's memory of which destinations an
 * address that clients asked for was led to (core/locality.h), beside wlc's
 * tournament, and how many have room to spare (core/spare.h). They differ in how
 * many destinations an address may have.
 */
#ifndef LB_SCHED_LOCALITY_H
#define LB_SCHED_LOCALITY_H

#include <linux/types.h>

struct lb_ctx;
struct lb_dest;
struct lb_pool;
struct lb_pool_entry;
struct lb_service;

/* @room: destinations for an address, up to LOCALITY_SERVERS_MAX. */
int lb_locality_build(struct lb_pool *pool, u32 room);
int lb_locality_inherit(struct lb_pool *pool, const struct lb_pool *old);
/* @life: jiffies that something is remembered. */
const struct lb_pool_entry *lb_locality_pick(struct lb_service *svc, struct lb_pool *pool,
					     const struct lb_ctx *ctx, unsigned long life);
void lb_locality_carry(struct lb_service *svc, const struct lb_pool *old,
		       const struct lb_pool *pool);
void lb_locality_load_changed(struct lb_pool *pool, const struct lb_dest *dest);

#endif /* LB_SCHED_LOCALITY_H */
