// SPDX-License-Identifier: GPL-2.0
/* direct: the packet goes to the destination's link-layer address as it is, and
 * the destination, which has the virtual address too, answers by itself. So does a
 * packet that bypasses all destinations, to who has the address.
 */
#include "method.h"

enum lb_verdict lb_direct_in(struct lb_ctx *ctx)
{
	enum lb_verdict verdict;
	struct lb_route route;

	verdict = lb_route_find(ctx, &route);
	if (verdict != LB_CONTINUE)
		return verdict;
	if (route.local)
		return lb_local_in(ctx, &route);

	verdict = lb_hop(ctx, &route, 0);
	if (verdict != LB_CONTINUE)
		return verdict;
	return lb_send(ctx);
}
