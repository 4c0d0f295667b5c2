/* SPDX-License-Identifier: GPL-2.0 */
/* Synchronisation: a director tells others of its connections, so that one of them can go
 * on with them. Speaks ip_vs's protocol (core/sync_msg.h) and tells what ip_vs tells.
 *
 *	packet -> lb_sync_step()        due.c: is it to be told?
 *	              record            record.c -> master.c: written down
 *	              message -> thread -> sock.c ~~~ network ~~~ sock.c
 *	                                          thread (backup.c) -> apply.c
 *
 * Both may run in a namespace. Each has a thread and a socket per port.
 *
 * Lifetime: a master is found by packets under rcu_read_lock(), and stopped a grace period
 * after it was unlinked; a backup is nobody's but its threads'. Both are started and stopped
 * under ln->sync.lock, which is outside ln->lock: a backup's threads take that.
 */
#ifndef LB_SYNC_H
#define LB_SYNC_H

#include <linux/if.h>
#include <linux/jump_label.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/percpu.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include <uapi/linux/lb.h>

#include "../addr.h"

struct lb_conn;
struct lb_ctx;
struct lb_net;
struct lb_sync_backup;
struct lb_sync_master;
struct lb_template;
struct netlink_ext_ack;
struct sync_record;

#define LB_SYNC_COUNTS	(LB_SYNC_COUNT_MAX + 1)

#define LB_SYNC_PORT	8848
#define LB_SYNC_GROUP	0xe0000051	/* 224.0.0.81 */
#define LB_SYNC_ROLES	2

/* Where the namespace is not the machine's administrator's (lb_sync_is_trusted()): ports of
 * a daemon, and pages of messages that may wait at each of them.
 */
#define LB_SYNC_GUEST_PORTS	8
#define LB_SYNC_GUEST_QLEN	1024U

/**
 * struct lb_sync_conf - what a daemon is told when it starts
 * @role: enum lb_sync_role
 * @id: of the directors that tell each other; a backup of 0 listens to all
 * @ttl: of what a master sends; 0 for 1
 * @family: of @group; 0 for %LB_SYNC_GROUP
 * @ifname: interface
 * @group: multicast address
 * @port: the first, host byte order; 0 for %LB_SYNC_PORT
 * @maxlen: bytes of a message; 0 for what an Ethernet frame holds, and a backup's
 *	interface
 * @ports: so many, and threads; result
 * @exact: what does not fit is refused, not made to fit as ip_vs does
 */
struct lb_sync_conf {
	u8 role;
	u8 id;
	u8 ttl;
	u8 family;
	char ifname[IFNAMSIZ];
	union lb_addr group;
	u16 port;
	u16 maxlen;
	u32 ports;
	bool exact;
};

struct lb_sync_counts {
	u64 n[LB_SYNC_COUNTS];
};

/**
 * struct lb_sync - of one namespace
 * @lock: starts and stops; outside ln->lock
 * @closing: the namespace is going: nothing starts any more
 * @ports: of the daemons that run: both use as many
 * @master: while it runs; read by packets
 * @backup: while it runs
 * @backs_up: there is @backup; read by packets
 * @counts: per CPU
 */
struct lb_sync {
	struct mutex lock; /* see above */
	bool closing;
	u32 ports;
	struct lb_sync_master __rcu *master;
	struct lb_sync_backup *backup;
	bool backs_up;
	struct lb_sync_counts __percpu *counts;
};

/* Does any daemon run, in any namespace? Packets ask nothing else while none does. */
DECLARE_STATIC_KEY_FALSE(lb_sync_used);

int lb_sync_init(struct lb_net *ln);
/* Packets may still come. Not under ln->lock. */
void lb_sync_pre_exit(struct lb_net *ln);
void lb_sync_exit(struct lb_net *ln);

/**
 * lb_sync_start - start a daemon
 * @ln: namespace
 * @conf: what was asked; becomes what it is
 * @extack: why it is refused; may be NULL
 *
 * Context: process context, neither ln->lock nor RTNL.
 * Return: -EEXIST when one runs, -ENODEV without the interface, -EINVAL for a group that
 * is none or a length that does not fit, -EDQUOT for more ports than guests may have,
 * -ENOMEM, or what the socket says.
 */
