// SPDX-License-Identifier: GPL-2.0
/* Commands of the family "IPVS" to changes. See ipvs.h. */
#include <linux/inetdevice.h>

#include "../pe.h"
#include "../sched.h"
#include "ipvs.h"

static const struct nla_policy lb_ipvs_svc_policy[IPVS_SVC_ATTR_MAX + 1] = {
	[IPVS_SVC_ATTR_AF] = { .type = NLA_U16 },
	[IPVS_SVC_ATTR_PROTOCOL] = { .type = NLA_U16 },
	[IPVS_SVC_ATTR_ADDR] = { .type = NLA_BINARY, .len = sizeof(union lb_addr) },
	[IPVS_SVC_ATTR_PORT] = { .type = NLA_U16 },
	[IPVS_SVC_ATTR_FWMARK] = { .type = NLA_U32 },
	[IPVS_SVC_ATTR_SCHED_NAME] = { .type = NLA_NUL_STRING,
				       .len = IP_VS_SCHEDNAME_MAXLEN - 1 },
	[IPVS_SVC_ATTR_PE_NAME] = { .type = NLA_NUL_STRING, .len = IP_VS_PENAME_MAXLEN },
	[IPVS_SVC_ATTR_FLAGS] = { .type = NLA_BINARY, .len = sizeof(struct ip_vs_flags) },
	[IPVS_SVC_ATTR_TIMEOUT] = { .type = NLA_U32 },
	[IPVS_SVC_ATTR_NETMASK] = { .type = NLA_U32 },
	[IPVS_SVC_ATTR_STATS] = { .type = NLA_NESTED },
};

static const struct nla_policy lb_ipvs_dest_policy[IPVS_DEST_ATTR_MAX + 1] = {
	[IPVS_DEST_ATTR_ADDR] = { .type = NLA_BINARY, .len = sizeof(union lb_addr) },
	[IPVS_DEST_ATTR_PORT] = { .type = NLA_U16 },
	[IPVS_DEST_ATTR_FWD_METHOD] = { .type = NLA_U32 },
	[IPVS_DEST_ATTR_WEIGHT] = { .type = NLA_U32 },
	[IPVS_DEST_ATTR_U_THRESH] = { .type = NLA_U32 },
	[IPVS_DEST_ATTR_L_THRESH] = { .type = NLA_U32 },
	[IPVS_DEST_ATTR_ACTIVE_CONNS] = { .type = NLA_U32 },
	[IPVS_DEST_ATTR_INACT_CONNS] = { .type = NLA_U32 },
	[IPVS_DEST_ATTR_PERSIST_CONNS] = { .type = NLA_U32 },
	[IPVS_DEST_ATTR_STATS] = { .type = NLA_NESTED },
	[IPVS_DEST_ATTR_ADDR_FAMILY] = { .type = NLA_U16 },
	[IPVS_DEST_ATTR_TUN_TYPE] = { .type = NLA_U8 },
	[IPVS_DEST_ATTR_TUN_PORT] = { .type = NLA_U16 },
	[IPVS_DEST_ATTR_TUN_FLAGS] = { .type = NLA_U16 },
};

/* The bytes beyond an IPv4 address are nothing, whatever came. */
static void lb_ipvs_get_addr(union lb_addr *addr, u8 family, const struct nlattr *attr)
{
	memset(addr, 0, sizeof(*addr));
	nla_memcpy(addr, attr, lb_addr_len(family));
}

static int lb_ipvs_get_family(u8 *family, u16 given)
{
	if (given != AF_INET && given != AF_INET6)
		return -EAFNOSUPPORT;
	*family = given;
	return 0;
}

