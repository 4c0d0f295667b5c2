/* SPDX-License-Identifier: GPL-2.0 */
/* A connection's life (conn.c) and the table it is found in (conn_table.c).
 *
 * Lifetime: a connection is found under rcu_read_lock() without a reference
 * and freed a grace period after it was unlinked. It pins its destination by
 * being counted in dest->load until it is unlinked; lookups that still see it
 * then are covered by the grace period that the destination waits for, too.
 */
#ifndef LB_CONN_H
#define LB_CONN_H

#include <linux/jiffies.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>

#include "addr.h"
#include "dest.h"
#include "lb.h"
#include "packet.h"

/* Last-seen is written at most this often; expiry is late by as much. */
#define LB_CONN_TICK	(HZ / 4)

/* In the table a connection is one node, or two when replies come back. The
 * hash of the tuple that it matches is kept: growing the table then reads the
 * node alone, and a stranger in the same bucket is told by one comparison.
 */
struct lb_conn_node {
	struct rhash_head head;
	u32 hash;
	u8 dir;				/* enum lb_dir of packets that match */
	/* Of the connection, where there would be padding (sync/due.c). */
	u8 told;			/* IN: the state that was told last */
	u16 word;			/* IN: its client's packets; OUT: when it was told */
};

#define LB_CONN_UNTOLD	0x1f		/* no state */

#define LB_CONN_INACTIVE	BIT(0)	/* counted as inactive in dest->load */
#define LB_CONN_NO_OUTPUT	BIT(1)	/* no packet to the client seen (all but nat) */
#define LB_CONN_DEAD		BIT(2)	/* unlinked, or about to be */
#define LB_CONN_PERSISTENT	BIT(3)	/* counted in a template; constant */
#define LB_CONN_SYNCED		BIT(4)	/* another director opened it; constant */
#define LB_CONN_CONTROL		BIT(6)	/* within a struct lb_control (alg.h); constant */
#define LB_CONN_DATA		BIT(7)	/* within a struct lb_data (alg.h); constant */

/**
 * struct lb_conn - a connection
 * @node: in ln->conns, by direction; node[LB_DIR_OUT] only with nat
 * @dest: where it goes; constant
 * @seen: jiffies (low 32 bits) of the last packet, within LB_CONN_TICK
 * @timeout: jiffies of silence after which it is dead
 * @lock: serialises @state, @flags and the death
 * @flags: LB_CONN_*; written under @lock
 * @state: enum lb_state; written under @lock
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP; constant, as all that follows
 * @family: of client and virtual address
 * @method: enum lb_method it was opened with
 * @rcu: frees it
 * @tpl: the template that it is counted in until it is unlinked, with
 *	LB_CONN_PERSISTENT; only whoever unlinks it reads it
 * @cport: client's port
 * @vport: service's port
 * @dport: destination's port
 * @packets: from the client, counted up to LB_DEFENCE_PACKETS and one more; not
 *	exact where CPUs race
 * @v4: addresses when @family is AF_INET; the connection is then allocated
 *	without the rest of @v6
 * @v6: addresses otherwise
 */
struct lb_conn {
	struct lb_conn_node node[2];
	struct lb_dest *dest;
	u32 seen;
	u32 timeout;
	spinlock_t lock;
	u8 flags;
	u8 state;
	u8 proto;
	u8 family;
	union {
		struct rcu_head rcu;
		struct lb_template *tpl;
	};
	__be16 cport;
	__be16 vport;
	__be16 dport;
	u8 method;
	u8 packets;
	union {
		struct {
			__be32 caddr;
			__be32 vaddr;
		} v4;
		struct {
			struct in6_addr caddr;
			struct in6_addr vaddr;
		} v6;
	};
};

static inline void lb_conn_caddr(const struct lb_conn *conn, union lb_addr *addr)
{
	if (conn->family == AF_INET)
		*addr = (union lb_addr){ .ip = conn->v4.caddr };
	else
		addr->ip6 = conn->v6.caddr;
}

static inline void lb_conn_vaddr(const struct lb_conn *conn, union lb_addr *addr)
{
	if (conn->family == AF_INET)
		*addr = (union lb_addr){ .ip = conn->v4.vaddr };
	else
		addr->ip6 = conn->v6.vaddr;
}

