/* SPDX-License-Identifier: GPL-2.0 */
/* What the tunnel method puts around a packet: the values, and which go together.
 * How each looks on the wire is xmit/'s.
 */
#ifndef LB_TUNNEL_H
#define LB_TUNNEL_H

#include <linux/types.h>

struct lb_dest_spec;
struct lb_edit;
struct netlink_ext_ack;

/**
 * union lb_tunnel - a destination's tunnel
 * @type: enum lb_tunnel_type
 * @checksum: enum lb_tunnel_checksum
 * @port: of the receiver, network byte order; 0 where the type has none
 * @word: all of it, so that packets never see parts of two
 */
union lb_tunnel {
	struct {
		u8 type;
		u8 checksum;
		__be16 port;
	};
	u32 word;
};

/**
 * lb_tunnel_edit - what an edit makes of a destination's tunnel
 * @edit: says what to blame for a refusal
 * @tunnel: as it was, and is to be; as it was when the edit is refused
 * @spec: what is given
 * @method: the destination's enum lb_method, as it is to be
 * @extack: why it is refused
 *
 * Another type than before begins anew, without a port or checksum unless given.
 * Return: 0 or -EINVAL.
 */
int lb_tunnel_edit(struct lb_edit *edit, union lb_tunnel *tunnel, const struct lb_dest_spec *spec,
		   u8 method, struct netlink_ext_ack *extack);

#endif /* LB_TUNNEL_H */