static int lb_ipvs_key_of(struct lb_service_key *key, struct nlattr **svc)
{
	int err;

	if (!svc[IPVS_SVC_ATTR_AF] ||
	    !(svc[IPVS_SVC_ATTR_FWMARK] ||
	      (svc[IPVS_SVC_ATTR_PORT] && svc[IPVS_SVC_ATTR_PROTOCOL] &&
	       svc[IPVS_SVC_ATTR_ADDR])))
		return -EINVAL;
	memset(key, 0, sizeof(*key));
	err = lb_ipvs_get_family(&key->family, nla_get_u16(svc[IPVS_SVC_ATTR_AF]));
	if (err)
		return err;
	if (svc[IPVS_SVC_ATTR_FWMARK]) {
		key->fwmark = nla_get_u32(svc[IPVS_SVC_ATTR_FWMARK]);
		return 0;
	}
	key->proto = min_t(u16, nla_get_u16(svc[IPVS_SVC_ATTR_PROTOCOL]), U8_MAX);
	lb_ipvs_get_addr(&key->addr, key->family, svc[IPVS_SVC_ATTR_ADDR]);
	key->port = nla_get_be16(svc[IPVS_SVC_ATTR_PORT]);
	return 0;
}

static int lb_ipvs_parse_svc(struct nlattr **svc, struct nlattr **attrs)
{
	if (!attrs[IPVS_CMD_ATTR_SERVICE] ||
	    nla_parse_nested_deprecated(svc, IPVS_SVC_ATTR_MAX, attrs[IPVS_CMD_ATTR_SERVICE],
					lb_ipvs_svc_policy, NULL))
		return -EINVAL;
	return 0;
}

int lb_ipvs_parse_key(struct lb_service_key *key, struct nlattr **attrs)
{
	struct nlattr *svc[IPVS_SVC_ATTR_MAX + 1];

	return lb_ipvs_parse_svc(svc, attrs) ?: lb_ipvs_key_of(key, svc);
}

/* Flags of a service as they are, 0 of none. */
static u32 lb_ipvs_flags_now(struct lb_net *ln, const struct lb_service_key *key)
{
	const struct lb_service *svc = lb_nl_find_service(ln, key);

	return svc ? lb_ipvs_flags(lb_service_pool_locked(svc)) : 0;
}

static int lb_ipvs_get_prefix(u8 *prefix, u8 family, __be32 netmask)
{
	const u32 len = (__force u32)netmask;

	if (family == AF_INET6) {
		if (len < 1 || len > 128)
			return -EINVAL;
		*prefix = len;
		return 0;
	}
	*prefix = inet_mask_len(netmask);
	return inet_make_mask(*prefix) == netmask ? 0 : -EINVAL;
}

static int lb_ipvs_get_engine(u8 *engine, const char *name)
{
	*engine = LB_PERSIST_ENGINE_NONE;
	if (!name || !*name)
		return 0;
	if (strcmp(name, "sip"))
		return -ENOENT;
	*engine = LB_PERSIST_ENGINE_SIP;
	return 0;
}

static int lb_ipvs_make_persist(struct lb_service_spec *spec, u8 family,
				const struct ip_vs_service_user *user, const char *engine,
				struct netlink_ext_ack *extack)
{
	const bool persistent = (user->flags & IP_VS_SVC_F_PERSISTENT) && user->timeout;
	struct lb_persist *persist = &spec->persist;
	int err;

	err = lb_ipvs_get_engine(&persist->engine, engine);
	/* An IPv4 netmask that nothing is done with may be any. */
	if (!err && (persistent || family == AF_INET6))
		err = lb_ipvs_get_prefix(&persist->prefix, family, user->netmask);
	if (err == -EINVAL)
		NL_SET_ERR_MSG(extack,
			       "a netmask of persistence is a prefix: leading ones, then zeros");
	if (err)
		return err;
	spec->set |= LB_SERVICE_SET_PERSIST_TIMEOUT;
	if (!persistent) {
		persist->timeout = 0;
		return 0;
	}
	if (user->timeout > LB_TIMEOUT_MAX) {
		NL_SET_ERR_MSG(extack, "persistence of more than 31 days");
		return -EINVAL;
	}
	persist->timeout = user->timeout * HZ;
	spec->set |= LB_SERVICE_SET_PERSIST_PREFIX | LB_SERVICE_SET_PERSIST_ENGINE;
	return 0;
}

/* Flags of schedulers mean something to some; the others' are let lie, as there. */
static u32 lb_ipvs_sched_flags(const struct lb_sched_ops *sched, u32 flags)
{
	u32 own = 0;

	if (flags & IP_VS_SVC_F_SCHED_SH_FALLBACK)
		own |= LB_SCHED_FLAGS_FALLBACK;
	if (flags & IP_VS_SVC_F_SCHED_SH_PORT)
		own |= LB_SCHED_FLAGS_PORT;
	return own & sched->flags;
}

