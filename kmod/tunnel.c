// SPDX-License-Identifier: GPL-2.0
/* Which type of tunnel goes with which port and checksum. */
#include "tunnel.h"

#include <linux/netlink.h>

#include "refuse.h"

static int lb_tunnel_refuse(struct lb_edit *edit, enum lb_blame blame)
{
	return lb_refuse(edit, blame, -EINVAL);
}

static int lb_tunnel_refuse_any(struct lb_edit *edit, const union lb_tunnel *tunnel,
				struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "only the tunnel method has a type, port and checksum of a tunnel");
	if (tunnel->type)
		return lb_tunnel_refuse(edit, LB_BLAME_TUNNEL_TYPE);
	if (tunnel->port)
		return lb_tunnel_refuse(edit, LB_BLAME_TUNNEL_PORT);
	return lb_tunnel_refuse(edit, LB_BLAME_TUNNEL_CHECKSUM);
}

static int lb_tunnel_check(struct lb_edit *edit, const union lb_tunnel *tunnel, u32 given,
			   struct netlink_ext_ack *extack)
{
	if (tunnel->type > LB_TUNNEL_TYPE_GRE) {
		NL_SET_ERR_MSG(extack, "a tunnel is ipip, gue or gre");
		return lb_tunnel_refuse(edit, LB_BLAME_TUNNEL_TYPE);
	}
	if (tunnel->checksum > LB_TUNNEL_CHECKSUM_REMOTE) {
		NL_SET_ERR_MSG(extack, "a tunnel's checksum is none, normal or remote");
		return lb_tunnel_refuse(edit, LB_BLAME_TUNNEL_CHECKSUM);
	}
	if (tunnel->type == LB_TUNNEL_TYPE_GUE && !tunnel->port) {
		NL_SET_ERR_MSG(extack,
			       "gue needs a tunnel port, the one that the destination receives on");
		return lb_tunnel_refuse(edit, given & LB_DEST_SET_TUNNEL_PORT ?
						      LB_BLAME_TUNNEL_PORT : LB_BLAME_TUNNEL_TYPE);
	}
	if (tunnel->type != LB_TUNNEL_TYPE_GUE && tunnel->port) {
		NL_SET_ERR_MSG(extack, "only gue has a tunnel port");
		return lb_tunnel_refuse(edit, LB_BLAME_TUNNEL_PORT);
	}
	if (tunnel->type == LB_TUNNEL_TYPE_IPIP && tunnel->checksum) {
		NL_SET_ERR_MSG(extack, "ipip has no checksum; gue and gre have");
		return lb_tunnel_refuse(edit, LB_BLAME_TUNNEL_CHECKSUM);
	}
	if (tunnel->type == LB_TUNNEL_TYPE_GRE && tunnel->checksum == LB_TUNNEL_CHECKSUM_REMOTE) {
		NL_SET_ERR_MSG(extack, "only gue can leave a checksum to the receiver; use normal");
		return lb_tunnel_refuse(edit, LB_BLAME_TUNNEL_CHECKSUM);
	}
	return 0;
}

int lb_tunnel_edit(struct lb_edit *edit, union lb_tunnel *tunnel, const struct lb_dest_spec *spec,
		   u8 method, struct netlink_ext_ack *extack)
{
	const u32 given = spec->set;
	union lb_tunnel to = *tunnel;
	int err;

	if (method != LB_METHOD_TUNNEL) {
		/* What is not given is 0, which is what there is without. */
		if (spec->tunnel.word)
			return lb_tunnel_refuse_any(edit, &spec->tunnel, extack);
		tunnel->word = 0;
		return 0;
	}

	if ((given & LB_DEST_SET_TUNNEL_TYPE) && spec->tunnel.type != to.type)
		to = (union lb_tunnel){ .type = spec->tunnel.type };
	if (given & LB_DEST_SET_TUNNEL_PORT)
		to.port = spec->tunnel.port;
	if (given & LB_DEST_SET_TUNNEL_CHECKSUM)
		to.checksum = spec->tunnel.checksum;
	err = lb_tunnel_check(edit, &to, given, extack);
	if (err)
		return err;
	*tunnel = to;
	return 0;
}
