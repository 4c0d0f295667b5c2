// SPDX-License-Identifier: GPL-2.0
/* Round robin: each usable destination in turn.
 *
 * svc->cursor counts turns. When the pool changes it is set anew, so that the
 * turn goes on behind the destination that was last: ip_vs keeps a pointer to
 * that in its list, and moves it to the one before when it is removed.
 */
#include "../sched.h"

#include <asm/div64.h>
#include <linux/atomic.h>

#include "../service.h"

/* Past those that are full. Where all are, the turn stays where it is. */
static const struct lb_pool_entry *rr_pick_open(struct lb_service *svc, struct lb_pool *pool)
{
	s64 cursor = atomic64_read(&svc->cursor);
	const struct lb_pool_entry *entry;
	u32 i, turn;
	u64 rest;

	do {
		rest = cursor;
		turn = do_div(rest, pool->n_usable);
		for (i = 0; i < pool->n_usable; i++) {
			entry = &pool->usable[turn];
			if (!lb_pool_entry_full(pool, entry))
				break;
			if (++turn == pool->n_usable)
				turn = 0;
		}
		if (i == pool->n_usable)
			return NULL;
	} while (!atomic64_try_cmpxchg(&svc->cursor, &cursor, cursor + i + 1));
	return entry;
}

static const struct lb_pool_entry *rr_pick(struct lb_service *svc, struct lb_pool *pool,
					   const struct lb_ctx *ctx)
{
	u64 turn;

	if (pool->limited)
		return rr_pick_open(svc, pool);
	turn = atomic64_fetch_inc(&svc->cursor);
	return &pool->usable[do_div(turn, pool->n_usable)];
}

/* How many of @old's members the round robin has passed: 0 stands before all,
 * else the one that was last is member[result - 1].
 */
static u32 rr_passed(const struct lb_service *svc, const struct lb_pool *old)
{
	u64 cursor = atomic64_read(&svc->cursor);
	const struct lb_dest *last;
	u32 i;

	/* No turn since the last change; what was last then may be unusable. */
	if (cursor == svc->carried.cursor || !old->n_usable)
		return svc->carried.passed;

	cursor--;
	last = old->usable[do_div(cursor, old->n_usable)].dest;
	for (i = 0; i < old->n_members && old->member[i].dest != last; i++)
		;
	return i + 1;
}

/* The same in @pool. What stayed is at its end, in the same order as before. */
static u32 rr_passed_still(const struct lb_pool *old, const struct lb_pool *pool, u32 passed)
{
	u32 i = old->n_members, j = pool->n_members;

	if (!passed)
		return 0;
	while (i > 0 && j > 0 && !pool->member[j - 1].fresh) {
		if (old->member[i - 1].dest != pool->member[j - 1].dest) {
			i--;
			continue;
		}
		if (i <= passed)
			return j;
		i--;
		j--;
	}
	return 0;
}

static void rr_carry(struct lb_service *svc, const struct lb_pool *old, const struct lb_pool *pool)
{
	u32 i, passed = 0;
	u64 cursor = 0;

	if (old && old->sched == pool->sched)
		passed = rr_passed_still(old, pool, rr_passed(svc, old));
	for (i = 0; i < passed; i++)
		cursor += lb_pool_entry_usable(&pool->member[i]);

	svc->carried.passed = passed;
	svc->carried.cursor = cursor;
	atomic64_set(&svc->cursor, cursor);
}

const struct lb_sched_ops lb_sched_rr = {
	.name = "rr",
	.pick = rr_pick,
	.carry = rr_carry,
};
