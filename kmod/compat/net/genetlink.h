/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LB_COMPAT_NET_GENETLINK_H
#define LB_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>
#include <linux/version.h>

/* Before 6.6 a dump has no genl_info; what it has instead names the request's
 * attributes alike.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define genl_info_dump(cb)	genl_dumpit_info(cb)
#endif

#endif /* LB_COMPAT_NET_GENETLINK_H */
