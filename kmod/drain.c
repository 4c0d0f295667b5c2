// SPDX-License-Identifier: GPL-2.0
/* Deadlines of draining. See drain.h; what a fate does to packets is fate.c's. */
#include "drain.h"

#include <linux/jiffies.h>
#include <linux/netlink.h>
#include <linux/timekeeping.h>

#include "dest.h"
#include "refuse.h"
#include "service.h"

int lb_drain_edit(struct lb_edit *edit, struct lb_drain *drain, const struct lb_dest_spec *spec,
		  bool drains, struct netlink_ext_ack *extack)
{
	struct lb_drain to = *drain;

	if (spec->set & LB_DEST_SET_DRAIN)
		to = (struct lb_drain){ .end = LB_DRAIN_END_KEEP };
	if (spec->set & LB_DEST_SET_DEADLINE) {
		to.timed = true;
		to.deadline = ktime_get_seconds() + spec->deadline;
	}
	if (spec->set & LB_DEST_SET_DRAIN_END)
		to.end = spec->drain_end;
	if (to.timed && !drains) {
		NL_SET_ERR_MSG(extack, "only draining has a deadline; drain, too");
		return lb_refuse(edit, LB_BLAME_DEADLINE, -EINVAL);
	}
	if (to.end != LB_DRAIN_END_KEEP && !to.timed) {
		NL_SET_ERR_MSG(extack, "what is done at a deadline needs one");
		return lb_refuse(edit, LB_BLAME_DRAIN_END, -EINVAL);
	}
	*drain = to;
	return 0;
}

u32 lb_drain_left(const struct lb_drain *drain)
{
	time64_t left = drain->deadline - ktime_get_seconds();

	return left > 0 ? left : 0;
}

static enum lb_dest_fate lb_drain_fate(const struct lb_drain *drain)
{
	if (!drain->timed || lb_drain_left(drain))
		return LB_FATE_NONE;
	switch ((enum lb_drain_end)drain->end) {
	case LB_DRAIN_END_KEEP:
		break;
	case LB_DRAIN_END_RESET:
		return LB_FATE_RESET;
	case LB_DRAIN_END_RESCHEDULE:
		return LB_FATE_RESCHEDULE;
	}
	return LB_FATE_NONE;
}

unsigned long lb_drain_wait(const struct lb_pool *pool)
{
	unsigned long wait = LB_DRAIN_NEVER;
	struct lb_dest *dest;
	u32 i, left;

	for (i = 0; i < pool->n_members; i++) {
		dest = pool->member[i].dest;
		WRITE_ONCE(dest->fate, lb_drain_fate(&dest->drain));
		left = dest->drain.timed ? lb_drain_left(&dest->drain) : 0;
		if (left)
			wait = min_t(unsigned long, wait, left * HZ);
	}
	return wait;
}

enum lb_dest_fate lb_fate_removed(u8 orphans)
{
	switch ((enum lb_orphans)orphans) {
	case LB_ORPHANS_DEFAULT:
		break;
	case LB_ORPHANS_DROP:
		return LB_FATE_DROP;
	case LB_ORPHANS_RESET:
		return LB_FATE_RESET;
	case LB_ORPHANS_RESCHEDULE:
		return LB_FATE_RESCHEDULE;
	}
	return LB_FATE_SETTING;
}
