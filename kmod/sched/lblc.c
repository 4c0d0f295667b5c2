// SPDX-License-Identifier: GPL-2.0
/* Locality-based least-connection: an address has one destination. When it is
 * overloaded, another one, wlc's choice, takes its place.
 */
#include "../sched.h"
#include "../service.h"
#include "locality.h"

static const struct lb_pool_entry *lblc_pick(struct lb_service *svc, struct lb_pool *pool,
					     const struct lb_ctx *ctx)
{
	return lb_locality_pick(svc, pool, ctx, READ_ONCE(svc->ln->settings.lblc_expiration));
}

static int lblc_build(struct lb_pool *pool)
{
	return lb_locality_build(pool, 1);
}

/* Weights are compared with each other and with numbers of connections. */
const struct lb_sched_ops lb_sched_lblc = {
	.name = "lblc",
	.weigh = LB_WEIGH_COUNT,
	.pick = lblc_pick,
	.build = lblc_build,
	.inherit = lb_locality_inherit,
	.carry = lb_locality_carry,
	.load_changed = lb_locality_load_changed,
};
