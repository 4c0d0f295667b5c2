// SPDX-License-Identifier: GPL-2.0
/* Shortest expected delay: the destination that has the fewest active
 * connections per weight, the new one counted, and the first in the pool's
 * order among equals. So an idle one of weight 2 comes before one of weight 1.
 */
#include "../sched.h"
#include "../service.h"
#include "least.h"

static int sed_build(struct lb_pool *pool)
{
	return lb_least_build(pool, LEAST_DELAY, true);
}

const struct lb_sched_ops lb_sched_sed = {
	.name = "sed",
	.weigh = LB_WEIGH_SHARE,
	.pick = lb_least_pick,
	.build = sed_build,
	.carry = lb_least_carry,
	.load_changed = lb_least_load_changed,
};
