// SPDX-License-Identifier: GPL-2.0
/* NEW_, DEL_ and GET_DAEMON of the family "IPVS": ip_vs's words for sync/. Errors are
 * ip_vs's.
 */
#include "ipvs.h"

#include <linux/inetdevice.h>

static const struct nla_policy lb_ipvs_daemon_policy[IPVS_DAEMON_ATTR_MAX + 1] = {
	[IPVS_DAEMON_ATTR_STATE] = { .type = NLA_U32 },
	[IPVS_DAEMON_ATTR_MCAST_IFN] = { .type = NLA_NUL_STRING, .len = IP_VS_IFNAME_MAXLEN - 1 },
	[IPVS_DAEMON_ATTR_SYNC_ID] = { .type = NLA_U32 },
	[IPVS_DAEMON_ATTR_SYNC_MAXLEN] = { .type = NLA_U16 },
	[IPVS_DAEMON_ATTR_MCAST_GROUP] = { .type = NLA_U32 },
	[IPVS_DAEMON_ATTR_MCAST_GROUP6] = { .len = sizeof(struct in6_addr) },
	[IPVS_DAEMON_ATTR_MCAST_PORT] = { .type = NLA_U16 },
	[IPVS_DAEMON_ATTR_MCAST_TTL] = { .type = NLA_U8 },
};

static int lb_ipvs_parse_daemon(struct lb_sync_conf *conf, struct nlattr **tb,
				struct netlink_ext_ack *extack)
{
	if (!tb[IPVS_DAEMON_ATTR_MCAST_IFN] || !tb[IPVS_DAEMON_ATTR_SYNC_ID])
		return -EINVAL;
	if (nla_get_u32(tb[IPVS_DAEMON_ATTR_SYNC_ID]) > U8_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IPVS_DAEMON_ATTR_SYNC_ID],
				    "an id is 0 to 255: it has a byte in messages");
		return -EINVAL;
	}
	nla_strscpy(conf->ifname, tb[IPVS_DAEMON_ATTR_MCAST_IFN], sizeof(conf->ifname));
	conf->id = nla_get_u32(tb[IPVS_DAEMON_ATTR_SYNC_ID]);
	if (tb[IPVS_DAEMON_ATTR_SYNC_MAXLEN])
		conf->maxlen = nla_get_u16(tb[IPVS_DAEMON_ATTR_SYNC_MAXLEN]);
	if (tb[IPVS_DAEMON_ATTR_MCAST_GROUP]) {
		conf->family = AF_INET;
		conf->group.ip = nla_get_in_addr(tb[IPVS_DAEMON_ATTR_MCAST_GROUP]);
	} else if (tb[IPVS_DAEMON_ATTR_MCAST_GROUP6]) {
		conf->family = AF_INET6;
		conf->group.ip6 = nla_get_in6_addr(tb[IPVS_DAEMON_ATTR_MCAST_GROUP6]);
	}
	if (tb[IPVS_DAEMON_ATTR_MCAST_PORT])
		conf->port = nla_get_u16(tb[IPVS_DAEMON_ATTR_MCAST_PORT]);
	if (tb[IPVS_DAEMON_ATTR_MCAST_TTL])
		conf->ttl = nla_get_u8(tb[IPVS_DAEMON_ATTR_MCAST_TTL]);
	return 0;
}

int lb_ipvs_daemon_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[IPVS_CMD_ATTR_DAEMON];
	struct nlattr *tb[IPVS_DAEMON_ATTR_MAX + 1];
	struct lb_net *ln = lb_nl_net(info);
	struct lb_sync_conf conf = {};
	u32 role;

	if (!nest ||
	    nla_parse_nested_deprecated(tb, IPVS_DAEMON_ATTR_MAX, nest, lb_ipvs_daemon_policy,
					info->extack) ||
	    !tb[IPVS_DAEMON_ATTR_STATE])
		return -EINVAL;
	role = nla_get_u32(tb[IPVS_DAEMON_ATTR_STATE]);
	if (role != LB_SYNC_ROLE_MASTER && role != LB_SYNC_ROLE_BACKUP)
		return -EINVAL;
	if (info->genlhdr->cmd == IPVS_CMD_DEL_DAEMON)
		return lb_nl_sync_stop(ln, role, info->extack);
	conf.role = role;
	return lb_ipvs_parse_daemon(&conf, tb, info->extack) ?:
	       lb_nl_sync_start(ln, &conf, info->extack);
}

static int lb_ipvs_fill_daemon(struct sk_buff *skb, const struct lb_sync_conf *conf)
{
	struct nlattr *nest = nla_nest_start_noflag(skb, IPVS_CMD_ATTR_DAEMON);

	if (!nest ||
	    nla_put_u32(skb, IPVS_DAEMON_ATTR_STATE, conf->role) ||
	    nla_put_string(skb, IPVS_DAEMON_ATTR_MCAST_IFN, conf->ifname) ||
	    nla_put_u32(skb, IPVS_DAEMON_ATTR_SYNC_ID, conf->id) ||
	    nla_put_u16(skb, IPVS_DAEMON_ATTR_SYNC_MAXLEN, conf->maxlen) ||
	    nla_put_u16(skb, IPVS_DAEMON_ATTR_MCAST_PORT, conf->port) ||
	    nla_put_u8(skb, IPVS_DAEMON_ATTR_MCAST_TTL, conf->ttl))
		return -EMSGSIZE;
	if (conf->family == AF_INET6 ?
	    nla_put_in6_addr(skb, IPVS_DAEMON_ATTR_MCAST_GROUP6, &conf->group.ip6) :
	    nla_put_in_addr(skb, IPVS_DAEMON_ATTR_MCAST_GROUP, conf->group.ip))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int lb_ipvs_dump_daemons(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct lb_net *ln = lb_net(sock_net(skb->sk));
	struct lb_sync_conf conf;
	void *hdr;

	for (; cb->args[0] < LB_SYNC_ROLES; cb->args[0]++) {
		if (!lb_sync_get(ln, LB_SYNC_ROLE_MASTER + cb->args[0], &conf))
			continue;
		hdr = lb_ipvs_dump_put(skb, cb, IPVS_CMD_NEW_DAEMON);
		if (!hdr)
			break;
		if (lb_ipvs_fill_daemon(skb, &conf)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	return skb->len;
}
