// SPDX-License-Identifier: GPL-2.0
/* A set-associative cache without waiting. See locality.h.
 *
 * A bucket has a turn, which its writer makes odd first and even again at the
 * end. Who finds it odd, or cannot make it odd, does not wait. A reader copies
 * an entry and believes the copy if the turn was even and the same before and
 * behind it; @used alone is written without a turn, because any value of it will do.
 * What a copy says may be over when it is used: a server that was dropped meanwhile
 * is still one.
 */
#include "locality.h"

/* So often a reader tries. Writing a bucket takes a few stores. */
#define LOCALITY_TRIES	64

#ifndef __KERNEL__
void (*locality_pause)(void);
#endif

struct locality_bucket {
	locality_turn_word turn;
	u64 memory[];
};

static size_t locality_entry_words(u32 room)
{
	const size_t bytes = sizeof(struct locality_entry) + room * sizeof(u32);

	return (bytes + sizeof(u64) - 1) / sizeof(u64);
}

static size_t locality_bucket_words(u32 room)
{
	return (sizeof(struct locality_bucket) + sizeof(u64) - 1) / sizeof(u64) +
	       LOCALITY_WAYS * locality_entry_words(room);
}

size_t locality_size(u32 buckets, u32 room)
{
	return sizeof(struct locality_cache) +
	       buckets * locality_bucket_words(room) * sizeof(u64);
}

void locality_begin(struct locality_cache *cache, u32 buckets, u32 room)
{
	cache->buckets = buckets;
	cache->room = room;
}

static struct locality_bucket *locality_bucket(const struct locality_cache *cache, u32 hash)
{
	const size_t i = hash & (cache->buckets - 1);

	return (struct locality_bucket *)&cache->memory[i * locality_bucket_words(cache->room)];
}

static struct locality_entry *locality_entry(const struct locality_cache *cache,
					     struct locality_bucket *bucket, u32 way)
{
	return (struct locality_entry *)&bucket->memory[way * locality_entry_words(cache->room)];
}

/* 0 when @then is not over: another's clock may be ahead by a tick. */
static unsigned long locality_age(unsigned long now, unsigned long then)
{
	const long age = (long)(now - then);

	return age > 0 ? age : 0;
}

bool locality_settled(const struct locality_copy *found, unsigned long now, unsigned long life)
{
	return locality_age(now, found->changed) > life;
}

static void locality_read_address(const struct locality_entry *entry,
				  struct locality_address *address)
{
	u32 i;

	for (i = 0; i < 4; i++)
		address->word[i] = locality_get(entry->address.word[i]);
}

static bool locality_same(const struct locality_address *a, const struct locality_address *b)
{
	return !((a->word[0] ^ b->word[0]) | (a->word[1] ^ b->word[1]) |
		 (a->word[2] ^ b->word[2]) | (a->word[3] ^ b->word[3]));
}

/* The entry of @address. */
static struct locality_entry *locality_search(const struct locality_cache *cache,
					      struct locality_bucket *bucket,
					      const struct locality_address *address)
{
	struct locality_address other;
	struct locality_entry *entry;
	u32 way;

	for (way = 0; way < LOCALITY_WAYS; way++) {
		entry = locality_entry(cache, bucket, way);
		locality_read_address(entry, &other);
		if (locality_get(entry->n) && locality_same(&other, address))
			return entry;
	}
	return NULL;
}

static void locality_copy(const struct locality_entry *entry, struct locality_copy *copy)
{
	u32 i;

	locality_read_address(entry, &copy->address);
	copy->used = locality_get(entry->used);
	copy->changed = locality_get(entry->changed);
	copy->n = locality_get(entry->n);
	for (i = 0; i < copy->n; i++)
		copy->server[i] = locality_get(entry->server[i]);
}

/* May what follows be read? Then locality_end_look() says whether to believe it. */
static bool locality_begin_look(const struct locality_bucket *bucket, int *turn)
{
	*turn = locality_turn_acquire(&bucket->turn);
	if (!(*turn & 1))
		return true;
	locality_relax();
	return false;
}

