// SPDX-License-Identifier: GPL-2.0
/* Steps of slow starts. See clock.h. */
#include "clock.h"

#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "edit.h"
#include "ramp.h"

/* However many destinations grow, a service is published no more often. */
#define LB_CLOCK_TICK	(HZ / 4)

/* Does what is to be done with @svc now; returns when it is to be done again, or
 * LB_RAMP_NEVER.
 */
static unsigned long lb_clock_service(struct lb_service *svc)
{
	unsigned long wait = lb_ramp_wait(lb_service_pool_locked(svc));

	if (!wait) {
		/* Without memory it grows a little later. */
		if (lb_service_weigh(svc))
			return LB_CLOCK_TICK;
		wait = lb_ramp_wait(lb_service_pool_locked(svc));
	}
	return max_t(unsigned long, wait, LB_CLOCK_TICK);
}

static void lb_clock_tick(struct work_struct *work)
{
	struct lb_net *ln = container_of(to_delayed_work(work), struct lb_net, clock);
	unsigned long wait, next = LB_RAMP_NEVER;
	struct lb_service *svc, *other;

	mutex_lock(&ln->lock);
	list_for_each_entry_safe(svc, other, &ln->timed, timed) {
		wait = lb_clock_service(svc);
		if (wait == LB_RAMP_NEVER)
			list_del_init(&svc->timed);
		next = min(next, wait);
		cond_resched();
	}
	/* Also where publishing has queued it for at once. */
	if (next != LB_RAMP_NEVER)
		mod_delayed_work(system_unbound_wq, &ln->clock, next);
	mutex_unlock(&ln->lock);
}

void lb_clock_watch(struct lb_service *svc)
{
	struct lb_net *ln = svc->ln;

	if (lb_ramp_wait(lb_service_pool_locked(svc)) == LB_RAMP_NEVER)
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
