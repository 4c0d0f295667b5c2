// SPDX-License-Identifier: GPL-2.0
/* settings-get and -set, by a table: what is a setting is said there and in the
 * spec, nowhere else.
 */
#include <linux/jiffies.h>

#include "../conn.h"
#include "netlink.h"

/* How a setting is told outside. */
enum lb_nl_unit {
	LB_NL_NUMBER,
	LB_NL_SECONDS,	/* jiffies inside */
};

/**
 * struct lb_nl_setting - a setting's name
 * @attr: LB_A_SETTINGS_*, a u32 whose range the spec gives
 * @field: LB_SETTINGS_FIELD()
 * @unit: enum lb_nl_unit
 */
struct lb_nl_setting {
	u8 attr;
	u8 field;
	u8 unit;
};

#define LB_NL_TCP(name)									\
	{ LB_A_SETTINGS_TCP_##name, LB_SETTINGS_FIELD(timeout[LB_STATE_##name]), LB_NL_SECONDS }
#define LB_NL_SCTP(name)								\
	{ LB_A_SETTINGS_SCTP_##name, LB_SETTINGS_FIELD(timeout[LB_STATE_SCTP_##name]),	\
	  LB_NL_SECONDS }
#define LB_NL_VALUE(attr, member)							\
	{ LB_A_SETTINGS_##attr, LB_SETTINGS_FIELD(member), LB_NL_NUMBER }

static const struct lb_nl_setting lb_nl_settings[] = {
	LB_NL_TCP(NONE),
	LB_NL_TCP(ESTABLISHED),
	LB_NL_TCP(SYN_SENT),
	LB_NL_TCP(SYN_RECV),
	LB_NL_TCP(FIN_WAIT),
	LB_NL_TCP(TIME_WAIT),
	LB_NL_TCP(CLOSE),
	LB_NL_TCP(CLOSE_WAIT),
	LB_NL_TCP(LAST_ACK),
	LB_NL_TCP(LISTEN),
	LB_NL_TCP(SYNACK),
	{ LB_A_SETTINGS_UDP, LB_SETTINGS_FIELD(timeout[LB_STATE_UDP]), LB_NL_SECONDS },
	LB_NL_VALUE(CONN_MAX, conn_max),
	LB_NL_VALUE(CONNTRACK, conntrack),
	LB_NL_SCTP(NONE),
	LB_NL_SCTP(INIT1),
	LB_NL_SCTP(INIT),
	LB_NL_SCTP(COOKIE_SENT),
	LB_NL_SCTP(COOKIE_REPLIED),
	LB_NL_SCTP(COOKIE_WAIT),
	LB_NL_SCTP(COOKIE),
	LB_NL_SCTP(COOKIE_ECHOED),
	LB_NL_SCTP(ESTABLISHED),
	LB_NL_SCTP(SHUTDOWN_SENT),
	LB_NL_SCTP(SHUTDOWN_RECEIVED),
	LB_NL_SCTP(SHUTDOWN_ACK_SENT),
	LB_NL_SCTP(REJECTED),
	LB_NL_SCTP(CLOSED),
	LB_NL_VALUE(SLOPPY_SCTP, sloppy_sctp),
	LB_NL_VALUE(SCHEDULE_ICMP, schedule_icmp),
	LB_NL_VALUE(EXPIRE_QUIESCENT_TEMPLATE, expire_quiescent_template),
	LB_NL_VALUE(FTP_PORT, ftp_port),
	LB_NL_VALUE(PMTU_DISC, pmtu_disc),
	LB_NL_VALUE(DROP_ENTRY, drop_entry),
	LB_NL_VALUE(DROP_PACKET, drop_packet),
	LB_NL_VALUE(SECURE_TCP, secure_tcp),
	LB_NL_VALUE(AMEMTHRESH, amemthresh),
	LB_NL_VALUE(AM_DROPRATE, am_droprate),
	LB_NL_VALUE(EXPIRE_NODEST_CONN, expire_nodest_conn),
	LB_NL_VALUE(CONN_REUSE_MODE, conn_reuse_mode),
	LB_NL_VALUE(SLOPPY_TCP, sloppy_tcp),
	LB_NL_VALUE(SNAT_REROUTE, snat_reroute),
	LB_NL_VALUE(IGNORE_TUNNELED, ignore_tunneled),
	{ LB_A_SETTINGS_LBLC_EXPIRATION, LB_SETTINGS_FIELD(lblc_expiration), LB_NL_SECONDS },
	{ LB_A_SETTINGS_LBLCR_EXPIRATION, LB_SETTINGS_FIELD(lblcr_expiration), LB_NL_SECONDS },
	LB_NL_VALUE(NAT_ICMP_SEND, nat_icmp_send),
	LB_NL_VALUE(CACHE_BYPASS, cache_bypass),
	LB_NL_VALUE(SYNC_VERSION, sync_version),
	LB_NL_VALUE(SYNC_PORTS, sync_ports),
	LB_NL_VALUE(SYNC_THRESHOLD, sync_threshold),
	LB_NL_VALUE(SYNC_PERIOD, sync_period),
	LB_NL_VALUE(SYNC_REFRESH_PERIOD, sync_refresh_period),
	LB_NL_VALUE(SYNC_RETRIES, sync_retries),
	LB_NL_VALUE(SYNC_QLEN_MAX, sync_qlen_max),
	LB_NL_VALUE(SYNC_SOCK_SIZE, sync_sock_size),
	LB_NL_VALUE(SYNC_PERSIST_MODE, sync_persist_mode),
	LB_NL_VALUE(BACKUP_ONLY, backup_only),
};

int lb_nl_put_settings(struct sk_buff *skb, const struct lb_net *ln)
{
	const u32 *field = (const u32 *)&ln->settings;
	const struct lb_nl_setting *setting;
	unsigned int i;
	u32 value;

	for (i = 0; i < ARRAY_SIZE(lb_nl_settings); i++) {
		setting = &lb_nl_settings[i];
		value = field[setting->field];
		if (setting->unit == LB_NL_SECONDS)
			value /= HZ;
		if (nla_put_u32(skb, setting->attr, value))
			return -EMSGSIZE;
	}
	return nla_put_u32(skb, LB_A_SETTINGS_GENERATION, ln->generation);
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

/* The state whose timeout a setting is, LB_STATES for none. */
static unsigned int lb_nl_setting_state(const struct lb_nl_setting *setting)
{
	return min_t(unsigned int, setting->field - LB_SETTINGS_FIELD(timeout), LB_STATES);
}

int lb_nl_parse_timeouts(struct lb_timeouts *timeouts, const struct nlattr *nest,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[LB_A_SETTINGS_MAX + 1] = {};
	const struct lb_nl_setting *setting;
	unsigned int i, state;
	int err;

	/* No more than timeouts. */
	err = nla_parse_nested(tb, ARRAY_SIZE(lb_timeouts_nl_policy) - 1, nest,
			       lb_timeouts_nl_policy, extack);
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(lb_nl_settings); i++) {
		setting = &lb_nl_settings[i];
		state = lb_nl_setting_state(setting);
		if (state == LB_STATES || !tb[setting->attr])
			continue;
		err = lb_nl_parse_timeout(&timeouts->jiffies[state], tb[setting->attr], extack);
		if (err)
			return err;
	}
	return 0;
}

int lb_nl_put_timeouts(struct sk_buff *skb, int type, const struct lb_timeouts *timeouts)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	unsigned int i, state;
	u32 value;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(lb_nl_settings); i++) {
		state = lb_nl_setting_state(&lb_nl_settings[i]);
		value = state < LB_STATES ? timeouts->jiffies[state] / HZ : 0;
		if (value && nla_put_u32(skb, lb_nl_settings[i].attr, value))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int lb_nl_settings_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_change change = { .cmd = LB_CMD_SETTINGS_SET };
	struct lb_settings_spec *spec = &change.settings;
	const struct lb_nl_setting *setting;
	const struct nlattr *attr;
	u32 *field = (u32 *)&spec->to;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(lb_nl_settings); i++) {
		setting = &lb_nl_settings[i];
		attr = info->attrs[setting->attr];
		if (!attr)
			continue;
		if (setting->unit == LB_NL_SECONDS) {
			err = lb_nl_parse_timeout(&field[setting->field], attr, info->extack);
			if (err)
				return err;
		} else {
			field[setting->field] = nla_get_u32(attr);
		}
		__set_bit(setting->field, spec->set);
	}
	if (bitmap_empty(spec->set, LB_SETTINGS_FIELDS))
		return 0;
	return lb_nl_change(info, &change, info->attrs[LB_A_SETTINGS_TXN]);
}
