// SPDX-License-Identifier: GPL-2.0
/* Makes a pool's buckets. See buckets.h. */
#include "buckets.h"

#include <linux/minmax.h>
#include <linux/slab.h>

int lb_buckets_build(struct lb_pool *pool, bool weighted)
{
	/* Who comes later gets no bucket. */
	const u32 n = min(pool->n_members, BUCKETS);
	u32 *owner, *share;
	u32 i;

	if (!n)
		return 0;
	owner = kvmalloc_array(BUCKETS, sizeof(*owner), GFP_KERNEL_ACCOUNT);
	share = kvmalloc_array(n, sizeof(*share), GFP_KERNEL);
	if (!owner || !share) {
		kvfree(share);
		kvfree(owner);
		return -ENOMEM;
	}

	for (i = 0; i < n; i++)
		share[i] = weighted ? pool->member[i].weight : 1;
	buckets_deal(owner, share, n);
	pool->sched_data = owner;
	kvfree(share);
	return 0;
}
