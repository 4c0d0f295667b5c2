// SPDX-License-Identifier: GPL-2.0
/* A connection's life: opened by a packet that a service takes, counted in its
 * destination's load, unlinked once, freed a grace period later.
 */
#include "conn.h"

#include <linux/inetdevice.h>
#include <linux/slab.h>

#include "alg.h"
#include "bypass.h"
#include "dest.h"
#include "persist.h"
#include "proto.h"
#include "sched.h"
#include "service.h"
#include "stats.h"
#include "xmit.h"

/* By address family: an IPv4 connection ends behind its addresses. */
static struct kmem_cache *lb_conn4_cache __read_mostly;
static struct kmem_cache *lb_conn6_cache __read_mostly;

int lb_conn_init(void)
{
	lb_conn4_cache = kmem_cache_create("lb_conn4", offsetofend(struct lb_conn, v4), 0, 0, NULL);
	if (!lb_conn4_cache)
		return -ENOMEM;
	lb_conn6_cache = kmem_cache_create("lb_conn6", sizeof(struct lb_conn), 0, 0, NULL);
	if (!lb_conn6_cache) {
		kmem_cache_destroy(lb_conn4_cache);
		return -ENOMEM;
	}
	return 0;
}

void lb_conn_exit(void)
{
	/* Every namespace is gone; wait for the connections they freed. */
	rcu_barrier();
	kmem_cache_destroy(lb_conn6_cache);
	kmem_cache_destroy(lb_conn4_cache);
}

u32 lb_conn_size(void)
{
	return kmem_cache_size(lb_conn4_cache);
}

static void lb_conn_free(struct lb_conn *conn)
{
	if (unlikely(conn->flags & (LB_CONN_CONTROL | LB_CONN_DATA)))
		lb_alg_free(conn);
	else
		kmem_cache_free(conn->family == AF_INET ? lb_conn4_cache : lb_conn6_cache, conn);
}

static void lb_conn_free_rcu(struct rcu_head *rcu)
{
	lb_conn_free(container_of(rcu, struct lb_conn, rcu));
}

void lb_conn_free_later(struct lb_conn *conn)
{
	call_rcu(&conn->rcu, lb_conn_free_rcu);
}

/* What an ICMP error opens is kept so long, as in ip_vs, if nothing else comes. */
#define LB_CONN_ICMP_TIMEOUT	(3 * HZ)

/* A destination without a port of its own gets what comes for whatever port. So
 * does, as in ip_vs, one of a persistent service where the packet's port is not the
 * service's own: where a client is kept to it over several, they cannot all be one.
 */
static __be16 lb_conn_dport(const struct lb_ctx *ctx, const struct lb_service *svc,
			    const struct lb_pool *pool, const struct lb_pool_entry *entry)
{
	__be16 port = ctx->pkt.tuple.dport;

	if (!entry->dest->port || (pool->persist.timeout && port != svc->key.port))
		return port;
	return entry->dest->port;
}

void lb_conn_fill(struct lb_conn *conn, const struct lb_ctx *ctx,
		  const struct lb_pool_entry *entry, __be16 dport)
{
	const struct lb_tuple *tuple = &ctx->pkt.tuple;

	conn->node[LB_DIR_IN].hash = ctx->hash;
	conn->node[LB_DIR_IN].told = LB_CONN_UNTOLD;
	conn->node[LB_DIR_IN].word = 0;
	spin_lock_init(&conn->lock);
	conn->dest = entry->dest;
	conn->seen = jiffies;
	conn->proto = tuple->proto;
	conn->family = tuple->family;
	conn->method = entry->method;
	conn->state = lb_proto_first_state(conn->proto);
	conn->timeout = lb_proto_timeout(ctx->ln, conn->dest, conn->state);
	if (ctx->pkt.icmp) {
		conn->timeout = LB_CONN_ICMP_TIMEOUT;
		/* The first packet of its own is to set the state's. */
		conn->seen -= LB_CONN_TICK;
	}
	conn->packets = 0;
	conn->flags = LB_CONN_INACTIVE;
	if (conn->method != LB_METHOD_NAT)
		conn->flags |= LB_CONN_NO_OUTPUT;
	conn->cport = tuple->sport;
	conn->vport = tuple->dport;
	conn->dport = dport;
	if (conn->family == AF_INET) {
		conn->v4.caddr = tuple->src.ip;
		conn->v4.vaddr = tuple->dst.ip;
	} else {
		conn->v6.caddr = tuple->src.ip6;
		conn->v6.vaddr = tuple->dst.ip6;
	}
}

