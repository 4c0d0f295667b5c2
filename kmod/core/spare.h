/* SPDX-License-Identifier: GPL-2.0 */
/* How many of a pool have room to spare, exactly, without looking at all of
 * them: each time a load changes, what it means for the number is worked out.
 * No lock; many may do so at once, for one candidate as well.
 */
#ifndef LB_CORE_SPARE_H
#define LB_CORE_SPARE_H

#include "least.h"

#ifdef __KERNEL__
#define spare_word			atomic_t
#define spare_read(word)		atomic_read(word)
#define spare_swap(word, value)		atomic_xchg(word, value)
#define spare_add(word, value)		atomic_add(value, word)
#else
#define spare_word			int
#define spare_read(word)		__atomic_load_n(word, __ATOMIC_SEQ_CST)
#define spare_swap(word, value)							\
	((spare_pause ? spare_pause() : (void)0),				\
	 __atomic_exchange_n(word, value, __ATOMIC_SEQ_CST))
#define spare_add(word, value)		__atomic_fetch_add(word, value, __ATOMIC_SEQ_CST)
/* Lets a test have others overtake at the worst moment. */
extern void (*spare_pause)(void);
#endif

/**
 * struct spare_count - how many have room to spare
 * @total: the sum of @has, but for who is between changing one and the other
 * @has: by candidate, 1 for one that was seen to have some last, else 0
 */
struct spare_count {
	spare_word total;
	spare_word has[];
};

/* Fewer active connections than half its weight: ip_vs's lblc asks for it. */
static inline bool spare_has(u64 load, u32 weight)
{
	return 2 * ((load & ~LEAST_BARRED) >> 32) < weight;
}

static inline bool spare_any(const struct spare_count *spare)
{
	return spare_read(&spare->total) > 0;
}

/* Bytes of a count of @n candidates. Zeroed, it says that nobody has any. */
static inline size_t spare_size(u32 n)
{
	return sizeof(struct spare_count) + n * sizeof(spare_word);
}

/* Candidate @i's load has changed: written before this was called, and a full
 * barrier between. Many may call this at once.
 */
void spare_update(struct spare_count *spare, u32 i, const struct least_leaf *leaf);

#endif /* LB_CORE_SPARE_H */
