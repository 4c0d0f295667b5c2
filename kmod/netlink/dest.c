// SPDX-License-Identifier: GPL-2.0
/* dest-new, -set, -del and -get. */
#include <net/addrconf.h>
#include <net/route.h>

#include "../dest.h"
#include "../ramp.h"
#include "netlink.h"

/* Is it the director's own address, now? */
static bool lb_nl_dest_is_local(struct net *net, const struct lb_dest *dest)
{
	if (dest->family == AF_INET)
		return inet_addr_type(net, dest->addr.ip) == RTN_LOCAL;
#if IS_ENABLED(CONFIG_IPV6)
	return ipv6_chk_addr(net, &dest->addr.ip6, NULL, 0);
#else
	return false;
#endif
}

static int lb_nl_put_tunnel(struct sk_buff *skb, const struct lb_pool_entry *entry)
{
	const union lb_tunnel *tunnel = &entry->dest->tunnel;

	if (entry->method != LB_METHOD_TUNNEL)
		return 0;
	if (nla_put_u8(skb, LB_A_DEST_TUNNEL_TYPE, tunnel->type) ||
	    nla_put_be16(skb, LB_A_DEST_TUNNEL_PORT, tunnel->port) ||
	    nla_put_u8(skb, LB_A_DEST_TUNNEL_CHECKSUM, tunnel->checksum))
		return -EMSGSIZE;
	return 0;
}

static int lb_nl_put_drain(struct sk_buff *skb, const struct lb_drain *drain)
{
	if (!drain->timed)
		return 0;
	if (nla_put_u32(skb, LB_A_DEST_DEADLINE, lb_drain_left(drain)) ||
	    nla_put_u8(skb, LB_A_DEST_DRAIN_END, drain->end))
		return -EMSGSIZE;
	return 0;
}

int lb_nl_put_dest(struct sk_buff *skb, struct lb_service *svc,
		   const struct lb_pool_entry *entry)
{
	struct lb_dest *dest = entry->dest;
	u8 ramp = lb_ramp_percent(dest);
	struct lb_counters sum = {};

	lb_counters_add_pcpu(&sum, dest->counters);

	if (lb_nl_put_key(skb, LB_A_DEST_SERVICE, &svc->key) ||
	    nla_put_u16(skb, LB_A_DEST_FAMILY, dest->family) ||
	    lb_nl_put_addr(skb, LB_A_DEST_ADDR, dest->family, &dest->addr) ||
	    nla_put_be16(skb, LB_A_DEST_PORT, dest->port) ||
	    nla_put_u8(skb, LB_A_DEST_METHOD, entry->method) ||
	    nla_put_u32(skb, LB_A_DEST_WEIGHT, entry->weight) ||
	    nla_put_u8(skb, LB_A_DEST_DRAIN, entry->drain) ||
	    lb_nl_put_tunnel(skb, entry) ||
	    nla_put_u32(skb, LB_A_DEST_ACTIVE, lb_dest_active(dest)) ||
	    nla_put_u32(skb, LB_A_DEST_INACTIVE, lb_dest_inactive(dest)) ||
	    (lb_nl_dest_is_local(svc->ln->net, dest) && nla_put_flag(skb, LB_A_DEST_LOCAL)) ||
	    lb_nl_put_stats(skb, LB_A_DEST_STATS, &sum) ||
	    lb_nl_put_rates(skb, LB_A_DEST_RATES, &dest->rate, &sum) ||
	    nla_put_u32(skb, LB_A_DEST_TEMPLATES, atomic_read(&dest->templates)) ||
	    nla_put_u32(skb, LB_A_DEST_GENERATION, svc->ln->generation) ||
	    nla_put_u32(skb, LB_A_DEST_UPPER, entry->upper) ||
	    nla_put_u32(skb, LB_A_DEST_LOWER, entry->lower) ||
	    (lb_dest_full(dest) && nla_put_flag(skb, LB_A_DEST_FULL)) ||
	    (ramp < 100 && nla_put_u8(skb, LB_A_DEST_RAMP, ramp)) ||
	    lb_nl_put_drain(skb, &dest->drain) ||
	    lb_nl_put_since(skb, LB_A_DEST_SINCE_ZERO, &sum, &dest->zeroed))
		return -EMSGSIZE;
	return 0;
}

const struct lb_pool_entry *lb_nl_find_dest(struct lb_service *svc,
					    const struct lb_dest_spec *spec)
{
	const struct lb_pool *pool = lb_service_pool_locked(svc);
	u32 i;

	for (i = 0; i < pool->n_members; i++) {
		const struct lb_dest *dest = pool->member[i].dest;

		if (dest->family == spec->family && dest->port == spec->port &&
		    lb_addr_equal(dest->family, &dest->addr, &spec->addr))
			return &pool->member[i];
	}
	return NULL;
}

