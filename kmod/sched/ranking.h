/* SPDX-License-Identifier: GPL-2.0 */
/* A pool's usable destinations by weight, for fo and ovf. */
#ifndef LB_SCHED_RANKING_H
#define LB_SCHED_RANKING_H

#include "../core/ranking.h"
#include "../service.h"

/* Ranks pool->usable. 0 or -ENOMEM. */
int lb_ranking_build(struct lb_pool *pool);

/* The @i-th of pool->n_usable; the first one is the heaviest. */
static inline const struct lb_pool_entry *lb_ranking_entry(const struct lb_pool *pool, u32 i)
{
	const struct ranking_place *place = pool->sched_data;

	return &pool->usable[place[i].who];
}

#endif /* LB_SCHED_RANKING_H */
