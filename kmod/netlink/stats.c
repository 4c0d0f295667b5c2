// SPDX-License-Identifier: GPL-2.0
/* stats-get and info-get; and how counters and rates are written everywhere. */
#include <lb_version.h>
#include <linux/ktime.h>

#include "../conn.h"
#include "../sched.h"
#include "netlink.h"

int lb_nl_put_stats(struct sk_buff *skb, int type, const struct lb_counters *sum)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest ||
	    nla_put_u64_64bit(skb, LB_A_STATS_CONNS, sum->conns, LB_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, LB_A_STATS_IN_PACKETS, sum->in_packets, LB_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, LB_A_STATS_OUT_PACKETS, sum->out_packets, LB_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, LB_A_STATS_IN_BYTES, sum->in_bytes, LB_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, LB_A_STATS_OUT_BYTES, sum->out_bytes, LB_A_STATS_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int lb_nl_put_rates(struct sk_buff *skb, int type, struct lb_rate *rate,
		    const struct lb_counters *sum)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	struct lb_counters rates = {};
	u64 ms;

	if (!nest)
		return -EMSGSIZE;
	ms = lb_rate_look(rate, sum, ktime_get_ns(), &rates);
	if (nla_put_u64_64bit(skb, LB_A_RATES_INTERVAL_MS, ms, LB_A_RATES_PAD) ||
	    nla_put_u64_64bit(skb, LB_A_RATES_CONNS, rates.conns, LB_A_RATES_PAD) ||
	    nla_put_u64_64bit(skb, LB_A_RATES_IN_PACKETS, rates.in_packets, LB_A_RATES_PAD) ||
	    nla_put_u64_64bit(skb, LB_A_RATES_OUT_PACKETS, rates.out_packets, LB_A_RATES_PAD) ||
	    nla_put_u64_64bit(skb, LB_A_RATES_IN_BYTES, rates.in_bytes, LB_A_RATES_PAD) ||
	    nla_put_u64_64bit(skb, LB_A_RATES_OUT_BYTES, rates.out_bytes, LB_A_RATES_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int lb_nl_put_drops(struct sk_buff *skb, const struct lb_net *ln)
{
	u64 packets[LB_DROP_REASONS];
	struct nlattr *nest;
	unsigned int i;

	lb_drops_read(ln, packets);
	for (i = 0; i < ARRAY_SIZE(packets); i++) {
		nest = nla_nest_start(skb, LB_A_TOTAL_DROP);
		if (!nest ||
		    nla_put_u32(skb, LB_A_DROP_REASON, i) ||
		    nla_put_string(skb, LB_A_DROP_NAME, lb_drop_name(i)) ||
		    nla_put_u64_64bit(skb, LB_A_DROP_PACKETS, packets[i], LB_A_DROP_PAD))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int lb_nl_put_sync_counts(struct sk_buff *skb, const struct lb_net *ln)
{
	u64 counts[LB_SYNC_COUNTS];
	struct nlattr *nest;
	unsigned int i;

	lb_sync_counts_read(ln, counts);
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		nest = nla_nest_start(skb, LB_A_TOTAL_SYNC);
		if (!nest ||
		    nla_put_u32(skb, LB_A_SYNC_COUNTER_WHICH, i) ||
		    nla_put_string(skb, LB_A_SYNC_COUNTER_NAME, lb_sync_count_name(i)) ||
		    nla_put_u64_64bit(skb, LB_A_SYNC_COUNTER_VALUE, counts[i],
				      LB_A_SYNC_COUNTER_PAD))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

int lb_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_net *ln = lb_nl_net(info);
	struct lb_counters sum = {};
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = lb_nl_reply_new(info, LB_CMD_STATS_GET, &hdr);
	if (!reply)
		return -ENOMEM;

	mutex_lock(&ln->lock);
	lb_net_counters(ln, &sum);
	err = lb_nl_put_stats(reply, LB_A_TOTAL_STATS, &sum) ?:
	      lb_nl_put_rates(reply, LB_A_TOTAL_RATES, &ln->rate, &sum) ?:
	      lb_nl_put_drops(reply, ln) ?:
	      lb_nl_put_sync_counts(reply, ln);
	mutex_unlock(&ln->lock);
	return lb_nl_reply_send(info, reply, hdr, err);
}

static int lb_nl_put_schedulers(struct sk_buff *skb)
{
	const struct lb_sched_ops *sched;
	unsigned int i;

	for (i = 0; (sched = lb_sched_nth(i)); i++)
		if (nla_put_string(skb, LB_A_INFO_SCHEDULERS, sched->name))
			return -EMSGSIZE;
	return 0;
}

int lb_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct lb_net *ln = lb_nl_net(info);
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = lb_nl_reply_new(info, LB_CMD_INFO_GET, &hdr);
	if (!reply)
		return -ENOMEM;

	mutex_lock(&ln->lock);
	err = nla_put_string(reply, LB_A_INFO_VERSION, LB_VERSION) ?:
	      nla_put_u32(reply, LB_A_INFO_GENERATION, ln->generation) ?:
	      nla_put_u32(reply, LB_A_INFO_SERVICES, ln->n_services) ?:
	      nla_put_u32(reply, LB_A_INFO_DESTS, ln->n_dests);
	mutex_unlock(&ln->lock);
	err = err ?:
	      nla_put_u32(reply, LB_A_INFO_CONNS, lb_conns_count(ln)) ?:
	      nla_put_u32(reply, LB_A_INFO_BUCKETS, lb_conns_buckets(ln)) ?:
	      nla_put_u32(reply, LB_A_INFO_CONN_SIZE, lb_conn_size()) ?:
	      lb_nl_put_schedulers(reply);
	return lb_nl_reply_send(info, reply, hdr, err);
}
