/* SPDX-License-Identifier: GPL-2.0 */
/* Fragments become packets, so that every packet has its ports. What leaves
 * again is fragmented again by the stack, no larger than it came.
 */
#ifndef LB_DEFRAG_H
#define LB_DEFRAG_H

#include "packet.h"

int lb_defrag_init(void);
/* No namespace is left. */
void lb_defrag_exit(void);

int lb_defrag_net_init(struct lb_net *ln);
/* Before the grace period that lb_defrag_net_exit() needs; no packet comes. */
void lb_defrag_net_pre_exit(struct lb_net *ln);
void lb_defrag_net_exit(struct lb_net *ln);

/**
 * lb_defrag - ctx->skb is a fragment
 * @ctx: skb, ln and hook are set
 *
 * Context: BH disabled, rcu_read_lock().
 * Return: LB_CONTINUE when the packet is whole, with its headers moved: what
 * was read of it is void; LB_ACCEPT when nothing of ours can come of it;
 * LB_STOLEN when it waits for the rest, or was discarded and counted; LB_DROP.
 */
enum lb_verdict lb_defrag(struct lb_ctx *ctx);

#endif /* LB_DEFRAG_H */