int lb_ipvs_make_service(struct lb_change *change, struct lb_net *ln,
			 const struct ip_vs_service_user *user, const char *engine,
			 struct netlink_ext_ack *extack)
{
	const bool there = lb_nl_find_service(ln, &change->key);
	struct lb_service_spec *spec = &change->service;

	/* Whether there is one comes first of all, as there. */
	if (there && change->cmd == LB_CMD_SERVICE_NEW)
		return -EEXIST;
	if (!there && change->cmd == LB_CMD_SERVICE_SET)
		return -ESRCH;
	spec->sched = lb_sched_find(user->sched_name);
	if (!spec->sched) {
		NL_SET_ERR_MSG(extack, "there is no scheduler of this name");
		return -ENOENT;
	}
	spec->sched_flags = lb_ipvs_sched_flags(spec->sched, user->flags);
	spec->one_packet = user->flags & IP_VS_SVC_F_ONEPACKET;
	spec->set = LB_SERVICE_SET_SCHED_FLAGS | LB_SERVICE_SET_ONE_PACKET;
	return lb_ipvs_make_persist(spec, change->key.family, user, engine, extack);
}

static int lb_ipvs_parse_service(struct lb_change *change, struct lb_net *ln,
				 struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	struct nlattr *svc[IPVS_SVC_ATTR_MAX + 1];
	const struct nlattr *engine;
	struct ip_vs_service_user user = {};
	struct ip_vs_flags given = {};
	int err;

	memset(&change->service, 0, sizeof(change->service));
	err = lb_ipvs_parse_svc(svc, attrs) ?: lb_ipvs_key_of(&change->key, svc);
	if (err || change->cmd == LB_CMD_SERVICE_DEL)
		return err;
	if (!svc[IPVS_SVC_ATTR_SCHED_NAME] || !svc[IPVS_SVC_ATTR_FLAGS] ||
	    !svc[IPVS_SVC_ATTR_TIMEOUT] || !svc[IPVS_SVC_ATTR_NETMASK])
		return -EINVAL;

	nla_memcpy(&given, svc[IPVS_SVC_ATTR_FLAGS], sizeof(given));
	user.flags = (lb_ipvs_flags_now(ln, &change->key) & ~given.mask) |
		     (given.flags & given.mask);
	nla_strscpy(user.sched_name, svc[IPVS_SVC_ATTR_SCHED_NAME], sizeof(user.sched_name));
	user.timeout = nla_get_u32(svc[IPVS_SVC_ATTR_TIMEOUT]);
	user.netmask = nla_get_be32(svc[IPVS_SVC_ATTR_NETMASK]);
	engine = svc[IPVS_SVC_ATTR_PE_NAME];
	return lb_ipvs_make_service(change, ln, &user, engine ? nla_data(engine) : NULL, extack);
}

static int lb_ipvs_get_method(u8 *method, u32 flags)
{
	switch (flags & IP_VS_CONN_F_FWD_MASK) {
	case IP_VS_CONN_F_MASQ:
		*method = LB_METHOD_NAT;
		return 0;
	case IP_VS_CONN_F_TUNNEL:
		*method = LB_METHOD_TUNNEL;
		return 0;
	case IP_VS_CONN_F_DROUTE:
		*method = LB_METHOD_DIRECT;
		return 0;
	}
	return -EINVAL;
}

static u8 lb_ipvs_tunnel_checksum(u16 flags)
{
	if (flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM)
		return LB_TUNNEL_CHECKSUM_REMOTE;
	return flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM ? LB_TUNNEL_CHECKSUM_NORMAL :
						       LB_TUNNEL_CHECKSUM_NONE;
}

/*
 * Whatever is said of a tunnel, other methods have none, and IPIP neither port nor checksum; but
 * GUE has a port even where nothing is done with it, as there.
 */
