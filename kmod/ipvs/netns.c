// SPDX-License-Identifier: GPL-2.0
/* What this face has in each namespace: files and sysctls. Registered after the
 * module's own state of namespaces (../netns.c), so that in a namespace that goes its
 * files are closed, and its sysctls left by whoever is in them, before that is taken
 * down.
 */
#include <net/netns/generic.h>

#include "ipvs.h"

static unsigned int lb_ipvs_net_id __read_mostly;

static int __net_init lb_ipvs_net_init(struct net *net)
{
	struct lb_ipvs_net *in = net_generic(net, lb_ipvs_net_id);
	int err;

	err = lb_ipvs_proc_init(net);
	if (err)
		return err;
	err = lb_ipvs_conn_proc_init(net);
	if (err)
		goto err_proc;
	err = lb_ipvs_sysctl_init(net, in);
	if (err)
		goto err_conn;
	return 0;

err_conn:
	lb_ipvs_conn_proc_exit(net);
err_proc:
	lb_ipvs_proc_exit(net);
	return err;
}

static void __net_exit lb_ipvs_net_exit(struct net *net)
{
	lb_ipvs_sysctl_exit(net_generic(net, lb_ipvs_net_id));
	lb_ipvs_conn_proc_exit(net);
	lb_ipvs_proc_exit(net);
}

static struct pernet_operations lb_ipvs_net_ops = {
	.init = lb_ipvs_net_init,
	.exit = lb_ipvs_net_exit,
	.id = &lb_ipvs_net_id,
	.size = sizeof(struct lb_ipvs_net),
};

int lb_ipvs_netns_init(void)
{
	return register_pernet_subsys(&lb_ipvs_net_ops);
}

void lb_ipvs_netns_exit(void)
{
	unregister_pernet_subsys(&lb_ipvs_net_ops);
}
