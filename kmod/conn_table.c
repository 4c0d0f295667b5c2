// SPDX-License-Identifier: GPL-2.0
/* The table that connections are found in: the kernel's resizable hash table,
 * keyed by a keyed hash of the full tuple, so that nobody outside can choose
 * who shares a bucket. It grows and shrinks by itself.
 *
 * A connection has a node for packets from its client and, with nat, one for
 * replies. Comparing asks the connection whether it is alive: an expired one
 * is dead to lookups at once, whatever the sweep has reached.
 */
#include "conn.h"

#include <linux/once.h>
#include <linux/rhashtable.h>

#include "fate.h"
#include "persist.h"

static hsiphash_key_t lb_hash_key __read_mostly;

/* What is looked up: a packet's tuple and its hash, now. */
struct lb_conn_key {
	const struct lb_tuple *tuple;
	u32 hash;
	u32 now;
};

/* Addresses and ports are hashed by the key; the protocol only moves the result by what
 * anybody can know. That brings together no more tuples than there are protocols.
 */
static u32 lb_tuple_hash4(__be32 src, __be32 dst, __be16 sport, __be16 dport, u8 proto)
{
	return hsiphash_3u32((__force u32)src, (__force u32)dst,
			     (__force u32)sport << 16 | (__force u32)dport, &lb_hash_key) ^ proto;
}

u32 lb_tuple_hash(const struct lb_tuple *tuple)
{
	if (tuple->family == AF_INET)
		return lb_tuple_hash4(tuple->src.ip, tuple->dst.ip, tuple->sport, tuple->dport,
				      tuple->proto);
	return hsiphash(tuple, offsetofend(struct lb_tuple, proto), &lb_hash_key);
}

static u32 lb_key_hashfn(const void *data, u32 len, u32 seed)
{
	const struct lb_conn_key *key = data;

	/* The table's seed changes when it rehashes; the key is what protects. */
	return key->hash ^ seed;
}

static struct lb_conn *lb_node_conn(const struct lb_conn_node *node)
{
	return container_of(node - node->dir, struct lb_conn, node[0]);
}

/* The tuple of packets that match a node. */
static void lb_node_tuple(const struct lb_conn_node *node, struct lb_tuple *tuple)
{
	const struct lb_conn *conn = lb_node_conn(node);

	tuple->family = conn->family;
	tuple->proto = conn->proto;
	if (node->dir == LB_DIR_IN) {
		lb_conn_caddr(conn, &tuple->src);
		lb_conn_vaddr(conn, &tuple->dst);
		tuple->sport = conn->cport;
		tuple->dport = conn->vport;
	} else {
		tuple->src = conn->dest->addr;
		lb_conn_caddr(conn, &tuple->dst);
		tuple->sport = conn->dport;
		tuple->dport = conn->cport;
	}
}

static u32 lb_node_hashfn(const void *data, u32 len, u32 seed)
{
	const struct lb_conn_node *node = data;

	return node->hash ^ seed;
}

static bool lb_node_matches(const struct lb_conn_node *node, const struct lb_conn_key *key)
{
	const struct lb_conn *conn = lb_node_conn(node);
	const struct lb_tuple *tuple = key->tuple;

	if (node->hash != key->hash)
		return false;
	if (conn->proto != tuple->proto || conn->family != tuple->family)
		return false;
	if (node->dir == LB_DIR_IN) {
		if (conn->cport != tuple->sport || conn->vport != tuple->dport)
			return false;
		if (conn->family == AF_INET)
			return conn->v4.caddr == tuple->src.ip && conn->v4.vaddr == tuple->dst.ip;
		return ipv6_addr_equal(&conn->v6.caddr, &tuple->src.ip6) &&
		       ipv6_addr_equal(&conn->v6.vaddr, &tuple->dst.ip6);
	}
	if (conn->cport != tuple->dport || conn->dport != tuple->sport)
		return false;
	if (conn->family == AF_INET)
		return conn->v4.caddr == tuple->dst.ip && conn->dest->addr.ip == tuple->src.ip;
	return ipv6_addr_equal(&conn->v6.caddr, &tuple->dst.ip6) &&
	       ipv6_addr_equal(&conn->dest->addr.ip6, &tuple->src.ip6);
}

static int lb_node_cmpfn(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct lb_conn_key *key = arg->key;
	const struct lb_conn_node *node = data;

	return !lb_node_matches(node, key) || !lb_conn_alive(lb_node_conn(node), key->now);
}

