// SPDX-License-Identifier: GPL-2.0
/* Never queue: the first destination in the pool's order without an active
 * connection; when there is none, as sed.
 */
#include "../sched.h"
#include "../service.h"
#include "least.h"

static int nq_build(struct lb_pool *pool)
{
	return lb_least_build(pool, LEAST_IDLE, true);
}

const struct lb_sched_ops lb_sched_nq = {
	.name = "nq",
	.weigh = LB_WEIGH_SHARE,
	.pick = lb_least_pick,
	.build = nq_build,
	.carry = lb_least_carry,
	.load_changed = lb_least_load_changed,
};
