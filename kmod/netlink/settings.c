// SPDX-License-Identifier: GPL-2.0
/* settings-get and -set: seconds outside, jiffies inside. */
#include <linux/jiffies.h>

#include "../conn.h"
#include "netlink.h"

static const u16 lb_nl_timeout_attr[LB_STATES] = {
	[LB_STATE_NONE]		= LB_A_SETTINGS_TCP_NONE,
	[LB_STATE_ESTABLISHED]	= LB_A_SETTINGS_TCP_ESTABLISHED,
	[LB_STATE_SYN_SENT]	= LB_A_SETTINGS_TCP_SYN_SENT,
	[LB_STATE_SYN_RECV]	= LB_A_SETTINGS_TCP_SYN_RECV,
	[LB_STATE_FIN_WAIT]	= LB_A_SETTINGS_TCP_FIN_WAIT,
	[LB_STATE_TIME_WAIT]	= LB_A_SETTINGS_TCP_TIME_WAIT,
	[LB_STATE_CLOSE]	= LB_A_SETTINGS_TCP_CLOSE,
	[LB_STATE_CLOSE_WAIT]	= LB_A_SETTINGS_TCP_CLOSE_WAIT,
	[LB_STATE_LAST_ACK]	= LB_A_SETTINGS_TCP_LAST_ACK,
	[LB_STATE_LISTEN]	= LB_A_SETTINGS_TCP_LISTEN,
	[LB_STATE_SYNACK]	= LB_A_SETTINGS_TCP_SYNACK,
	[LB_STATE_UDP]		= LB_A_SETTINGS_UDP,
	[LB_STATE_SCTP_NONE] = LB_A_SETTINGS_SCTP_NONE,
	[LB_STATE_SCTP_INIT1] = LB_A_SETTINGS_SCTP_INIT1,
	[LB_STATE_SCTP_INIT] = LB_A_SETTINGS_SCTP_INIT,
	[LB_STATE_SCTP_COOKIE_SENT] = LB_A_SETTINGS_SCTP_COOKIE_SENT,
	[LB_STATE_SCTP_COOKIE_REPLIED] = LB_A_SETTINGS_SCTP_COOKIE_REPLIED,
	[LB_STATE_SCTP_COOKIE_WAIT] = LB_A_SETTINGS_SCTP_COOKIE_WAIT,
	[LB_STATE_SCTP_COOKIE] = LB_A_SETTINGS_SCTP_COOKIE,
	[LB_STATE_SCTP_COOKIE_ECHOED] = LB_A_SETTINGS_SCTP_COOKIE_ECHOED,
	[LB_STATE_SCTP_ESTABLISHED] = LB_A_SETTINGS_SCTP_ESTABLISHED,
	[LB_STATE_SCTP_SHUTDOWN_SENT] = LB_A_SETTINGS_SCTP_SHUTDOWN_SENT,
	[LB_STATE_SCTP_SHUTDOWN_RECEIVED] = LB_A_SETTINGS_SCTP_SHUTDOWN_RECEIVED,
	[LB_STATE_SCTP_SHUTDOWN_ACK_SENT] = LB_A_SETTINGS_SCTP_SHUTDOWN_ACK_SENT,
	[LB_STATE_SCTP_REJECTED] = LB_A_SETTINGS_SCTP_REJECTED,
	[LB_STATE_SCTP_CLOSED] = LB_A_SETTINGS_SCTP_CLOSED,
};

int lb_nl_put_settings(struct sk_buff *skb, const struct lb_net *ln)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lb_nl_timeout_attr); i++)
		if (nla_put_u32(skb, lb_nl_timeout_attr[i], ln->settings.timeout[i] / HZ))
			return -EMSGSIZE;
	if (nla_put_u32(skb, LB_A_SETTINGS_CONN_MAX, ln->settings.conn_max) ||
	    nla_put_u32(skb, LB_A_SETTINGS_SLOPPY_SCTP, ln->settings.sloppy_sctp) ||
	    nla_put_u32(skb, LB_A_SETTINGS_SCHEDULE_ICMP, ln->settings.schedule_icmp) ||
	    nla_put_u32(skb, LB_A_SETTINGS_GENERATION, ln->generation))
		return -EMSGSIZE;
	return 0;
}

int lb_nl_settings_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_net *ln = lb_nl_net(info);
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = lb_nl_reply_new(info, LB_CMD_SETTINGS_GET, &hdr);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&ln->lock);
	err = lb_nl_put_settings(reply, ln);
	mutex_unlock(&ln->lock);
	return lb_nl_reply_send(info, reply, hdr, err);
}

static int lb_nl_parse_timeout(u32 *timeout, const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	u64 ticks = (u64)nla_get_u32(attr) * HZ;

	/* Ages are compared as signed 32-bit jiffies. */
	if (ticks > S32_MAX - LB_CONN_TICK) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "longer than this kernel's clock (HZ) can tell");
		return -ERANGE;
	}
	*timeout = ticks;
	return 0;
}

int lb_nl_settings_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *schedule_icmp = info->attrs[LB_A_SETTINGS_SCHEDULE_ICMP];
	const struct nlattr *sloppy_sctp = info->attrs[LB_A_SETTINGS_SLOPPY_SCTP];
	const struct nlattr *conn_max = info->attrs[LB_A_SETTINGS_CONN_MAX];
	struct lb_change change = { .cmd = LB_CMD_SETTINGS_SET };
	struct lb_settings_spec *spec = &change.settings;
	const struct nlattr *attr;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(lb_nl_timeout_attr); i++) {
		attr = info->attrs[lb_nl_timeout_attr[i]];
		if (!attr)
			continue;
		err = lb_nl_parse_timeout(&spec->to.timeout[i], attr, info->extack);
		if (err)
			return err;
		spec->set |= LB_SETTINGS_TIMEOUT(i);
	}
	if (conn_max) {
		spec->to.conn_max = nla_get_u32(conn_max);
		spec->set |= LB_SETTINGS_CONN_MAX;
	}
	if (sloppy_sctp) {
		spec->to.sloppy_sctp = nla_get_u32(sloppy_sctp);
		spec->set |= LB_SETTINGS_SLOPPY_SCTP;
	}
	if (schedule_icmp) {
		spec->to.schedule_icmp = nla_get_u32(schedule_icmp);
		spec->set |= LB_SETTINGS_SCHEDULE_ICMP;
	}
	if (!spec->set)
		return 0;
	return lb_nl_change(info, &change, info->attrs[LB_A_SETTINGS_TXN]);
}
