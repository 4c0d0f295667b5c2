/* SPDX-License-Identifier: GPL-2.0 */
/* Sending a packet of a connection on its way: route, path MTU, TTL, then the
 * method's own work in xmit/. Every packet that leaves here is marked as
 * handled, so that later hooks let it pass.
 */
#ifndef LB_XMIT_H
#define LB_XMIT_H

#include "conn.h"
#include "packet.h"

/**
 * lb_xmit - send ctx->skb along ctx->conn
 * @ctx: conn and dir are set; pkt describes the packet, which may be an ICMP
 *	error about one of the connection's packets
 *
 * Return: LB_STOLEN when it is sent, LB_ACCEPT when the stack is to go on with
 * it (a reply in FORWARD, a local destination or client), LB_DROP, counted.
 */
enum lb_verdict lb_xmit(struct lb_ctx *ctx);

/* Tells the sender that nobody serves it: ICMP port unreachable, as ip_vs. */
void lb_xmit_unreachable(struct lb_ctx *ctx);

/**
 * lb_xmit_tunnel_error - an ICMP error about a packet that we encapsulated
 * @ctx: skb, ln, hook, pkt.l4 and pkt.quoted_l3 are set; the skb is an ICMP or
 *	ICMPv6 error at LOCAL_IN that quotes an IPIP, UDP or GRE packet
 *
 * Learns the path MTU towards the destination, and passes what concerns the
 * client on to it.
 * Return: LB_CONTINUE when the quoted packet is none of a tunnel of ours;
 * LB_STOLEN when it was; LB_ACCEPT when it was, but says nothing that we know;
 * LB_DROP when the error is damaged.
 */
enum lb_verdict lb_xmit_tunnel_error(struct lb_ctx *ctx);

/**
 * lb_xmit_reset - ends a TCP connection by a segment of it
 * @ctx: conn and dir are set; pkt is not a reset, nor an ICMP error
 *
 * The sender gets a reset that answers its segment. The segment itself becomes
 * one for the other end, whom it reaches by the rest of the packet's way. Where
 * that end expects another sequence number, because segments are missing, it
 * says so (RFC 5961, 3.2), and is told by what it says.
 * Return: LB_CONTINUE; LB_DROP, counted.
 */
enum lb_verdict lb_xmit_reset(struct lb_ctx *ctx);

/**
 * lb_xmit_probe - makes one end of a TCP connection send a segment
 * @ln: namespace
 * @conn: connection
 *
 * By an acknowledgment outside of its window, which it has to answer (RFC 9293,
 * 3.10.7.4), and the answer has the numbers that lb_xmit_reset() needs. The end is
 * the destination with nat; otherwise, its answers not coming here, the client.
 * Nobody is told when that does not succeed.
 * Context: rcu_read_lock(), process context.
 */
void lb_xmit_probe(struct lb_net *ln, const struct lb_conn *conn);

/* Has a hook of ours handled this packet before? */
static inline bool lb_skb_handled(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_IP_VS)
	return skb->ipvs_property;
#else
/* The module itself need not be loaded. */
#error "packets are marked with skb->ipvs_property, which needs CONFIG_IP_VS=m"
#endif
}

static inline void lb_skb_set_handled(struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_IP_VS)
	skb->ipvs_property = 1;
#endif
}

#endif /* LB_XMIT_H */
