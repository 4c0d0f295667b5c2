// SPDX-License-Identifier: GPL-2.0
/* What connections that bypass all destinations have instead of one. */
#include "bypass.h"

#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "edit.h"

/**
 * struct lb_bypass - for connections without a destination
 * @entry: for IPv4 and IPv6
 *
 * Made with the first edit that asks for it, gone with the namespace.
 */
struct lb_bypass {
	struct lb_pool_entry entry[2];
};

static void lb_bypass_free(struct lb_bypass *bypass)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bypass->entry); i++) {
		if (bypass->entry[i].dest)
			lb_dest_free(bypass->entry[i].dest);
	}
	kfree(bypass);
}

static bool lb_bypass_fill(struct lb_pool_entry *entry, struct lb_service *svc, u8 family)
{
	const union lb_addr none = {};

	entry->method = LB_METHOD_BYPASS;
	entry->dest = lb_dest_new(svc, family, &none, 0);
	if (!entry->dest)
		return false;
	/* It always takes connections: none is to leave it with the next SYN. */
	entry->dest->place = 0;
	return true;
}

static struct lb_bypass *lb_bypass_new(struct lb_net *ln)
{
	const struct lb_service_key nobody = {};
	struct lb_bypass *bypass;
	struct lb_service *svc;

	bypass = kzalloc(sizeof(*bypass), GFP_KERNEL_ACCOUNT);
	if (!bypass)
		return NULL;
	svc = lb_service_alloc(ln, &nobody);
	if (!svc || !lb_bypass_fill(&bypass->entry[0], svc, AF_INET) ||
	    !lb_bypass_fill(&bypass->entry[1], svc, AF_INET6)) {
		lb_bypass_free(bypass);
		bypass = NULL;
	}
	/* It is theirs now. */
	if (svc)
		lb_service_put(svc);
	return bypass;
}

int lb_bypass_prepare(struct lb_edit *edit)
{
	const struct lb_settings_spec *settings = &edit->settings;
	struct lb_net *ln = edit->ln;
	struct lb_bypass *bypass;

	if (ln->bypass || !settings->to.cache_bypass ||
	    !test_bit(LB_SETTINGS_FIELD(cache_bypass), settings->set))
		return 0;
	bypass = lb_bypass_new(ln);
	if (!bypass)
		return -ENOMEM;
	/* Pairs with the acquire in lb_bypass_find(). */
	smp_store_release(&ln->bypass, bypass);
	return 0;
}

void lb_bypass_exit(struct lb_net *ln)
{
	if (ln->bypass)
		lb_bypass_free(ln->bypass);
	ln->bypass = NULL;
}

/* As ip_vs: to another host. An own address of IPv6 is none, either; there ip_vs opens
 * a connection of which it drops all packets. Own are those of the VRF that the packet
 * came in by, or without one those of none: ip_vs asks for the latter only.
 *
 * Context: rcu_read_lock().
 */
static bool lb_bypass_leads(const struct lb_ctx *ctx)
{
	const union lb_addr *addr = &ctx->pkt.tuple.dst;
	const struct sk_buff *skb = ctx->skb;
	struct net *net = ctx->ln->net;
	struct net_device *vrf;

	vrf = l3mdev_master_dev_rcu(skb->dev ?: skb_dst(skb)->dev);
	if (ctx->pkt.tuple.family == AF_INET)
		return inet_addr_type_dev_table(net, vrf, addr->ip) == RTN_UNICAST;
	return (ipv6_addr_type(&addr->ip6) & IPV6_ADDR_UNICAST) &&
	       !ipv6_chk_addr_and_flags(net, &addr->ip6, vrf, true, 0, IFA_F_TENTATIVE);
}

const struct lb_pool_entry *lb_bypass_find(const struct lb_ctx *ctx)
{
	/* Pairs with the release in lb_bypass_prepare(). */
	struct lb_bypass *bypass = smp_load_acquire(&ctx->ln->bypass);

	if (!bypass || ctx->pkt.icmp || !lb_bypass_leads(ctx))
		return NULL;
	return &bypass->entry[ctx->pkt.tuple.family != AF_INET];
}
