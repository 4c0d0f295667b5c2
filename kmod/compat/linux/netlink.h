/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LB_COMPAT_LINUX_NETLINK_H
#define LB_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

/* Before 6.2 an extended ack has no room for a message of its own, it can only
 * point to one that outlives the request. Formatted ones are kept here, a few
 * of each length. A flood of refusals can overwrite one before it is sent,
 * with another of the same length: so what netlink_ack() measured and what it
 * then copies always agree.
 */
#ifndef NL_SET_ERR_MSG_FMT
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define NETLINK_MAX_FMTMSG_LEN 80

static inline __printf(1, 2) const char *lb_compat_ack_text(const char *fmt, ...)
{
	static char kept[NETLINK_MAX_FMTMSG_LEN][4][NETLINK_MAX_FMTMSG_LEN];
	static atomic_t turn = ATOMIC_INIT(0);
	char text[NETLINK_MAX_FMTMSG_LEN];
	va_list args;
	char *slot;
	int len;

	va_start(args, fmt);
	len = vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	slot = kept[len][(u32)atomic_inc_return(&turn) % ARRAY_SIZE(kept[len])];
	return memcpy(slot, text, len);
}

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	struct netlink_ext_ack *__ack = (extack);			\
									\
	if (__ack)							\
		__ack->_msg = lb_compat_ack_text(fmt, ##args);		\
} while (0)
#endif

#endif /* LB_COMPAT_LINUX_NETLINK_H */