/* Where it goes; of conn->dest->family. */
static inline void lb_conn_daddr(const struct lb_conn *conn, union lb_addr *addr)
{
	if (conn->method == LB_METHOD_BYPASS)
		lb_conn_vaddr(conn, addr);
	else
		*addr = conn->dest->addr;
}

/* Jiffies of silence left, 0 or less when it is dead to lookups. */
static inline s32 lb_conn_left(const struct lb_conn *conn, u32 now)
{
	return (s32)(READ_ONCE(conn->timeout) + LB_CONN_TICK - (now - READ_ONCE(conn->seen)));
}

static inline bool lb_conn_alive(const struct lb_conn *conn, u32 now)
{
	return !(READ_ONCE(conn->flags) & LB_CONN_DEAD) && lb_conn_left(conn, now) > 0;
}

struct lb_pool_entry;
struct lb_template;

/* Fills a new connection, which the client's packet @ctx opens to @entry. */
void lb_conn_fill(struct lb_conn *conn, const struct lb_ctx *ctx,
		  const struct lb_pool_entry *entry, __be16 dport);
/* It was never in the table, but may have been seen there. */
void lb_conn_free_later(struct lb_conn *conn);
/* Has the namespace as many connections as it may have? */
bool lb_conns_full(struct lb_net *ln);

/* Module-wide caches of connections. */
int lb_conn_init(void);
void lb_conn_exit(void);

/* Per namespace. _exit(): no packet comes any more, no edit either. */
int lb_conns_init(struct lb_net *ln);
void lb_conns_exit(struct lb_net *ln);

/* Makes sure that the sweep runs, after there came to be something for it. */
void lb_conns_sweep_later(struct lb_net *ln);

/* What a packet is looked up by; every byte of an IPv6 tuple counts. */
u32 lb_tuple_hash(const struct lb_tuple *tuple);

/**
 * lb_conns_insert - make a new connection known
 * @ln: namespace
 * @conn: complete, with the hash of its client's tuple in node[LB_DIR_IN],
 *	and counted in its destination's load
 *
 * Context: rcu_read_lock(), BH disabled.
 * Return: NULL; the live connection that is there already, with @conn
 * untouched; or an error pointer, with @conn in no table.
 */
struct lb_conn *lb_conns_insert(struct lb_net *ln, struct lb_conn *conn);
/* Context: as above; @conn is in the table and is removed once. */
void lb_conns_remove(struct lb_net *ln, struct lb_conn *conn);

/**
 * lb_conn_find - the live connection that a packet belongs to
 * @ctx: pkt is read; hash, conn and dir are filled
 *
 * Return: false when there is none.
 */
bool lb_conn_find(struct lb_ctx *ctx);

/* Does a packet, of which pkt is read, answer one of a connection's client? With
 * direct and tunnel answers have no node of their own.
 */
bool lb_conn_is_answered(const struct lb_ctx *ctx);

/**
 * lb_conn_admit - a packet without a connection
 * @ctx: pkt is read; conn and dir are filled when one was opened
 *
 * Finds the service, asks its scheduler and opens a connection; with one-packet
 * scheduling sends the packet, too.
 * Return: LB_CONTINUE with a connection; LB_ACCEPT when the packet is not for
 * a service or may not open a connection; LB_DROP, the sender told; what became
 * of a packet that was sent.
 */
enum lb_verdict lb_conn_admit(struct lb_ctx *ctx);

/* The connection that takes @ctx's packet to @entry, at @dport. It is counted in @tpl, if
 * any, which is given back here when there is no connection. LB_CONTINUE, with conn and
 * dir filled, or LB_DROP. Context: rcu_read_lock(), BH disabled.
 */
enum lb_verdict lb_conn_open(struct lb_ctx *ctx, const struct lb_pool_entry *entry, __be16 dport,
			     struct lb_template *tpl);
/* The connection of @ctx, which another director has opened to @entry, at @dport; @ctx
 * was looked up and has a tuple, no packet. The one that is there, if there is; NULL when
 * there is no memory. Context: as above.
 */
