// SPDX-License-Identifier: GPL-2.0
/* Least-connection: the usable destination with the least load; weights say
 * only whether it is usable.
 */
#include "../sched.h"
#include "../service.h"
#include "least.h"

static int lc_build(struct lb_pool *pool)
{
	return lb_least_build(pool, LEAST_OVERHEAD, false);
}

const struct lb_sched_ops lb_sched_lc = {
	.name = "lc",
	.pick = lb_least_pick,
	.build = lc_build,
	.carry = lb_least_carry,
	.load_changed = lb_least_load_changed,
};
