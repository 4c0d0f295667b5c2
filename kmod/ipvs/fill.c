// SPDX-License-Identifier: GPL-2.0
/* Services and destinations as the family "IPVS" shows them. See ipvs.h. */
#include <linux/inetdevice.h>
#include <linux/ktime.h>

#include "../dest.h"
#include "../sched.h"
#include "ipvs.h"

u32 lb_ipvs_flags(const struct lb_pool *pool)
{
	u32 flags = IP_VS_SVC_F_HASHED;

	if (pool->persist.timeout)
		flags |= IP_VS_SVC_F_PERSISTENT;
	if (pool->one_packet)
		flags |= IP_VS_SVC_F_ONEPACKET;
	if (pool->sched_flags & LB_SCHED_FLAGS_FALLBACK)
		flags |= IP_VS_SVC_F_SCHED_SH_FALLBACK;
	if (pool->sched_flags & LB_SCHED_FLAGS_PORT)
		flags |= IP_VS_SVC_F_SCHED_SH_PORT;
	return flags;
}

static int lb_ipvs_fill_stats32(struct sk_buff *skb, int type, const struct lb_counters *sum,
				const struct lb_counters *rates)
{
	struct nlattr *nest = nla_nest_start_noflag(skb, type);

	if (!nest ||
	    nla_put_u32(skb, IPVS_STATS_ATTR_CONNS, sum->conns) ||
	    nla_put_u32(skb, IPVS_STATS_ATTR_INPKTS, sum->in_packets) ||
	    nla_put_u32(skb, IPVS_STATS_ATTR_OUTPKTS, sum->out_packets) ||
	    nla_put_u64_64bit(skb, IPVS_STATS_ATTR_INBYTES, sum->in_bytes, IPVS_STATS_ATTR_PAD) ||
	    nla_put_u64_64bit(skb, IPVS_STATS_ATTR_OUTBYTES, sum->out_bytes,
			      IPVS_STATS_ATTR_PAD) ||
	    nla_put_u32(skb, IPVS_STATS_ATTR_CPS, rates->conns) ||
	    nla_put_u32(skb, IPVS_STATS_ATTR_INPPS, rates->in_packets) ||
	    nla_put_u32(skb, IPVS_STATS_ATTR_OUTPPS, rates->out_packets) ||
	    nla_put_u32(skb, IPVS_STATS_ATTR_INBPS, rates->in_bytes) ||
	    nla_put_u32(skb, IPVS_STATS_ATTR_OUTBPS, rates->out_bytes))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int lb_ipvs_fill_stats64(struct sk_buff *skb, int type, const struct lb_counters *sum,
				const struct lb_counters *rates)
{
	const u64 values[] = {
		[IPVS_STATS_ATTR_CONNS] = sum->conns,
		[IPVS_STATS_ATTR_INPKTS] = sum->in_packets,
		[IPVS_STATS_ATTR_OUTPKTS] = sum->out_packets,
		[IPVS_STATS_ATTR_INBYTES] = sum->in_bytes,
		[IPVS_STATS_ATTR_OUTBYTES] = sum->out_bytes,
		[IPVS_STATS_ATTR_CPS] = rates->conns,
		[IPVS_STATS_ATTR_INPPS] = rates->in_packets,
		[IPVS_STATS_ATTR_OUTPPS] = rates->out_packets,
		[IPVS_STATS_ATTR_INBPS] = rates->in_bytes,
		[IPVS_STATS_ATTR_OUTBPS] = rates->out_bytes,
	};
	struct nlattr *nest = nla_nest_start_noflag(skb, type);
	int attr;

	if (!nest)
		return -EMSGSIZE;
	for (attr = IPVS_STATS_ATTR_CONNS; attr <= IPVS_STATS_ATTR_OUTBPS; attr++) {
		if (nla_put_u64_64bit(skb, attr, values[attr], IPVS_STATS_ATTR_PAD))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

void lb_ipvs_look(struct lb_rate *rate, struct lb_counters *sum, const struct lb_counters *zeroed,
		  struct lb_counters *rates)
{
	lb_rate_look(rate, sum, ktime_get_ns(), rates);
	lb_counters_sub(sum, zeroed);
}

const char *lb_ipvs_proto_name(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_SCTP:
		return "SCTP";
	}
	/* What a mark gathers. */
	return "IP";
}

static int lb_ipvs_fill_stats(struct sk_buff *skb, int type32, int type64, struct lb_rate *rate,
			      const struct lb_counters *now, const struct lb_counters *zeroed)
{
	struct lb_counters sum = *now, rates = {};

	lb_ipvs_look(rate, &sum, zeroed, &rates);
	return lb_ipvs_fill_stats32(skb, type32, &sum, &rates) ?:
	       lb_ipvs_fill_stats64(skb, type64, &sum, &rates);
}

static int lb_ipvs_fill_key(struct sk_buff *skb, const struct lb_service_key *key)
{
	if (nla_put_u16(skb, IPVS_SVC_ATTR_AF, key->family))
		return -EMSGSIZE;
	if (key->fwmark)
		return nla_put_u32(skb, IPVS_SVC_ATTR_FWMARK, key->fwmark);
	if (nla_put_u16(skb, IPVS_SVC_ATTR_PROTOCOL, key->proto) ||
	    nla_put(skb, IPVS_SVC_ATTR_ADDR, sizeof(key->addr), &key->addr) ||
	    nla_put_be16(skb, IPVS_SVC_ATTR_PORT, key->port))
		return -EMSGSIZE;
	return 0;
}

__be32 lb_ipvs_netmask(u8 family, const struct lb_persist *persist)
{
	return family == AF_INET ? inet_make_mask(persist->prefix) :
				   (__force __be32)(u32)persist->prefix;
}

static int lb_ipvs_fill_options(struct sk_buff *skb, const struct lb_service *svc,
				const struct lb_pool *pool)
{
	const struct ip_vs_flags flags = { .flags = lb_ipvs_flags(pool), .mask = ~0 };

	if (nla_put_string(skb, IPVS_SVC_ATTR_SCHED_NAME, pool->sched->name) ||
	    (pool->persist.engine == LB_PERSIST_ENGINE_SIP &&
	     nla_put_string(skb, IPVS_SVC_ATTR_PE_NAME, "sip")) ||
	    nla_put(skb, IPVS_SVC_ATTR_FLAGS, sizeof(flags), &flags) ||
	    nla_put_u32(skb, IPVS_SVC_ATTR_TIMEOUT, pool->persist.timeout / HZ) ||
	    nla_put_be32(skb, IPVS_SVC_ATTR_NETMASK,
			 lb_ipvs_netmask(svc->key.family, &pool->persist)))
		return -EMSGSIZE;
	return 0;
}

int lb_ipvs_fill_service(struct sk_buff *skb, struct lb_service *svc)
{
	const struct lb_pool *pool = lb_service_pool_locked(svc);
	struct nlattr *nest = nla_nest_start_noflag(skb, IPVS_CMD_ATTR_SERVICE);
	struct lb_counters sum = {};

	lb_service_counters(svc, &sum);
	if (!nest || lb_ipvs_fill_key(skb, &svc->key) || lb_ipvs_fill_options(skb, svc, pool) ||
	    lb_ipvs_fill_stats(skb, IPVS_SVC_ATTR_STATS, IPVS_SVC_ATTR_STATS64, &svc->rate, &sum,
			       &svc->zeroed))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

u32 lb_ipvs_method(u8 method)
{
	switch ((enum lb_method)method) {
	case LB_METHOD_DIRECT:
		return IP_VS_CONN_F_DROUTE;
	case LB_METHOD_TUNNEL:
		return IP_VS_CONN_F_TUNNEL;
	case LB_METHOD_BYPASS:
		return IP_VS_CONN_F_BYPASS;
	case LB_METHOD_NAT:
		break;
	}
	return IP_VS_CONN_F_MASQ;
}

const char *lb_ipvs_method_name(u8 method)
{
	switch ((enum lb_method)method) {
	case LB_METHOD_DIRECT:
		return "Route";
	case LB_METHOD_TUNNEL:
		return "Tunnel";
	case LB_METHOD_NAT:
	case LB_METHOD_BYPASS:
		break;
	}
	return "Masq";
}

u32 lb_ipvs_weight(const struct lb_pool_entry *entry)
{
	return entry->drain ? 0 : entry->weight;
}

static u16 lb_ipvs_tunnel_flags(u8 checksum)
{
	switch ((enum lb_tunnel_checksum)checksum) {
	case LB_TUNNEL_CHECKSUM_NORMAL:
		return IP_VS_TUNNEL_ENCAP_FLAG_CSUM;
	case LB_TUNNEL_CHECKSUM_REMOTE:
		return IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM;
	case LB_TUNNEL_CHECKSUM_NONE:
		break;
	}
	return IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM;
}

static int lb_ipvs_fill_spec(struct sk_buff *skb, const struct lb_pool_entry *entry)
{
	const union lb_tunnel tunnel = entry->method == LB_METHOD_TUNNEL ? entry->dest->tunnel :
									   (union lb_tunnel){};

	if (nla_put_u32(skb, IPVS_DEST_ATTR_FWD_METHOD, lb_ipvs_method(entry->method)) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_WEIGHT, lb_ipvs_weight(entry)) ||
	    nla_put_u8(skb, IPVS_DEST_ATTR_TUN_TYPE, tunnel.type) ||
	    nla_put_be16(skb, IPVS_DEST_ATTR_TUN_PORT, tunnel.port) ||
	    nla_put_u16(skb, IPVS_DEST_ATTR_TUN_FLAGS, lb_ipvs_tunnel_flags(tunnel.checksum)) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_U_THRESH, entry->upper) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_L_THRESH, entry->lower))
		return -EMSGSIZE;
	return 0;
}

int lb_ipvs_fill_dest(struct sk_buff *skb, struct lb_service *svc,
		      const struct lb_pool_entry *entry)
{
	struct nlattr *nest = nla_nest_start_noflag(skb, IPVS_CMD_ATTR_DEST);
	struct lb_dest *dest = entry->dest;
	struct lb_counters sum = {};

	lb_counters_add_pcpu(&sum, dest->counters);
	if (!nest || nla_put(skb, IPVS_DEST_ATTR_ADDR, sizeof(dest->addr), &dest->addr) ||
	    nla_put_be16(skb, IPVS_DEST_ATTR_PORT, dest->port) ||
	    lb_ipvs_fill_spec(skb, entry) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_ACTIVE_CONNS, lb_dest_active(dest)) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_INACT_CONNS, lb_dest_inactive(dest)) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_PERSIST_CONNS, atomic_read(&dest->templates)) ||
	    nla_put_u16(skb, IPVS_DEST_ATTR_ADDR_FAMILY, dest->family) ||
	    lb_ipvs_fill_stats(skb, IPVS_DEST_ATTR_STATS, IPVS_DEST_ATTR_STATS64, &dest->rate,
			       &sum, &dest->zeroed))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
