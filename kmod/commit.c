// SPDX-License-Identifier: GPL-2.0
/* From drafts to what packets see: builds a pool from each draft, then publishes
 * them all. What can fail comes before the first thing that anybody can see.
 * What it costs packets to meet a change is nothing: they go on with the pool
 * that they have.
 */
#include <linux/slab.h>

#include "bypass.h"
#include "clock.h"
#include "conn.h"
#include "dest.h"
#include "draft.h"
#include "hook.h"
#include "persist.h"
#include "ramp.h"
#include "sched.h"
#include "server.h"

/* What its scheduler keeps, and what packets have taught it so far. */
static int lb_pool_prepare(struct lb_pool *pool, const struct lb_draft *draft)
{
	const struct lb_pool *old = draft->anew ? NULL : lb_service_pool_locked(draft->svc);
	int err = 0;

	if (pool->sched->build)
		err = pool->sched->build(pool);
	if (!err && pool->sched->inherit && old && old->sched == pool->sched)
		err = pool->sched->inherit(pool, old);
	return err;
}

/* The pool that a draft describes, the last added destination first. */
static struct lb_pool *lb_pool_new(const struct lb_draft *draft)
{
	const struct lb_draft_member *member;
	u32 members = 0, usable = 0;
	struct lb_pool *pool;
	u32 i;

	for (i = 0; i < draft->n; i++) {
		member = &draft->member[i];
		if (!lb_draft_member_stays(member))
			continue;
		members++;
		usable += lb_pool_entry_usable(&member->entry);
	}

	pool = kvmalloc(struct_size(pool, member, members + usable), GFP_KERNEL_ACCOUNT);
	if (!pool)
		return NULL;
	pool->sched = draft->sched;
	pool->sched_flags = draft->sched_flags;
	pool->one_packet = draft->one_packet;
	pool->any_addr = draft->svc->key.fwmark;
	pool->mss_clamp = draft->mss_clamp;
	pool->persist = draft->persist;
	pool->timeouts = draft->timeouts;
	pool->slow_start = draft->slow_start;
	pool->orphans = draft->orphans;
	pool->sched_data = NULL;
	pool->n_members = 0;
	pool->n_usable = 0;
	pool->limited = false;
	pool->usable = pool->member + members;
	for (i = draft->n; i-- > 0; ) {
		member = &draft->member[i];
		if (!lb_draft_member_stays(member))
			continue;
		pool->member[pool->n_members++] = member->entry;
		if (lb_pool_entry_usable(&member->entry)) {
			pool->usable[pool->n_usable++] = member->entry;
			pool->limited |= member->entry.upper;
		}
	}

	lb_ramp_weigh(pool);
	if (lb_pool_prepare(pool, draft)) {
		lb_pool_free(pool);
		return NULL;
	}
	return pool;
}

/* Servers can be found before a pool that packets see lists them: it decides. */
static int lb_draft_enlist(struct lb_draft *draft)
{
	struct lb_draft_member *member;
	int err;
	u32 i;

	for (i = 0; i < draft->n; i++) {
		member = &draft->member[i];
		if (!lb_draft_member_stays(member) || member->entry.dest->server ||
		    !lb_server_is(&member->entry))
			continue;
		err = lb_server_add(draft->svc->ln, member->entry.dest);
		if (err)
			return err;
		member->server = true;
	}
	return 0;
}

/* Undoes it. */
static void lb_draft_delist(struct lb_draft *draft)
{
	u32 i;

	for (i = 0; i < draft->n; i++) {
		if (draft->member[i].server)
			lb_server_del(draft->svc->ln, draft->member[i].entry.dest);
		draft->member[i].server = false;
	}
}

