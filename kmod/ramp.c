// SPDX-License-Identifier: GPL-2.0
/* Shares that grow. See ramp.h; the arithmetic is core/slow_start.c's. */
#include "ramp.h"

#include <linux/jiffies.h>
#include <linux/minmax.h>

#include "core/slow_start.h"
#include "dest.h"
#include "sched.h"

static_assert(LB_SLOW_START_MAX * HZ < 1U << 27);

static bool lb_ramp_comes_up(const struct lb_dest *dest)
{
	return dest->place == LB_DEST_UNUSABLE;
}

static u32 lb_ramp_elapsed(const struct lb_dest *dest)
{
	return min_t(unsigned long, jiffies - dest->up_at, U32_MAX);
}

/* Is there one that was up before? Where all come up at once there is nobody to
 * carry on meanwhile, and their shares are what they are at the end.
 */
static bool lb_ramp_others(const struct lb_pool *pool)
{
	u32 i;

	for (i = 0; i < pool->n_usable; i++) {
		if (!lb_ramp_comes_up(pool->usable[i].dest))
			return true;
	}
	return false;
}

static u32 lb_ramp_step(const struct lb_pool *pool, const struct lb_dest *dest, bool others)
{
	if (lb_ramp_comes_up(dest))
		return others ? 1 : SLOW_START_STEPS;
	if (!dest->ramp)
		return SLOW_START_STEPS;
	return slow_start_step(lb_ramp_elapsed(dest), pool->slow_start * HZ);
}

void lb_ramp_weigh(struct lb_pool *pool)
{
	const bool others = lb_ramp_others(pool);
	u32 i, step, factor = 1, heaviest = 0;
	struct lb_pool_entry *entry;
	bool all = true;

	if (!pool->slow_start || pool->sched->weigh == LB_WEIGH_NOT)
		return;
	for (i = 0; i < pool->n_usable; i++) {
		entry = &pool->usable[i];
		step = lb_ramp_step(pool, entry->dest, others);
		entry->step = step < SLOW_START_STEPS ? step : 0;
		all &= !entry->step;
		heaviest = max_t(u32, heaviest, entry->weight);
	}
	if (all)
		return;
	if (pool->sched->weigh == LB_WEIGH_SHARE)
		factor = slow_start_factor(heaviest, LB_WEIGHT_MAX);
	for (i = 0; i < pool->n_usable; i++) {
		entry = &pool->usable[i];
		entry->weight = slow_start_weight(entry->weight, factor,
						  entry->step ?: SLOW_START_STEPS);
	}
}

void lb_ramp_start(const struct lb_pool *pool)
{
	const struct lb_pool_entry *entry;
	u32 i;

	for (i = 0; i < pool->n_members; i++) {
		if (!lb_pool_entry_usable(&pool->member[i]))
			pool->member[i].dest->ramp = 0;
	}
	for (i = 0; i < pool->n_usable; i++) {
		entry = &pool->usable[i];
		if (lb_ramp_comes_up(entry->dest))
			entry->dest->up_at = jiffies;
		entry->dest->ramp = entry->step;
	}
}

unsigned long lb_ramp_wait(const struct lb_pool *pool)
{
	const u32 duration = pool->slow_start * HZ;
	unsigned long wait = LB_RAMP_NEVER;
	const struct lb_dest *dest;
	u32 i, elapsed;

	for (i = 0; duration && i < pool->n_usable; i++) {
		dest = pool->usable[i].dest;
		if (!dest->ramp)
			continue;
		elapsed = lb_ramp_elapsed(dest);
		if (slow_start_step(elapsed, duration) != dest->ramp)
			return 0;
		wait = min_t(unsigned long, wait, slow_start_wait(elapsed, duration));
	}
	return wait;
}

u8 lb_ramp_percent(const struct lb_dest *dest)
{
	return dest->ramp ? dest->ramp * 100 / SLOW_START_STEPS : 100;
}
