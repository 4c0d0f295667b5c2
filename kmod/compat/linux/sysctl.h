/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LB_COMPAT_LINUX_SYSCTL_H
#define LB_COMPAT_LINUX_SYSCTL_H

#include_next <linux/sysctl.h>
#include <linux/version.h>

/* Handlers get a table that they may not write since 6.11. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define lb_ctl_table struct ctl_table
#else
#define lb_ctl_table const struct ctl_table
#endif

#endif /* LB_COMPAT_LINUX_SYSCTL_H */
