/* SPDX-License-Identifier: GPL-2.0 */
/* Where packets come in. */
#ifndef LB_HOOK_H
#define LB_HOOK_H

struct lb_net;

/* Process context, under ln->lock or where nobody else can be; may sleep.
 * After unregistering no packet is on its way through us any more.
 */
int lb_hooks_register(struct lb_net *ln);
void lb_hooks_unregister(struct lb_net *ln);

#endif /* LB_HOOK_H */
