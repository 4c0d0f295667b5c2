// SPDX-License-Identifier: GPL-2.0
/* Attributes to values. Types and ranges were checked by the policies that the
 * spec generates; here is what those cannot say: what has to be there, what
 * goes together, and that an address is as long as its family's.
 */
#include <linux/string.h>

#include "../sched.h"
#include "netlink.h"

static int lb_nl_parse_family(u8 *family, const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	u16 value = nla_get_u16(attr);

	if (value != AF_INET && value != AF_INET6) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "the family is neither IPv4 nor IPv6");
		return -EAFNOSUPPORT;
	}
	*family = value;
	return 0;
}

static int lb_nl_parse_protocol(u8 *proto, const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	u8 value = nla_get_u8(attr);

	if (value != IPPROTO_TCP && value != IPPROTO_UDP && value != IPPROTO_SCTP) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "the protocol is not TCP, UDP or SCTP");
		return -EPROTONOSUPPORT;
	}
	*proto = value;
	return 0;
}

static int lb_nl_parse_addr(union lb_addr *addr, u8 family, const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	if (nla_len(attr) != lb_addr_len(family)) {
		if (family == AF_INET)
			NL_SET_ERR_MSG_ATTR(extack, attr, "an IPv4 address has 4 bytes");
		else
			NL_SET_ERR_MSG_ATTR(extack, attr, "an IPv6 address has 16 bytes");
		return -EINVAL;
	}
	memset(addr, 0, sizeof(*addr));
	memcpy(addr, nla_data(attr), nla_len(attr));
	return 0;
}

/* A firewall mark and a family are a whole name. */
static int lb_nl_parse_fwmark(struct lb_service_key *key, struct nlattr **tb,
			      struct netlink_ext_ack *extack)
{
	int type;

	for (type = LB_A_KEY_PROTOCOL; type <= LB_A_KEY_PORT; type++) {
		if (!tb[type])
			continue;
		NL_SET_ERR_MSG_ATTR(extack, tb[type],
				    "a firewall mark stands for protocol, address and port");
		return -EINVAL;
	}
	key->fwmark = nla_get_u32(tb[LB_A_KEY_FWMARK]);
	return lb_nl_parse_family(&key->family, tb[LB_A_KEY_FAMILY], extack);
}

int lb_nl_parse_key(struct lb_service_key *key, struct nlattr **attrs, int type,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *nest = attrs[type];
	struct nlattr *tb[LB_A_KEY_MAX + 1];
	int err;

	if (!nest)
		return lb_nl_missing(extack, NULL, type, "the service");
	err = nla_parse_nested(tb, LB_A_KEY_MAX, nest, lb_key_nl_policy, extack);
	if (err)
		return err;

	memset(key, 0, sizeof(*key));
	if (!tb[LB_A_KEY_FAMILY])
		return lb_nl_missing(extack, nest, LB_A_KEY_FAMILY, "service: family");
	if (tb[LB_A_KEY_FWMARK])
		return lb_nl_parse_fwmark(key, tb, extack);
	if (!tb[LB_A_KEY_PROTOCOL])
		return lb_nl_missing(extack, nest, LB_A_KEY_PROTOCOL, "service: protocol");
	if (!tb[LB_A_KEY_ADDR])
		return lb_nl_missing(extack, nest, LB_A_KEY_ADDR, "service: address");
	if (!tb[LB_A_KEY_PORT])
		return lb_nl_missing(extack, nest, LB_A_KEY_PORT, "service: port");

	err = lb_nl_parse_family(&key->family, tb[LB_A_KEY_FAMILY], extack);
	if (err)
		return err;
	err = lb_nl_parse_protocol(&key->proto, tb[LB_A_KEY_PROTOCOL], extack);
	if (err)
		return err;
	key->port = nla_get_be16(tb[LB_A_KEY_PORT]);
	return lb_nl_parse_addr(&key->addr, key->family, tb[LB_A_KEY_ADDR], extack);
}

