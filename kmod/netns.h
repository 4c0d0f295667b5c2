/* SPDX-License-Identifier: GPL-2.0 */
/* Namespaces: struct lb_net (lb.h) for each that exists while we are loaded. */
#ifndef LB_NETNS_H
#define LB_NETNS_H

int lb_netns_init(void);
void lb_netns_exit(void);

#endif /* LB_NETNS_H */
