/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LB_COMPAT_NET_GSO_H
#define LB_COMPAT_NET_GSO_H

#include <linux/version.h>

/* Before 6.5 its contents are elsewhere. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include_next <net/gso.h>
#else
#include <linux/skbuff.h>
#endif

#endif /* LB_COMPAT_NET_GSO_H */