int lb_nl_parse_timeout(u32 *timeout, const struct nlattr *attr, struct netlink_ext_ack *extack)
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

int lb_nl_parse_service(struct lb_service_spec *spec, struct nlattr **attrs,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[LB_A_SERVICE_SCHEDULER];
	int err;

	memset(spec, 0, sizeof(*spec));
	if (attrs[LB_A_SERVICE_SCHED_FLAGS]) {
		spec->sched_flags = nla_get_u32(attrs[LB_A_SERVICE_SCHED_FLAGS]);
		spec->set |= LB_SERVICE_SET_SCHED_FLAGS;
	}
	if (attrs[LB_A_SERVICE_ONE_PACKET]) {
		spec->one_packet = nla_get_u8(attrs[LB_A_SERVICE_ONE_PACKET]);
		spec->set |= LB_SERVICE_SET_ONE_PACKET;
	}
	if (attrs[LB_A_SERVICE_MSS_CLAMP]) {
		spec->mss_clamp = nla_get_u16(attrs[LB_A_SERVICE_MSS_CLAMP]);
		spec->set |= LB_SERVICE_SET_MSS_CLAMP;
	}
	if (attrs[LB_A_SERVICE_PERSIST_TIMEOUT]) {
		err = lb_nl_parse_timeout(&spec->persist.timeout,
					  attrs[LB_A_SERVICE_PERSIST_TIMEOUT], extack);
		if (err)
			return err;
		spec->set |= LB_SERVICE_SET_PERSIST_TIMEOUT;
	}
	if (attrs[LB_A_SERVICE_PERSIST_PREFIX]) {
		spec->persist.prefix = nla_get_u8(attrs[LB_A_SERVICE_PERSIST_PREFIX]);
		spec->set |= LB_SERVICE_SET_PERSIST_PREFIX;
	}
	if (attrs[LB_A_SERVICE_PERSIST_ENGINE]) {
		spec->persist.engine = nla_get_u8(attrs[LB_A_SERVICE_PERSIST_ENGINE]);
		spec->set |= LB_SERVICE_SET_PERSIST_ENGINE;
	}
	if (attrs[LB_A_SERVICE_TIMEOUTS]) {
		err = lb_nl_parse_timeouts(&spec->timeouts, attrs[LB_A_SERVICE_TIMEOUTS], extack);
		if (err)
			return err;
		spec->set |= LB_SERVICE_SET_TIMEOUTS;
	}
	if (attrs[LB_A_SERVICE_SLOW_START]) {
		spec->slow_start = nla_get_u32(attrs[LB_A_SERVICE_SLOW_START]);
		spec->set |= LB_SERVICE_SET_SLOW_START;
	}
	if (attrs[LB_A_SERVICE_ORPHANS]) {
		spec->orphans = nla_get_u8(attrs[LB_A_SERVICE_ORPHANS]);
		spec->set |= LB_SERVICE_SET_ORPHANS;
	}
	if (!attr)
		return 0;
	spec->sched = lb_sched_find(nla_data(attr));
	if (!spec->sched) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "there is no scheduler of this name");
		return -ENOENT;
	}
	return 0;
}

int lb_nl_parse_dest_name(struct lb_service_key *key, struct lb_dest_spec *spec,
			  struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	int err;

	err = lb_nl_parse_key(key, attrs, LB_A_DEST_SERVICE, extack);
	if (err)
		return err;
	if (!attrs[LB_A_DEST_ADDR])
		return lb_nl_missing(extack, NULL, LB_A_DEST_ADDR, "destination: address");

	memset(spec, 0, sizeof(*spec));
	spec->family = key->family;
	if (attrs[LB_A_DEST_FAMILY]) {
		err = lb_nl_parse_family(&spec->family, attrs[LB_A_DEST_FAMILY], extack);
		if (err)
			return err;
	}
	spec->port = key->port;
	if (attrs[LB_A_DEST_PORT])
		spec->port = nla_get_be16(attrs[LB_A_DEST_PORT]);
	return lb_nl_parse_addr(&spec->addr, spec->family, attrs[LB_A_DEST_ADDR], extack);
}

