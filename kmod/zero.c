// SPDX-License-Identifier: GPL-2.0
/* Where counters begin for those who ask since when. See zero.h. */
#include "dest.h"
#include "service.h"
#include "stats.h"
#include "zero.h"

void lb_zero_service(struct lb_service *svc)
{
	const struct lb_pool *pool = lb_service_pool_locked(svc);
	struct lb_dest *dest;
	u32 i;

	for (i = 0; i < pool->n_members; i++) {
		dest = pool->member[i].dest;
		dest->zeroed = (struct lb_counters){};
		lb_counters_add_pcpu(&dest->zeroed, dest->counters);
	}
	svc->zeroed = (struct lb_counters){};
	lb_service_counters(svc, &svc->zeroed);
}

void lb_zero_all(struct lb_net *ln)
{
	struct lb_service *svc;

	list_for_each_entry(svc, &ln->service_list, list) {
		lb_zero_service(svc);
		cond_resched();
	}
	ln->zeroed = (struct lb_counters){};
	lb_net_counters(ln, &ln->zeroed);
}
