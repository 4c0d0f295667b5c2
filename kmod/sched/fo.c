// SPDX-License-Identifier: GPL-2.0
/* Weighted failover: all connections to the destination of the highest weight,
 * the first in the pool's order among equals; to the next one when that is
 * usable no more, or full.
 */
#include "../sched.h"

#include "ranking.h"

static const struct lb_pool_entry *fo_pick(struct lb_service *svc, struct lb_pool *pool,
					   const struct lb_ctx *ctx)
{
	const struct lb_pool_entry *entry;
	u32 i;

	for (i = 0; i < pool->n_usable; i++) {
		entry = lb_ranking_entry(pool, i);
		if (!lb_pool_entry_full(pool, entry))
			return entry;
	}
	return NULL;
}

const struct lb_sched_ops lb_sched_fo = {
	.name = "fo",
	.weigh = LB_WEIGH_SHARE,
	.pick = fo_pick,
	.build = lb_ranking_build,
};