static int lb_edit_build(struct lb_edit *edit)
{
	struct lb_draft *draft;
	int err;

	list_for_each_entry(draft, &edit->drafts, list) {
		if (!draft->exists || !draft->touched)
			continue;
		draft->pool = lb_pool_new(draft);
		if (!draft->pool)
			return -ENOMEM;
		err = lb_draft_enlist(draft);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static void lb_edit_unbuild(struct lb_edit *edit)
{
	struct lb_draft *draft;

	list_for_each_entry(draft, &edit->drafts, list) {
		lb_draft_delist(draft);
		if (draft->pool)
			lb_pool_free(draft->pool);
		draft->pool = NULL;
	}
}

/* A service's new pool is about to be seen. A destination's tunnel is one for all
 * its connections, as in ip_vs, so it changes here; those that are in a tunnel
 * stay in it when the method becomes another.
 */
static void lb_draft_arrive(const struct lb_draft *draft)
{
	const struct lb_draft_member *member;
	struct lb_net *ln = draft->svc->ln;
	u32 i;

	if (lb_pool_has_timeouts(draft->pool))
		WRITE_ONCE(ln->n_timeouts, ln->n_timeouts + 1);
	if (lb_server_may_call(draft->svc, draft->pool))
		WRITE_ONCE(ln->n_calling, ln->n_calling + 1);

	for (i = 0; i < draft->n; i++) {
		member = &draft->member[i];
		if (!lb_draft_member_stays(member))
			continue;
		if (member->entry.method == LB_METHOD_TUNNEL)
			WRITE_ONCE(member->entry.dest->tunnel.word, member->tunnel.word);
		member->entry.dest->drain = member->drain;
		if (member->origin == LB_ORIGIN_REMOVED)
			lb_dest_return(member->entry.dest, draft->svc);
	}
}

/* It can be seen: lets the scheduler follow. @old is still valid. */
static void lb_draft_follow(const struct lb_draft *draft, const struct lb_pool *old)
{
	const struct lb_pool *pool = draft->pool;
	const struct lb_pool_entry *entry;
	u32 i;

	if (!pool)
		return;
	lb_ramp_start(pool);
	lb_drain_wait(pool);
	for (i = 0; i < pool->n_members; i++) {
		entry = &pool->member[i];
		if (!lb_pool_entry_usable(entry))
			WRITE_ONCE(entry->dest->place, LB_DEST_UNUSABLE);
		WRITE_ONCE(entry->dest->nth, pool->n_members - 1 - i);
		lb_dest_limit(entry->dest, entry->upper, entry->lower);
	}
	for (i = 0; i < pool->n_usable; i++)
		WRITE_ONCE(pool->usable[i].dest->place, i);

	/* Pairs with lb_dest_load_add(): whoever does not see the pool and the
	 * places has written a load that carry() sees.
	 */
	smp_mb();
	if (pool->sched->carry)
		pool->sched->carry(draft->svc, draft->anew ? NULL : old, pool);
}

/* What it replaced can be reached no more, but by who has it in hand. Ends
 * the draft.
 */
static void lb_draft_finish(struct lb_draft *draft, const struct lb_pool *old, unsigned long grace)
{
	const struct lb_draft_member *member;
	struct lb_service *svc = draft->svc;
	const bool exists = draft->exists;
	struct lb_net *ln = svc->ln;
	u32 i;

	for (i = 0; i < draft->n; i++) {
		member = &draft->member[i];
		if (!member->entry.dest)
			continue;
		if (member->entry.dest->server && (member->gone || !lb_server_is(&member->entry)))
			lb_server_del(ln, member->entry.dest);
		if (!member->gone)
			continue;
		if (member->origin == LB_ORIGIN_POOL)
			lb_dest_remove(member->entry.dest, grace, lb_fate_removed(draft->orphans));
		else if (member->origin == LB_ORIGIN_NEW)
			lb_dest_free(member->entry.dest);
	}
	ln->n_dests += (draft->pool ? draft->pool->n_members : 0) - (old ? old->n_members : 0);
	ln->n_services += (draft->pool ? 1 : 0) - (old ? 1 : 0);
	if (lb_pool_has_timeouts(old))
		WRITE_ONCE(ln->n_timeouts, ln->n_timeouts - 1);
	if (lb_server_may_call(svc, old))
		WRITE_ONCE(ln->n_calling, ln->n_calling - 1);
	if (exists && draft->born)
		list_add_tail(&svc->list, &ln->service_list);

	lb_draft_put(draft);
	if (exists)
		lb_clock_watch(svc);
	else
		lb_service_remove(svc);
}

static void lb_pool_free_rcu(struct rcu_head *rcu)
{
	lb_pool_free(container_of(rcu, struct lb_pool, rcu));
}

/* Each service by itself: a packet sees its old pool or its new one. */
static void lb_edit_publish_each(struct lb_edit *edit)
{
	struct lb_draft *draft, *next;
	struct lb_service *svc;
	struct lb_pool *old;

	list_for_each_entry_safe(draft, next, &edit->drafts, list) {
		svc = draft->svc;
		old = lb_service_pool_locked(svc);
		lb_draft_arrive(draft);
		rcu_assign_pointer(svc->pool[0], draft->pool);
		rcu_assign_pointer(svc->pool[1], draft->pool);
		lb_draft_follow(draft, old);
		lb_draft_finish(draft, old, start_poll_synchronize_rcu());
		if (old)
			call_rcu(&old->rcu, lb_pool_free_rcu);
	}
}

/* All services at one moment: the new pools wait in the places that packets do
 * not look at, until ln->parity says that these are the ones.
 */
static void lb_edit_publish_whole(struct lb_edit *edit)
{
	struct lb_net *ln = edit->ln;
	const u32 was = ln->parity & 1, is = !was;
	struct lb_draft *draft, *next;
	struct lb_service *svc;
	unsigned long grace;
	struct lb_pool *old;

	list_for_each_entry(draft, &edit->drafts, list) {
		lb_draft_arrive(draft);
		rcu_assign_pointer(draft->svc->pool[is], draft->pool);
	}

	/* Pairs with the acquire in lb_service_pool(). */
	smp_store_release(&ln->parity, is);

	list_for_each_entry(draft, &edit->drafts, list) {
		lb_draft_follow(draft, rcu_dereference_protected(draft->svc->pool[was],
								 lockdep_is_held(&ln->lock)));
		cond_resched();
	}

	/* Until its end packets may go by the parity that was. */
	grace = start_poll_synchronize_rcu();
	synchronize_rcu();

	list_for_each_entry_safe(draft, next, &edit->drafts, list) {
		svc = draft->svc;
		old = rcu_dereference_protected(svc->pool[was], lockdep_is_held(&ln->lock));
		RCU_INIT_POINTER(svc->pool[was], draft->pool);
		lb_draft_finish(draft, old, grace);
		if (old)
			lb_pool_free(old);
		cond_resched();
	}
}

int lb_service_weigh(struct lb_service *svc)
{
	struct lb_edit edit = { .ln = svc->ln, .drafts = LIST_HEAD_INIT(edit.drafts) };
	struct lb_draft *draft = lb_draft_get(&edit, svc);
	int err;

	if (!draft)
		return -ENOMEM;
	draft->touched = true;
	err = lb_edit_build(&edit);
	if (err) {
		lb_edit_unbuild(&edit);
		lb_draft_abort(draft);
	} else {
		lb_edit_publish_each(&edit);
	}
	return err;
}

/* Will there be a service? */
static bool lb_edit_leaves_service(const struct lb_edit *edit)
{
	u32 services = edit->ln->n_services;
	struct lb_draft *draft;

	list_for_each_entry(draft, &edit->drafts, list)
		services += draft->exists - !draft->born;
	return services;
}

int lb_edit_commit(struct lb_edit *edit, struct netlink_ext_ack *extack)
{
	struct lb_net *ln = edit->ln;
	struct lb_draft *draft, *next;
	int err;

	err = lb_settings_check(edit, extack);
	if (err)
		return err;
	err = lb_edit_build(edit) ?: lb_bypass_prepare(edit);
	if (err) {
		NL_SET_ERR_MSG(extack, "not enough memory; nothing was changed");
		goto err_unbuild;
	}
	if (lb_edit_leaves_service(edit)) {
		err = lb_hooks_register(ln);
		if (err) {
			NL_SET_ERR_MSG(extack,
				       "cannot register with netfilter; nothing was changed");
			goto err_unbuild;
		}
	}

	list_for_each_entry_safe(draft, next, &edit->drafts, list) {
		if (!draft->touched)
			lb_draft_put(draft);
	}
	if (edit->whole && !list_empty(&edit->drafts))
		lb_edit_publish_whole(edit);
	else
		lb_edit_publish_each(edit);
	lb_settings_publish(edit);
	WRITE_ONCE(ln->generation, ln->generation + 1);

	if (edit->flush)
		lb_templates_forget_removed(ln);
	if (!ln->n_services && !lb_dests_tell(ln))
		lb_hooks_unregister(ln);
	if (ln->n_removed)
		lb_conns_sweep_later(ln);
	return 0;

err_unbuild:
	lb_edit_unbuild(edit);
	return err;
}
