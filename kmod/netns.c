// SPDX-License-Identifier: GPL-2.0
/* A namespace comes and goes. Going, packets stop first; then nothing can be
 * found or added any more, and what is left is freed from the packet's end of
 * the chain to the configuration's.
 */
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "alg.h"
#include "bypass.h"
#include "conn.h"
#include "defrag.h"
#include "edit.h"
#include "hook.h"
#include "lb.h"
#include "netlink/netlink.h"
#include "netns.h"
#include "persist.h"
#include "server.h"
#include "service.h"

unsigned int lb_net_id __read_mostly;

static int __net_init lb_net_init(struct net *net)
{
	struct lb_net *ln = lb_net(net);
	int err;

	ln->net = net;
	mutex_init(&ln->lock);
	hash_init(ln->removed);
	INIT_LIST_HEAD(&ln->service_list);
	INIT_LIST_HEAD(&ln->txns);
	lb_settings_init(&ln->settings);

	ln->drops = alloc_percpu(struct lb_drops);
	if (!ln->drops)
		return -ENOMEM;
	err = lb_services_init(ln);
	if (err)
		goto err_drops;
	err = lb_servers_init(ln);
	if (err)
		goto err_services;
	err = lb_alg_init(ln);
	if (err)
		goto err_servers;
	err = lb_templates_init(ln);
	if (err)
		goto err_alg;
	err = lb_conns_init(ln);
	if (err)
		goto err_templates;
	err = lb_defence_init(ln);
	if (err)
		goto err_conns;
	err = lb_sync_init(ln);
	if (err)
		goto err_defence;
	err = lb_defrag_net_init(ln);
	if (err)
		goto err_sync;
	return 0;

err_sync:
	lb_sync_exit(ln);
err_defence:
	lb_defence_exit(ln);
err_conns:
	lb_conns_exit(ln);
err_templates:
	lb_templates_exit(ln);
err_alg:
	lb_alg_exit(ln);
err_servers:
	lb_servers_exit(ln);
err_services:
	lb_services_exit(ln);
err_drops:
	free_percpu(ln->drops);
	return err;
}

/* Between this and lb_net_exit() the core waits for a grace period. */
static void __net_exit lb_net_pre_exit(struct net *net)
{
	struct lb_net *ln = lb_net(net);

	/* While there are interfaces and sockets. */
	lb_sync_pre_exit(ln);
	mutex_lock(&ln->lock);
	ln->dying = true;
	lb_hooks_unregister(ln);
	mutex_unlock(&ln->lock);
	lb_defrag_net_pre_exit(ln);
}

static void __net_exit lb_net_exit(struct net *net)
{
	struct lb_net *ln = lb_net(net);

	lb_nl_net_exit(ln);
	lb_sync_exit(ln);
	lb_defrag_net_exit(ln);
	lb_defence_exit(ln);
	lb_conns_exit(ln);
	lb_bypass_exit(ln);
	lb_templates_exit(ln);
	lb_alg_exit(ln);
	lb_servers_exit(ln);
	lb_services_exit(ln);
	free_percpu(ln->drops);
}

static struct pernet_operations lb_net_ops = {
	.init = lb_net_init,
	.pre_exit = lb_net_pre_exit,
	.exit = lb_net_exit,
	.id = &lb_net_id,
	.size = sizeof(struct lb_net),
};

int lb_netns_init(void)
{
	return register_pernet_subsys(&lb_net_ops);
}

void lb_netns_exit(void)
{
	unregister_pernet_subsys(&lb_net_ops);
}