static int lb_ipvs_parse_tunnel(struct lb_dest_spec *spec, struct nlattr **dest)
{
	const u8 type = dest[IPVS_DEST_ATTR_TUN_TYPE] ?
			nla_get_u8(dest[IPVS_DEST_ATTR_TUN_TYPE]) : IP_VS_CONN_F_TUNNEL_TYPE_IPIP;
	const __be16 port = dest[IPVS_DEST_ATTR_TUN_PORT] ?
			    nla_get_be16(dest[IPVS_DEST_ATTR_TUN_PORT]) : 0;

	spec->tunnel.word = 0;
	if (type == IP_VS_CONN_F_TUNNEL_TYPE_GUE && !port)
		return -EINVAL;
	if (spec->method != LB_METHOD_TUNNEL)
		return 0;
	spec->tunnel.type = type;
	if (type == IP_VS_CONN_F_TUNNEL_TYPE_GUE)
		spec->tunnel.port = port;
	if (type != IP_VS_CONN_F_TUNNEL_TYPE_IPIP && dest[IPVS_DEST_ATTR_TUN_FLAGS])
		spec->tunnel.checksum =
			lb_ipvs_tunnel_checksum(nla_get_u16(dest[IPVS_DEST_ATTR_TUN_FLAGS]));
	spec->set |= LB_DEST_SET_TUNNEL_TYPE | LB_DEST_SET_TUNNEL_PORT |
		     LB_DEST_SET_TUNNEL_CHECKSUM;
	return 0;
}

/* What ip_vs says before it looks whether there is such a destination. */
static int lb_ipvs_check_dest(const struct ip_vs_dest_user *user)
{
	if (user->weight < 0 || user->l_threshold > user->u_threshold)
		return -ERANGE;
	return user->u_threshold > INT_MAX ? -EINVAL : 0;
}

int lb_ipvs_make_dest(struct lb_dest_spec *spec, const struct ip_vs_dest_user *user)
{
	int err = lb_ipvs_get_method(&spec->method, user->conn_flags) ?: lb_ipvs_check_dest(user);

	if (err)
		return err;
	spec->weight = user->weight;
	spec->upper = user->u_threshold;
	spec->lower = user->l_threshold;
	spec->set = LB_DEST_SET_METHOD | LB_DEST_SET_WEIGHT | LB_DEST_SET_UPPER |
		    LB_DEST_SET_LOWER;
	return 0;
}

static int lb_ipvs_parse_dest_spec(struct lb_dest_spec *spec, struct nlattr **dest)
{
	struct ip_vs_dest_user user = {};

	if (!dest[IPVS_DEST_ATTR_FWD_METHOD] || !dest[IPVS_DEST_ATTR_WEIGHT] ||
	    !dest[IPVS_DEST_ATTR_U_THRESH] || !dest[IPVS_DEST_ATTR_L_THRESH])
		return -EINVAL;
	user.conn_flags = nla_get_u32(dest[IPVS_DEST_ATTR_FWD_METHOD]);
	user.weight = nla_get_u32(dest[IPVS_DEST_ATTR_WEIGHT]);
	user.u_threshold = nla_get_u32(dest[IPVS_DEST_ATTR_U_THRESH]);
	user.l_threshold = nla_get_u32(dest[IPVS_DEST_ATTR_L_THRESH]);
	return lb_ipvs_make_dest(spec, &user) ?: lb_ipvs_parse_tunnel(spec, dest);
}

static int lb_ipvs_parse_dest(struct lb_change *change, struct lb_net *ln, struct nlattr **attrs)
{
	struct nlattr *dest[IPVS_DEST_ATTR_MAX + 1];
	struct lb_dest_spec *spec = &change->dest;
	u16 family;
	int err;

	err = lb_ipvs_parse_key(&change->key, attrs);
	if (err)
		return err;
	/* In this order, as there: first of all the service has to be. */
	if (!lb_nl_find_service(ln, &change->key))
		return -ESRCH;
	if (!attrs[IPVS_CMD_ATTR_DEST] ||
	    nla_parse_nested_deprecated(dest, IPVS_DEST_ATTR_MAX, attrs[IPVS_CMD_ATTR_DEST],
					lb_ipvs_dest_policy, NULL) ||
	    !dest[IPVS_DEST_ATTR_ADDR] || !dest[IPVS_DEST_ATTR_PORT])
		return -EINVAL;

	memset(spec, 0, sizeof(*spec));
	family = dest[IPVS_DEST_ATTR_ADDR_FAMILY] ?
		 nla_get_u16(dest[IPVS_DEST_ATTR_ADDR_FAMILY]) : 0;
	/* Clients older than this attribute do not mix families. */
	err = lb_ipvs_get_family(&spec->family, family ?: change->key.family);
	if (err)
		return err;
	lb_ipvs_get_addr(&spec->addr, spec->family, dest[IPVS_DEST_ATTR_ADDR]);
	spec->port = nla_get_be16(dest[IPVS_DEST_ATTR_PORT]);
	if (change->cmd == LB_CMD_DEST_DEL)
		return 0;
	err = lb_ipvs_parse_dest_spec(spec, dest);
	if (err)
		return err;
	return spec->family != change->key.family && spec->method != LB_METHOD_TUNNEL ? -EINVAL : 0;
}

