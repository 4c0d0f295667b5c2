// SPDX-License-Identifier: GPL-2.0
/* Load and unload: a ladder up, and the same ladder down. Each rung's exit
 * leaves nothing of it behind.
 */
#include <lb_version.h>
#include <linux/module.h>

#include "conn.h"
#include "defrag.h"
#include "dest.h"
#include "ipvs/ipvs.h"
#include "lb.h"
#include "netlink/netlink.h"
#include "netns.h"
#include "persist.h"
#include "xmit/route.h"

static int __init lb_init(void)
{
	int err;

	err = lb_conn_init();
	if (err)
		return err;
	err = lb_persist_init();
	if (err)
		goto err_conn;
	err = lb_route_init();
	if (err)
		goto err_persist;
	err = lb_dest_init();
	if (err)
		goto err_route;
	err = lb_defrag_init();
	if (err)
		goto err_dest;
	err = lb_netns_init();
	if (err)
		goto err_defrag;
	/* Last: from here on somebody can add a service. */
	err = lb_nl_init();
	if (err)
		goto err_netns;
	err = lb_ipvs_init();
	if (err)
		goto err_nl;
	pr_info("lb: version %s\n", LB_VERSION);
	return 0;

err_nl:
	lb_nl_exit();
err_netns:
	lb_netns_exit();
err_defrag:
	lb_defrag_exit();
err_dest:
	lb_dest_exit();
err_route:
	lb_route_exit();
err_persist:
	lb_persist_exit();
err_conn:
	lb_conn_exit();
	return err;
}

static void __exit lb_exit(void)
{
	lb_ipvs_exit();
	lb_nl_exit();
	lb_netns_exit();
	lb_defrag_exit();
	lb_dest_exit();
	lb_route_exit();
	lb_persist_exit();
	lb_conn_exit();
}

module_init(lb_init);
module_exit(lb_exit);

MODULE_DESCRIPTION("Layer-4 load balancer: services, destinations, nat, direct routing and tunnels");
MODULE_AUTHOR("The lbd authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(LB_VERSION);
MODULE_ALIAS_GENL_FAMILY(LB_GENL_NAME);