struct lb_conn *lb_conn_adopt(const struct lb_ctx *ctx, const struct lb_pool_entry *entry,
			      __be16 dport);
/* Sends the packet as the only one of such a connection, from the client (@ctx describes
 * it) or to it (@ctx describes what would answer it). What became of it.
 */
enum lb_verdict lb_conn_one_packet(struct lb_ctx *ctx, const struct lb_pool_entry *entry,
				   __be16 dport, enum lb_dir dir);

/* Which destination of a service a new connection goes to, be it the way past all of
 * them (bypass.h); NULL, the sender told and the packet counted, when there is none.
 * Context: rcu_read_lock().
 */
const struct lb_pool_entry *lb_conn_schedule(struct lb_ctx *ctx, struct lb_service *svc,
					     struct lb_pool *pool);

/* A SYN, or SCTP's INIT, on a connection that it replaces (lb_proto_reopens()): the
 * same packet opens a new one.
 */
bool lb_conn_is_reused(const struct lb_ctx *ctx);

/* Unlinks and frees; harmless when somebody else did. BH or process context,
 * under rcu_read_lock().
 */
void lb_conn_del(struct lb_net *ln, struct lb_conn *conn);

/* Which members of a lb_conn_filter are given. */
#define LB_CONN_BY_FAMILY	BIT(0)
#define LB_CONN_BY_PROTO	BIT(1)
#define LB_CONN_BY_CADDR	BIT(2)
#define LB_CONN_BY_CPORT	BIT(3)
#define LB_CONN_BY_VADDR	BIT(4)
#define LB_CONN_BY_VPORT	BIT(5)
#define LB_CONN_BY_DFAMILY	BIT(6)
#define LB_CONN_BY_DADDR	BIT(7)
#define LB_CONN_BY_DPORT	BIT(8)
#define LB_CONN_BY_METHOD	BIT(9)
#define LB_CONN_BY_STATE	BIT(10)

/* Is @addr in @net, of which @bits bits are significant? */
bool lb_addr_in(u8 family, const union lb_addr *addr, const union lb_addr *net, u8 bits);

/**
 * struct lb_conn_filter - what connections have in common
 * @given: LB_CONN_BY_*
 * @tuple: src is the client, dst the virtual address
 * @client_bits: significant bits of tuple.src
 * @dfamily: destination's address family
 * @method: enum lb_method
 * @state: enum lb_state
 * @templates: enum lb_templates, which of connections and templates are meant
 * @daddr: destination's address, of family @dfamily
 * @dport: destination's port
 */
struct lb_conn_filter {
	u32 given;
	struct lb_tuple tuple;
	u8 client_bits;
	u8 dfamily;
	u8 method;
	u8 state;
	u8 templates;
	union lb_addr daddr;
	__be16 dport;
};

/* Under rcu_read_lock(). Dead connections match nothing. */
bool lb_conn_matches(const struct lb_conn *conn, const struct lb_conn_filter *filter, u32 now);

/* A walk over all connections; see struct lb_conn_walk. */
void lb_conn_walk_begin(struct lb_conn_walk *walk, struct lb_net *ln);
/* Takes and gives back rcu_read_lock(). */
void lb_conn_walk_resume(struct lb_conn_walk *walk);
void lb_conn_walk_pause(struct lb_conn_walk *walk);
/* The next connection, NULL at the end; between resume and pause. */
struct lb_conn *lb_conn_walk_next(struct lb_conn_walk *walk);
/* The connection that the walk stands at, the first one at its begin: after a
 * pause, where it goes on; NULL at the end.
 */
struct lb_conn *lb_conn_walk_peek(struct lb_conn_walk *walk);
void lb_conn_walk_end(struct lb_conn_walk *walk);
/* Waits for the resize that is under way, if any: a walk that begins then meets
 * no connection twice unless another begins meanwhile. May sleep.
 */
void lb_conns_settle(struct lb_net *ln);

/* Connections in the table and buckets of the table, roughly. */
u32 lb_conns_count(struct lb_net *ln);
u32 lb_conns_buckets(struct lb_net *ln);
/* Bytes of an IPv4 connection as allocated. */
u32 lb_conn_size(void);

#endif /* LB_CONN_H */