int lb_sync_start(struct lb_net *ln, struct lb_sync_conf *conf, struct netlink_ext_ack *extack);
/* May the memory and the threads of the machine be spent here? Its own administrator says
 * what, not a user namespace's.
 */
static inline bool lb_sync_is_trusted(const struct net *net)
{
	return net->user_ns == &init_user_ns;
}

/* enum lb_sync_role. -ESRCH when it does not run. Context: as above. */
int lb_sync_stop(struct lb_net *ln, u8 role, struct netlink_ext_ack *extack);
/* What it was started with; false when it does not run. Context: as above. */
bool lb_sync_get(struct lb_net *ln, u8 role, struct lb_sync_conf *conf);

void lb_sync_counts_read(const struct lb_net *ln, u64 counts[LB_SYNC_COUNTS]);
/* The name that people see; a static string. */
const char *lb_sync_count_name(unsigned int which);
void lb_sync_count_add(struct lb_net *ln, unsigned int which, u64 n);

static inline void lb_sync_count(struct lb_net *ln, unsigned int which)
{
	lb_sync_count_add(ln, which, 1);
}

/* sock.c: a socket that sends to, or receives from, the @nth port of @conf; an error is
 * explained. It is given back by sock_release().
 */
int lb_sync_sock_open(struct net *net, const struct lb_sync_conf *conf, u32 nth, int ifindex,
		      int size, struct socket **sock);

/* master.c. Messages that may wait where sync-qlen-max is 0, at all ports together: ip_vs's
 * share of the memory.
 */
u32 lb_sync_qlen(void);
/* Under ln->sync.lock. */
struct lb_sync_master *lb_sync_master_new(struct lb_net *ln, const struct lb_sync_conf *conf,
					  int ifindex);
/* No packet finds it any more. */
void lb_sync_master_free(struct lb_sync_master *master);
const struct lb_sync_conf *lb_sync_master_conf(const struct lb_sync_master *master);

/* Into a message; the one of @hash, always by the same port. Under rcu_read_lock(), BH
 * disabled.
 */
void lb_sync_tell(struct lb_sync_master *master, const struct sync_record *rec, u32 hash);

/* record.c. Under rcu_read_lock(), BH disabled. */
void lb_sync_tell_conn(struct lb_sync_master *master, struct lb_conn *conn);
void lb_sync_tell_template(struct lb_sync_master *master, const struct lb_template *tpl);

/* due.c. A packet has been counted, and has stepped its connection: is that to be told? Only where
 * lb_sync_used.
 */
void lb_sync_step(const struct lb_ctx *ctx);

/* Is the director off for this packet, which may belong to ctx->conn? As in ip_vs: for what
 * clients send. Only where lb_sync_used.
 */
bool lb_sync_is_off(const struct lb_ctx *ctx);

/* backup.c. Under ln->sync.lock. */
struct lb_sync_backup *lb_sync_backup_new(struct lb_net *ln, const struct lb_sync_conf *conf,
					  int ifindex);
void lb_sync_backup_free(struct lb_sync_backup *backup);
const struct lb_sync_conf *lb_sync_backup_conf(const struct lb_sync_backup *backup);

/* apply.c: makes what @rec says true, or counts why not. Process context. */
void lb_sync_apply(struct lb_net *ln, const struct sync_record *rec);
/**
 * lb_sync_adopt - the same of one connection that an operator tells of
 * @ln: namespace
 * @rec: no template; its destination is to be configured
 *
 * Nothing is counted. Context: process context, not under ln->lock.
 * Return: LB_SYNC_COUNT_RECEIVED_CONNS, or what is wrong: LB_SYNC_COUNT_NO_SERVICE where its
 * destination is not configured.
 */
unsigned int lb_sync_adopt(struct lb_net *ln, const struct sync_record *rec);

#endif /* LB_SYNC_H */
