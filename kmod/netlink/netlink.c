// SPDX-License-Identifier: GPL-2.0
/* The family "lb": registered and unregistered, with the few things that the
 * spec cannot say; and how replies begin.
 */
#include "netlink.h"

#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/notifier.h>

/* The generated table of multicast groups is static: it is meant to be
 * compiled with the family.
 */
#include "genl.c"

/* lb_nl_ops, with the callbacks that the generator has no word for. */
static struct genl_ops lb_nl_family_ops[ARRAY_SIZE(lb_nl_ops)] __ro_after_init;

struct genl_family lb_nl_family __ro_after_init = {
	.name		= LB_GENL_NAME,
	.version	= LB_GENL_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= lb_nl_family_ops,
	.n_ops		= ARRAY_SIZE(lb_nl_family_ops),
	.mcgrps		= lb_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(lb_nl_mcgrps),
};

struct sk_buff *lb_nl_reply_new(struct genl_info *info, u8 cmd, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb) {
		NL_SET_ERR_MSG(info->extack, "out of memory");
		return NULL;
	}
	/* The first thing in an empty message: there is room. */
	*hdr = genlmsg_put_reply(skb, info, &lb_nl_family, 0, cmd);
	return skb;
}

int lb_nl_reply_send(struct genl_info *info, struct sk_buff *reply, void *hdr, int err)
{
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

/* A transaction ends with its socket. */
static int lb_nl_notify(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct netlink_notify *notify = data;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC)
		lb_nl_txn_release(lb_net(notify->net), notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block lb_nl_notifier = {
	.notifier_call = lb_nl_notify,
};

int __init lb_nl_init(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(lb_nl_ops); i++) {
		lb_nl_family_ops[i] = lb_nl_ops[i];
		if (lb_nl_ops[i].cmd == LB_CMD_CONN_GET)
			lb_nl_family_ops[i].done = lb_nl_conn_get_done;
	}

	/* Before somebody can open a transaction. */
	err = netlink_register_notifier(&lb_nl_notifier);
	if (err)
		return err;
	err = genl_register_family(&lb_nl_family);
	if (err)
		netlink_unregister_notifier(&lb_nl_notifier);
	return err;
}

/* Transactions that are open now go with their namespaces. */
void lb_nl_exit(void)
{
	genl_unregister_family(&lb_nl_family);
	netlink_unregister_notifier(&lb_nl_notifier);
}
