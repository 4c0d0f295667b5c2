// SPDX-License-Identifier: GPL-2.0
/* Weighted least-connection: the destination with the least load per weight,
 * the first in the pool's order among equals.
 */
#include "../sched.h"
#include "../service.h"
#include "least.h"

static int wlc_build(struct lb_pool *pool)
{
	return lb_least_build(pool, LEAST_OVERHEAD, true);
}

const struct lb_sched_ops lb_sched_wlc = {
	.name = "wlc",
	.weigh = LB_WEIGH_SHARE,
	.pick = lb_least_pick,
	.build = wlc_build,
	.carry = lb_least_carry,
	.load_changed = lb_least_load_changed,
};
