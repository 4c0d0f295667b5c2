/* SPDX-License-Identifier: GPL-2.0 */
/* What a service is to be, while an edit makes it so: its scheduler and its
 * destinations, in a form that is quick to change. Operations (edit.h) write
 * drafts, a commit (commit.c) makes pools of them. Nothing here is seen by
 * packets; all of it is under ln->lock.
 */
#ifndef LB_DRAFT_H
#define LB_DRAFT_H

#include <linux/list.h>

#include "edit.h"
#include "service.h"

/* Where a draft's destination comes from, that is, whose it is if the edit
 * does not keep it.
 */
enum lb_origin {
	LB_ORIGIN_POOL,		/* the published pool lists it */
	LB_ORIGIN_REMOVED,	/* it is in ln->removed */
	LB_ORIGIN_NEW,		/* this edit has made it */
};

/**
 * struct lb_draft_member - a destination in a draft
 * @entry: what it is to be; entry.dest is NULL where there is no member any
 *	more because it was added again further on
 * @origin: enum lb_origin
 * @gone: deleted by this edit; kept to be found when it is added again
 * @server: this edit has made entry.dest one that can be found by its address
 * @tunnel: with the tunnel method; becomes entry.dest's
 * @drain: becomes entry.dest's
 */
struct lb_draft_member {
	struct lb_pool_entry entry;
	u8 origin;
	bool gone;
	bool server;
	union lb_tunnel tunnel;
	struct lb_drain drain;
};

/**
 * struct lb_draft - a service being edited
 * @list: in edit->drafts
 * @svc: svc->draft points back
 * @sched: as in the pool to be
 * @sched_flags: the same
 * @one_packet: the same
 * @mss_clamp: the same
 * @persist: the same
 * @timeouts: the same
 * @slow_start: the same
 * @orphans: the same
 * @pool: the pool to be, while committing
 * @born: this edit has made @svc
 * @exists: the service is configured as far as this edit goes
 * @anew: it was deleted and added again, so nothing is carried over
 * @touched: a new pool is needed
 * @n: members, of all kinds
 * @room: for so many
 * @member: in order of addition, oldest first
 * @index: hash table of indices into @member plus 1, 0 for none; NULL until it
 *	is worth its while
 * @index_size: a power of two, twice @room or more
 * @lookups: so many searches without @index
 */
struct lb_draft {
	struct list_head list;
	struct lb_service *svc;
	const struct lb_sched_ops *sched;
	u32 sched_flags;
	bool one_packet;
	u16 mss_clamp;
	struct lb_persist persist;
	struct lb_timeouts timeouts;
	u32 slow_start;
	u8 orphans;
	struct lb_pool *pool;
	bool born;
	bool exists;
	bool anew;
	bool touched;
	u32 n;
	u32 room;
	struct lb_draft_member *member;
	u32 *index;
	u32 index_size;
	u32 lookups;
};

/* Is it in the pool to be? */
static inline bool lb_draft_member_stays(const struct lb_draft_member *member)
{
	return member->entry.dest && !member->gone;
}

/* Is the service configured, as far as the edit goes? */
static inline bool lb_service_exists(const struct lb_service *svc)
{
	return !svc->draft || svc->draft->exists;
}

/* The draft of @svc, which gets one that says what is published; NULL when
 * there is no memory.
 */
struct lb_draft *lb_draft_get(struct lb_edit *edit, struct lb_service *svc);
/* Forgets a draft that was published. */
void lb_draft_put(struct lb_draft *draft);
/* Undoes it: what the edit has made is freed. */
void lb_draft_abort(struct lb_draft *draft);

/* Makes true what the edit says of settings. */
void lb_settings_publish(struct lb_edit *edit);

/* The member of that name, be it deleted by this edit, or NULL. */
struct lb_draft_member *lb_draft_find(struct lb_draft *draft, const struct lb_dest_spec *spec);
/* Makes room for one more; moves members, so pointers to them are void. */
int lb_draft_reserve(struct lb_draft *draft);
/* Room was reserved. */
void lb_draft_append(struct lb_draft *draft, const struct lb_draft_member *member);

#endif /* LB_DRAFT_H */
