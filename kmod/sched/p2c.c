// SPDX-License-Identifier: GPL-2.0
/* Power of two choices: as twos, with draws that cost the same for any number
 * of destinations. ip_vs has none like it.
 *
 * No CPU writes what another reads but for loads themselves, and directors that
 * do not know of each other's connections do not all run to the same server, as
 * they do when each looks for the least loaded one. Mitzenmacher, "The Power of
 * Two Choices in Randomized Load Balancing", 2001.
 */
#include "../sched.h"

#include <linux/random.h>
#include <linux/slab.h>

#include "../core/alias.h"
#include "../service.h"
#include "random.h"

static const struct lb_pool_entry *p2c_candidate(const struct lb_pool *pool)
{
	return &pool->usable[alias_draw(pool->sched_data, pool->n_usable, get_random_u64())];
}

static const struct lb_pool_entry *p2c_pick(struct lb_service *svc, struct lb_pool *pool,
					    const struct lb_ctx *ctx)
{
	const struct lb_pool_entry *first = lb_random_open(pool, p2c_candidate);
	const struct lb_pool_entry *second = first ? lb_random_open(pool, p2c_candidate) : NULL;

	return second ? lb_less_loaded(first, second) : first;
}

static int p2c_build(struct lb_pool *pool)
{
	struct alias_column *column;
	u64 *weight;
	u32 i;

	column = kvmalloc_array(pool->n_usable, sizeof(*column), GFP_KERNEL_ACCOUNT);
	weight = kvmalloc_array(pool->n_usable, sizeof(*weight), GFP_KERNEL);
	if (!column || !weight) {
		kvfree(weight);
		kvfree(column);
		return -ENOMEM;
	}

	for (i = 0; i < pool->n_usable; i++)
		weight[i] = pool->usable[i].weight;
	alias_fill(column, weight, pool->n_usable);
	pool->sched_data = column;
	kvfree(weight);
	return 0;
}

const struct lb_sched_ops lb_sched_p2c = {
	.name = "p2c",
	.weigh = LB_WEIGH_SHARE,
	.pick = p2c_pick,
	.build = p2c_build,
};
