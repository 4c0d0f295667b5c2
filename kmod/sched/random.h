/* SPDX-License-Identifier: GPL-2.0 */
/* What the schedulers that draw two destinations at random have in common. */
#ifndef LB_SCHED_RANDOM_H
#define LB_SCHED_RANDOM_H

#include "../core/least.h"
#include "../dest.h"
#include "../service.h"

/* Which of two has less to carry for its weight; the first one of equals. */
static inline const struct lb_pool_entry *lb_less_loaded(const struct lb_pool_entry *first,
							 const struct lb_pool_entry *second)
{
	u64 cost1 = least_overhead(atomic64_read(&first->dest->load));
	u64 cost2 = least_overhead(atomic64_read(&second->dest->load));

	return least_better(cost1, first->weight, cost2, second->weight) ? second : first;
}

#endif /* LB_SCHED_RANDOM_H */
