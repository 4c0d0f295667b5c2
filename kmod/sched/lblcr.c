// SPDX-License-Identifier: GPL-2.0
/* Locality-based least-connection with replication: an address has several
 * destinations. When the least loaded one is overloaded, wlc's choice joins them;
 * when none came or went for a while, the most loaded one leaves.
 */
#include "../core/locality.h"
#include "../sched.h"
#include "../service.h"
#include "locality.h"

static const struct lb_pool_entry *lblcr_pick(struct lb_service *svc, struct lb_pool *pool,
					      const struct lb_ctx *ctx)
{
	return lb_locality_pick(svc, pool, ctx, READ_ONCE(svc->ln->settings.lblcr_expiration));
}

static int lblcr_build(struct lb_pool *pool)
{
	return lb_locality_build(pool, LOCALITY_SERVERS_MAX);
}

const struct lb_sched_ops lb_sched_lblcr = {
	.name = "lblcr",
	.weigh = LB_WEIGH_COUNT,
	.pick = lblcr_pick,
	.build = lblcr_build,
	.inherit = lb_locality_inherit,
	.carry = lb_locality_carry,
	.load_changed = lb_locality_load_changed,
};