static bool locality_end_look(const struct locality_bucket *bucket, int turn)
{
	locality_read_barrier();
	return locality_turn(&bucket->turn) == turn;
}

static void locality_use(struct locality_entry *entry, unsigned long now)
{
	/* Reading is what CPUs can share. */
	if (locality_get(entry->used) != now)
		locality_put(entry->used, now);
}

enum locality_answer locality_find(struct locality_cache *cache, u32 hash,
				   const struct locality_address *address, unsigned long now,
				   unsigned long life, struct locality_copy *found)
{
	struct locality_bucket *bucket = locality_bucket(cache, hash);
	struct locality_entry *entry;
	u32 tries;
	int turn;

	for (tries = 0; tries < LOCALITY_TRIES; tries++) {
		if (!locality_begin_look(bucket, &turn))
			continue;
		entry = locality_search(cache, bucket, address);
		if (entry)
			locality_copy(entry, found);
		if (!locality_end_look(bucket, turn))
			continue;
		if (!entry || locality_age(now, found->used) >= life)
			return LOCALITY_NONE;
		locality_use(entry, now);
		return LOCALITY_FOUND;
	}
	return LOCALITY_BUSY;
}

static bool locality_begin_turn(struct locality_bucket *bucket)
{
	int turn = locality_turn(&bucket->turn);

	return !(turn & 1) && locality_turn_take(&bucket->turn, &turn, turn + 1);
}

static void locality_end_turn(struct locality_bucket *bucket)
{
	const u32 odd = locality_turn(&bucket->turn);

	locality_turn_release(&bucket->turn, (int)(odd + 1));
}

/* The entry that another address gets: a free one, else the one whose use is
 * the longest ago.
 */
static struct locality_entry *locality_victim(const struct locality_cache *cache,
					      struct locality_bucket *bucket, unsigned long now)
{
	struct locality_entry *entry, *victim = NULL;
	unsigned long age, oldest = 0;
	u32 way;

	for (way = 0; way < LOCALITY_WAYS; way++) {
		entry = locality_entry(cache, bucket, way);
		if (!entry->n)
			return entry;
		age = locality_age(now, locality_get(entry->used));
		if (!victim || age > oldest) {
			victim = entry;
			oldest = age;
		}
	}
	return victim;
}

static void locality_write_address(struct locality_entry *entry,
				   const struct locality_address *address)
{
	u32 i;

	for (i = 0; i < 4; i++)
		locality_put(entry->address.word[i], address->word[i]);
}

/* Where @server stands, @n for nowhere. */
static u32 locality_position(const struct locality_entry *entry, u32 server)
{
	u32 i;

	for (i = 0; i < entry->n; i++) {
		if (entry->server[i] == server)
			break;
	}
	return i;
}

static void locality_take_out(struct locality_entry *entry, u32 position)
{
	u32 i;

	for (i = position; i + 1 < entry->n; i++)
		locality_put(entry->server[i], entry->server[i + 1]);
	locality_put(entry->n, entry->n - 1);
}

static void locality_put_first(struct locality_entry *entry, u32 server)
{
	u32 i;

	for (i = entry->n; i > 0; i--)
		locality_put(entry->server[i], entry->server[i - 1]);
	locality_put(entry->server[0], server);
	locality_put(entry->n, entry->n + 1);
}

static void locality_insert(struct locality_entry *entry, u32 room, u32 server, u32 instead,
			    unsigned long now)
{
	u32 position;

	if (locality_position(entry, server) < entry->n)
		return;
	if (entry->n == room) {
		position = locality_position(entry, instead);
		locality_take_out(entry, position < room ? position : room - 1);
	}
	locality_put_first(entry, server);
	locality_put(entry->changed, now);
}

