/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.3 has NL_SET_ERR_MSG_FMT(), and room for its text in the extack.
 * Older: texts take turns in a few static buffers. One lives until the reply
 * to its request is written, which the requesting thread does next.
 */
#ifndef LB_COMPAT_LINUX_NETLINK_H
#define LB_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

#ifndef NL_SET_ERR_MSG_FMT

#define NETLINK_MAX_FMTMSG_LEN 80

static inline char *lb_extack_text(void)
{
	static char text[16][NETLINK_MAX_FMTMSG_LEN];
	static atomic_t turn;

	return text[(unsigned int)atomic_fetch_inc(&turn) % ARRAY_SIZE(text)];
}

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	struct netlink_ext_ack *__extack = (extack);			\
	char *__text;							\
									\
	if (!__extack)							\
		break;							\
	__text = lb_extack_text();					\
	snprintf(__text, NETLINK_MAX_FMTMSG_LEN, fmt, ##args);		\
	do_trace_netlink_extack(__text);				\
	__extack->_msg = __text;					\
} while (0)

#endif /* NL_SET_ERR_MSG_FMT */
#endif /* LB_COMPAT_LINUX_NETLINK_H */