/* Whose destinations a dump is to list; the first call decides it. */
static int lb_nl_dest_dump_begin(struct lb_net *ln, struct lb_nl_dump *dump,
				 struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	int type, err;

	for (type = LB_A_DEST_FAMILY; type <= LB_A_DEST_PORT; type++) {
		if (!attrs[type])
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attrs[type],
				    "one destination is asked for without NLM_F_DUMP");
		return -EINVAL;
	}
	if (!attrs[LB_A_DEST_SERVICE])
		return 0;

	err = lb_nl_parse_key(&dump->key, attrs, LB_A_DEST_SERVICE, extack);
	if (err)
		return err;
	if (!lb_nl_find_service(ln, &dump->key)) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[LB_A_DEST_SERVICE], "there is no such service");
		return -ESRCH;
	}
	dump->begun = true;
	dump->one = true;
	return 0;
}

/* In order of addition, so that what is saved can be added again in the order
 * it is listed in; a pool has the last one first. Returns false when @skb is
 * full.
 */
static bool lb_nl_dest_dump_pool(struct sk_buff *skb, struct netlink_callback *cb,
				 struct lb_service *svc, struct lb_nl_dump *dump)
{
	const struct lb_pool *pool = lb_service_pool_locked(svc);
	void *hdr;

	for (; dump->dest < pool->n_members; dump->dest++) {
		hdr = lb_nl_dump_put(skb, cb, LB_CMD_DEST_GET);
		if (!hdr)
			return false;
		if (lb_nl_put_dest(skb, svc, &pool->member[pool->n_members - 1 - dump->dest])) {
			genlmsg_cancel(skb, hdr);
			return false;
		}
		genlmsg_end(skb, hdr);
	}
	return true;
}

int lb_nl_dest_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct lb_nl_dump *dump = (struct lb_nl_dump *)cb->ctx;
	struct lb_net *ln = lb_net(sock_net(skb->sk));
	struct lb_service *svc;
	int err = 0;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));

	mutex_lock(&ln->lock);
	cb->seq = ln->generation + 1;	/* 0 is "not known" */
	if (!dump->begun)
		err = lb_nl_dest_dump_begin(ln, dump, genl_info_dump(cb)->attrs, cb->extack);
	if (err)
		goto unlock;
	for (svc = lb_nl_dump_service(ln, dump); svc; svc = lb_nl_dump_next(svc, dump))
		if (!lb_nl_dest_dump_pool(skb, cb, svc, dump))
			break;
unlock:
	mutex_unlock(&ln->lock);
	return err ?: skb->len;
}

/* The reply, or why there is none. Caller holds ln->lock. */
static int lb_nl_dest_answer(struct lb_net *ln, struct sk_buff *reply, struct genl_info *info,
			     const struct lb_service_key *key, const struct lb_dest_spec *spec)
{
	struct lb_service *svc = lb_nl_find_service(ln, key);
	const struct lb_pool_entry *entry;

	if (!svc) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[LB_A_DEST_SERVICE],
				    "there is no such service");
		return -ESRCH;
	}
	entry = lb_nl_find_dest(svc, spec);
	if (!entry) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[LB_A_DEST_ADDR],
				    "the service has no such destination");
		return -ENOENT;
	}
	return lb_nl_put_dest(reply, svc, entry);
}

int lb_nl_dest_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_net *ln = lb_nl_net(info);
	struct lb_service_key key;
	struct lb_dest_spec spec;
	struct sk_buff *reply;
	void *hdr;
	int err;

	err = lb_nl_parse_dest_name(&key, &spec, info->attrs, info->extack);
	if (err)
		return err;
	reply = lb_nl_reply_new(info, LB_CMD_DEST_GET, &hdr);
	if (!reply)
		return -ENOMEM;

	mutex_lock(&ln->lock);
	err = lb_nl_dest_answer(ln, reply, info, &key, &spec);
	mutex_unlock(&ln->lock);
	return lb_nl_reply_send(info, reply, hdr, err);
}

int lb_nl_dest_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_change change = { .cmd = LB_CMD_DEST_NEW };
	int err;

	err = lb_nl_parse_dest_name(&change.key, &change.dest, info->attrs, info->extack);
	if (err)
		return err;
	lb_nl_parse_dest(&change.dest, info->attrs);
	return lb_nl_change(info, &change, info->attrs[LB_A_DEST_TXN]);
}

int lb_nl_dest_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_change change = { .cmd = LB_CMD_DEST_SET };
	int err;

	err = lb_nl_parse_dest_name(&change.key, &change.dest, info->attrs, info->extack);
	if (err)
		return err;
	lb_nl_parse_dest(&change.dest, info->attrs);
	return lb_nl_change(info, &change, info->attrs[LB_A_DEST_TXN]);
}

int lb_nl_dest_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_change change = { .cmd = LB_CMD_DEST_DEL };
	int err;

	err = lb_nl_parse_dest_name(&change.key, &change.dest, info->attrs, info->extack);
	if (err)
		return err;
	return lb_nl_change(info, &change, info->attrs[LB_A_DEST_TXN]);
}
