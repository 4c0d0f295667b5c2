// SPDX-License-Identifier: GPL-2.0
/* Two at random, as in ip_vs: of two destinations that are drawn in proportion
 * to weight, the one with the least overhead per weight; the first one when
 * they are equal.
 */
#include "../sched.h"

#include <linux/math64.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "../core/twos.h"
#include "../service.h"
#include "random.h"

static const struct lb_pool_entry *twos_candidate(const struct lb_pool *pool)
{
	const u64 *sum = pool->sched_data;
	u64 numbers = sum[pool->n_usable - 1] + 1;
	u64 random = mul_u64_u64_shr(get_random_u64(), numbers, 64);

	return &pool->usable[twos_draw(sum, pool->n_usable, random)];
}

static const struct lb_pool_entry *twos_pick(struct lb_service *svc, struct lb_pool *pool,
					     const struct lb_ctx *ctx)
{
	const struct lb_pool_entry *first = lb_random_open(pool, twos_candidate);
	const struct lb_pool_entry *second = first ? lb_random_open(pool, twos_candidate) : NULL;

	return second ? lb_less_loaded(first, second) : first;
}

static int twos_build(struct lb_pool *pool)
{
	u64 *sum, all = 0;
	u32 i;

	sum = kvmalloc_array(pool->n_usable, sizeof(*sum), GFP_KERNEL_ACCOUNT);
	if (!sum)
		return -ENOMEM;

	for (i = 0; i < pool->n_usable; i++) {
		all += pool->usable[i].weight;
		sum[i] = all;
	}
	pool->sched_data = sum;
	return 0;
}

const struct lb_sched_ops lb_sched_twos = {
	.name = "twos",
	.weigh = LB_WEIGH_SHARE,
	.pick = twos_pick,
	.build = twos_build,
};
