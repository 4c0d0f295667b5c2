/* SPDX-License-Identifier: GPL-2.0 */
/* Slow start: the share of a destination that comes up (added, of weight 0 no
 * more, draining no more) grows while others of its service carry on. Pools are
 * immutable, so it grows by publishing the service again, with other weights, at
 * most SLOW_START_STEPS times for each such destination. All under ln->lock.
 */
#ifndef LB_RAMP_H
#define LB_RAMP_H

#include <linux/limits.h>

#include "service.h"

#define LB_RAMP_NEVER	ULONG_MAX

/* Gives pool->usable[] of a pool that is being built the weights of this moment. */
void lb_ramp_weigh(struct lb_pool *pool);

/* It is published, and places (dest->place) still are those of the one before:
 * the time of those that come up begins.
 */
void lb_ramp_start(const struct lb_pool *pool);

/* Jiffies until the published pool's weights are others; 0: they are already;
 * LB_RAMP_NEVER: they stay.
 */
unsigned long lb_ramp_wait(const struct lb_pool *pool);

/* How much of its share a destination has, in percent. */
u8 lb_ramp_percent(const struct lb_dest *dest);

#endif /* LB_RAMP_H */
