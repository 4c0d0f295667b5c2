// SPDX-License-Identifier: GPL-2.0
/* Events: what changed, to whoever listens to the group "config". An event
 * shows the object as its commit left it; of an object that the same commit
 * removed again, and of one that is removed, it tells the name only.
 *
 * An event that cannot be made is not lost in silence: listeners read ENOBUFS
 * and know that they have to ask again.
 */
#include "netlink.h"

static struct sk_buff *lb_nl_event_new(struct lb_net *ln, u8 cmd, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (skb)
		*hdr = genlmsg_put(skb, 0, 0, &lb_nl_family, 0, cmd);
	return skb;
}

static void lb_nl_event_send(struct lb_net *ln, struct sk_buff *skb, void *hdr, int err)
{
	if (err) {
		nlmsg_free(skb);
		genl_set_err(&lb_nl_family, ln->net, 0, LB_NLGRP_CONFIG, -ENOBUFS);
		return;
	}
	genlmsg_end(skb, hdr);
	/* Fails when there is no listener any more, or for one that reads
	 * ENOBUFS then.
	 */
	genlmsg_multicast_netns(&lb_nl_family, ln->net, skb, 0, LB_NLGRP_CONFIG, GFP_KERNEL);
}

static int lb_nl_put_service_change(struct sk_buff *skb, struct lb_net *ln,
				    const struct lb_change *change)
{
	struct lb_service *svc = NULL;

	if (change->cmd != LB_CMD_SERVICE_DEL)
		svc = lb_nl_find_service(ln, &change->key);
	if (svc)
		return lb_nl_put_service(skb, svc);
	return lb_nl_put_key(skb, LB_A_SERVICE_KEY, &change->key) ?:
	       nla_put_u32(skb, LB_A_SERVICE_GENERATION, ln->generation);
}

static int lb_nl_put_dest_change(struct sk_buff *skb, struct lb_net *ln,
				 const struct lb_change *change)
{
	const struct lb_dest_spec *spec = &change->dest;
	const struct lb_pool_entry *entry = NULL;
	struct lb_service *svc = NULL;

	if (change->cmd != LB_CMD_DEST_DEL)
		svc = lb_nl_find_service(ln, &change->key);
	if (svc)
		entry = lb_nl_find_dest(svc, spec);
	if (entry)
		return lb_nl_put_dest(skb, svc, entry);
	return lb_nl_put_key(skb, LB_A_DEST_SERVICE, &change->key) ?:
	       nla_put_u16(skb, LB_A_DEST_FAMILY, spec->family) ?:
	       lb_nl_put_addr(skb, LB_A_DEST_ADDR, spec->family, &spec->addr) ?:
	       nla_put_be16(skb, LB_A_DEST_PORT, spec->port) ?:
	       nla_put_u32(skb, LB_A_DEST_GENERATION, ln->generation);
}

static int lb_nl_put_change(struct sk_buff *skb, struct lb_net *ln,
			    const struct lb_change *change)
{
	switch (change->cmd) {
	case LB_CMD_SERVICE_NEW:
	case LB_CMD_SERVICE_SET:
	case LB_CMD_SERVICE_DEL:
		return lb_nl_put_service_change(skb, ln, change);
	case LB_CMD_FLUSH:
		return nla_put_u32(skb, LB_A_SERVICE_GENERATION, ln->generation);
	case LB_CMD_SETTINGS_SET:
		return lb_nl_put_settings(skb, ln);
	default:
		return lb_nl_put_dest_change(skb, ln, change);
	}
}

static const u8 lb_nl_event_cmd[] = {
	[LB_CMD_SERVICE_NEW]	= LB_CMD_SERVICE_NEW_NTF,
	[LB_CMD_SERVICE_SET]	= LB_CMD_SERVICE_SET_NTF,
	[LB_CMD_SERVICE_DEL]	= LB_CMD_SERVICE_DEL_NTF,
	[LB_CMD_DEST_NEW]	= LB_CMD_DEST_NEW_NTF,
	[LB_CMD_DEST_SET]	= LB_CMD_DEST_SET_NTF,
	[LB_CMD_DEST_DEL]	= LB_CMD_DEST_DEL_NTF,
	[LB_CMD_FLUSH]		= LB_CMD_FLUSH_NTF,
	[LB_CMD_SETTINGS_SET]	= LB_CMD_SETTINGS_SET_NTF,
};

void lb_nl_event_change(struct lb_net *ln, const struct lb_change *change)
{
	struct sk_buff *skb;
	void *hdr;

	if (!genl_has_listeners(&lb_nl_family, ln->net, LB_NLGRP_CONFIG))
		return;
	skb = lb_nl_event_new(ln, lb_nl_event_cmd[change->cmd], &hdr);
	lb_nl_event_send(ln, skb, hdr, skb ? lb_nl_put_change(skb, ln, change) : -ENOMEM);
}

void lb_nl_event_sync(struct lb_net *ln, u8 cmd, const struct lb_sync_conf *conf)
{
	struct sk_buff *skb;
	void *hdr;

	if (!genl_has_listeners(&lb_nl_family, ln->net, LB_NLGRP_CONFIG))
		return;
	mutex_lock(&ln->lock);
	skb = lb_nl_event_new(ln, cmd, &hdr);
	lb_nl_event_send(ln, skb, hdr, skb ? lb_nl_put_sync(skb, conf) : -ENOMEM);
	mutex_unlock(&ln->lock);
}
