/* SPDX-License-Identifier: GPL-2.0 */
/* The deadline of a draining destination, and what becomes of its connections
 * then. All under ln->lock, but that packets read dest->fate.
 */
#ifndef LB_DRAIN_H
#define LB_DRAIN_H

#include <linux/limits.h>
#include <linux/time64.h>

struct lb_dest_spec;
struct lb_edit;
struct lb_pool;
struct lb_pool_entry;
struct netlink_ext_ack;

#define LB_DRAIN_NEVER	ULONG_MAX

/**
 * enum lb_dest_fate - what becomes of a destination's connections, by their next packet
 * @LB_FATE_NONE: they go on
 * @LB_FATE_SETTING: it was removed: as expire_nodest_conn says
 * @LB_FATE_DROP: it was removed: their clients' packets are dropped
 * @LB_FATE_RESET: both ends are told
 * @LB_FATE_RESCHEDULE: they go to another destination
 */
enum lb_dest_fate {
	LB_FATE_NONE,
	LB_FATE_SETTING,
	LB_FATE_DROP,
	LB_FATE_RESET,
	LB_FATE_RESCHEDULE,
};

/**
 * struct lb_drain - how a destination drains
 * @deadline: seconds of ktime_get_seconds(), with @timed
 * @timed: there is a deadline; not without drain
 * @end: enum lb_drain_end, with @timed
 */
struct lb_drain {
	time64_t deadline;
	bool timed;
	u8 end;
};

/**
 * lb_drain_edit - what a specification says of a deadline
 * @edit: in progress
 * @drain: as it is; as it is to be afterwards, unless it is refused
 * @spec: what is given
 * @drains: does the destination drain, with @spec?
 * @extack: why it is refused
 *
 * Whoever says anew whether it drains begins without a deadline.
 * Return: -EINVAL for a deadline without drain, or an end without deadline.
 */
int lb_drain_edit(struct lb_edit *edit, struct lb_drain *drain, const struct lb_dest_spec *spec,
		  bool drains, struct netlink_ext_ack *extack);

/* Seconds that are left of a timed one, 0 when it is over. */
u32 lb_drain_left(const struct lb_drain *drain);

/* Makes the published destinations' fates true. Returns the jiffies until one is
 * another, LB_DRAIN_NEVER when they stay.
 */
unsigned long lb_drain_wait(const struct lb_pool *pool);

/* Of a destination that is being removed, by what its service says: enum lb_orphans. */
enum lb_dest_fate lb_fate_removed(u8 orphans);

#endif /* LB_DRAIN_H */
