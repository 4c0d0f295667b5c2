/* SPDX-License-Identifier: GPL-2.0 */
/* What stands between the outer IP header and the client's packet, one file per
 * encapsulation. IPIP has nothing there.
 */
#ifndef LB_XMIT_ENCAP_H
#define LB_XMIT_ENCAP_H

#include <linux/skbuff.h>

#include "../packet.h"
#include "../tunnel.h"
#include "route.h"

/**
 * struct lb_quoted - an outer packet that an ICMP error quotes
 * @type: enum lb_tunnel_type
 * @proto: IPPROTO_IPIP or IPPROTO_IPV6: what the client's packet is
 * @port: where it went, LB_TUNNEL_TYPE_GUE
 * @inner: offset from skb->data of the client's packet
 */
struct lb_quoted {
	u8 type;
	u8 proto;
	__be16 port;
	unsigned int inner;
};

/* Length of the headers; @partial: the packet's checksum waits for a device. */
unsigned int lb_gue_len(union lb_tunnel tunnel, bool partial);
unsigned int lb_gre_len(union lb_tunnel tunnel);

/* What segments will need: SKB_GSO_*. */
int lb_gue_gso(union lb_tunnel tunnel, u8 family, bool partial);
int lb_gre_gso(union lb_tunnel tunnel);

/**
 * lb_gue_push - put UDP and GUE in front of a packet
 * @ctx: packet; skb->data is at its network header, iptunnel_handle_offloads() was
 *	done with lb_gue_gso(), inner offsets are set, and there is headroom
 * @tunnel: how
 * @proto: IPPROTO_IPIP or IPPROTO_IPV6: what the packet is
 * @route: both addresses, for the checksum
 */
void lb_gue_push(struct lb_ctx *ctx, union lb_tunnel tunnel, u8 proto,
		 const struct lb_route *route);
/* The same with GRE. */
void lb_gre_push(struct lb_ctx *ctx, union lb_tunnel tunnel, u8 proto);

/* A quoted UDP or GRE header at @offset: false when it is none that we send. */
bool lb_gue_read(const struct sk_buff *skb, unsigned int offset, struct lb_quoted *quoted);
bool lb_gre_read(const struct sk_buff *skb, unsigned int offset, struct lb_quoted *quoted);

/* tunnel.c: bytes that a tunnel of @family puts in front of a packet. */
unsigned int lb_tunnel_overhead(u8 family, union lb_tunnel tunnel, bool partial);

#endif /* LB_XMIT_ENCAP_H */
