// SPDX-License-Identifier: GPL-2.0
/* The schedulers there are. What one does is in sched/, what it may do is in
 * sched.h.
 */
#include "sched.h"

#include <linux/kernel.h>
#include <linux/string.h>

static const struct lb_sched_ops *const lb_scheds[] = {
	&lb_sched_rr,
	&lb_sched_wrr,
	&lb_sched_lc,
	&lb_sched_wlc,
	&lb_sched_sed,
	&lb_sched_nq,
	&lb_sched_fo,
	&lb_sched_ovf,
	&lb_sched_dh,
	&lb_sched_sh,
	&lb_sched_mh,
	&lb_sched_twos,
	&lb_sched_p2c,
	&lb_sched_lblc,
	&lb_sched_lblcr,
};

const struct lb_sched_ops *lb_sched_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lb_scheds); i++) {
		if (!strcmp(lb_scheds[i]->name, name))
			return lb_scheds[i];
	}
	return NULL;
}

const struct lb_sched_ops *lb_sched_nth(unsigned int i)
{
	return i < ARRAY_SIZE(lb_scheds) ? lb_scheds[i] : NULL;
}