static struct lb_conn *lb_conn_new(const struct lb_ctx *ctx, const struct lb_pool_entry *entry,
				   __be16 dport)
{
	u8 family = ctx->pkt.tuple.family;
	struct lb_conn *conn;

	if (unlikely(lb_alg_is_control(ctx, entry))) {
		conn = lb_control_alloc(family);
		if (conn) {
			lb_conn_fill(conn, ctx, entry, dport);
			conn->flags |= LB_CONN_CONTROL;
		}
		return conn;
	}
	conn = kmem_cache_alloc(family == AF_INET ? lb_conn4_cache : lb_conn6_cache,
				GFP_ATOMIC | __GFP_NOWARN);
	if (conn)
		lb_conn_fill(conn, ctx, entry, dport);
	return conn;
}

/* One-packet scheduling: the connection lives on the stack, for as long as its only
 * packet is on its way; it is in no table and no destination's load.
 */
noinline_for_stack enum lb_verdict lb_conn_one_packet(struct lb_ctx *ctx,
						      const struct lb_pool_entry *entry,
						      __be16 dport, enum lb_dir dir)
{
	enum lb_verdict verdict;
	struct lb_conn conn;

	lb_conn_fill(&conn, ctx, entry, dport);
	ctx->conn = &conn;
	ctx->dir = dir;
	lb_dest_count_conn(conn.dest);
	if (dir == LB_DIR_IN)
		lb_dest_count_in(conn.dest, ctx->pkt.len);
	else
		lb_dest_count_out(conn.dest, ctx->pkt.len);
	verdict = lb_xmit(ctx);
	ctx->conn = NULL;
	return verdict;
}

const struct lb_pool_entry *lb_conn_schedule(struct lb_ctx *ctx, struct lb_service *svc,
					     struct lb_pool *pool)
{
	const struct lb_pool_entry *entry = NULL;

	if (pool->n_usable)
		entry = pool->sched->pick(svc, pool, ctx);
	if (!entry)
		entry = lb_bypass_pick(ctx, svc);
	if (!entry) {
		lb_xmit_unreachable(ctx);
		lb_drop_count(ctx->ln, LB_DROP_REASON_NO_DEST);
	}
	return entry;
}

bool lb_conns_full(struct lb_net *ln)
{
	u32 max = READ_ONCE(ln->settings.conn_max);

	return max && percpu_counter_compare(&ln->n_conns, max) >= 0;
}

/* A service that takes more than one port, or whatever is marked, would take for a
 * new connection what a destination on the director itself answers.
 */
static bool lb_conn_is_local_answer(const struct lb_ctx *ctx, const struct lb_service *svc)
{
	const struct net_device *dev = ctx->skb->dev;

	return svc->key.port != ctx->pkt.tuple.dport && (!dev || (dev->flags & IFF_LOOPBACK)) &&
	       lb_conn_is_answered(ctx);
}

enum lb_verdict lb_conn_open(struct lb_ctx *ctx, const struct lb_pool_entry *entry, __be16 dport,
			     struct lb_template *tpl)
{
	struct lb_conn *conn, *other;

	conn = lb_conn_new(ctx, entry, dport);
	if (!conn) {
		if (tpl)
			lb_template_put(tpl);
		return lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);
	}
	if (tpl) {
		conn->flags |= LB_CONN_PERSISTENT;
		conn->tpl = tpl;
	}

	/* Counted before it can be found, so that whoever steps it finds it so. */
	lb_dest_load_add(conn->dest, LB_LOAD_INACTIVE);
	other = lb_conns_insert(ctx->ln, conn);
	if (other) {
		/* Another CPU has just opened it: a retransmitted SYN. */
		lb_dest_load_add(conn->dest, -LB_LOAD_INACTIVE);
		if (tpl)
			lb_template_put(tpl);
		/* Its reply node may have been seen. */
		lb_conn_free_later(conn);
	} else {
		lb_dest_count_conn(conn->dest);
	}
	if (IS_ERR(other))
		return lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);
	ctx->conn = other ?: conn;
	ctx->dir = LB_DIR_IN;
	return LB_CONTINUE;
}

struct lb_conn *lb_conn_adopt(const struct lb_ctx *ctx, const struct lb_pool_entry *entry,
			      __be16 dport)
{
	struct lb_conn *conn = lb_conn_new(ctx, entry, dport), *other;

	if (!conn)
		return NULL;
	conn->flags |= LB_CONN_SYNCED;
	lb_dest_load_add(conn->dest, LB_LOAD_INACTIVE);
	other = lb_conns_insert(ctx->ln, conn);
	if (!other)
		return conn;
	lb_dest_load_add(conn->dest, -LB_LOAD_INACTIVE);
	lb_conn_free_later(conn);
	return IS_ERR(other) ? NULL : other;
}

