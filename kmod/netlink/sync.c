// SPDX-License-Identifier: GPL-2.0
/* sync-start, -stop and -get: daemons of the synchronisation (sync/). None of them takes
 * ln->lock; what is counted of it is a part of stats-get.
 */
#include "netlink.h"

int lb_nl_put_sync(struct sk_buff *skb, const struct lb_sync_conf *conf)
{
	if (nla_put_u8(skb, LB_A_SYNC_ROLE, conf->role) ||
	    nla_put_string(skb, LB_A_SYNC_IFNAME, conf->ifname) ||
	    nla_put_u8(skb, LB_A_SYNC_ID, conf->id) ||
	    nla_put_u16(skb, LB_A_SYNC_MAX_LENGTH, conf->maxlen) ||
	    lb_nl_put_addr(skb, LB_A_SYNC_GROUP, conf->family, &conf->group) ||
	    nla_put_u16(skb, LB_A_SYNC_PORT, conf->port) ||
	    nla_put_u8(skb, LB_A_SYNC_TTL, conf->ttl) ||
	    nla_put_u32(skb, LB_A_SYNC_PORTS, conf->ports))
		return -EMSGSIZE;
	return 0;
}

static int lb_nl_parse_sync(struct lb_sync_conf *conf, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	const struct nlattr *group = attrs[LB_A_SYNC_GROUP];

	if (!attrs[LB_A_SYNC_ROLE])
		return lb_nl_missing(info->extack, NULL, LB_A_SYNC_ROLE, "master or backup");
	if (!attrs[LB_A_SYNC_IFNAME])
		return lb_nl_missing(info->extack, NULL, LB_A_SYNC_IFNAME, "the interface");
	conf->exact = true;
	conf->role = nla_get_u8(attrs[LB_A_SYNC_ROLE]);
	nla_strscpy(conf->ifname, attrs[LB_A_SYNC_IFNAME], sizeof(conf->ifname));
	if (attrs[LB_A_SYNC_ID])
		conf->id = nla_get_u8(attrs[LB_A_SYNC_ID]);
	if (attrs[LB_A_SYNC_MAX_LENGTH])
		conf->maxlen = nla_get_u16(attrs[LB_A_SYNC_MAX_LENGTH]);
	if (attrs[LB_A_SYNC_PORT])
		conf->port = nla_get_u16(attrs[LB_A_SYNC_PORT]);
	if (attrs[LB_A_SYNC_TTL])
		conf->ttl = nla_get_u8(attrs[LB_A_SYNC_TTL]);
	if (!group)
		return 0;
	conf->family = nla_len(group) == sizeof(conf->group.ip) ? AF_INET : AF_INET6;
	if (nla_len(group) != lb_addr_len(conf->family)) {
		NL_SET_ERR_MSG_ATTR(info->extack, group, "an address has 4 bytes, or 16");
		return -EINVAL;
	}
	memcpy(&conf->group, nla_data(group), nla_len(group));
	return 0;
}

int lb_nl_sync_start(struct lb_net *ln, struct lb_sync_conf *conf, struct netlink_ext_ack *extack)
{
	int err = lb_sync_start(ln, conf, extack);

	if (!err)
		lb_nl_event_sync(ln, LB_CMD_SYNC_START_NTF, conf);
	return err;
}

int lb_nl_sync_stop(struct lb_net *ln, u8 role, struct netlink_ext_ack *extack)
{
	struct lb_sync_conf conf = {};
	bool ran = lb_sync_get(ln, role, &conf);
	int err = lb_sync_stop(ln, role, extack);

	if (!err && ran)
		lb_nl_event_sync(ln, LB_CMD_SYNC_STOP_NTF, &conf);
	return err;
}

int lb_nl_sync_start_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_sync_conf conf = {};

	return lb_nl_parse_sync(&conf, info) ?:
	       lb_nl_sync_start(lb_nl_net(info), &conf, info->extack);
}

int lb_nl_sync_stop_doit(struct sk_buff *skb, struct genl_info *info)
{
	if (!info->attrs[LB_A_SYNC_ROLE])
		return lb_nl_missing(info->extack, NULL, LB_A_SYNC_ROLE, "master or backup");
	return lb_nl_sync_stop(lb_nl_net(info), nla_get_u8(info->attrs[LB_A_SYNC_ROLE]),
			       info->extack);
}

int lb_nl_sync_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_net *ln = lb_nl_net(info);
	struct lb_sync_conf conf;
	struct sk_buff *reply;
	void *hdr;

	if (!info->attrs[LB_A_SYNC_ROLE])
		return lb_nl_missing(info->extack, NULL, LB_A_SYNC_ROLE, "master or backup");
	if (!lb_sync_get(ln, nla_get_u8(info->attrs[LB_A_SYNC_ROLE]), &conf)) {
		NL_SET_ERR_MSG(info->extack, "that daemon does not run");
		return -ESRCH;
	}
	reply = lb_nl_reply_new(info, LB_CMD_SYNC_GET, &hdr);
	if (!reply)
		return -ENOMEM;
	return lb_nl_reply_send(info, reply, hdr, lb_nl_put_sync(reply, &conf));
}

/* One message holds them all: there are two. */
int lb_nl_sync_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct lb_net *ln = lb_net(sock_net(skb->sk));
	struct lb_sync_conf conf;
	void *hdr;

	for (; cb->args[0] < LB_SYNC_ROLES; cb->args[0]++) {
		if (!lb_sync_get(ln, LB_SYNC_ROLE_MASTER + cb->args[0], &conf))
			continue;
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				  &lb_nl_family, NLM_F_MULTI, LB_CMD_SYNC_GET);
		if (!hdr)
			break;
		if (lb_nl_put_sync(skb, &conf)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	return skb->len;
}
