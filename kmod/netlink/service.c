// SPDX-License-Identifier: GPL-2.0
/* service-new, -set, -del, -get and flush; and the walk over services that
 * dumps of services and of destinations share.
 */
#include "../dest.h"
#include "../sched.h"
#include "netlink.h"

int lb_nl_put_addr(struct sk_buff *skb, int type, u8 family, const union lb_addr *addr)
{
	return nla_put(skb, type, lb_addr_len(family), addr);
}

int lb_nl_put_key(struct sk_buff *skb, int type, const struct lb_service_key *key)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest || nla_put_u16(skb, LB_A_KEY_FAMILY, key->family))
		return -EMSGSIZE;
	if (key->fwmark ? nla_put_u32(skb, LB_A_KEY_FWMARK, key->fwmark) :
	    nla_put_u8(skb, LB_A_KEY_PROTOCOL, key->proto) ||
	    lb_nl_put_addr(skb, LB_A_KEY_ADDR, key->family, &key->addr) ||
	    nla_put_be16(skb, LB_A_KEY_PORT, key->port))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int lb_nl_put_service(struct sk_buff *skb, struct lb_service *svc)
{
	const struct lb_pool *pool = lb_service_pool_locked(svc);
	u32 active = 0, inactive = 0;
	struct lb_counters sum = {};
	u32 i;

	for (i = 0; i < pool->n_members; i++) {
		active += lb_dest_active(pool->member[i].dest);
		inactive += lb_dest_inactive(pool->member[i].dest);
	}
	lb_service_counters(svc, &sum);

	if (lb_nl_put_key(skb, LB_A_SERVICE_KEY, &svc->key) ||
	    nla_put_string(skb, LB_A_SERVICE_SCHEDULER, pool->sched->name) ||
	    nla_put_u32(skb, LB_A_SERVICE_SCHED_FLAGS, pool->sched_flags) ||
	    nla_put_u8(skb, LB_A_SERVICE_ONE_PACKET, pool->one_packet) ||
	    nla_put_u16(skb, LB_A_SERVICE_MSS_CLAMP, pool->mss_clamp) ||
	    nla_put_u32(skb, LB_A_SERVICE_PERSIST_TIMEOUT, pool->persist.timeout / HZ) ||
	    nla_put_u8(skb, LB_A_SERVICE_PERSIST_PREFIX, pool->persist.prefix) ||
	    nla_put_u8(skb, LB_A_SERVICE_PERSIST_ENGINE, pool->persist.engine) ||
	    lb_nl_put_timeouts(skb, LB_A_SERVICE_TIMEOUTS, &pool->timeouts) ||
	    nla_put_u32(skb, LB_A_SERVICE_SLOW_START, pool->slow_start) ||
	    nla_put_u8(skb, LB_A_SERVICE_ORPHANS, pool->orphans) ||
	    nla_put_u32(skb, LB_A_SERVICE_DESTS, pool->n_members) ||
	    nla_put_u32(skb, LB_A_SERVICE_ACTIVE, active) ||
	    nla_put_u32(skb, LB_A_SERVICE_INACTIVE, inactive) ||
	    lb_nl_put_stats(skb, LB_A_SERVICE_STATS, &sum) ||
	    lb_nl_put_rates(skb, LB_A_SERVICE_RATES, &svc->rate, &sum) ||
	    lb_nl_put_since(skb, LB_A_SERVICE_SINCE_ZERO, &sum, &svc->zeroed) ||
	    nla_put_u32(skb, LB_A_SERVICE_GENERATION, svc->ln->generation))
		return -EMSGSIZE;
	return 0;
}

struct lb_service *lb_nl_find_service(struct lb_net *ln, const struct lb_service_key *key)
{
	struct lb_service *svc = lb_service_find(ln, key);

	return svc && lb_service_pool_locked(svc) ? svc : NULL;
}

struct lb_service *lb_nl_dump_service(struct lb_net *ln, struct lb_nl_dump *dump)
{
	struct lb_service *svc;
	u32 n = 0;

	if (dump->over)
		return NULL;
	if (!dump->begun) {
		dump->begun = true;
		svc = list_first_entry_or_null(&ln->service_list, struct lb_service, list);
		if (svc)
			dump->key = svc->key;
		else
			dump->over = true;
		return svc;
	}

