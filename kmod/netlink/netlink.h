/* SPDX-License-Identifier: GPL-2.0 */
/* The control plane's face, the generic netlink family "lb": one file per kind
 * of object, one handler per command. The family is declared in
 * Documentation/netlink/specs/lb.yaml, from which genl.[ch] are generated.
 *
 * Handlers turn attributes into the values that edit.h, conn.h and stats.h
 * take (parse.c), and what those answer into attributes. What a configuration
 * may be is decided there, not here; attributes are not seen there.
 *
 * Commands run in parallel; ln->lock orders those that need an order.
 */
#ifndef LB_NETLINK_H
#define LB_NETLINK_H

#include <net/genetlink.h>

#include "../addr.h"
#include "../conn.h"
#include "../edit.h"
#include "../lb.h"
#include "../service.h"
#include "../stats.h"
#include "genl.h"

extern struct genl_family lb_nl_family;

int lb_nl_init(void);
void lb_nl_exit(void);
/* Nobody can send a command in this namespace any more. */
void lb_nl_net_exit(struct lb_net *ln);

static inline struct lb_net *lb_nl_net(struct genl_info *info)
{
	return lb_net(genl_info_net(info));
}

/**
 * struct lb_change - one command that changes something, parsed: to be applied,
 *	or staged
 * @cmd: LB_CMD_SERVICE_{NEW,SET,DEL}, LB_CMD_DEST_{NEW,SET,DEL}, LB_CMD_FLUSH or
 *	LB_CMD_SETTINGS_SET
 * @key: the service it is about; not with the last two
 * @service: what a service is to be
 * @dest: which destination, and what it is to be
 * @settings: what settings are to be
 */
struct lb_change {
	u8 cmd;
	struct lb_service_key key;
	union {
		struct lb_service_spec service;
		struct lb_dest_spec dest;
		struct lb_settings_spec settings;
	};
};

/* parse.c: attributes to values. Each explains a refusal through @extack.
 * @attrs is as long as the command's policy; what a function reads of it is
 * said with it.
 */

/* The service that attrs[@type], a nest of lb_key, names. */
int lb_nl_parse_key(struct lb_service_key *key, struct nlattr **attrs, int type,
		    struct netlink_ext_ack *extack);
/* Seconds to jiffies. */
int lb_nl_parse_timeout(u32 *timeout, const struct nlattr *attr, struct netlink_ext_ack *extack);
/* What a service is to be, but for its name; all optional. */
int lb_nl_parse_service(struct lb_service_spec *spec, struct nlattr **attrs,
			struct netlink_ext_ack *extack);
/* LB_A_DEST_SERVICE to LB_A_DEST_PORT. */
int lb_nl_parse_dest_name(struct lb_service_key *key, struct lb_dest_spec *spec,
			  struct nlattr **attrs, struct netlink_ext_ack *extack);
/* What a destination is to be, from LB_A_DEST_METHOD on; all optional. */
void lb_nl_parse_dest(struct lb_dest_spec *spec, struct nlattr **attrs);
/* LB_A_CONN_FAMILY to LB_A_CONN_STATE and LB_A_CONN_TEMPLATES, all optional. */
int lb_nl_parse_conn_filter(struct lb_conn_filter *filter, struct nlattr **attrs,
			    struct netlink_ext_ack *extack);

/* An attribute that has to be there is not: names it to programs and people. */
#define lb_nl_missing(extack, nest, type, what) ({			\
	struct netlink_ext_ack *lb_ack = (extack);			\
									\
	NL_SET_ERR_ATTR_MISS(lb_ack, (nest), (type));			\
	NL_SET_ERR_MSG(lb_ack, what " is missing");			\
	-EINVAL;							\
})

/* netlink.c: a message that answers @info, NULL with @info->extack set; @hdr is
 * for genlmsg_end().
 */
struct sk_buff *lb_nl_reply_new(struct genl_info *info, u8 cmd, void **hdr);
/* Sends it or, with @err, frees it; returns @err or what became of sending. */
int lb_nl_reply_send(struct genl_info *info, struct sk_buff *reply, void *hdr, int err);

/* Values to attributes: -EMSGSIZE, with part of them written, when @skb is full. */
int lb_nl_put_addr(struct sk_buff *skb, int type, u8 family, const union lb_addr *addr);
int lb_nl_put_key(struct sk_buff *skb, int type, const struct lb_service_key *key);
int lb_nl_put_stats(struct sk_buff *skb, int type, const struct lb_counters *sum);
/* @sum less @zeroed; nothing when @zeroed is all 0. */
int lb_nl_put_since(struct sk_buff *skb, int type, const struct lb_counters *sum,
		    const struct lb_counters *zeroed);
