/* SPDX-License-Identifier: GPL-2.0 */
/* The least loaded of many, exactly: a tournament that every change of a load
 * keeps up to date, without a lock, so that looking at the winner costs the
 * same for two candidates as for thousands. A few are quicker just compared.
 *
 * Knows candidates by index, the words their loads are in, and their weights;
 * whose they are is the caller's business.
 */
#ifndef LB_CORE_LEAST_H
#define LB_CORE_LEAST_H

#include "types.h"

#ifdef __KERNEL__
#include <linux/atomic.h>
#define least_word			atomic64_t
#define least_set(word, value)		atomic64_set(word, value)
#define least_read(word)		((u64)atomic64_read(word))
#define least_read_acquire(word)	((u64)atomic64_read_acquire(word))
#define least_swap(word, expected, value) \
	atomic64_try_cmpxchg(word, (s64 *)(expected), value)
#else
#define least_word			u64
#define least_set(word, value)		__atomic_store_n(word, value, __ATOMIC_RELAXED)
#define least_read(word)		__atomic_load_n(word, __ATOMIC_RELAXED)
#define least_read_acquire(word)	__atomic_load_n(word, __ATOMIC_ACQUIRE)
#define least_swap(word, expected, value)						\
	((least_pause ? least_pause() : (void)0),					\
	 __atomic_compare_exchange_n(word, expected, value, false, __ATOMIC_SEQ_CST,	\
				     __ATOMIC_RELAXED))
/* Lets a test have others overtake at the worst moment. */
extern void (*least_pause)(void);
#endif

/* In a load: the candidate wins against nobody but those for whom it is the same. */
#define LEAST_BARRED	(1ULL << 63)

/* Up to so many candidates are compared when asked; there is no tournament. */
#define LEAST_SCAN_MAX	16

/* What is compared, per weight. */
enum least_metric {
	LEAST_OVERHEAD,		/* least_overhead() */
	LEAST_DELAY,		/* active connections, and the one to come */
	LEAST_IDLE,		/* the same, but an idle one comes before all others */
};

/**
 * struct least_leaf - a candidate
 * @load: active connections in bits 32 to 62, inactive ones in the lower 32;
 *	LEAST_BARRED
 * @weight: 1 or more; the share of load that it is to have
 */
struct least_leaf {
	const least_word *load;
	u32 weight;
};

/**
 * struct least_tree - the candidates, and the tournament between them
 * @n: candidates
 * @leaves: @n rounded up to a power of two; 0 without a tournament
 * @metric: constant
 * @node: a match: the winner's index in the lower 32 bits; the upper ones
 *	count how often it was played. [i] is between the winners of [2i] and
 *	[2i + 1], where [@leaves + k] stands for candidate k; the final is at
 *	[1]. It is behind the last candidate in memory.
 * @leaf: candidates; of two that are equally loaded, the first one wins
 */
struct least_tree {
	u32 n;
	u32 leaves;
	enum least_metric metric;
	least_word *node;
	struct least_leaf leaf[];
};

/**
 * least_overhead - a load as it is compared
 * @load: as in struct least_leaf
 *
 * An active connection is 257 times as much as an inactive one, as in ip_vs
 * (which counts 256 for being active and 1 for being a connection).
 */
static inline u64 least_overhead(u64 load)
{
	u64 active = load >> 32, inactive = (u32)load;

	return active * 256 + active + inactive;
}

/* A load, as in struct least_leaf, by any metric. */
static __always_inline u64 least_cost(u64 load, enum least_metric metric)
{
	u64 active = load >> 32;

	switch (metric) {
	case LEAST_DELAY:
		return active + 1;
	case LEAST_IDLE:
		return active ? active + 1 : 0;
	default:
		return least_overhead(load);
	}
}

/* Has one of @cost_b less to carry for its weight than one of @cost_a? Compared
 * crosswise, which saves dividing: 41 bits of cost times 16 of weight.
 */
static inline bool least_better(u64 cost_a, u32 weight_a, u64 cost_b, u32 weight_b)
{
	return cost_b * weight_a < cost_a * weight_b;
}

/* Bytes of a tree for @n candidates. */
size_t least_size(u32 n);

/* Makes a tree of @n candidates; the caller then writes tree->leaf[]. Nobody
 * may pick before least_refresh().
 */
void least_begin(struct least_tree *tree, u32 n, enum least_metric metric);

/* Plays every match once. Others may change loads and pick meanwhile. */
void least_refresh(struct least_tree *tree);

/* The least loaded one, a barred one where all are; tree->n is not 0. While
 * others change loads, the tournament may name one that is barred by now:
 * least_scan() is for those who ask again.
 */
u32 least_pick(const struct least_tree *tree);

/* The same without the tournament: O(n). */
u32 least_scan(const struct least_tree *tree);

/* Candidate @i's load has changed: written before this was called, and a full
 * barrier between. Many may call this at once.
 */
void least_update(struct least_tree *tree, u32 i);

#endif /* LB_CORE_LEAST_H */