void lb_nl_parse_dest(struct lb_dest_spec *spec, struct nlattr **attrs)
{
	spec->method = LB_METHOD_NAT;
	spec->weight = 1;
	spec->drain = false;
	spec->tunnel.word = 0;
	spec->set = 0;

	if (attrs[LB_A_DEST_METHOD]) {
		spec->method = nla_get_u8(attrs[LB_A_DEST_METHOD]);
		spec->set |= LB_DEST_SET_METHOD;
	}
	if (attrs[LB_A_DEST_WEIGHT]) {
		spec->weight = nla_get_u32(attrs[LB_A_DEST_WEIGHT]);
		spec->set |= LB_DEST_SET_WEIGHT;
	}
	if (attrs[LB_A_DEST_DRAIN]) {
		spec->drain = nla_get_u8(attrs[LB_A_DEST_DRAIN]);
		spec->set |= LB_DEST_SET_DRAIN;
	}
	if (attrs[LB_A_DEST_TUNNEL_TYPE]) {
		spec->tunnel.type = nla_get_u8(attrs[LB_A_DEST_TUNNEL_TYPE]);
		spec->set |= LB_DEST_SET_TUNNEL_TYPE;
	}
	if (attrs[LB_A_DEST_TUNNEL_PORT]) {
		spec->tunnel.port = nla_get_be16(attrs[LB_A_DEST_TUNNEL_PORT]);
		spec->set |= LB_DEST_SET_TUNNEL_PORT;
	}
	if (attrs[LB_A_DEST_TUNNEL_CHECKSUM]) {
		spec->tunnel.checksum = nla_get_u8(attrs[LB_A_DEST_TUNNEL_CHECKSUM]);
		spec->set |= LB_DEST_SET_TUNNEL_CHECKSUM;
	}
	if (attrs[LB_A_DEST_UPPER]) {
		spec->upper = nla_get_u32(attrs[LB_A_DEST_UPPER]);
		spec->set |= LB_DEST_SET_UPPER;
	}
	if (attrs[LB_A_DEST_LOWER]) {
		spec->lower = nla_get_u32(attrs[LB_A_DEST_LOWER]);
		spec->set |= LB_DEST_SET_LOWER;
	}
	if (attrs[LB_A_DEST_DEADLINE]) {
		spec->deadline = nla_get_u32(attrs[LB_A_DEST_DEADLINE]);
		spec->set |= LB_DEST_SET_DEADLINE;
	}
	if (attrs[LB_A_DEST_DRAIN_END]) {
		spec->drain_end = nla_get_u8(attrs[LB_A_DEST_DRAIN_END]);
		spec->set |= LB_DEST_SET_DRAIN_END;
	}
	if (attrs[LB_A_DEST_LAX_PORT])
		spec->set |= LB_DEST_SET_LAX_PORT;
}

/* An address without a family says its family by its length. */
static int lb_nl_parse_filter_family(struct lb_conn_filter *filter, u32 bit, u8 *family,
				     const struct nlattr *attr, const struct nlattr *addr,
				     struct netlink_ext_ack *extack)
{
	if (!attr && !addr)
		return 0;
	filter->given |= bit;
	if (attr)
		return lb_nl_parse_family(family, attr, extack);
	*family = nla_len(addr) == sizeof(struct in_addr) ? AF_INET : AF_INET6;
	return 0;
}

