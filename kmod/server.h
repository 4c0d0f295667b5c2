/* SPDX-License-Identifier: GPL-2.0 */
/* Real servers: who is one, to a packet that comes from him, and what becomes of what
 * he sends on no connection. Owns the table of nat's destinations by address; what
 * they are is dest.h's.
 */
#ifndef LB_SERVER_H
#define LB_SERVER_H

#include "lb.h"
#include "packet.h"
#include "service.h"

/* Per namespace. _exit(): no packet comes any more, no edit either; destinations may
 * still be listed, and are not looked at again.
 */
int lb_servers_init(struct lb_net *ln);
void lb_servers_exit(struct lb_net *ln);

/* Is it to be in the table? As in ip_vs: with nat, and with a port of its own. */
static inline bool lb_server_is(const struct lb_pool_entry *entry)
{
	return entry->method == LB_METHOD_NAT && entry->dest->port;
}

/* The table may list more than what packets' pools do, so that it need not change at
 * the moment they do: who is found is looked for there. Caller holds ln->lock; a
 * destination is taken out a grace period before it is freed. 0 or -ENOMEM.
 */
int lb_server_add(struct lb_net *ln, struct lb_dest *dest);
void lb_server_del(struct lb_net *ln, struct lb_dest *dest);

/* Are messages that its servers send by themselves such a service's, with a service of
 * that name? NULL has none.
 */
bool lb_server_may_call(const struct lb_service *svc, const struct lb_pool *pool);

/* Can it matter who sent a packet that belongs to no connection? What is addressed to
 * this host may answer what it asked, as a probe does.
 */
static inline bool lb_server_may_speak(const struct lb_ctx *ctx)
{
	return (READ_ONCE(ctx->ln->settings.nat_icmp_send) || READ_ONCE(ctx->ln->n_calling)) &&
	       ctx->hook != NF_INET_LOCAL_IN && !ctx->pkt.icmp && !ctx->pkt.portless;
}

/**
 * lb_server_admit - a packet that belongs to no connection, if a server sent it
 * @ctx: pkt is read; conn and dir are filled when a connection was opened
 * @verdict: what becomes of it
 *
 * Context: rcu_read_lock(), BH disabled.
 * Return: false when there is nothing to say about it.
 */
bool lb_server_admit(struct lb_ctx *ctx, enum lb_verdict *verdict);

#endif /* LB_SERVER_H */
