/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LB_COMPAT_NET_NET_NAMESPACE_H
#define LB_COMPAT_NET_NET_NAMESPACE_H

#include_next <net/net_namespace.h>
#include <linux/version.h>

/* Before 6.6 a table's end is told by an empty entry, which later kernels do not count. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
static inline struct ctl_table_header *
register_net_sysctl_sz(struct net *net, const char *path, struct ctl_table *table, size_t size)
{
	return register_net_sysctl(net, path, table);
}
#endif

#endif /* LB_COMPAT_NET_NET_NAMESPACE_H */
