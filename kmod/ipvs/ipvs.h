/* SPDX-License-Identifier: GPL-2.0 */
/* The other face of the control plane: what ip_vs's clients speak (ipvsadm,
 * keepalived, libraries): the generic netlink family "IPVS" of uapi linux/ip_vs.h
 * (genl.c), the older sockets' options (sockopt.c), /proc/net/ip_vs* (proc.c, conn.c)
 * and net.ipv4.vs.* (sysctl.c). What they say is turned into the values that edit.h
 * takes, as netlink/ does; what a configuration may be is decided there.
 *
 * ip_vs itself may own these names: then this face stays away, all of it, and says so.
 */
#ifndef LB_IPVS_H
#define LB_IPVS_H

#include <linux/ip_vs.h>
#include <net/genetlink.h>

#include "../lb.h"
#include "../netlink/netlink.h"
#include "../service.h"

/* What clients take us for: ip_vs 1.2.1. */
#define LB_IPVS_VERSION		((1 << 16) + (2 << 8) + 1)
/* "size=": lb's table has no fixed size, and clients' listings are compared, cached and
 * parsed: a number that changes as connections come and go would be news to them. It is
 * that of ip_vs's default, and Debian's, conn_tab_bits=12.
 */
#define LB_IPVS_TAB_SIZE	4096

/* The face, face.c. init() fails for want of memory only: where somebody has the names
 * there is no such face.
 */
int lb_ipvs_init(void);
void lb_ipvs_exit(void);

/* Its parts. -EEXIST and -EBUSY: somebody has the name. */
int lb_ipvs_genl_init(void);
void lb_ipvs_genl_exit(void);
int lb_ipvs_sockopt_init(void);
void lb_ipvs_sockopt_exit(void);
/* netns.c: files and sysctls of each namespace. */
int lb_ipvs_netns_init(void);
void lb_ipvs_netns_exit(void);

/**
 * struct lb_ipvs_net - what this face keeps of a namespace
 * @table: the sysctls
 * @sysctls: their registration
 * @run_estimation: of no effect, but kept, as is @est_nice; read and written by
 *	their sysctls only, a word each
 * @est_nice: see there
 */
struct lb_ipvs_net {
	struct ctl_table *table;
	struct ctl_table_header *sysctls;
	int run_estimation;
	int est_nice;
};

int lb_ipvs_sysctl_init(struct net *net, struct lb_ipvs_net *in);
void lb_ipvs_sysctl_exit(struct lb_ipvs_net *in);
int lb_ipvs_proc_init(struct net *net);
void lb_ipvs_proc_exit(struct net *net);
/* conn.c: ip_vs_conn, ip_vs_conn_sync. */
int lb_ipvs_conn_proc_init(struct net *net);
void lb_ipvs_conn_proc_exit(struct net *net);

/**
 * lb_ipvs_commit - make a change true, and tell listeners
 * @edit: begun; lb_edit_end() is up to the caller
 * @change: what changes
 * @extack: why it is refused
 */
int lb_ipvs_commit(struct lb_edit *edit, const struct lb_change *change,
		   struct netlink_ext_ack *extack);

/**
 * lb_ipvs_make_service - what a client says of a service, to what is to be
 * @change: cmd is LB_CMD_SERVICE_NEW or _SET, key is set; the rest is filled
 * @ln: namespace
 * @user: all but the name
 * @engine: a persistence engine's name, NULL or "" for none
 * @extack: why it is refused
 *
 * Context: ln->lock. Errors, and the order of checks, are ip_vs's.
 */
int lb_ipvs_make_service(struct lb_change *change, struct lb_net *ln,
			 const struct ip_vs_service_user *user, const char *engine,
			 struct netlink_ext_ack *extack);
/* The same of a destination, but for a tunnel: @spec's address and port are set. */
int lb_ipvs_make_dest(struct lb_dest_spec *spec, const struct ip_vs_dest_user *user);
/* The same of timeouts, 0 for those that stay. */
int lb_ipvs_make_timeouts(struct lb_settings_spec *spec, const struct ip_vs_timeout_user *user);

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
/* IPv4 has a mask, IPv6 a length in its place. */
__be32 lb_ipvs_netmask(u8 family, const struct lb_persist *persist);
/* IP_VS_CONN_F_* of enum lb_method, and the word that people read. */
u32 lb_ipvs_method(u8 method);
const char *lb_ipvs_method_name(u8 method);
/* One that drains has, to clients that know no draining, weight 0. */
u32 lb_ipvs_weight(const struct lb_pool_entry *entry);
/* Counters as clients see them: @sum is what was counted, and becomes that. */
void lb_ipvs_look(struct lb_rate *rate, struct lb_counters *sum, const struct lb_counters *zeroed,
		  struct lb_counters *rates);
const char *lb_ipvs_proto_name(u8 proto);
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
