// SPDX-License-Identifier: GPL-2.0
/* The family "IPVS": its commands, and what they answer. See ipvs.h. */
#include <linux/module.h>

#include "../dest.h"
#include "../zero.h"
#include "ipvs.h"

static struct genl_family lb_ipvs_family;

static const struct nla_policy lb_ipvs_policy[IPVS_CMD_ATTR_MAX + 1] = {
	[IPVS_CMD_ATTR_SERVICE] = { .type = NLA_NESTED },
	[IPVS_CMD_ATTR_DEST] = { .type = NLA_NESTED },
	[IPVS_CMD_ATTR_DAEMON] = { .type = NLA_NESTED },
	[IPVS_CMD_ATTR_TIMEOUT_TCP] = { .type = NLA_U32 },
	[IPVS_CMD_ATTR_TIMEOUT_TCP_FIN] = { .type = NLA_U32 },
	[IPVS_CMD_ATTR_TIMEOUT_UDP] = { .type = NLA_U32 },
};

static int lb_ipvs_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	const u8 cmd = info->genlhdr->cmd;
	struct lb_net *ln = lb_nl_net(info);
	struct lb_change change;
	struct lb_edit edit;
	int err;

	err = lb_edit_begin(&edit, ln, cmd == IPVS_CMD_FLUSH, info->extack);
	if (err)
		return err;
	err = lb_ipvs_parse_change(&change, ln, cmd, info->attrs, info->extack) ?:
	      lb_ipvs_commit(&edit, &change, info->extack);
	lb_edit_end(&edit);
	return err;
}

static int lb_ipvs_zero_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_net *ln = lb_nl_net(info);
	struct lb_service_key key;
	struct lb_service *svc;
	int err = 0;

	mutex_lock(&ln->lock);
	if (!info->attrs[IPVS_CMD_ATTR_SERVICE]) {
		lb_zero_all(ln);
		goto unlock;
	}
	err = lb_ipvs_parse_key(&key, info->attrs);
	if (err)
		goto unlock;
	svc = lb_nl_find_service(ln, &key);
	if (svc)
		lb_zero_service(svc);
	else
		err = -ESRCH;
unlock:
	mutex_unlock(&ln->lock);
	return err;
}

static int lb_ipvs_answer_service(struct sk_buff *reply, struct lb_net *ln, struct nlattr **attrs)
{
	struct lb_service_key key;
	struct lb_service *svc;
	int err;

	err = lb_ipvs_parse_key(&key, attrs);
	if (err)
		return err;
	svc = lb_nl_find_service(ln, &key);
	return svc ? lb_ipvs_fill_service(reply, svc) : -ESRCH;
}

static int lb_ipvs_answer_config(struct sk_buff *reply, const struct lb_net *ln)
{
	const u32 *timeout = ln->settings.timeout;

	if (nla_put_u32(reply, IPVS_CMD_ATTR_TIMEOUT_TCP, timeout[LB_STATE_ESTABLISHED] / HZ) ||
	    nla_put_u32(reply, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeout[LB_STATE_FIN_WAIT] / HZ) ||
	    nla_put_u32(reply, IPVS_CMD_ATTR_TIMEOUT_UDP, timeout[LB_STATE_UDP] / HZ))
		return -EMSGSIZE;
	return 0;
}

static int lb_ipvs_answer_info(struct sk_buff *reply)
{
	if (nla_put_u32(reply, IPVS_INFO_ATTR_VERSION, LB_IPVS_VERSION) ||
	    nla_put_u32(reply, IPVS_INFO_ATTR_CONN_TAB_SIZE, LB_IPVS_TAB_SIZE))
		return -EMSGSIZE;
	return 0;
}

/* Caller holds ln->lock. */
static int lb_ipvs_answer(struct sk_buff *reply, struct lb_net *ln, struct genl_info *info)
{
	switch (info->genlhdr->cmd) {
	case IPVS_CMD_GET_SERVICE:
		return lb_ipvs_answer_service(reply, ln, info->attrs);
	case IPVS_CMD_GET_CONFIG:
		return lb_ipvs_answer_config(reply, ln);
	}
	return lb_ipvs_answer_info(reply);
}

/* A question is answered by the command that would make it so. */
static u8 lb_ipvs_answer_command(u8 cmd)
{
	switch (cmd) {
	case IPVS_CMD_GET_SERVICE:
		return IPVS_CMD_NEW_SERVICE;
	case IPVS_CMD_GET_CONFIG:
		return IPVS_CMD_SET_CONFIG;
	}
	return IPVS_CMD_SET_INFO;
}

static int lb_ipvs_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_net *ln = lb_nl_net(info);
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	hdr = genlmsg_put_reply(reply, info, &lb_ipvs_family, 0,
				lb_ipvs_answer_command(info->genlhdr->cmd));
	if (!hdr) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	mutex_lock(&ln->lock);
	err = lb_ipvs_answer(reply, ln, info);
	mutex_unlock(&ln->lock);
	return lb_nl_reply_send(info, reply, hdr, err);
}

void *lb_ipvs_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &lb_ipvs_family,
			   NLM_F_MULTI, cmd);
}

