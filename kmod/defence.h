/* SPDX-License-Identifier: GPL-2.0 */
/* What is done when memory is short, or always if an administrator says so:
 * ip_vs's drop_entry, drop_packet and secure_tcp. Memory is looked at once a
 * second while one of the settings asks for it; nothing runs otherwise.
 */
#ifndef LB_DEFENCE_H
#define LB_DEFENCE_H

#include <linux/cache.h>
#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct lb_conn;
struct lb_net;

/* ip_vs turns the one automatic mode into the other to show that memory is short;
 * here the setting stays what it was set to, and both mean the same.
 */
enum lb_defence_mode {
	LB_DEFENCE_NEVER,
	LB_DEFENCE_AUTO,
	LB_DEFENCE_AUTO_ACTIVE,
	LB_DEFENCE_ALWAYS,
};

/* Packets of its client after which a connection is not called lightly used. */
#define LB_DEFENCE_PACKETS	8

/**
 * struct lb_defence - what of it is done now
 * @drop_entry: the sweep forgets connections that can be spared
 * @secure_tcp: TCP goes by the table that believes less
 * @drop_rate: one of so many new connections is refused; 0 for none
 * @until_drop: per CPU: new connections up to the next one that is refused
 * @examine: the sweep looks at one of so many connections that it meets, so that
 *	1/32 of the table is looked at in a second; only the sweep uses it
 * @spare: by packets of its client: lightly used connections up to the next one
 *	that is forgotten; only the sweep uses it
 * @work: looks at the memory
 *
 * The first three are written under ln->lock, and read without; what the sweep
 * writes is kept away from what packets read.
 */
struct lb_defence {
	bool drop_entry;
	bool secure_tcp;
	u32 drop_rate;
	s32 __percpu *until_drop;
	u32 examine ____cacheline_aligned_in_smp;
	u8 spare[LB_DEFENCE_PACKETS + 1];
	struct delayed_work work;
};

int lb_defence_init(struct lb_net *ln);
/* Nobody can change settings any more; waits for @work. Not under ln->lock. */
void lb_defence_exit(struct lb_net *ln);

/* Settings have changed. Caller holds ln->lock. */
void lb_defence_follow(struct lb_net *ln);

/**
 * lb_defence_refuses - is this one of the new connections that are refused?
 * @ln: namespace
 *
 * Context: BH disabled.
 */
bool lb_defence_refuses(struct lb_net *ln);

/* The sweep is about to meet @budget of @conns connections. */
void lb_defence_sweep(struct lb_net *ln, u64 conns, u64 budget);

/**
 * lb_defence_forgets - can this connection be spared?
 * @ln: namespace
 * @conn: connection that the sweep has met, alive
 * @now: jiffies
 *
 * Context: rcu_read_lock(), the sweep.
 */
bool lb_defence_forgets(struct lb_net *ln, const struct lb_conn *conn, u32 now);

#endif /* LB_DEFENCE_H */
