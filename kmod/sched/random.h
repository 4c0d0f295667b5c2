/* SPDX-License-Identifier: GPL-2.0 */
/* What the schedulers that draw two destinations at random have in common. */
#ifndef LB_SCHED_RANDOM_H
#define LB_SCHED_RANDOM_H

#include "../core/least.h"
#include "../dest.h"
#include "../service.h"

/* Draws of a full one before the search is given up for a look at all. */
#define LB_RANDOM_DRAWS	16

/* One at random that is not full, NULL where all are. Drawing again those that
 * are leaves the others' shares as they would be without them.
 */
static inline const struct lb_pool_entry *
lb_random_open(const struct lb_pool *pool,
	       const struct lb_pool_entry *(*draw)(const struct lb_pool *pool))
{
	const struct lb_pool_entry *entry = draw(pool);
	u32 i;

	for (i = 1; lb_pool_entry_full(pool, entry) && i < LB_RANDOM_DRAWS; i++)
		entry = draw(pool);
	for (i = 0; lb_pool_entry_full(pool, entry); i++) {
		if (i == pool->n_usable)
			return NULL;
		if (++entry == pool->usable + pool->n_usable)
			entry = pool->usable;
	}
	return entry;
}

/* Which of two has less to carry for its weight; the first one of equals. */
static inline const struct lb_pool_entry *lb_less_loaded(const struct lb_pool_entry *first,
							 const struct lb_pool_entry *second)
{
	u64 cost1 = least_overhead(atomic64_read(&first->dest->load));
	u64 cost2 = least_overhead(atomic64_read(&second->dest->load));

	return least_better(cost1, first->weight, cost2, second->weight) ? second : first;
}

#endif /* LB_SCHED_RANDOM_H */
