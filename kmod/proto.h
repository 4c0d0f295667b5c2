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

/* A TCP connection is over: in a few seconds it is forgotten. Returns false when it is
 * already. BH or process context, under rcu_read_lock().
 */
bool lb_proto_close(const struct lb_net *ln, struct lb_conn *conn);

/* Another director says that it is in that state; @timeout in jiffies, 0 for the state's
 * own. Context: as above.
 */
void lb_proto_bring(const struct lb_net *ln, struct lb_conn *conn, u8 state, u32 timeout);

/* Is there a connection of this protocol in that state, ever? */
bool lb_proto_has_state(u8 proto, u8 state);

struct lb_dest;

/**
 * lb_proto_timeout - how long a connection may be silent
 * @ln: namespace
 * @dest: the connection's
 * @state: its state
 *
 * Context: rcu_read_lock().
 * Return: jiffies; those of the destination's service, else the namespace's.
 */
u32 lb_proto_timeout(const struct lb_net *ln, const struct lb_dest *dest, u8 state);

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
