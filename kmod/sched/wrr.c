// SPDX-License-Identifier: GPL-2.0
/* Weighted round robin, interleaved: core/wrr.h says whose turn it is, here
 * the place is kept in svc->cursor and moved on without a lock.
 */
#include "../sched.h"

#include <linux/atomic.h>
#include <linux/slab.h>

#include "../core/wrr.h"
#include "../service.h"

static struct wrr_place wrr_place_of(u64 cursor)
{
	return (struct wrr_place){ .next = cursor >> 32, .pass = (u32)cursor };
}

static u64 wrr_cursor_of(struct wrr_place place)
{
	return (u64)place.next << 32 | place.pass;
}

static bool wrr_closed(const void *context, u32 i)
{
	const struct lb_pool *pool = context;

	return lb_pool_entry_full(pool, &pool->usable[i]);
}

static const struct lb_pool_entry *wrr_pick(struct lb_service *svc, struct lb_pool *pool,
					    const struct lb_ctx *ctx)
{
	s64 cursor = atomic64_read(&svc->cursor);
	struct wrr_place place;
	u32 choice;

	do {
		place = wrr_place_of(cursor);
		if (pool->limited)
			choice = wrr_next_open(pool->sched_data, &place, wrr_closed, pool);
		else
			choice = wrr_next(pool->sched_data, &place);
	} while (!atomic64_try_cmpxchg(&svc->cursor, &cursor, wrr_cursor_of(place)));
	return choice < pool->n_usable ? &pool->usable[choice] : NULL;
}

static int wrr_build(struct lb_pool *pool)
{
	struct wrr_table *table;
	u32 i;

	table = kvmalloc(wrr_table_size(pool->n_usable), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;

	wrr_table_begin(table, pool->n_usable);
	for (i = 0; i < pool->n_usable; i++)
		*wrr_weight(table, i) = pool->usable[i].weight;
	wrr_table_finish(table);
	pool->sched_data = table;
	return 0;
}

static void wrr_carry(struct lb_service *svc, const struct lb_pool *old,
		      const struct lb_pool *pool)
{
	struct wrr_place place = {};

	/* ip_vs adds destinations to a new service one by one. */
	if (!old)
		place = wrr_change(place, pool->sched_data);
	else if (old->sched != pool->sched)
		place = wrr_start(pool->sched_data);
	else
		place = wrr_change(wrr_place_of(atomic64_read(&svc->cursor)), pool->sched_data);
	atomic64_set(&svc->cursor, wrr_cursor_of(place));
}

const struct lb_sched_ops lb_sched_wrr = {
	.name = "wrr",
	.weigh = LB_WEIGH_SHARE,
	.pick = wrr_pick,
	.build = wrr_build,
	.carry = wrr_carry,
};
