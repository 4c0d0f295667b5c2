// SPDX-License-Identifier: GPL-2.0
/* Overflow: all connections to the destination of the highest weight until it
 * has more active ones than its weight, then to the next one. When all have,
 * nobody is there.
 *
 * That costs a look at each one that is full; with the heaviest first there is
 * nothing else to look at.
 */
#include "../sched.h"

#include "../dest.h"
#include "ranking.h"

static const struct lb_pool_entry *ovf_pick(struct lb_service *svc, struct lb_pool *pool,
					    const struct lb_ctx *ctx)
{
	const struct lb_pool_entry *entry;
	u32 i;

	for (i = 0; i < pool->n_usable; i++) {
		entry = lb_ranking_entry(pool, i);
		if (lb_pool_entry_full(pool, entry))
			continue;
		if (!ranking_overflows(lb_dest_active(entry->dest), entry->weight))
			return entry;
	}
	return NULL;
}

const struct lb_sched_ops lb_sched_ovf = {
	.name = "ovf",
	.weigh = LB_WEIGH_COUNT,
	.pick = ovf_pick,
	.build = lb_ranking_build,
};
