/* SPDX-License-Identifier: GPL-2.0 */
/* What a packet does to its connection's state: the transport protocols'
 * events, states and timeouts. The state tables are in core/.
 */
#ifndef LB_PROTO_H
#define LB_PROTO_H

#include "lb.h"

struct lb_conn;
struct lb_ctx;

/* Fills the defaults, ip_vs's. */
void lb_proto_default_timeouts(u32 timeout[LB_STATES]);

/* Advances ctx->conn and notes that it was seen. Not for ICMP errors. */
void lb_proto_step(struct lb_ctx *ctx);

/* A new connection's state before its first packet is stepped. */
u8 lb_proto_first_state(u8 proto);

/* May this packet, which belongs to no connection, open one? LB_CONTINUE if so,
 * LB_ACCEPT if it is not ours to judge, LB_DROP.
 */
enum lb_verdict lb_proto_opens(const struct lb_ctx *ctx);

/* May this packet, which belongs to ctx->conn, open another one in its place: a
 * SYN, or SCTP's INIT, on one that is over or whose destination takes no more?
 */
bool lb_proto_reopens(const struct lb_ctx *ctx);

#endif /* LB_PROTO_H */
