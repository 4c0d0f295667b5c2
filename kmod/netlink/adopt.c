// SPDX-License-Identifier: GPL-2.0
/* conn-adopt: a connection that another balancer has opened goes on here. It is made as the
 * backup of the synchronisation makes those that it is told of (sync/apply.c). Does not take
 * ln->lock.
 */
#include <linux/math64.h>

#include "../core/sync_msg.h"
#include "../proto.h"
#include "netlink.h"

/* What a connection cannot be without. */
static const struct {
	u32 bit;
	u16 type;
} lb_nl_adopt_needs[] = {
	{ LB_CONN_BY_FAMILY, LB_A_CONN_FAMILY },
	{ LB_CONN_BY_PROTO, LB_A_CONN_PROTOCOL },
	{ LB_CONN_BY_CADDR, LB_A_CONN_CLIENT_ADDR },
	{ LB_CONN_BY_CPORT, LB_A_CONN_CLIENT_PORT },
	{ LB_CONN_BY_VADDR, LB_A_CONN_VIRTUAL_ADDR },
	{ LB_CONN_BY_VPORT, LB_A_CONN_VIRTUAL_PORT },
	{ LB_CONN_BY_DADDR, LB_A_CONN_DEST_ADDR },
	{ LB_CONN_BY_DPORT, LB_A_CONN_DEST_PORT },
	{ LB_CONN_BY_STATE, LB_A_CONN_STATE },
};

static int lb_nl_adopt_check(const struct lb_conn_filter *conn, struct genl_info *info)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lb_nl_adopt_needs); i++) {
		if (conn->given & lb_nl_adopt_needs[i].bit)
			continue;
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, lb_nl_adopt_needs[i].type);
		NL_SET_ERR_MSG(info->extack,
			       "a connection is protocol, client, virtual address, destination, ports and state");
		return -EINVAL;
	}
	if (conn->dfamily != conn->tuple.family) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[LB_A_CONN_DEST_ADDR],
				    "a connection to another address family cannot be adopted");
		return -EAFNOSUPPORT;
	}
	if (!conn->tuple.sport || !conn->tuple.dport || !conn->dport) {
		NL_SET_ERR_MSG(info->extack, "the ports of a connection are not 0");
		return -EINVAL;
	}
	if (!lb_proto_has_state(conn->tuple.proto, conn->state)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[LB_A_CONN_STATE],
				    "this state is none of that protocol");
		return -EINVAL;
	}
	return 0;
}

/* As the synchronisation counts a protocol's states. */
static u16 lb_nl_adopt_state(u8 proto, u8 state)
{
	if (proto == IPPROTO_UDP)
		return state - LB_STATE_UDP;
	if (proto == IPPROTO_SCTP)
		return state - LB_STATE_SCTP_NONE;
	return state;
}

static void lb_nl_adopt_record(struct sync_record *rec, const struct lb_conn_filter *conn,
			       struct nlattr **attrs)
{
	const struct lb_tuple *tuple = &conn->tuple;
	const unsigned int len = lb_addr_len(tuple->family);

	*rec = (struct sync_record){
		.ipv6 = tuple->family == AF_INET6,
		.proto = tuple->proto,
		.state = lb_nl_adopt_state(tuple->proto, conn->state),
		.cport = ntohs(tuple->sport),
		.vport = ntohs(tuple->dport),
		.dport = ntohs(conn->dport),
	};
	memcpy(rec->caddr, &tuple->src, len);
	memcpy(rec->vaddr, &tuple->dst, len);
	memcpy(rec->daddr, &conn->daddr, len);
	if (attrs[LB_A_CONN_FWMARK])
		rec->fwmark = nla_get_u32(attrs[LB_A_CONN_FWMARK]);
	/* 0 seconds would be that none were told. */
	if (attrs[LB_A_CONN_EXPIRES_MS])
		rec->timeout = clamp_t(u64, div_u64(nla_get_u64(attrs[LB_A_CONN_EXPIRES_MS]),
						    MSEC_PER_SEC), 1, LB_TIMEOUT_MAX);
}

static int lb_nl_adopt_explain(unsigned int outcome, struct netlink_ext_ack *extack)
{
	switch (outcome) {
	case LB_SYNC_COUNT_RECEIVED_CONNS:
		return 0;
	case LB_SYNC_COUNT_NO_SERVICE:
		NL_SET_ERR_MSG(extack, "no service that it belongs to has this destination");
		return -ENOENT;
	case LB_SYNC_COUNT_STALE:
		NL_SET_ERR_MSG(extack, "answers of another connection look like its packets");
		return -EEXIST;
	case LB_SYNC_COUNT_CONN_LIMIT:
		NL_SET_ERR_MSG(extack, "there are as many connections as conn-max allows");
		return -ENOSPC;
	case LB_SYNC_COUNT_NO_MEMORY:
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	case LB_SYNC_COUNT_BAD_ADDRESS:
		NL_SET_ERR_MSG(extack, "one of the addresses is no host's");
		return -EINVAL;
	}
	NL_SET_ERR_MSG(extack, "there can be no such connection");
	return -EINVAL;
}

int lb_nl_conn_adopt_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_conn_filter conn;
	struct sync_record rec;
	int err;

	err = lb_nl_parse_conn_filter(&conn, info->attrs, info->extack) ?:
	      lb_nl_adopt_check(&conn, info);
	if (err)
		return err;
	lb_nl_adopt_record(&rec, &conn, info->attrs);
	return lb_nl_adopt_explain(lb_sync_adopt(lb_nl_net(info), &rec), info->extack);
}
