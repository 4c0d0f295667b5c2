/* SPDX-License-Identifier: GPL-2.0 */
/* A hash table of 256 buckets, dealt out in ip_vs's way: for dh and sh. */
#ifndef LB_CORE_BUCKETS_H
#define LB_CORE_BUCKETS_H

#include "types.h"

#define BUCKETS_BITS	8
#define BUCKETS		(1U << BUCKETS_BITS)

/* Multiplication by the golden ratio, as the kernel's hash_32(). */
static inline u32 buckets_hash(u32 value)
{
	return (u32)(value * 0x61C88647U) >> (32 - BUCKETS_BITS);
}

/**
 * buckets_deal - give every bucket an owner
 * @owner: BUCKETS of them, written
 * @share: how many buckets in a row an owner gets, 0 meaning 1
 * @n: owners, 1 or more; after the last one it is the first one's turn again
 */
void buckets_deal(u32 *owner, const u32 *share, u32 n);

#endif /* LB_CORE_BUCKETS_H */