void locality_add(struct locality_cache *cache, u32 hash,
		  const struct locality_address *address, u32 server, u32 instead,
		  unsigned long now, unsigned long life)
{
	struct locality_bucket *bucket = locality_bucket(cache, hash);
	struct locality_entry *entry;

	if (!locality_begin_turn(bucket))
		return;
	entry = locality_search(cache, bucket, address);
	if (!entry) {
		entry = locality_victim(cache, bucket, now);
		locality_write_address(entry, address);
		locality_put(entry->n, 0);
	} else if (locality_age(now, locality_get(entry->used)) >= life) {
		locality_put(entry->n, 0);
	}
	locality_use(entry, now);
	locality_insert(entry, cache->room, server, instead, now);
	locality_end_turn(bucket);
}

void locality_drop(struct locality_cache *cache, u32 hash, const struct locality_copy *seen,
		   u32 server, unsigned long now)
{
	struct locality_bucket *bucket = locality_bucket(cache, hash);
	struct locality_entry *entry;
	u32 position;

	if (!locality_begin_turn(bucket))
		return;
	entry = locality_search(cache, bucket, &seen->address);
	position = entry ? locality_position(entry, server) : 0;
	if (entry && entry->n > 1 && position < entry->n && entry->changed == seen->changed) {
		locality_take_out(entry, position);
		locality_put(entry->changed, now);
	}
	locality_end_turn(bucket);
}

static void locality_inherit_entry(struct locality_entry *entry,
				   const struct locality_copy *copy, const u32 *name)
{
	u32 i;

	for (i = 0; i < copy->n; i++) {
		if (name[copy->server[i]] != LOCALITY_NOBODY)
			entry->server[entry->n++] = name[copy->server[i]];
	}
	entry->address = copy->address;
	entry->used = copy->used;
	entry->changed = copy->changed;
}

/* False when it is free, or others keep changing the bucket. */
static bool locality_read(const struct locality_bucket *bucket,
			  const struct locality_entry *entry, struct locality_copy *copy)
{
	u32 tries;
	int turn;

	for (tries = 0; tries < LOCALITY_TRIES; tries++) {
		if (!locality_begin_look(bucket, &turn))
			continue;
		locality_copy(entry, copy);
		if (locality_end_look(bucket, turn))
			return copy->n;
	}
	return false;
}

void locality_inherit(struct locality_cache *cache, const struct locality_cache *old,
		      const u32 *name)
{
	struct locality_bucket *from, *to;
	struct locality_copy copy;
	u32 i, way;

	for (i = 0; i < old->buckets; i++) {
		from = locality_bucket(old, i);
		to = locality_bucket(cache, i);
		for (way = 0; way < LOCALITY_WAYS; way++) {
			if (locality_read(from, locality_entry(old, from, way), &copy))
				locality_inherit_entry(locality_entry(cache, to, way), &copy, name);
		}
	}
}

/* Load per weight of @a and @b: has @b less? */
static bool locality_less(const struct least_leaf *leaf, u32 a, u32 b)
{
	const u64 cost_a = least_overhead(least_read(leaf[a].load) & ~LEAST_BARRED);
	const u64 cost_b = least_overhead(least_read(leaf[b].load) & ~LEAST_BARRED);

	return least_better(cost_a, leaf[a].weight, cost_b, leaf[b].weight);
}

u32 locality_least(const struct locality_copy *found, const struct least_leaf *leaf)
{
	u32 i, server, best = LOCALITY_NOBODY;

	for (i = 0; i < found->n; i++) {
		server = found->server[i];
		if (!leaf[server].weight || least_read(leaf[server].load) & LEAST_BARRED)
			continue;
		if (best == LOCALITY_NOBODY || locality_less(leaf, best, server))
			best = server;
	}
	return best;
}

u32 locality_most(const struct locality_copy *found, const struct least_leaf *leaf)
{
	u32 i, server, worst = LOCALITY_NOBODY;

	for (i = 0; i < found->n; i++) {
		server = found->server[i];
		if (!leaf[server].weight)
			continue;
		if (worst == LOCALITY_NOBODY || locality_less(leaf, server, worst))
			worst = server;
	}
	return worst;
}