static int lb_ipvs_dump_services(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct lb_nl_dump *dump = (struct lb_nl_dump *)cb->ctx;
	struct lb_net *ln = lb_net(sock_net(skb->sk));
	struct lb_service *svc;
	void *hdr;

	mutex_lock(&ln->lock);
	for (svc = lb_nl_dump_service(ln, dump); svc; svc = lb_nl_dump_next(svc, dump)) {
		hdr = lb_ipvs_dump_put(skb, cb, IPVS_CMD_NEW_SERVICE);
		if (!hdr)
			break;
		if (lb_ipvs_fill_service(skb, svc)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	mutex_unlock(&ln->lock);
	return skb->len;
}

/* In the order of the pool, which is ip_vs's. */
static void lb_ipvs_dump_pool(struct sk_buff *skb, struct netlink_callback *cb,
			      struct lb_service *svc)
{
	const struct lb_pool *pool = lb_service_pool_locked(svc);
	void *hdr;

	for (; cb->args[0] < pool->n_members; cb->args[0]++) {
		hdr = lb_ipvs_dump_put(skb, cb, IPVS_CMD_NEW_DEST);
		if (!hdr)
			return;
		if (lb_ipvs_fill_dest(skb, svc, &pool->member[cb->args[0]])) {
			genlmsg_cancel(skb, hdr);
			return;
		}
		genlmsg_end(skb, hdr);
	}
}

/* Of a service that there is not, or that is not named, there are none, as in ip_vs. */
static int lb_ipvs_dump_dests(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct lb_net *ln = lb_net(sock_net(skb->sk));
	struct nlattr *attrs[IPVS_CMD_ATTR_MAX + 1];
	struct lb_service_key key;
	struct lb_service *svc;

	/* Old clients' attributes are not for the core to validate, nor parsed by it. */
	if (nlmsg_parse_deprecated(cb->nlh, GENL_HDRLEN, attrs, IPVS_CMD_ATTR_MAX,
				   lb_ipvs_policy, cb->extack) ||
	    lb_ipvs_parse_key(&key, attrs))
		return skb->len;
	mutex_lock(&ln->lock);
	svc = lb_nl_find_service(ln, &key);
	if (svc)
		lb_ipvs_dump_pool(skb, cb, svc);
	mutex_unlock(&ln->lock);
	return skb->len;
}

#define LB_IPVS_OP(command, ...) {						\
	.cmd = (command),							\
	.validate = GENL_DONT_VALIDATE_STRICT | GENL_DONT_VALIDATE_DUMP,	\
	.flags = GENL_ADMIN_PERM,						\
	__VA_ARGS__								\
}

static const struct genl_ops lb_ipvs_ops[] = {
	LB_IPVS_OP(IPVS_CMD_NEW_SERVICE, .doit = lb_ipvs_set_doit),
	LB_IPVS_OP(IPVS_CMD_SET_SERVICE, .doit = lb_ipvs_set_doit),
	LB_IPVS_OP(IPVS_CMD_DEL_SERVICE, .doit = lb_ipvs_set_doit),
	LB_IPVS_OP(IPVS_CMD_GET_SERVICE, .doit = lb_ipvs_get_doit,
		   .dumpit = lb_ipvs_dump_services),
	LB_IPVS_OP(IPVS_CMD_NEW_DEST, .doit = lb_ipvs_set_doit),
	LB_IPVS_OP(IPVS_CMD_SET_DEST, .doit = lb_ipvs_set_doit),
	LB_IPVS_OP(IPVS_CMD_DEL_DEST, .doit = lb_ipvs_set_doit),
	LB_IPVS_OP(IPVS_CMD_GET_DEST, .dumpit = lb_ipvs_dump_dests),
	LB_IPVS_OP(IPVS_CMD_NEW_DAEMON, .doit = lb_ipvs_daemon_doit),
	LB_IPVS_OP(IPVS_CMD_DEL_DAEMON, .doit = lb_ipvs_daemon_doit),
	LB_IPVS_OP(IPVS_CMD_GET_DAEMON, .dumpit = lb_ipvs_dump_daemons),
	LB_IPVS_OP(IPVS_CMD_SET_CONFIG, .doit = lb_ipvs_set_doit),
	LB_IPVS_OP(IPVS_CMD_GET_CONFIG, .doit = lb_ipvs_get_doit),
	LB_IPVS_OP(IPVS_CMD_GET_INFO, .doit = lb_ipvs_get_doit),
	LB_IPVS_OP(IPVS_CMD_ZERO, .doit = lb_ipvs_zero_doit),
	LB_IPVS_OP(IPVS_CMD_FLUSH, .doit = lb_ipvs_set_doit),
};

static struct genl_family lb_ipvs_family __ro_after_init = {
	.name = IPVS_GENL_NAME,
	.version = IPVS_GENL_VERSION,
	.maxattr = IPVS_CMD_ATTR_MAX,
	.policy = lb_ipvs_policy,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = lb_ipvs_ops,
	.n_ops = ARRAY_SIZE(lb_ipvs_ops),
	.resv_start_op = IPVS_CMD_FLUSH + 1,
};

int lb_ipvs_genl_init(void)
{
	return genl_register_family(&lb_ipvs_family);
}

void lb_ipvs_genl_exit(void)
{
	genl_unregister_family(&lb_ipvs_family);
}

MODULE_ALIAS_GENL_FAMILY(IPVS_GENL_NAME);