static int lb_nl_parse_filter_client(struct lb_conn_filter *filter, struct nlattr **attrs,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *prefix = attrs[LB_A_CONN_CLIENT_PREFIX];
	const struct nlattr *addr = attrs[LB_A_CONN_CLIENT_ADDR];
	unsigned int bits;

	if (!addr) {
		if (!prefix)
			return 0;
		NL_SET_ERR_ATTR_MISS(extack, NULL, LB_A_CONN_CLIENT_ADDR);
		NL_SET_ERR_MSG_ATTR(extack, prefix, "a client prefix needs a client address");
		return -EINVAL;
	}
	bits = 8 * lb_addr_len(filter->tuple.family);
	filter->client_bits = bits;
	if (prefix) {
		filter->client_bits = nla_get_u8(prefix);
		if (filter->client_bits > bits) {
			NL_SET_ERR_MSG_ATTR(extack, prefix, "the address has fewer bits");
			return -ERANGE;
		}
	}
	filter->given |= LB_CONN_BY_CADDR;
	return lb_nl_parse_addr(&filter->tuple.src, filter->tuple.family, addr, extack);
}

int lb_nl_parse_conn_filter(struct lb_conn_filter *filter, struct nlattr **attrs,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *vaddr = attrs[LB_A_CONN_VIRTUAL_ADDR];
	const struct nlattr *daddr = attrs[LB_A_CONN_DEST_ADDR];
	int err;

	memset(filter, 0, sizeof(*filter));

	err = lb_nl_parse_filter_family(filter, LB_CONN_BY_FAMILY, &filter->tuple.family,
					attrs[LB_A_CONN_FAMILY],
					attrs[LB_A_CONN_CLIENT_ADDR] ?: vaddr, extack);
	if (err)
		return err;
	err = lb_nl_parse_filter_family(filter, LB_CONN_BY_DFAMILY, &filter->dfamily,
					attrs[LB_A_CONN_DEST_FAMILY], daddr, extack);
	if (err)
		return err;
	err = lb_nl_parse_filter_client(filter, attrs, extack);
	if (err)
		return err;
	if (attrs[LB_A_CONN_PROTOCOL]) {
		filter->given |= LB_CONN_BY_PROTO;
		err = lb_nl_parse_protocol(&filter->tuple.proto, attrs[LB_A_CONN_PROTOCOL],
					   extack);
		if (err)
			return err;
	}
	if (vaddr) {
		filter->given |= LB_CONN_BY_VADDR;
		err = lb_nl_parse_addr(&filter->tuple.dst, filter->tuple.family, vaddr, extack);
		if (err)
			return err;
	}
	if (daddr) {
		filter->given |= LB_CONN_BY_DADDR;
		err = lb_nl_parse_addr(&filter->daddr, filter->dfamily, daddr, extack);
		if (err)
			return err;
	}
	if (attrs[LB_A_CONN_CLIENT_PORT]) {
		filter->given |= LB_CONN_BY_CPORT;
		filter->tuple.sport = nla_get_be16(attrs[LB_A_CONN_CLIENT_PORT]);
	}
	if (attrs[LB_A_CONN_VIRTUAL_PORT]) {
		filter->given |= LB_CONN_BY_VPORT;
		filter->tuple.dport = nla_get_be16(attrs[LB_A_CONN_VIRTUAL_PORT]);
	}
	if (attrs[LB_A_CONN_DEST_PORT]) {
		filter->given |= LB_CONN_BY_DPORT;
		filter->dport = nla_get_be16(attrs[LB_A_CONN_DEST_PORT]);
	}
	if (attrs[LB_A_CONN_METHOD]) {
		filter->given |= LB_CONN_BY_METHOD;
		filter->method = nla_get_u8(attrs[LB_A_CONN_METHOD]);
	}
	if (attrs[LB_A_CONN_STATE]) {
		filter->given |= LB_CONN_BY_STATE;
		filter->state = nla_get_u8(attrs[LB_A_CONN_STATE]);
	}
	if (attrs[LB_A_CONN_TEMPLATES])
		filter->templates = nla_get_u8(attrs[LB_A_CONN_TEMPLATES]);
	return 0;
}
