// SPDX-License-Identifier: GPL-2.0
/* Locality-based least-connection: connections for an address go where those
 * before them went, while that is not overloaded and others have room to spare.
 * See locality.h. Members of a pool are known by their place in pool->member,
 * so that one of weight 0 keeps its addresses.
 */
#include "locality.h"

#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "../core/locality.h"
#include "../core/spare.h"
#include "../dest.h"
#include "../packet.h"
#include "../service.h"
#include "least.h"

/* As many addresses as ip_vs remembers, when their number is not bounded by
 * that of the service's own: one.
 */
#define LB_LOCALITY_ADDRESSES	16384

static_assert(sizeof(union lb_addr) == sizeof(struct locality_address));
static_assert(LB_LOAD_FULL == (s64)LEAST_BARRED);

static hsiphash_key_t lb_locality_key __read_mostly;

/**
 * struct lb_locality - behind the tournament in pool->sched_data
 * @cache: who leads where
 * @spare: by place in pool->usable
 * @member: by place in pool->usable, that in pool->member
 * @leaf: by place in pool->member; weight 0 for who is not usable
 */
struct lb_locality {
	struct locality_cache *cache;
	struct spare_count *spare;
	u32 *member;
	struct least_leaf leaf[];
};

static size_t lb_locality_offset(u32 n_usable)
{
	return ALIGN(least_size(n_usable), SMP_CACHE_BYTES);
}

static struct lb_locality *lb_locality_of(const struct lb_pool *pool)
{
	return pool->sched_data + lb_locality_offset(pool->n_usable);
}

/* Entries of pool->usable are copies of members, in the same order. */
static void lb_locality_enter(struct lb_locality *locality, const struct lb_pool *pool)
{
	u32 i, usable = 0;

	for (i = 0; i < pool->n_members; i++) {
		locality->leaf[i].load = &pool->member[i].dest->load;
		if (!lb_pool_entry_usable(&pool->member[i]))
			continue;
		locality->leaf[i].weight = pool->usable[usable].weight;
		locality->member[usable++] = i;
	}
}

static void lb_locality_count(const struct lb_locality *locality, u32 n_usable)
{
	u32 i;

	for (i = 0; i < n_usable; i++)
		spare_update(locality->spare, i, &locality->leaf[locality->member[i]]);
}

int lb_locality_build(struct lb_pool *pool, u32 room)
{
	const u32 buckets = pool->any_addr ? LB_LOCALITY_ADDRESSES / LOCALITY_WAYS : 1;
	const size_t tree = lb_locality_offset(pool->n_usable);
	struct lb_locality *locality;
	size_t cache, spare, member;
	int err;

	cache = ALIGN(struct_size(locality, leaf, pool->n_members), sizeof(u64));
	spare = cache + locality_size(buckets, room);
	member = spare + spare_size(pool->n_usable);
	err = lb_least_build_with(pool, LEAST_OVERHEAD, true,
				  tree + member + pool->n_usable * sizeof(u32));
	if (err)
		return err;

	locality = lb_locality_of(pool);
	locality->cache = (void *)locality + cache;
	locality->spare = (void *)locality + spare;
	locality->member = (void *)locality + member;
	locality_begin(locality->cache, buckets, room);
	lb_locality_enter(locality, pool);
	lb_locality_count(locality, pool->n_usable);
	get_random_once(&lb_locality_key, sizeof(lb_locality_key));
	return 0;
}

/* What each member of @old is in @pool: dest->nth is its place in @old yet. */
static void lb_locality_rename(u32 *name, const struct lb_pool *pool, const struct lb_pool *old)
{
	const struct lb_dest *dest;
	u32 i, was;

	memset(name, 0xff, old->n_members * sizeof(*name));
	for (i = 0; i < pool->n_members; i++) {
		dest = pool->member[i].dest;
		was = old->n_members - 1 - dest->nth;
		if (was < old->n_members && old->member[was].dest == dest)
			name[was] = i;
	}
}

int lb_locality_inherit(struct lb_pool *pool, const struct lb_pool *old)
{
	u32 *name = kvmalloc_array(old->n_members, sizeof(*name), GFP_KERNEL);

	if (!name)
		return -ENOMEM;
	lb_locality_rename(name, pool, old);
	locality_inherit(lb_locality_of(pool)->cache, lb_locality_of(old)->cache, name);
	kvfree(name);
	return 0;
}

/* Loads that changed since the pool was built were told to the one before. Why
 * nothing falls between: see lb_least_carry().
 */
void lb_locality_carry(struct lb_service *svc, const struct lb_pool *old,
		       const struct lb_pool *pool)
{
	lb_least_carry(svc, old, pool);
	lb_locality_count(lb_locality_of(pool), pool->n_usable);
}

void lb_locality_load_changed(struct lb_pool *pool, const struct lb_dest *dest)
{
	const struct lb_locality *locality = lb_locality_of(pool);
	const u32 i = lb_least_place(pool, dest);

	if (i == LB_DEST_UNUSABLE)
		return;
	least_update(pool->sched_data, i);
	spare_update(locality->spare, i, &locality->leaf[locality->member[i]]);
}

/* Has it too much to do, while somebody else has little? */
static bool lb_locality_overloaded(const struct lb_locality *locality, u32 member)
{
	return locality_overloaded(&locality->leaf[member]) && spare_any(locality->spare);
}

const struct lb_pool_entry *lb_locality_pick(struct lb_service *svc, struct lb_pool *pool,
					     const struct lb_ctx *ctx, unsigned long life)
{
	const struct locality_address *address = (const void *)&ctx->pkt.tuple.dst;
	const struct lb_locality *locality = lb_locality_of(pool);
	u32 least, most = LOCALITY_NOBODY, hash = 0;
	const unsigned long now = jiffies;
	const struct lb_pool_entry *entry;
	enum locality_answer answer;
	struct locality_copy found;

	if (pool->any_addr)
		hash = hsiphash(address, sizeof(*address), &lb_locality_key);
	answer = locality_find(locality->cache, hash, address, now, life, &found);
	if (answer == LOCALITY_FOUND) {
		least = locality_least(&found, locality->leaf);
		most = locality_most(&found, locality->leaf);
		if (found.n > 1 && locality_settled(&found, now, life))
			locality_drop(locality->cache, hash, &found, most, now);
		if (least != LOCALITY_NOBODY && !lb_locality_overloaded(locality, least))
			return &pool->member[least];
	}

	entry = lb_least_pick(svc, pool, ctx);
	if (entry && answer != LOCALITY_BUSY)
		locality_add(locality->cache, hash, address,
			     locality->member[entry - pool->usable], most, now, life);
	return entry;
}
