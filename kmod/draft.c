// SPDX-License-Identifier: GPL-2.0
/* Drafts: members in order of addition, found by name in constant time once
 * there are many and somebody looks for more than a few.
 */
#include "draft.h"

#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/slab.h>

#include "dest.h"

/* Building the index costs as much as about so many searches without. */
#define LB_DRAFT_SEARCHES	4
#define LB_DRAFT_MIN_INDEXED	32

static u32 lb_draft_hash(u8 family, const union lb_addr *addr, __be16 port)
{
	return jhash(addr, lb_addr_len(family), (__force u32)port);
}

static void lb_draft_index_add(struct lb_draft *draft, u32 i)
{
	const struct lb_dest *dest = draft->member[i].entry.dest;
	const u32 mask = draft->index_size - 1;
	u32 slot = lb_draft_hash(dest->family, &dest->addr, dest->port) & mask;

	while (draft->index[slot])
		slot = (slot + 1) & mask;
	draft->index[slot] = i + 1;
}

/* There is room for twice the members, so a search always meets a free slot.
 * Without memory searches stay linear.
 */
static void lb_draft_index_build(struct lb_draft *draft)
{
	u32 i;

	draft->index_size = 2 * roundup_pow_of_two(draft->room);
	draft->index = kvcalloc(draft->index_size, sizeof(*draft->index),
				GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	for (i = 0; draft->index && i < draft->n; i++) {
		if (draft->member[i].entry.dest)
			lb_draft_index_add(draft, i);
	}
}

static void lb_draft_index_drop(struct lb_draft *draft)
{
	kvfree(draft->index);
	draft->index = NULL;
}

static bool lb_draft_member_is(const struct lb_draft_member *member,
			       const struct lb_dest_spec *spec)
{
	const struct lb_dest *dest = member->entry.dest;

	return dest && dest->port == spec->port && dest->family == spec->family &&
	       lb_addr_equal(spec->family, &dest->addr, &spec->addr);
}

struct lb_draft_member *lb_draft_find(struct lb_draft *draft, const struct lb_dest_spec *spec)
{
	u32 i, slot;

	if (!draft->index && draft->n > LB_DRAFT_MIN_INDEXED &&
	    ++draft->lookups > LB_DRAFT_SEARCHES)
		lb_draft_index_build(draft);

	if (!draft->index) {
		for (i = 0; i < draft->n; i++) {
			if (lb_draft_member_is(&draft->member[i], spec))
				return &draft->member[i];
		}
		return NULL;
	}

	slot = lb_draft_hash(spec->family, &spec->addr, spec->port);
	for (;; slot++) {
		slot &= draft->index_size - 1;
		if (!draft->index[slot])
			return NULL;
		if (lb_draft_member_is(&draft->member[draft->index[slot] - 1], spec))
			return &draft->member[draft->index[slot] - 1];
	}
}

int lb_draft_reserve(struct lb_draft *draft)
{
	struct lb_draft_member *member;
	u32 room = 2 * draft->room;
	u32 i, n = 0;

	if (draft->n < draft->room)
		return 0;
	member = kvmalloc_array(room, sizeof(*member), GFP_KERNEL_ACCOUNT);
	if (!member)
		return -ENOMEM;
	for (i = 0; i < draft->n; i++) {
		if (draft->member[i].entry.dest)
			member[n++] = draft->member[i];
	}
	kvfree(draft->member);
	draft->member = member;
	draft->n = n;
	draft->room = room;
	lb_draft_index_drop(draft);
	return 0;
}

void lb_draft_append(struct lb_draft *draft, const struct lb_draft_member *member)
{
	draft->member[draft->n] = *member;
	if (draft->index)
		lb_draft_index_add(draft, draft->n);
	draft->n++;
}

struct lb_draft *lb_draft_get(struct lb_edit *edit, struct lb_service *svc)
{
	const struct lb_pool *pool = lb_service_pool_locked(svc);
	struct lb_draft *draft = svc->draft;
	u32 i;

	if (draft)
		return draft;
	draft = kzalloc(sizeof(*draft), GFP_KERNEL_ACCOUNT);
	if (!draft)
		return NULL;
	draft->room = (pool ? pool->n_members : 0) + 8;
	draft->member = kvmalloc_array(draft->room, sizeof(*draft->member), GFP_KERNEL_ACCOUNT);
	if (!draft->member) {
		kfree(draft);
		return NULL;
	}

	draft->svc = svc;
	if (pool) {
		draft->exists = true;
		draft->sched = pool->sched;
		draft->sched_flags = pool->sched_flags;
		draft->one_packet = pool->one_packet;
		draft->mss_clamp = pool->mss_clamp;
		draft->persist = pool->persist;
		draft->timeouts = pool->timeouts;
		draft->slow_start = pool->slow_start;
		draft->orphans = pool->orphans;
		draft->n = pool->n_members;
		for (i = 0; i < draft->n; i++) {
			draft->member[i] = (struct lb_draft_member){
				.entry = pool->member[draft->n - 1 - i],
				.origin = LB_ORIGIN_POOL,
			};
			draft->member[i].entry.fresh = false;
			draft->member[i].drain = draft->member[i].entry.dest->drain;
			if (draft->member[i].entry.method == LB_METHOD_TUNNEL)
				draft->member[i].tunnel = draft->member[i].entry.dest->tunnel;
		}
	} else {
		draft->born = true;
	}
	svc->draft = draft;
	list_add_tail(&draft->list, &edit->drafts);
	return draft;
}

void lb_draft_put(struct lb_draft *draft)
{
	draft->svc->draft = NULL;
	list_del(&draft->list);
	lb_draft_index_drop(draft);
	kvfree(draft->member);
	kfree(draft);
}

void lb_draft_abort(struct lb_draft *draft)
{
	struct lb_service *svc = draft->svc;
	bool born = draft->born;
	u32 i;

	for (i = 0; i < draft->n; i++) {
		if (draft->member[i].entry.dest && draft->member[i].origin == LB_ORIGIN_NEW)
			lb_dest_free(draft->member[i].entry.dest);
	}
	lb_draft_put(draft);
	if (born)
		lb_service_remove(svc);
}