static int lb_ipvs_make_timeout(struct lb_settings_spec *spec, u8 state, int seconds)
{
	if (seconds < 0 || seconds > LB_TIMEOUT_MAX)
		return -EINVAL;
	if (!seconds)
		return 0;
	spec->to.timeout[state] = seconds * HZ;
	__set_bit(LB_SETTINGS_FIELD(timeout[state]), spec->set);
	return 0;
}

int lb_ipvs_make_timeouts(struct lb_settings_spec *spec, const struct ip_vs_timeout_user *user)
{
	bitmap_zero(spec->set, LB_SETTINGS_FIELDS);
	return lb_ipvs_make_timeout(spec, LB_STATE_ESTABLISHED, user->tcp_timeout) ?:
	       lb_ipvs_make_timeout(spec, LB_STATE_FIN_WAIT, user->tcp_fin_timeout) ?:
	       lb_ipvs_make_timeout(spec, LB_STATE_UDP, user->udp_timeout);
}

static u32 lb_ipvs_get_timeout(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static int lb_ipvs_parse_config(struct lb_settings_spec *spec, struct nlattr **attrs)
{
	const struct ip_vs_timeout_user user = {
		.tcp_timeout = lb_ipvs_get_timeout(attrs[IPVS_CMD_ATTR_TIMEOUT_TCP]),
		.tcp_fin_timeout = lb_ipvs_get_timeout(attrs[IPVS_CMD_ATTR_TIMEOUT_TCP_FIN]),
		.udp_timeout = lb_ipvs_get_timeout(attrs[IPVS_CMD_ATTR_TIMEOUT_UDP]),
	};

	return lb_ipvs_make_timeouts(spec, &user);
}

static u8 lb_ipvs_command(u8 cmd)
{
	switch (cmd) {
	case IPVS_CMD_NEW_SERVICE:
		return LB_CMD_SERVICE_NEW;
	case IPVS_CMD_SET_SERVICE:
		return LB_CMD_SERVICE_SET;
	case IPVS_CMD_DEL_SERVICE:
		return LB_CMD_SERVICE_DEL;
	case IPVS_CMD_NEW_DEST:
		return LB_CMD_DEST_NEW;
	case IPVS_CMD_SET_DEST:
		return LB_CMD_DEST_SET;
	case IPVS_CMD_DEL_DEST:
		return LB_CMD_DEST_DEL;
	case IPVS_CMD_FLUSH:
		return LB_CMD_FLUSH;
	}
	return LB_CMD_SETTINGS_SET;
}

int lb_ipvs_parse_change(struct lb_change *change, struct lb_net *ln, u8 cmd,
			 struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	change->cmd = lb_ipvs_command(cmd);
	switch (change->cmd) {
	case LB_CMD_SERVICE_NEW:
	case LB_CMD_SERVICE_SET:
	case LB_CMD_SERVICE_DEL:
		return lb_ipvs_parse_service(change, ln, attrs, extack);
	case LB_CMD_DEST_NEW:
	case LB_CMD_DEST_SET:
	case LB_CMD_DEST_DEL:
		return lb_ipvs_parse_dest(change, ln, attrs);
	case LB_CMD_SETTINGS_SET:
		return lb_ipvs_parse_config(&change->settings, attrs);
	}
	return 0;
}
