// SPDX-License-Identifier: GPL-2.0
/* Ranks a pool. See ranking.h. */
#include "ranking.h"

#include <linux/slab.h>
#include <linux/sort.h>

int lb_ranking_build(struct lb_pool *pool)
{
	struct ranking_place *place;
	u32 i;

	place = kvmalloc_array(pool->n_usable, sizeof(*place), GFP_KERNEL_ACCOUNT);
	if (!place)
		return -ENOMEM;

	for (i = 0; i < pool->n_usable; i++) {
		place[i].weight = pool->usable[i].weight;
		place[i].who = i;
	}
	sort(place, pool->n_usable, sizeof(*place), ranking_compare, NULL);
	pool->sched_data = place;
	return 0;
}
