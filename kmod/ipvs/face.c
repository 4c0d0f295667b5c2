// SPDX-License-Identifier: GPL-2.0
/* The face as a whole: whether there is one, and what its parts have in common. See
 * ipvs.h.
 */
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/string.h>

#include "../dest.h"
#include "ipvs.h"

static bool ipvs = true;
module_param(ipvs, bool, 0444);
MODULE_PARM_DESC(ipvs, "speak to ip_vs's clients (ipvsadm, keepalived), too; on unless given");

static bool lb_ipvs_on;

int lb_ipvs_commit(struct lb_edit *edit, const struct lb_change *change,
		   struct netlink_ext_ack *extack)
{
	int err;

	edit->lax = true;
	err = lb_nl_change_apply(edit, change, extack) ?: lb_edit_commit(edit, extack);
	if (!err)
		lb_nl_event_change(edit->ln, change);
	return err;
}

/* ip_vs would meet our names only half-way up, and /proc's answer to that is a
 * warning with a backtrace: so it does not begin. Whoever loaded before is not met
 * here but by the registration of the family.
 */
static int lb_ipvs_refuse(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct module *module = data;

	if (event != MODULE_STATE_COMING || strcmp(module->name, "ip_vs"))
		return NOTIFY_DONE;
	pr_info("lb: ip_vs is not loaded: its clients reach us; to have both, load lb with ipvs=0\n");
	return notifier_from_errno(-EBUSY);
}

static struct notifier_block lb_ipvs_refuser = {
	.notifier_call = lb_ipvs_refuse,
};

/* The family first: its name tells whether ip_vs is here. With it, everything; without
 * it, nothing. Until all is there clients may see a part.
 */
static int lb_ipvs_register(void)
{
	int err;

	err = lb_ipvs_genl_init();
	if (err)
		return err;
	err = lb_ipvs_sockopt_init();
	if (err)
		goto err_genl;
	err = lb_ipvs_netns_init();
	if (err)
		goto err_sockopt;
	return 0;

err_sockopt:
	lb_ipvs_sockopt_exit();
err_genl:
	lb_ipvs_genl_exit();
	return err;
}

int lb_ipvs_init(void)
{
	int err;

	if (!ipvs)
		return 0;
	err = register_module_notifier(&lb_ipvs_refuser);
	if (err)
		return err;
	err = lb_ipvs_register();
	lb_ipvs_on = !err;
	if (!err)
		return 0;
	unregister_module_notifier(&lb_ipvs_refuser);
	if (err != -EEXIST && err != -EBUSY)
		return err;
	pr_info("lb: ip_vs is loaded: its clients reach it, lbctl reaches us\n");
	return 0;
}

void lb_ipvs_exit(void)
{
	if (!lb_ipvs_on)
		return;
	lb_ipvs_netns_exit();
	lb_ipvs_sockopt_exit();
	lb_ipvs_genl_exit();
	unregister_module_notifier(&lb_ipvs_refuser);
}

/* Where there is no ip_vs.ko these names lead here by themselves; where there is one, by
 * a line in modprobe.d (Documentation/ipvs.md): a module's own name goes before aliases.
 */
MODULE_ALIAS("ip_vs");
MODULE_ALIAS("ip_vs_*");