static const struct rhashtable_params lb_conns_params = {
	.head_offset = offsetof(struct lb_conn_node, head),
	.hashfn = lb_key_hashfn,
	.obj_hashfn = lb_node_hashfn,
	.obj_cmpfn = lb_node_cmpfn,
	.min_size = 64,
	.automatic_shrinking = true,
};

bool lb_conn_find(struct lb_ctx *ctx)
{
	struct lb_conn_key key = { .tuple = &ctx->pkt.tuple, .now = jiffies };
	const struct lb_conn_node *node;

	ctx->hash = lb_tuple_hash(&ctx->pkt.tuple);
	key.hash = ctx->hash;
	node = rhashtable_lookup(&ctx->ln->conns, &key, lb_conns_params);
	if (!node)
		return false;
	ctx->conn = lb_node_conn(node);
	ctx->dir = node->dir;
	return true;
}

bool lb_conn_is_answered(const struct lb_ctx *ctx)
{
	const struct lb_tuple turned = lb_tuple_turned(&ctx->pkt.tuple);
	const struct lb_conn_key key = {
		.tuple = &turned,
		.hash = lb_tuple_hash(&turned),
		.now = jiffies,
	};
	const struct lb_conn_node *node;

	node = rhashtable_lookup(&ctx->ln->conns, &key, lb_conns_params);
	return node && node->dir == LB_DIR_IN;
}

struct lb_conn *lb_conns_insert(struct lb_net *ln, struct lb_conn *conn)
{
	struct lb_conn_node *node = &conn->node[LB_DIR_IN], *found;
	struct lb_conn_key key = { .hash = node->hash, .now = jiffies };
	struct lb_tuple tuple = {};
	int err;

	conn->node[LB_DIR_IN].dir = LB_DIR_IN;
	conn->node[LB_DIR_OUT].dir = LB_DIR_OUT;

	/* The reply node first: whoever finds the connection by its client's
	 * packets may expect that replies find it as well. Two connections of
	 * one client may have the same reply tuple (two services, one server);
	 * the younger is found first, as in ip_vs.
	 */
	if (conn->method == LB_METHOD_NAT) {
		lb_node_tuple(&conn->node[LB_DIR_OUT], &tuple);
		conn->node[LB_DIR_OUT].hash = lb_tuple_hash(&tuple);
		err = rhashtable_insert_fast(&ln->conns, &conn->node[LB_DIR_OUT].head,
					     lb_conns_params);
		if (err)
			return ERR_PTR(err);
	}

	lb_node_tuple(node, &tuple);
	key.tuple = &tuple;
	found = rhashtable_lookup_get_insert_key(&ln->conns, &key, &node->head, lb_conns_params);
	if (!found) {
		percpu_counter_inc(&ln->n_conns);
		lb_conns_sweep_later(ln);
		return NULL;
	}
	if (conn->method == LB_METHOD_NAT)
		rhashtable_remove_fast(&ln->conns, &conn->node[LB_DIR_OUT].head, lb_conns_params);
	return IS_ERR(found) ? ERR_CAST(found) : lb_node_conn(found);
}

void lb_conns_remove(struct lb_net *ln, struct lb_conn *conn)
{
	rhashtable_remove_fast(&ln->conns, &conn->node[LB_DIR_IN].head, lb_conns_params);
	if (conn->method == LB_METHOD_NAT)
		rhashtable_remove_fast(&ln->conns, &conn->node[LB_DIR_OUT].head, lb_conns_params);
	percpu_counter_dec(&ln->n_conns);
}

void lb_conn_walk_begin(struct lb_conn_walk *walk, struct lb_net *ln)
{
	rhashtable_walk_enter(&ln->conns, &walk->iter);
}

void lb_conn_walk_resume(struct lb_conn_walk *walk)
	__acquires(RCU)
{
	/* A resize meanwhile has sent the walk back to the start. */
	rhashtable_walk_start(&walk->iter);
}

void lb_conn_walk_pause(struct lb_conn_walk *walk)
	__releases(RCU)
{
	rhashtable_walk_stop(&walk->iter);
}

struct lb_conn *lb_conn_walk_next(struct lb_conn_walk *walk)
{
	struct lb_conn_node *node;

	do {
		node = rhashtable_walk_next(&walk->iter);
	} while (IS_ERR(node) || (node && node->dir != LB_DIR_IN));
	return node ? lb_node_conn(node) : NULL;
}

struct lb_conn *lb_conn_walk_peek(struct lb_conn_walk *walk)
{
	struct lb_conn_node *node;

