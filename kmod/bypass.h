/* SPDX-License-Identifier: GPL-2.0 */
/* The way past all destinations: what a firewall mark's service has nobody for goes on
 * to where it is addressed, as ip_vs's cache_bypass has it for transparent proxies.
 *
 * Such a connection has, as any has, a destination: one for each address family of the
 * namespace, that no pool lists and no command names, without an address. Its service
 * has no pool and cannot be found, so that it has no scheduler, no timeouts and no totals:
 * what bypasses counts nowhere, as in ip_vs, and goes on when services change.
 */
#ifndef LB_BYPASS_H
#define LB_BYPASS_H

#include "packet.h"
#include "service.h"

struct lb_edit;

/* Makes what packets need if @edit asks for it. They may see it before the setting, and
 * it stays. Caller holds ln->lock. 0 or -ENOMEM.
 */
int lb_bypass_prepare(struct lb_edit *edit);
/* No packet comes any more, and no connection is left. */
void lb_bypass_exit(struct lb_net *ln);

/* Is there a way past a service's destinations for this packet? For lb_bypass_pick(). */
const struct lb_pool_entry *lb_bypass_find(const struct lb_ctx *ctx);

/**
 * lb_bypass_pick - where a new connection goes that no destination is there for
 * @ctx: packet
 * @svc: its service
 *
 * Context: rcu_read_lock().
 * Return: method bypass and a destination, valid as long as the namespace; or NULL.
 */
static inline const struct lb_pool_entry *lb_bypass_pick(const struct lb_ctx *ctx,
							 const struct lb_service *svc)
{
	if (likely(!svc->key.fwmark || !READ_ONCE(ctx->ln->settings.cache_bypass)))
		return NULL;
	return lb_bypass_find(ctx);
}

#endif /* LB_BYPASS_H */
