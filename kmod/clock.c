// SPDX-License-Identifier: GPL-2.0
/* Steps of slow starts, and deadlines. See clock.h. */
#include "clock.h"

#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "drain.h"
#include "edit.h"
#include "ramp.h"

/* However many destinations grow, a service is published no more often. */
#define LB_CLOCK_TICK	(HZ / 4)

#define LB_CLOCK_NEVER	ULONG_MAX

static_assert(LB_CLOCK_NEVER == LB_RAMP_NEVER && LB_CLOCK_NEVER == LB_DRAIN_NEVER);

static unsigned long lb_clock_ramp(struct lb_service *svc)
{
	unsigned long wait = lb_ramp_wait(lb_service_pool_locked(svc));

	if (wait)
		return wait;
	/* Without memory it grows a little later. */
	if (lb_service_weigh(svc))
		return LB_CLOCK_TICK;
	return lb_ramp_wait(lb_service_pool_locked(svc));
}

/* Does what is to be done with @svc now; returns when it is to be done again. */
static unsigned long lb_clock_service(struct lb_service *svc)
{
	unsigned long wait = lb_clock_ramp(svc);

	wait = min(wait, lb_drain_wait(lb_service_pool_locked(svc)));
	return max_t(unsigned long, wait, LB_CLOCK_TICK);
}

static void lb_clock_tick(struct work_struct *work)
{
	struct lb_net *ln = container_of(to_delayed_work(work), struct lb_net, clock);
	unsigned long wait, next = LB_CLOCK_NEVER;
	struct lb_service *svc, *other;

	mutex_lock(&ln->lock);
	list_for_each_entry_safe(svc, other, &ln->timed, timed) {
		wait = lb_clock_service(svc);
		if (wait == LB_CLOCK_NEVER)
			list_del_init(&svc->timed);
		next = min(next, wait);
		cond_resched();
	}
	/* Also where publishing has queued it for at once. */
	if (next != LB_CLOCK_NEVER)
		mod_delayed_work(system_unbound_wq, &ln->clock, next);
	mutex_unlock(&ln->lock);
}

void lb_clock_watch(struct lb_service *svc)
{
	const struct lb_pool *pool = lb_service_pool_locked(svc);
	struct lb_net *ln = svc->ln;

	if (lb_ramp_wait(pool) == LB_CLOCK_NEVER && lb_drain_wait(pool) == LB_CLOCK_NEVER)
		return;
	if (list_empty(&svc->timed))
		list_add_tail(&svc->timed, &ln->timed);
	mod_delayed_work(system_unbound_wq, &ln->clock, 0);
}

void lb_clock_init(struct lb_net *ln)
{
	INIT_LIST_HEAD(&ln->timed);
	INIT_DELAYED_WORK(&ln->clock, lb_clock_tick);
}

void lb_clock_exit(struct lb_net *ln)
{
	cancel_delayed_work_sync(&ln->clock);
}
