/* SPDX-License-Identifier: GPL-2.0 */
/* Counting from 0 again, for those who ask: ip_vs's clients and the native zero. Counters
 * themselves never go back, so that rates and other readers do not notice.
 */
#ifndef LB_ZERO_H
#define LB_ZERO_H

struct lb_net;
struct lb_service;

/* What they have now is what is subtracted later. Caller holds ln->lock. */
void lb_zero_service(struct lb_service *svc);	/* and its destinations */
void lb_zero_all(struct lb_net *ln);		/* and the namespace's own */

#endif /* LB_ZERO_H */