	for (;;) {
		node = rhashtable_walk_peek(&walk->iter);
		if (!IS_ERR(node) && (!node || node->dir == LB_DIR_IN))
			return node ? lb_node_conn(node) : NULL;
		rhashtable_walk_next(&walk->iter);
	}
}

void lb_conn_walk_end(struct lb_conn_walk *walk)
{
	rhashtable_walk_exit(&walk->iter);
}

void lb_conns_settle(struct lb_net *ln)
{
	flush_work(&ln->conns.run_work);
}

/* Connections looked at before the sweep lets others run. */
#define LB_SWEEP_CHUNK 512

/* Meets up to @budget connections, unlinks the dead ones (all, with @all).
 * Returns false at the end of the table.
 */
static bool lb_conns_sweep_some(struct lb_net *ln, struct lb_conn_walk *walk, unsigned int budget,
				bool all)
{
	struct lb_conn *conn, *dead;
	unsigned int n;

	do {
		lb_conn_walk_resume(walk);
		conn = lb_conn_walk_peek(walk);
		for (n = min_t(unsigned int, budget, LB_SWEEP_CHUNK); conn && n; n--, budget--) {
			dead = all || !lb_conn_alive(conn, jiffies) ||
			       lb_defence_forgets(ln, conn, jiffies) ||
			       lb_fate_ends(ln, conn) ? conn : NULL;
			/* A walk finds its way on when what lies behind it is
			 * unlinked, but may pass over some when what it stands
			 * at is, and it pauses there.
			 */
			conn = lb_conn_walk_next(walk);
			if (dead)
				lb_conn_del(ln, dead);
		}
		lb_conn_walk_pause(walk);
		cond_resched();
	} while (conn && budget);
	return conn;
}

/* The whole table is met about every four seconds, a part of it each time. */
#define LB_SWEEP_PARTS	4

static void lb_conns_sweep(struct work_struct *work)
{
	struct lb_net *ln = container_of(to_delayed_work(work), struct lb_net, sweep);
	s64 conns = percpu_counter_sum_positive(&ln->n_conns);
	struct lb_conn_walk *walk = &ln->sweep_walk;
	s64 budget = max_t(s64, conns / LB_SWEEP_PARTS, LB_SWEEP_CHUNK);
	bool waiting;

	lb_defence_sweep(ln, conns, budget);
	if (!lb_conns_sweep_some(ln, walk, budget, false)) {
		lb_conn_walk_end(walk);
		lb_conn_walk_begin(walk, ln);
	}
	waiting = lb_templates_sweep(ln);
	waiting |= lb_dests_reap(ln);
	/* Whoever inserts a connection from now on sees that the work is not
	 * pending, or is seen here.
	 */
	if (waiting || percpu_counter_sum_positive(&ln->n_conns))
		queue_delayed_work(system_unbound_wq, &ln->sweep, HZ);
}

void lb_conns_sweep_later(struct lb_net *ln)
{
	if (!delayed_work_pending(&ln->sweep))
		queue_delayed_work(system_unbound_wq, &ln->sweep, HZ);
}

int lb_conns_init(struct lb_net *ln)
{
	int err;

	get_random_once(&lb_hash_key, sizeof(lb_hash_key));
	INIT_DELAYED_WORK(&ln->sweep, lb_conns_sweep);
	err = percpu_counter_init(&ln->n_conns, 0, GFP_KERNEL);
	if (err)
		return err;
	err = rhashtable_init(&ln->conns, &lb_conns_params);
	if (err) {
		percpu_counter_destroy(&ln->n_conns);
		return err;
	}
	lb_conn_walk_begin(&ln->sweep_walk, ln);
	return 0;
}

void lb_conns_exit(struct lb_net *ln)
{
	struct lb_conn_walk walk;

	cancel_delayed_work_sync(&ln->sweep);
	lb_conn_walk_end(&ln->sweep_walk);

	lb_conn_walk_begin(&walk, ln);
	lb_conns_sweep_some(ln, &walk, UINT_MAX, true);
	lb_conn_walk_end(&walk);

	rhashtable_destroy(&ln->conns);
	percpu_counter_destroy(&ln->n_conns);
}

u32 lb_conns_count(struct lb_net *ln)
{
	return percpu_counter_sum_positive(&ln->n_conns);
}

u32 lb_conns_buckets(struct lb_net *ln)
{
	u32 size;

	rcu_read_lock();
	size = rht_dereference_rcu(ln->conns.tbl, &ln->conns)->size;
	rcu_read_unlock();
	return size;
}
