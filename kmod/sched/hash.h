/* SPDX-License-Identifier: GPL-2.0 */
/* What the hashing schedulers hash, folded into 32 bits as in ip_vs. */
#ifndef LB_SCHED_HASH_H
#define LB_SCHED_HASH_H

#include "../addr.h"
#include "../packet.h"
#include "../service.h"

static inline u32 lb_addr_fold(u8 family, const union lb_addr *addr)
{
	const __be32 *word = addr->ip6.s6_addr32;

	return ntohl(family == AF_INET ? addr->ip : word[0] ^ word[1] ^ word[2] ^ word[3]);
}

/* The client's address, and its port where the service says so. */
static inline u32 lb_hash_source(const struct lb_pool *pool, const struct lb_ctx *ctx)
{
	const struct lb_tuple *tuple = &ctx->pkt.tuple;
	u32 value = lb_addr_fold(tuple->family, &tuple->src);

	if (pool->sched_flags & LB_SCHED_FLAGS_PORT)
		value += ntohs(tuple->sport);
	return value;
}

#endif /* LB_SCHED_HASH_H */
