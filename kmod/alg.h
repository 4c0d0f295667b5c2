/* SPDX-License-Identifier: GPL-2.0 */
/* Protocols whose connections come in families: on a control connection the two ends
 * agree on data connections, which have to reach the same destination. What they say
 * is read in alg/; this is what follows from it.
 *
 * Control and data connections are connections like all others, with something in
 * front that others do not have, nor pay for: a flag says whether it is there.
 *
 * Lifetime: an expectation is immutable once it can be found, and freed a grace period
 * after it was taken from its control connection, which happens under control->lock.
 * A control connection that is freed has none. Its memory is kept for its data
 * connections, which outlive it.
 */
#ifndef LB_ALG_H
#define LB_ALG_H

#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>

#include "addr.h"
#include "conn.h"
#include "core/ftp.h"
#include "core/seq_edit.h"
#include "lb.h"
#include "packet.h"

/* Data connections that a control connection may have announced at a time: of more,
 * the oldest are forgotten.
 */
#define LB_EXPECTS	4

struct lb_pool_entry;

/* A data connection's first packet; its source port is not known yet. */
struct lb_expect_key {
	union lb_addr src;
	union lb_addr dst;
	__be16 dport;
	u8 family;
	u8 unused;
};

/**
 * struct lb_expect - a data connection to come
 * @node: in ln->expected
 * @key: its first packet
 * @control: who announced it
 * @until: jiffies (low 32 bits) up to which it may come
 * @port: the destination's port if @dir is LB_DIR_IN, else the virtual one
 * @dir: enum lb_dir of the first packet
 * @rcu: frees it
 */
struct lb_expect {
	struct rhash_head node;
	struct lb_expect_key key;
	struct lb_control *control;
	u32 until;
	__be16 port;
	u8 dir;
	struct rcu_head rcu;
};

/**
 * struct lb_stream - one direction of a control connection, as far as it was read
 * @next: sequence number of the next byte
 * @known: a SYN was seen, @next is valid
 * @line: the line that this byte belongs to
 */
struct lb_stream {
	u32 next;
	bool known;
	struct ftp_line line;
};

/**
 * struct lb_control - a control connection
 * @lock: serialises all but @refs and @conn; within it may be taken the lock of any
 *	connection, and no other lock of this kind
 * @refs: one for being in the table, one for each data connection
 * @closed: it is going: nothing may be expected any more
 * @oldest: the place in @expect to use next
 * @expect: what it announced, NULL for none
 * @stream: by enum lb_dir
 * @acked: what the client has of the other direction, by the destination's numbers
 * @edits: what was rewritten of what the destination says
 * @conn: the connection; as long as its family needs
 */
struct lb_control {
	spinlock_t lock; /* see above */
	refcount_t refs;
	bool closed;
	u8 oldest;
	struct lb_expect *expect[LB_EXPECTS];
	struct lb_stream stream[2];
	u32 acked;
	struct seq_edits edits;
	struct lb_conn conn;
};

/**
 * struct lb_data - a data connection
 * @control: its control connection, which is kept alive by this one's packets
 * @conn: the connection; as long as its family needs
 */
struct lb_data {
	struct lb_control *control;
	struct lb_conn conn;
};

/* @conn has LB_CONN_CONTROL. */
static inline struct lb_control *lb_control(struct lb_conn *conn)
{
	return container_of(conn, struct lb_control, conn);
}

int lb_alg_init(struct lb_net *ln);
/* No connection is left. */
void lb_alg_exit(struct lb_net *ln);

/* Is the connection that this packet opens to @entry a control connection? */
bool lb_alg_is_control(const struct lb_ctx *ctx, const struct lb_pool_entry *entry);

/* Memory of a control connection, of which conn is not filled; NULL when there is
 * none.
 */
struct lb_conn *lb_control_alloc(u8 family);

/* A control connection was unlinked; BH or process context. */
void lb_control_close(struct lb_net *ln, struct lb_conn *conn);
/* A grace period later. */
void lb_alg_free(struct lb_conn *conn);

/* A packet of a data connection shows that its control connection is used. */
void lb_data_seen(struct lb_conn *conn, u32 now);

/**
 * lb_expect_add - a data connection may come
 * @ln: namespace
 * @control: locked
 * @key: its first packet
 * @dir: enum lb_dir of that
 * @port: see struct lb_expect
 *
 * Return: false when there is no memory, or another control connection expects the
 * same.
 */
bool lb_expect_add(struct lb_net *ln, struct lb_control *control, const struct lb_expect_key *key,
		   enum lb_dir dir, __be16 port);

/**
 * lb_alg_admit - a SYN without a connection
 * @ctx: pkt is read; conn and dir are filled when it opens a data connection
 * @verdict: what becomes of it: as lb_conn_admit()
 *
 * Return: false when nobody expects it.
 */
bool lb_alg_admit(struct lb_ctx *ctx, enum lb_verdict *verdict);

/* Does anybody expect anything? The one question that every SYN is asked. */
static inline bool lb_alg_may_expect(const struct lb_ctx *ctx)
{
	return unlikely(atomic_read(&ctx->ln->expected.nelems)) &&
	       ctx->pkt.event == LB_EVENT_SYN && !ctx->pkt.icmp;
}

/* alg/ftp.c: reads what a packet of a control connection says, and rewrites it. Returns
 * false when there is no memory.
 */
bool lb_ftp_step(struct lb_ctx *ctx);

/* For any packet of nat, before its addresses are rewritten. */
static inline bool lb_alg_step(struct lb_ctx *ctx)
{
	return likely(!(READ_ONCE(ctx->conn->flags) & LB_CONN_CONTROL)) || lb_ftp_step(ctx);
}

#endif /* LB_ALG_H */
