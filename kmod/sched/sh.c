// SPDX-License-Identifier: GPL-2.0
/* Source hashing: the client's address leads to one destination, by buckets
 * that are dealt by weight: as in ip_vs. A weight that changes moves others'
 * buckets (mh does not); draining moves none.
 */
#include "../sched.h"

#include "buckets.h"
#include "hash.h"

/* ip_vs looks from the bucket on that has twice the number. */
static const struct lb_pool_entry *sh_fallback(const struct lb_pool *pool, u32 bucket)
{
	const struct lb_pool_entry *entry;
	u32 i;

	for (i = 0; i < BUCKETS; i++) {
		entry = lb_buckets_entry(pool, 2 * bucket + i);
		if (lb_pool_entry_open(pool, entry))
			return entry;
	}
	return NULL;
}

static const struct lb_pool_entry *sh_pick(struct lb_service *svc, struct lb_pool *pool,
					   const struct lb_ctx *ctx)
{
	u32 bucket = buckets_hash(lb_hash_source(pool, ctx));
	const struct lb_pool_entry *entry = lb_buckets_entry(pool, bucket);

	if (lb_pool_entry_open(pool, entry))
		return entry;
	return pool->sched_flags & LB_SCHED_FLAGS_FALLBACK ? sh_fallback(pool, bucket) : NULL;
}

static int sh_build(struct lb_pool *pool)
{
	return lb_buckets_build(pool, true);
}

const struct lb_sched_ops lb_sched_sh = {
	.name = "sh",
	.flags = LB_SCHED_FLAGS_FALLBACK | LB_SCHED_FLAGS_PORT,
	.pick = sh_pick,
	.build = sh_build,
};
