// SPDX-License-Identifier: GPL-2.0
/* Destination hashing: the address that the client asked for leads to one
 * destination, whatever the weights. One that takes no new connections keeps
 * its buckets, whose clients are told that nobody is there: as in ip_vs.
 */
#include "../sched.h"

#include "buckets.h"
#include "hash.h"

static const struct lb_pool_entry *dh_pick(struct lb_service *svc, struct lb_pool *pool,
					   const struct lb_ctx *ctx)
{
	const struct lb_tuple *tuple = &ctx->pkt.tuple;
	u32 value = lb_addr_fold(tuple->family, &tuple->dst);
	const struct lb_pool_entry *entry = lb_buckets_entry(pool, buckets_hash(value));

	return lb_pool_entry_open(pool, entry) ? entry : NULL;
}

static int dh_build(struct lb_pool *pool)
{
	return lb_buckets_build(pool, false);
}

const struct lb_sched_ops lb_sched_dh = {
	.name = "dh",
	.pick = dh_pick,
	.build = dh_build,
};
