/* SPDX-License-Identifier: GPL-2.0 */
/* The state of one network namespace, and the words every file uses.
 *
 * Locking, from the outside in:
 *   ln->lock (mutex)      the configuration: services, pools, destinations,
 *                         settings; process context only
 *   conn->lock (spinlock) a connection's state; BH context, innermost
 * Packets take neither to find their way: they read the configuration and the
 * connection table under rcu_read_lock() (every netfilter hook holds it).
 */
#ifndef LB_H
#define LB_H

#include <linux/atomic.h>
#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/percpu_counter.h>
#include <linux/rhashtable.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <uapi/linux/lb.h>

#include "defence.h"
#include "stats.h"
#include "sync/sync.h"

struct fqdir;
struct lb_bypass;
struct lb_conn;
struct lb_ctx;
struct lb_dest;
struct lb_pool;
struct lb_sched_ops;
struct lb_service;
struct netlink_ext_ack;

#define LB_REMOVED_HASH_BITS 10

#define LB_STATES (LB_STATE_MAX + 1)

/**
 * struct lb_timeouts - idle times after which a connection in each state expires
 * @jiffies: by enum lb_state; 0 where somebody else's hold
 */
struct lb_timeouts {
	u32 jiffies[LB_STATES];
};

/**
 * struct lb_settings - what an administrator can set per namespace
 * @timeout: idle time after which a connection in each state expires, in
 *	jiffies
 * @conn_max: upper bound on connections, and on templates; 0 for none
 * @conntrack: netfilter's conntrack follows connections of nat (ct.c); 0 or 1
 * @sloppy_sctp: an association may be opened by more than INIT; 0 or 1
 * @schedule_icmp: an ICMP error about no connection may open one; 0 or 1
 * @expire_quiescent_template: templates that lead to a destination of weight 0 lead
 *	nowhere; 0 or 1
 * @ftp_port: virtual port on which FTP is spoken (alg.h); 0 for none
 * @pmtu_disc: packets too long for a tunnel are refused if they say so; 0 or 1
 * @drop_entry: enum lb_defence_mode, as the next two (defence.c)
 * @drop_packet: see there
 * @secure_tcp: see there
 * @amemthresh: memory is short below so many free pages
 * @am_droprate: with @drop_packet always, one of so many is dropped; 0 for none
 * @expire_nodest_conn: connections of removed destinations are forgotten by the
 *	client's next packet; 0 or 1
 * @conn_reuse_mode: which connections a SYN replaces (proto.c); 0 to 3
 * @sloppy_tcp: any segment but a reset may open a connection; 0 or 1
 * @snat_reroute: replies are routed anew; 0 or 1
 * @ignore_tunneled: what came out of a tunnel here is let pass; 0 or 1
 * @lblc_expiration: jiffies that lblc remembers an unused address
 * @lblcr_expiration: jiffies that lblcr does, and keeps an address's destinations
 * @nat_icmp_send: what real servers send on no connection is refused (server.c); 0
 *	or 1
 * @cache_bypass: what nobody is there for goes where it is addressed to (bypass.h);
 *	0 or 1
 * @sync_version: of the messages that are sent, 0 or 1 (sync/)
 * @sync_ports: so many a daemon uses, from its start on
 * @sync_threshold: a connection is told at so many packets of @sync_period
 * @sync_period: see there; 0: once
 * @sync_refresh_period: seconds between two times, 0: by packets alone
 * @sync_retries: times that it is told again at an eighth of that
 * @sync_qlen_max: messages that may wait to be sent, for each port; 0: by memory
 * @sync_sock_size: bytes of a socket's buffer, 0 for the kernel's own
 * @sync_persist_mode: templates are told, not their connections; 0 or 1
 * @backup_only: while a backup runs, clients' packets are let pass; 0 or 1
 *
 * All members are u32, so that they can be told by their numbers; what each is
 * called outside, and its unit, is in the table of netlink/settings.c. Packets
 * read each by itself, without a lock.
 */
struct lb_settings {
	u32 timeout[LB_STATES];
	u32 conn_max;
	u32 conntrack;
	u32 sloppy_sctp;
	u32 schedule_icmp;
	u32 expire_quiescent_template;
	u32 ftp_port;
	u32 pmtu_disc;
	u32 drop_entry;
	u32 drop_packet;
	u32 secure_tcp;
	u32 amemthresh;
	u32 am_droprate;
	u32 expire_nodest_conn;
	u32 conn_reuse_mode;
	u32 sloppy_tcp;
	u32 snat_reroute;
	u32 ignore_tunneled;
	u32 lblc_expiration;
	u32 lblcr_expiration;
	u32 nat_icmp_send;
	u32 cache_bypass;
	u32 sync_version;
	u32 sync_ports;
	u32 sync_threshold;
	u32 sync_period;
	u32 sync_refresh_period;
	u32 sync_retries;
	u32 sync_qlen_max;
	u32 sync_sock_size;
	u32 sync_persist_mode;
	u32 backup_only;
};

