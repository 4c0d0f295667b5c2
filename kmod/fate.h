/* SPDX-License-Identifier: GPL-2.0 */
/* Connections whose destination was removed, or has drained to its deadline. */
#ifndef LB_FATE_H
#define LB_FATE_H

#include "conn.h"
#include "packet.h"

/**
 * lb_fate - a packet of a connection that is not simply to go on
 * @ctx: conn and dir are set, and conn->dest->fate is not LB_FATE_NONE; conn is
 *	another one afterwards where the packet is to go on elsewhere
 *
 * Return: LB_CONTINUE when the packet goes on in ctx->conn, perhaps as a reset;
 * LB_ACCEPT when the connection is forgotten and the stack is to answer;
 * LB_DROP; LB_STOLEN.
 */
enum lb_verdict lb_fate(struct lb_ctx *ctx);

/**
 * lb_fate_ends - the sweep has met a connection
 * @ln: namespace
 * @conn: connection, alive
 *
 * Asks one end of an idle TCP connection that is to be reset for the numbers by
 * which both will believe it: what it answers comes to lb_fate().
 * Context: rcu_read_lock(), process context.
 * Return: true when @conn is to be forgotten at once.
 */
bool lb_fate_ends(struct lb_net *ln, struct lb_conn *conn);

#endif /* LB_FATE_H */
