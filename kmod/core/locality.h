/* SPDX-License-Identifier: GPL-2.0 */
/* Which servers an address was led to: a cache of fixed size, which many read
 * and write at once. Reading waits for nobody, and neither does writing: who
 * finds somebody else at work goes without, which costs an address its place
 * at worst.
 *
 * A bucket is the few entries that an address may be in; among them, the one
 * that was not asked for longest makes room. Servers are numbers; whose they
 * are and what loads they have is the caller's business.
 */
#ifndef LB_CORE_LOCALITY_H
#define LB_CORE_LOCALITY_H

#include "least.h"

#ifdef __KERNEL__
#include <linux/atomic.h>
#include <linux/processor.h>
#define locality_turn_word		atomic_t
#define locality_turn(word)		atomic_read(word)
#define locality_turn_acquire(word)	atomic_read_acquire(word)
#define locality_turn_release(word, n)	atomic_set_release(word, n)
#define locality_turn_take(word, even, odd)	atomic_try_cmpxchg(word, even, odd)
/* Between what was copied and the turn: pairs with the order in which a writer
 * makes the turn odd, writes, and makes it even.
 */
#define locality_read_barrier()		smp_rmb()
#define locality_relax()		cpu_relax()
#define locality_get(place)		READ_ONCE(place)
#define locality_put(place, value)	WRITE_ONCE(place, value)
#else
#define locality_turn_word		int
#define locality_turn(word)		__atomic_load_n(word, __ATOMIC_RELAXED)
#define locality_turn_acquire(word)	__atomic_load_n(word, __ATOMIC_ACQUIRE)
#define locality_turn_release(word, n)	__atomic_store_n(word, n, __ATOMIC_RELEASE)
#define locality_turn_take(word, even, odd)					\
	__atomic_compare_exchange_n(word, even, odd, false, __ATOMIC_SEQ_CST,	\
				    __ATOMIC_RELAXED)
#define locality_read_barrier()		__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define locality_relax()		(locality_pause ? locality_pause() : (void)0)
#define locality_get(place)							\
	((locality_pause ? locality_pause() : (void)0),				\
	 __atomic_load_n(&(place), __ATOMIC_RELAXED))
/* Seen by others not before the turn that was taken: as in the kernel. */
#define locality_put(place, value)						\
	((locality_pause ? locality_pause() : (void)0),				\
	 __atomic_store_n(&(place), value, __ATOMIC_RELEASE))
/* Lets a test have others look at the worst moment. */
extern void (*locality_pause)(void);
#endif

#define LOCALITY_WAYS		4
#define LOCALITY_SERVERS_MAX	16
#define LOCALITY_NOBODY		((u32)-1)

/**
 * struct locality_address - an address, of either family
 * @word: the words behind an IPv4 address are zero
 */
struct locality_address {
	u32 word[4];
};

/**
 * struct locality_entry - an address and its servers
 * @address: see there
 * @used: when it was asked for last
 * @changed: when @server was changed last
 * @n: how many servers; 0: the entry is free
 * @server: the one that came last stands first
 *
 * Times are jiffies, or any clock that may wrap.
 */
struct locality_entry {
	struct locality_address address;
	unsigned long used;
	unsigned long changed;
	u32 n;
	u32 server[];
};

/* A copy of one that is consistent in itself. */
struct locality_copy {
	struct locality_address address;
	unsigned long used;
	unsigned long changed;
	u32 n;
	u32 server[LOCALITY_SERVERS_MAX];
};

/**
 * struct locality_cache - all of them
 * @buckets: a power of two
 * @room: servers that an entry has room for, 1 to LOCALITY_SERVERS_MAX
 * @memory: buckets; each is a turn, which is odd while somebody writes, and
 *	LOCALITY_WAYS entries
 */
struct locality_cache {
	u32 buckets;
	u32 room;
	u64 memory[];
};

enum locality_answer {
	LOCALITY_FOUND,
	LOCALITY_NONE,		/* the address is to be led to a server */
	LOCALITY_BUSY,		/* it may have one: not to be led to another for good */
};

/* Bytes of a cache. */
size_t locality_size(u32 buckets, u32 room);

/* @cache is zeroed memory of that size; nobody uses it yet. */
void locality_begin(struct locality_cache *cache, u32 buckets, u32 room);

/**
 * locality_find - the servers of an address
 * @cache: cache
 * @hash: of @address
 * @address: who is asked for; is used thereby
 * @now: time
 * @life: what was not used for that long is forgotten
 * @found: its servers, where there are some
 */
enum locality_answer locality_find(struct locality_cache *cache, u32 hash,
				   const struct locality_address *address, unsigned long now,
				   unsigned long life, struct locality_copy *found);

/**
 * locality_add - an address was led to a server
 * @cache: cache
 * @hash: of @address
 * @address: address
 * @server: becomes the first of its servers if it is none of them
 * @instead: leaves when there is no more room, if it is one of them; else the
 *	one that came first does
 * @now: time
 * @life: as in locality_find()
 *
 * Does nothing when somebody else is changing the bucket.
 */
void locality_add(struct locality_cache *cache, u32 hash,
		  const struct locality_address *address, u32 server, u32 instead,
		  unsigned long now, unsigned long life);

/* @server leaves an address that has others, if that is as it was when @seen
 * was found. Does nothing when somebody else is changing the bucket.
 */
void locality_drop(struct locality_cache *cache, u32 hash, const struct locality_copy *seen,
		   u32 server, unsigned long now);

/* What @old, of the same size, holds, to @cache, which nobody uses yet. Server i
 * is called @name[i] there; LOCALITY_NOBODY: it is none any more.
 */
void locality_inherit(struct locality_cache *cache, const struct locality_cache *old,
		      const u32 *name);

/* Was nothing of it changed for longer than @life? */
bool locality_settled(const struct locality_copy *found, unsigned long now, unsigned long life);

/* Of an address's servers, the one with the least load per weight, the first
 * among equals; of those that are not barred and whose weight is not 0.
 * LOCALITY_NOBODY for none. @leaf is by server.
 */
u32 locality_least(const struct locality_copy *found, const struct least_leaf *leaf);

/* The one with the most; weight 0 does not count here either, being barred does. */
u32 locality_most(const struct locality_copy *found, const struct least_leaf *leaf);

/* As ip_vs's lblc: more active connections than its weight. */
static inline bool locality_overloaded(const struct least_leaf *leaf)
{
	return (least_read(leaf->load) & ~LEAST_BARRED) >> 32 > leaf->weight;
}

#endif /* LB_CORE_LOCALITY_H */
