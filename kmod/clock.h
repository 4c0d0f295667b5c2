/* SPDX-License-Identifier: GPL-2.0 */
/* What happens to services at a time: the steps of a slow start (ramp.h), the
 * deadline of a draining (drain.h). One work per namespace, queued while some service waits.
 */
#ifndef LB_CLOCK_H
#define LB_CLOCK_H

#include "service.h"

/* @svc was published: sees to it while something is to happen. Under ln->lock,
 * while edits are possible.
 */
void lb_clock_watch(struct lb_service *svc);

void lb_clock_init(struct lb_net *ln);
/* No edit comes any more, so that nobody queues it but itself, which the wait
 * here prevents. Takes ln->lock by way of the work.
 */
void lb_clock_exit(struct lb_net *ln);

#endif /* LB_CLOCK_H */