	svc = lb_nl_find_service(ln, &dump->key);
	if (svc || dump->one)
		return svc;
	/* It is gone. The reader is told that the list is of no one moment
	 * (NLM_F_DUMP_INTR); go on about where it was.
	 */
	dump->dest = 0;
	list_for_each_entry(svc, &ln->service_list, list)
		if (n++ == dump->nth)
			return svc;
	return NULL;
}

struct lb_service *lb_nl_dump_next(struct lb_service *svc, struct lb_nl_dump *dump)
{
	if (dump->one || list_is_last(&svc->list, &svc->ln->service_list)) {
		dump->over = true;
		return NULL;
	}
	svc = list_next_entry(svc, list);
	dump->key = svc->key;
	dump->nth++;
	dump->dest = 0;
	return svc;
}

void *lb_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				&lb_nl_family, NLM_F_MULTI, cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

int lb_nl_service_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct nlattr *key = genl_info_dump(cb)->attrs[LB_A_SERVICE_KEY];
	struct lb_nl_dump *dump = (struct lb_nl_dump *)cb->ctx;
	struct lb_net *ln = lb_net(sock_net(skb->sk));
	struct lb_service *svc;
	void *hdr;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));

	if (key) {
		NL_SET_ERR_MSG_ATTR(cb->extack, key,
				    "one service is asked for without NLM_F_DUMP");
		return -EINVAL;
	}

	mutex_lock(&ln->lock);
	cb->seq = ln->generation + 1;	/* 0 is "not known" */
	for (svc = lb_nl_dump_service(ln, dump); svc; svc = lb_nl_dump_next(svc, dump)) {
		hdr = lb_nl_dump_put(skb, cb, LB_CMD_SERVICE_GET);
		if (!hdr)
			break;
		if (lb_nl_put_service(skb, svc)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	mutex_unlock(&ln->lock);
	return skb->len;
}

int lb_nl_service_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_net *ln = lb_nl_net(info);
	struct lb_service_key key;
	struct lb_service *svc;
	struct sk_buff *reply;
	void *hdr;
	int err;

	err = lb_nl_parse_key(&key, info->attrs, LB_A_SERVICE_KEY, info->extack);
	if (err)
		return err;
	reply = lb_nl_reply_new(info, LB_CMD_SERVICE_GET, &hdr);
	if (!reply)
		return -ENOMEM;

	mutex_lock(&ln->lock);
	svc = lb_nl_find_service(ln, &key);
	if (svc) {
		err = lb_nl_put_service(reply, svc);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[LB_A_SERVICE_KEY],
				    "there is no such service");
		err = -ESRCH;
	}
	mutex_unlock(&ln->lock);
	return lb_nl_reply_send(info, reply, hdr, err);
}

int lb_nl_service_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_change change = { .cmd = LB_CMD_SERVICE_NEW };
	int err;

	err = lb_nl_parse_key(&change.key, info->attrs, LB_A_SERVICE_KEY, info->extack);
	if (err)
		return err;
	if (!info->attrs[LB_A_SERVICE_SCHEDULER])
		return lb_nl_missing(info->extack, NULL, LB_A_SERVICE_SCHEDULER,
				     "service: scheduler");
	err = lb_nl_parse_service(&change.service, info->attrs, info->extack);
	if (err)
		return err;
	return lb_nl_change(info, &change, info->attrs[LB_A_SERVICE_TXN]);
}

int lb_nl_service_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_change change = { .cmd = LB_CMD_SERVICE_SET };
	int err;

	err = lb_nl_parse_key(&change.key, info->attrs, LB_A_SERVICE_KEY, info->extack);
	if (err)
		return err;
	err = lb_nl_parse_service(&change.service, info->attrs, info->extack);
	if (err)
		return err;
	return lb_nl_change(info, &change, info->attrs[LB_A_SERVICE_TXN]);
}

int lb_nl_service_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_change change = { .cmd = LB_CMD_SERVICE_DEL };
	int err;

	err = lb_nl_parse_key(&change.key, info->attrs, LB_A_SERVICE_KEY, info->extack);
	if (err)
		return err;
	return lb_nl_change(info, &change, info->attrs[LB_A_SERVICE_TXN]);
}

int lb_nl_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct lb_change change = { .cmd = LB_CMD_FLUSH };

	return lb_nl_change(info, &change, info->attrs[LB_A_SERVICE_TXN]);
}
