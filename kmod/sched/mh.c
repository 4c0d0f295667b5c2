// SPDX-License-Identifier: GPL-2.0
/* Maglev hashing: a client's address leads to one destination, on every
 * director that has the same pool, and to another one for few clients only when
 * the pool changes. core/maglev.c fills the table.
 *
 * Hashes, keys, table size and weights are ip_vs's. So is what a weight of 0
 * does: slots are dealt by the last weight that was not 0, so that their other
 * clients are left alone, and the flag fallback says what becomes of its own.
 * Draining is the same.
 *
 * On purpose it is not as in ip_vs that destinations take turns in the order of
 * their addresses, not of their addition: two directors agree, and so does one
 * with itself after a restore. And a destination of the other family is hashed
 * by the whole of its address.
 */
#include "../sched.h"

#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "../core/maglev.h"
#include "../dest.h"
#include "../service.h"
#include "hash.h"

/* ip_vs's default, and its largest, for pools that are larger than that; with
 * the bits that ip_vs leaves of a weight.
 */
#define MH_SLOTS	4093
#define MH_BITS		6
#define MH_MANY_SLOTS	131071
#define MH_MANY_BITS	8

static const hsiphash_key_t mh_key1 = { { 2654435761UL, 2654435761UL } };
static const hsiphash_key_t mh_key2 = { { 2654446892UL, 2654446892UL } };

/**
 * struct mh_table - which destination each hash leads to
 * @slots: how many
 * @slot: index into pool->member
 */
struct mh_table {
	u32 slots;
	u32 slot[];
};

static const struct lb_pool_entry *mh_entry(const struct lb_pool *pool, u32 slot)
{
	const struct mh_table *table = pool->sched_data;

	return &pool->member[table->slot[slot]];
}

static u32 mh_slot(const struct lb_pool *pool, u32 value)
{
	const struct mh_table *table = pool->sched_data;

	return hsiphash_1u32(value, &mh_key1) % table->slots;
}

/* Others in ip_vs's order. The usual pool has one after a few looks; the worst
 * has one in every slot but one out of use, and each look costs a hash.
 */
static const struct lb_pool_entry *mh_fallback(const struct lb_pool *pool, u32 value, u32 first)
{
	const struct mh_table *table = pool->sched_data;
	const struct lb_pool_entry *entry;
	u32 i, offset = first;

	for (i = 0; i < table->slots; i++) {
		entry = mh_entry(pool, mh_slot(pool, value + offset));
		if (lb_pool_entry_open(pool, entry))
			return entry;
		if (++offset == table->slots)
			offset = 0;
	}
	return NULL;
}

static const struct lb_pool_entry *mh_pick(struct lb_service *svc, struct lb_pool *pool,
					   const struct lb_ctx *ctx)
{
	u32 value = lb_hash_source(pool, ctx);
	u32 slot = mh_slot(pool, value);
	const struct lb_pool_entry *entry = mh_entry(pool, slot);

	if (lb_pool_entry_open(pool, entry))
		return entry;
	return pool->sched_flags & LB_SCHED_FLAGS_FALLBACK ? mh_fallback(pool, value, slot) : NULL;
}

/* By family, address and port. */
static int mh_compare(const void *a, const void *b)
{
	const struct lb_dest *x = (*(const struct lb_pool_entry *const *)a)->dest;
	const struct lb_dest *y = (*(const struct lb_pool_entry *const *)b)->dest;

	return (int)x->family - y->family ?:
	       memcmp(&x->addr, &y->addr, lb_addr_len(x->family)) ?:
	       (int)ntohs(x->port) - ntohs(y->port);
}

/* Those that get slots, in the order of their turns; returns how many. */
static u32 mh_candidates(const struct lb_pool *pool, const struct lb_pool_entry **entry)
{
	u32 i, n = 0;

	for (i = 0; i < pool->n_members; i++) {
		if (pool->member[i].last_weight)
			entry[n++] = &pool->member[i];
	}
	sort(entry, n, sizeof(*entry), mh_compare, NULL);
	return n;
}

static void mh_fill(struct mh_table *table, const struct lb_pool *pool, struct maglev_node *node,
		    const struct lb_pool_entry **entry, u32 n)
{
	const struct lb_dest *dest;
	u32 i, value;

	for (i = 0; i < n; i++) {
		dest = entry[i]->dest;
		value = lb_addr_fold(dest->family, &dest->addr) + ntohs(dest->port);
		node[i].owner = entry[i] - pool->member;
		node[i].weight = entry[i]->last_weight;
		maglev_place(&node[i], table->slots, hsiphash_1u32(value, &mh_key1),
			     hsiphash_1u32(value, &mh_key2));
	}
	maglev_weigh(node, n, table->slots == MH_SLOTS ? MH_BITS : MH_MANY_BITS);
	maglev_fill(table->slot, table->slots, node, n);
}

static int mh_build(struct lb_pool *pool)
{
	const u32 slots = pool->n_members <= MH_SLOTS ? MH_SLOTS : MH_MANY_SLOTS;
	const struct lb_pool_entry **entry;
	struct maglev_node *node;
	struct mh_table *table;
	int err = -ENOMEM;

	table = kvmalloc(struct_size(table, slot, slots), GFP_KERNEL_ACCOUNT);
	entry = kvmalloc_array(pool->n_members, sizeof(*entry), GFP_KERNEL);
	node = kvmalloc_array(pool->n_members, sizeof(*node), GFP_KERNEL);
	if (table && entry && node) {
		table->slots = slots;
		mh_fill(table, pool, node, entry, mh_candidates(pool, entry));
		pool->sched_data = table;
		table = NULL;
		err = 0;
	}
	kvfree(node);
	kvfree(entry);
	kvfree(table);
	return err;
}

const struct lb_sched_ops lb_sched_mh = {
	.name = "mh",
	.flags = LB_SCHED_FLAGS_FALLBACK | LB_SCHED_FLAGS_PORT,
	.pick = mh_pick,
	.build = mh_build,
};
