/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LB_COMPAT_NET_ROUTE_H
#define LB_COMPAT_NET_ROUTE_H

#include_next <net/route.h>

/* Named since 6.10. */
#ifndef dst_rtable
#define dst_rtable(ptr)	container_of_const(ptr, struct rtable, dst)
#endif

#endif /* LB_COMPAT_NET_ROUTE_H */
