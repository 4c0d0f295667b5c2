/* SPDX-License-Identifier: GPL-2.0 */
/* The other face of the control plane: what ip_vs's clients speak (ipvsadm,
 * keepalived, libraries), the generic netlink family "IPVS" of uapi linux/ip_vs.h.
 * Attributes are turned into the values that edit.h takes, as netlink/ does; what a
 * configuration may be is decided there.
 *
 * ip_vs itself may own the name: then this face stays away, and says so.
 */
#ifndef LB_IPVS_H
#define LB_IPVS_H

#include <linux/ip_vs.h>
#include <net/genetlink.h>

#include "../lb.h"
#include "../netlink/netlink.h"
#include "../service.h"

/* The family. init() fails for want of memory only: where somebody has the name
 * there is no such face.
 */
int lb_ipvs_init(void);
void lb_ipvs_exit(void);

/* parse.c: attributes of a command to what it changes. Errors are ip_vs's. */

/* The service that IPVS_CMD_ATTR_SERVICE names. -EINVAL, -EAFNOSUPPORT. */
int lb_ipvs_parse_key(struct lb_service_key *key, struct nlattr **attrs);
/**
 * lb_ipvs_parse_change - what a command changes
 * @change: result
 * @ln: namespace
 * @cmd: IPVS_CMD_{NEW,SET,DEL}_{SERVICE,DEST}, IPVS_CMD_FLUSH or
 *	IPVS_CMD_SET_CONFIG
 * @attrs: IPVS_CMD_ATTR_*
 * @extack: why it is refused
 *
 * Context: ln->lock, as a flag that is not given stays as it is.
 */
int lb_ipvs_parse_change(struct lb_change *change, struct lb_net *ln, u8 cmd,
			 struct nlattr **attrs, struct netlink_ext_ack *extack);

/* fill.c: IP_VS_SVC_F_* of a service. */
u32 lb_ipvs_flags(const struct lb_pool *pool);
/* Values to attributes; -EMSGSIZE when @skb is full. Caller holds ln->lock. */
int lb_ipvs_fill_service(struct sk_buff *skb, struct lb_service *svc);
int lb_ipvs_fill_dest(struct sk_buff *skb, struct lb_service *svc,
		      const struct lb_pool_entry *entry);

/* genl.c: begins a message of a dump; NULL when @skb is full. */
void *lb_ipvs_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);

/* daemon.c: commands about the synchronisation. */
int lb_ipvs_daemon_doit(struct sk_buff *skb, struct genl_info *info);
int lb_ipvs_dump_daemons(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* LB_IPVS_H */