/* Looks at the rates of what has counted @sum so far. Caller holds ln->lock. */
int lb_nl_put_rates(struct sk_buff *skb, int type, struct lb_rate *rate,
		    const struct lb_counters *sum);
/* Whole objects, the attributes of a get reply. Caller holds ln->lock. */
int lb_nl_put_service(struct sk_buff *skb, struct lb_service *svc);
int lb_nl_put_dest(struct sk_buff *skb, struct lb_service *svc,
		   const struct lb_pool_entry *entry);
/* settings.c: the timeouts of a service, a nest of settings. */
int lb_nl_parse_timeouts(struct lb_timeouts *timeouts, const struct nlattr *nest,
			 struct netlink_ext_ack *extack);
int lb_nl_put_timeouts(struct sk_buff *skb, int type, const struct lb_timeouts *timeouts);
int lb_nl_put_settings(struct sk_buff *skb, const struct lb_net *ln);

/* service.c, dest.c: what is published under that name, NULL for nothing.
 * Caller holds ln->lock.
 */
struct lb_service *lb_nl_find_service(struct lb_net *ln, const struct lb_service_key *key);
const struct lb_pool_entry *lb_nl_find_dest(struct lb_service *svc,
					    const struct lb_dest_spec *spec);

/**
 * struct lb_nl_dump - where a dump of the configuration stands, in cb->ctx
 * @key: service to go on with, once @begun
 * @nth: its place among all, for when it is gone
 * @dest: member of its pool to go on with
 * @begun: the first message was asked for
 * @one: only @key, which the request named
 * @over: nothing is left
 */
struct lb_nl_dump {
	struct lb_service_key key;
	u32 nth;
	u32 dest;
	bool begun;
	bool one;
	bool over;
};

/* service.c: the service that a dump goes on with, NULL at the end; and the one
 * after @svc. Caller holds ln->lock.
 */
struct lb_service *lb_nl_dump_service(struct lb_net *ln, struct lb_nl_dump *dump);
struct lb_service *lb_nl_dump_next(struct lb_service *svc, struct lb_nl_dump *dump);
/* Begins a message of a dump; NULL when @skb is full. Caller holds ln->lock. */
void *lb_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);

/* change.c: applies a change to an edit. */
int lb_nl_change_apply(struct lb_edit *edit, const struct lb_change *change,
		       struct netlink_ext_ack *extack);
/* Makes it true at once, and tells listeners. */
int lb_nl_change_now(struct genl_info *info, const struct lb_change *change);
/* Which attribute of the command a refusal is about, 0 for none. */
u16 lb_nl_culprit(const struct lb_change *change, enum lb_blame blame);
/* Why it was refused, also when nobody said so. */
const char *lb_nl_reason(const struct netlink_ext_ack *extack, int err);

/* txn.c: make a change true now, or stage it in the transaction that @txn names. */
int lb_nl_change(struct genl_info *info, const struct lb_change *change,
		 const struct nlattr *txn);
/* The socket of that address is gone, and its transactions with it. */
void lb_nl_txn_release(struct lb_net *ln, u32 portid);

/* event.c: tell listeners. Caller holds ln->lock since the change was
 * published, so that events come in the order of generations.
 */
void lb_nl_event_change(struct lb_net *ln, const struct lb_change *change);

/* event.c: a daemon of the synchronisation was started or stopped. */
void lb_nl_event_sync(struct lb_net *ln, u8 cmd, const struct lb_sync_conf *conf);
/* sync.c: what a daemon was started with. */
int lb_nl_put_sync(struct sk_buff *skb, const struct lb_sync_conf *conf);
/* sync.c: start and stop as lb_sync_start() and _stop() do, and tell listeners. Not under
 * ln->lock.
 */
int lb_nl_sync_start(struct lb_net *ln, struct lb_sync_conf *conf, struct netlink_ext_ack *extack);
int lb_nl_sync_stop(struct lb_net *ln, u8 role, struct netlink_ext_ack *extack);

/* conn.c: frees what a dump of connections holds. */
int lb_nl_conn_get_done(struct netlink_callback *cb);

#endif /* LB_NETLINK_H */
