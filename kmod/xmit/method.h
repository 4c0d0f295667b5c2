/* SPDX-License-Identifier: GPL-2.0 */
/* The methods, and the steps that they share. Every method is: find the way,
 * deliver here or go one hop, do its own work, send.
 *
 * All of it runs under rcu_read_lock(), which a packet's route lives by, with BH
 * disabled.
 */
#ifndef LB_XMIT_METHOD_H
#define LB_XMIT_METHOD_H

#include "../conn.h"
#include "../packet.h"
#include "route.h"

/* The methods, one file each: a packet from the client. */
enum lb_verdict lb_nat_in(struct lb_ctx *ctx);
enum lb_verdict lb_direct_in(struct lb_ctx *ctx);
enum lb_verdict lb_tunnel_in(struct lb_ctx *ctx);
/* A packet to the client; only nat sees those. */
enum lb_verdict lb_nat_out(struct lb_ctx *ctx);

/**
 * lb_route_find - the way for a packet from the client
 * @ctx: packet
 * @route: result
 *
 * Return: LB_CONTINUE with a route; LB_DROP, the client told, when there is
 * none, or none that this packet can take.
 */
enum lb_verdict lb_route_find(struct lb_ctx *ctx, struct lb_route *route);

/**
 * lb_hop - one hop towards another host: TTL and size
 * @ctx: packet
 * @route: the way, which is the packet's own afterwards
 * @overhead: bytes that will be put in front of the packet
 *
 * Return: LB_CONTINUE; LB_DROP, the sender told.
 */
enum lb_verdict lb_hop(struct lb_ctx *ctx, struct lb_route *route, unsigned int overhead);

/* Lowers the MSS of a SYN, as its service says; @route is the way to the destination
 * where it is at hand. Returns false when there is no memory.
 */
bool lb_mss_lower(struct lb_ctx *ctx, const struct lb_route *route);

/* For any packet. */
static inline bool lb_mss_clamp(struct lb_ctx *ctx, const struct lb_route *route)
{
	return likely(ctx->pkt.event != LB_EVENT_SYN) || lb_mss_lower(ctx, route);
}

/* Makes the packet one that this host sends, but for its headers. */
void lb_originate(struct lb_ctx *ctx);

/* Sends the packet, which lb_hop() was done for, through LOCAL_OUT. */
enum lb_verdict lb_send(struct lb_ctx *ctx);

/**
 * lb_local_in - the destination is this host: the stack delivers it
 * @ctx: packet, rewritten already where that is to be done
 * @route: the way
 *
 * Return: LB_ACCEPT.
 */
enum lb_verdict lb_local_in(struct lb_ctx *ctx, struct lb_route *route);

/* Can this packet take this way, of which one end or both are local? */
bool lb_local_allows(const struct lb_ctx *ctx, const struct lb_route *route);

/* The packet goes on through the stack, past later hooks of ours. */
enum lb_verdict lb_accept_handled(struct lb_ctx *ctx);

/* ICMP errors want to know where a packet came in. */
void lb_icmp_unreach(struct lb_ctx *ctx, u8 code4, u8 code6);

#endif /* LB_XMIT_METHOD_H */