enum lb_verdict lb_conn_admit(struct lb_ctx *ctx)
{
	const struct lb_pool_entry *entry;
	struct lb_template *tpl = NULL;
	enum lb_verdict verdict;
	struct lb_service *svc;
	struct lb_pool *pool;
	bool one_packet;
	__be16 dport;

	verdict = lb_proto_opens(ctx);
	if (verdict != LB_CONTINUE)
		return verdict;
	svc = lb_service_match(ctx, &pool);
	if (!svc || lb_conn_is_local_answer(ctx, svc))
		return LB_ACCEPT;
	/* What a mark gathers may be of other protocols as well. */
	one_packet = pool->one_packet && ctx->pkt.tuple.proto == IPPROTO_UDP;
	if (!one_packet && lb_conns_full(ctx->ln))
		return lb_drop(ctx, LB_DROP_REASON_CONN_LIMIT);
	if (lb_defence_refuses(ctx->ln))
		return lb_drop(ctx, LB_DROP_REASON_DEFENCE);

	if (pool->persist.timeout)
		entry = lb_template_pick(ctx, svc, pool, &tpl);
	else
		entry = lb_conn_schedule(ctx, svc, pool);
	if (!entry)
		return LB_DROP;
	dport = lb_conn_dport(ctx, svc, pool, entry);
	if (!one_packet)
		return lb_conn_open(ctx, entry, dport, tpl);
	verdict = lb_conn_one_packet(ctx, entry, dport, LB_DIR_IN);
	if (tpl)
		lb_template_put(tpl);
	return verdict;
}

bool lb_conn_is_reused(const struct lb_ctx *ctx)
{
	if (ctx->dir != LB_DIR_IN || ctx->hook == NF_INET_FORWARD || !lb_proto_reopens(ctx))
		return false;
	lb_conn_del(ctx->ln, ctx->conn);
	return true;
}

void lb_conn_del(struct lb_net *ln, struct lb_conn *conn)
{
	bool mine, inactive;

	spin_lock_bh(&conn->lock);
	mine = !(conn->flags & LB_CONN_DEAD);
	inactive = conn->flags & LB_CONN_INACTIVE;
	WRITE_ONCE(conn->flags, conn->flags | LB_CONN_DEAD);
	if (mine) {
		lb_conns_remove(ln, conn);
		lb_dest_load_add(conn->dest, inactive ? -LB_LOAD_INACTIVE : -LB_LOAD_ACTIVE);
	}
	spin_unlock_bh(&conn->lock);

	if (!mine)
		return;
	if (unlikely(conn->flags & LB_CONN_CONTROL))
		lb_control_close(ln, conn);
	if (conn->flags & LB_CONN_PERSISTENT)
		lb_template_put(conn->tpl);
	lb_conn_free_later(conn);
}

bool lb_addr_in(u8 family, const union lb_addr *addr, const union lb_addr *net, u8 bits)
{
	if (family == AF_INET)
		return !bits || !((addr->ip ^ net->ip) & inet_make_mask(min_t(u8, bits, 32)));
	return ipv6_prefix_equal(&addr->ip6, &net->ip6, min_t(u8, bits, 128));
}

bool lb_conn_matches(const struct lb_conn *conn, const struct lb_conn_filter *filter, u32 now)
{
	const struct lb_tuple *want = &filter->tuple;
	const u32 given = filter->given;
	union lb_addr addr;

	if (!lb_conn_alive(conn, now))
		return false;
	if ((given & LB_CONN_BY_FAMILY) && conn->family != want->family)
		return false;
	if ((given & LB_CONN_BY_PROTO) && conn->proto != want->proto)
		return false;
	if ((given & LB_CONN_BY_CPORT) && conn->cport != want->sport)
		return false;
	if ((given & LB_CONN_BY_VPORT) && conn->vport != want->dport)
		return false;
	if ((given & LB_CONN_BY_DPORT) && conn->dport != filter->dport)
		return false;
	if ((given & LB_CONN_BY_METHOD) && conn->method != filter->method)
		return false;
	if ((given & LB_CONN_BY_STATE) && READ_ONCE(conn->state) != filter->state)
		return false;
	if (given & LB_CONN_BY_CADDR) {
		lb_conn_caddr(conn, &addr);
		if (!lb_addr_in(conn->family, &addr, &want->src, filter->client_bits))
			return false;
	}
	if (given & LB_CONN_BY_VADDR) {
		lb_conn_vaddr(conn, &addr);
		if (!lb_addr_equal(conn->family, &addr, &want->dst))
			return false;
	}
	if ((given & LB_CONN_BY_DFAMILY) && conn->dest->family != filter->dfamily)
		return false;
	lb_conn_daddr(conn, &addr);
	return !(given & LB_CONN_BY_DADDR) ||
	       lb_addr_equal(conn->dest->family, &addr, &filter->daddr);
}
