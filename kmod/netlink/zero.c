// SPDX-License-Identifier: GPL-2.0
/* zero. */
#include "../zero.h"
#include "netlink.h"

int lb_nl_zero_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[LB_A_SERVICE_KEY];
	struct lb_net *ln = lb_nl_net(info);
	struct lb_service_key key;
	struct lb_service *svc;
	int err = 0;

	if (attr)
		err = lb_nl_parse_key(&key, info->attrs, LB_A_SERVICE_KEY, info->extack);
	if (err)
		return err;

	mutex_lock(&ln->lock);
	if (!attr) {
		lb_zero_all(ln);
		goto unlock;
	}
	svc = lb_nl_find_service(ln, &key);
	if (svc) {
		lb_zero_service(svc);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "there is no such service");
		err = -ESRCH;
	}
unlock:
	mutex_unlock(&ln->lock);
	return err;
}

int lb_nl_put_since(struct sk_buff *skb, int type, const struct lb_counters *sum,
		    const struct lb_counters *zeroed)
{
	struct lb_counters since = *sum;

	if (!memchr_inv(zeroed, 0, sizeof(*zeroed)))
		return 0;
	lb_counters_sub(&since, zeroed);
	return lb_nl_put_stats(skb, type, &since);
}