#define LB_SETTINGS_FIELDS	(sizeof(struct lb_settings) / sizeof(u32))
#define LB_SETTINGS_FIELD(member)	(offsetof(struct lb_settings, member) / sizeof(u32))

/**
 * struct lb_conn_walk - a walk over the connections that can pause (conn.h)
 * @iter: where it stands
 *
 * The table may be resized meanwhile: then some connections may be met twice,
 * none that was there throughout is missed.
 */
struct lb_conn_walk {
	struct rhashtable_iter iter;
};

/**
 * struct lb_net - everything of one network namespace
 * @net: the namespace; outlives this
 * @lock: serialises every change of the configuration
 * @services: struct lb_service by key; read under RCU, written under @lock
 * @service_list: the same services in order of addition; under @lock
 * @removed: destinations that were removed and still have connections, by
 *	address; under @lock. One that is added again is taken from here, with
 *	its connections and counters.
 * @n_removed: how many are in @removed; under @lock
 * @n_services: under @lock
 * @n_dests: configured ones, of all services; under @lock
 * @n_fwmark: services named by a firewall mark, and
 * @n_any_port: those of port 0, and
 * @n_ftp: those of FTP's control port, while they can be found; written under
 *	@lock, read by packets: nobody is looked for by a name that nobody has
 * @n_timeouts: services with timeouts of their own; written under @lock before
 *	packets see such a service, and after they have seen it last
 * @n_calling: services whose servers' own messages are theirs (server.h); written
 *	as @n_timeouts
 * @generation: number of configuration changes so far; written under @lock,
 *	read anywhere
 * @parity: which of a service's two pools packets use, 0 or 1
 * @hooks: the netfilter hooks are registered; under @lock
 * @dying: the namespace is going; nothing may be added; under @lock
 * @settings: see there
 * @defence: see there
 * @conns: connection nodes by tuple (conn_table.c)
 * @n_conns: connections in @conns, which has one or two nodes for each
 * @sweep: expires connections and templates; runs while there are any, or removed
 *	destinations that wait for their last one
 * @sweep_walk: where the sweep stands in @conns; only @sweep uses it
 * @templates: struct lb_template by service and client (persist.c)
 * @template_walk: where the sweep stands in @templates; only @sweep uses it
 * @expected: data connections to come (alg.c)
 * @servers: destinations of nat by address, port and protocol (server.c); read
 *	under RCU, written under @lock
 * @bypass: see bypass.h; NULL until it is wanted for the first time, then constant;
 *	written under @lock, read by packets
 * @timed: services in which something happens at a time, under @lock
 * @clock: makes it happen (clock.c); queued while there are any
 * @frags: IPv6 fragments that wait for the rest (defrag.c)
 * @drops: per-CPU counts by reason
 * @retired: counters of services and destinations that are gone
 * @zeroed: what clients of ip_vs's do not see of the namespace's counters; under @lock
 * @rate: the last look at the totals; under @lock
 * @sync: see sync/sync.h
 * @txns: open transactions, struct lb_txn; under @lock (netlink/txn.c)
 */
struct lb_net {
	struct net *net;
	struct mutex lock;
	struct rhashtable services;
	struct list_head service_list;
	DECLARE_HASHTABLE(removed, LB_REMOVED_HASH_BITS);
	u32 n_removed;
	u32 n_services;
	u32 n_dests;
	u32 n_fwmark;
	u32 n_any_port;
	u32 n_ftp;
	u32 n_timeouts;
	u32 n_calling;
	u32 generation;
	u32 parity;
	bool hooks;
	bool dying;
	struct lb_settings settings;
	struct lb_defence defence;
	struct rhashtable conns;
	struct percpu_counter n_conns;
	struct delayed_work sweep;
	struct lb_conn_walk sweep_walk;
	struct rhashtable templates;
	struct rhashtable_iter template_walk;
	struct rhashtable expected;
	struct rhltable servers;
	struct lb_bypass *bypass;
	struct list_head timed;
	struct delayed_work clock;
	struct fqdir *frags;
	struct lb_drops __percpu *drops;
	struct lb_counters retired;
	struct lb_counters zeroed;
	struct lb_rate rate;
	struct lb_sync sync;
	struct list_head txns;
};

extern unsigned int lb_net_id;

static inline struct lb_net *lb_net(const struct net *net)
{
	return net_generic(net, lb_net_id);
}

/* What a step of a packet's journey says about its continuation. */
enum lb_verdict {
	LB_CONTINUE,	/* next step */
	LB_ACCEPT,	/* not ours, or ours and for the local stack: go on */
	LB_DROP,	/* counted under a reason; the caller frees the packet */
	LB_STOLEN,	/* sent, or queued: the packet is no longer the caller's */
};

#endif /* LB_H */
