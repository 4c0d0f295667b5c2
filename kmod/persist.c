// SPDX-License-Identifier: GPL-2.0
/* Templates: made when a persistent service schedules, asked before it does so
 * again, gone a while after their last connection.
 *
 * As in ip_vs a template is named by the service and the client's network. The
 * service's name says how far it reaches: one port, all ports of an address, or
 * whatever has a firewall mark.
 */
#include "persist.h"

#include <linux/once.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/siphash.h>

#include "conn.h"
#include "dest.h"
#include "packet.h"
#include "pe.h"
#include "service.h"
#include "stats.h"

/* ip_vs looks again after so long whether a template that is over still has
 * connections. Here it has so long after the last one.
 */
#define LB_TEMPLATE_AFTER	(60 * HZ)

static struct kmem_cache *lb_template_cache __read_mostly;
static hsiphash_key_t lb_template_hash_key __read_mostly;

int lb_persist_init(void)
{
	lb_template_cache = KMEM_CACHE(lb_template, 0);
	return lb_template_cache ? 0 : -ENOMEM;
}

void lb_persist_exit(void)
{
	/* Every namespace is gone; wait for the templates they freed. */
	rcu_barrier();
	kmem_cache_destroy(lb_template_cache);
}

/* What is looked up: a name and its hash, now. @id is NULL for none. */
struct lb_template_key {
	const struct lb_service_key *key;
	const struct lb_pe_id *id;
	union lb_addr client;
	u32 hash;
	u32 now;
};

static u8 lb_template_id_len(const struct lb_template_key *key)
{
	return key->id ? key->id->len : 0;
}

static u32 lb_template_hash(const struct lb_service_key *key, const union lb_addr *client,
			    const struct lb_pe_id *id)
{
	/* Without padding, so that equal names have equal bytes. */
	struct {
		union lb_addr client;
		union lb_addr addr;
		u32 fwmark;
		__be16 port;
		u8 family;
		u8 proto;
	} name = {
		.client = *client,
		.addr = key->addr,
		.fwmark = key->fwmark,
		.port = key->port,
		.family = key->family,
		.proto = key->proto,
	};

	u32 hash;

	BUILD_BUG_ON(sizeof(name) != 2 * sizeof(union lb_addr) + 8);
	hash = hsiphash(&name, sizeof(name), &lb_template_hash_key);
	return id ? hsiphash(id->data, id->len, &lb_template_hash_key) ^ hash : hash;
}

static u32 lb_template_key_hashfn(const void *data, u32 len, u32 seed)
{
	const struct lb_template_key *key = data;

	return key->hash ^ seed;
}

static u32 lb_template_hashfn(const void *data, u32 len, u32 seed)
{
	const struct lb_template *tpl = data;

	return tpl->hash ^ seed;
}

static bool lb_template_alive(const struct lb_template *tpl, u32 now)
{
	return !READ_ONCE(tpl->dead) && (READ_ONCE(tpl->conns) || lb_template_left(tpl, now) > 0);
}

static int lb_template_cmpfn(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct lb_template_key *key = arg->key;
	const struct lb_template *tpl = data;

	return tpl->hash != key->hash || !lb_service_key_equal(&tpl->key, key->key) ||
	       !lb_addr_equal(tpl->key.family, &tpl->client, &key->client) ||
	       tpl->id_len != lb_template_id_len(key) ||
	       (tpl->id_len && memcmp(tpl->id, key->id->data, tpl->id_len)) ||
	       !lb_template_alive(tpl, key->now);
}

static const struct rhashtable_params lb_templates_params = {
	.head_offset = offsetof(struct lb_template, node),
	.hashfn = lb_template_key_hashfn,
	.obj_hashfn = lb_template_hashfn,
	.obj_cmpfn = lb_template_cmpfn,
	.automatic_shrinking = true,
};

/* Those without an @id, which are nearly all, come from a cache of their own. */
static struct lb_template *lb_template_alloc(u8 id_len)
{
	const gfp_t gfp = GFP_ATOMIC | __GFP_NOWARN;
	struct lb_template *tpl;

	if (!id_len)
		return kmem_cache_zalloc(lb_template_cache, gfp);
	tpl = kzalloc(struct_size(tpl, id, id_len), gfp);
	if (tpl)
		tpl->id_len = id_len;
	return tpl;
}

static void lb_template_dispose(struct lb_template *tpl)
{
	if (tpl->id_len)
		kfree(tpl);
	else
		kmem_cache_free(lb_template_cache, tpl);
}

static void lb_template_free_rcu(struct rcu_head *rcu)
{
	lb_template_dispose(container_of(rcu, struct lb_template, rcu));
}

/* Unlinked, and without connections. */
static void lb_template_free(struct lb_template *tpl)
{
	call_rcu(&tpl->rcu, lb_template_free_rcu);
}

void lb_template_put(struct lb_template *tpl)
{
	u32 now = jiffies;
	bool last;

	spin_lock_bh(&tpl->lock);
	WRITE_ONCE(tpl->conns, tpl->conns - 1);
	last = tpl->dead && !tpl->conns;
	if (!tpl->conns && lb_template_left(tpl, now) <= 0) {
		WRITE_ONCE(tpl->timeout, LB_TEMPLATE_AFTER);
		WRITE_ONCE(tpl->seen, now);
	}
	spin_unlock_bh(&tpl->lock);

	if (last)
		lb_template_free(tpl);
}

void lb_template_del(struct lb_net *ln, struct lb_template *tpl)
{
	bool mine, last;

	spin_lock_bh(&tpl->lock);
	mine = !tpl->dead;
	last = mine && !tpl->conns;
	if (mine) {
		WRITE_ONCE(tpl->dead, true);
		rhashtable_remove_fast(&ln->templates, &tpl->node, lb_templates_params);
		/* Its connections, if any, are in the destination's load. */
		atomic_dec(&tpl->dest->templates);
	}
	spin_unlock_bh(&tpl->lock);

	if (last)
		lb_template_free(tpl);
}

/* May it have another connection from a client of its own? Draining says that
 * it takes none; weight 0 does not, unless the settings do.
 */
static bool lb_template_leads(const struct lb_net *ln, const struct lb_pool_entry *entry)
{
	return entry && !entry->drain &&
	       (entry->weight || !READ_ONCE(ln->settings.expire_quiescent_template));
}

/* One connection more, unless the template has died meanwhile. */
static bool lb_template_get(struct lb_template *tpl, u32 timeout)
{
	bool alive;

	spin_lock_bh(&tpl->lock);
	alive = !tpl->dead;
	if (alive) {
		WRITE_ONCE(tpl->conns, tpl->conns + 1);
		WRITE_ONCE(tpl->timeout, timeout);
		WRITE_ONCE(tpl->seen, jiffies);
	}
	spin_unlock_bh(&tpl->lock);
	return alive;
}

/* Where it leads, with one connection more; without a way it is deleted. */
static const struct lb_pool_entry *lb_template_follow(struct lb_net *ln, struct lb_template *tpl,
						      const struct lb_pool *pool)
{
	const struct lb_pool_entry *entry = lb_pool_find(pool, tpl->dest);

	if (lb_template_leads(ln, entry))
		return lb_template_get(tpl, pool->persist.timeout) ? entry : NULL;
	lb_template_del(ln, tpl);
	return NULL;
}

static void lb_client_net(union lb_addr *net, const struct lb_tuple *tuple, u8 prefix)
{
	memset(net, 0, sizeof(*net));
	if (tuple->family == AF_INET)
		net->ip = prefix ? tuple->src.ip & htonl(~0U << (32 - prefix)) : 0;
	else
		ipv6_addr_prefix(&net->ip6, &tuple->src.ip6, prefix);
}

static bool lb_templates_full(struct lb_net *ln)
{
	u32 max = READ_ONCE(ln->settings.conn_max);

	return max && lb_templates_count(ln) >= max;
}

static struct lb_template *lb_template_new(const struct lb_template_key *key,
					   const struct lb_pool *pool,
					   const struct lb_pool_entry *entry)
{
	struct lb_template *tpl;

	tpl = lb_template_alloc(lb_template_id_len(key));
	if (!tpl)
		return NULL;
	if (tpl->id_len)
		memcpy(tpl->id, key->id->data, tpl->id_len);
	tpl->hash = key->hash;
	tpl->key = *key->key;
	tpl->client = key->client;
	tpl->dest = entry->dest;
	tpl->method = entry->method;
	tpl->prefix = pool->persist.prefix;
	spin_lock_init(&tpl->lock);
	tpl->conns = 1;
	tpl->seen = key->now;
	tpl->timeout = pool->persist.timeout;
	return tpl;
}

/* A template that leads to @entry, or to where another CPU has just sent the
 * same client: @entry is what became of it.
 */
static struct lb_template *lb_template_make(struct lb_ctx *ctx, const struct lb_template_key *key,
					    const struct lb_pool *pool,
					    const struct lb_pool_entry **entry)
{
	const struct lb_pool_entry *where;
	struct lb_template *tpl, *other;
	struct lb_net *ln = ctx->ln;
	int tries;

	if (lb_templates_full(ln)) {
		lb_drop_count(ln, LB_DROP_REASON_CONN_LIMIT);
		return NULL;
	}
	tpl = lb_template_new(key, pool, *entry);
	if (!tpl)
		goto no_memory;

	/* Counted before it can be found. */
	atomic_inc(&tpl->dest->templates);
	/* One that is met and leads nowhere is out of the way then. */
	for (tries = 0; tries < 2; tries++) {
		other = rhashtable_lookup_get_insert_key(&ln->templates, key, &tpl->node,
							 lb_templates_params);
		if (!other) {
			lb_conns_sweep_later(ln);
			return tpl;
		}
		where = IS_ERR(other) ? NULL : lb_template_follow(ln, other, pool);
		if (where) {
			*entry = where;
			break;
		}
	}
	atomic_dec(&tpl->dest->templates);
	lb_template_dispose(tpl);
	if (where)
		return other;
no_memory:
	lb_drop_count(ln, LB_DROP_REASON_NO_MEMORY);
	return NULL;
}

/* The name of the template of @ctx's client. */
static void lb_template_name(struct lb_template_key *key, const struct lb_ctx *ctx,
			     const struct lb_pool *pool, const struct lb_pe_id *id)
{
	key->id = id;
	lb_client_net(&key->client, &ctx->pkt.tuple, pool->persist.prefix);
	key->hash = lb_template_hash(key->key, &key->client, id);
}

static const struct lb_pool_entry *lb_template_pick_by(struct lb_ctx *ctx, struct lb_service *svc,
						       struct lb_pool *pool,
						       const struct lb_pe_id *id,
						       struct lb_template **tpl)
{
	struct lb_template_key key = { .key = &svc->key, .now = jiffies };
	const struct lb_pool_entry *entry = NULL;

	lb_template_name(&key, ctx, pool, id);
	*tpl = rhashtable_lookup(&ctx->ln->templates, &key, lb_templates_params);
	if (*tpl)
		entry = lb_template_follow(ctx->ln, *tpl, pool);
	if (entry)
		return entry;

	entry = lb_conn_schedule(ctx, svc, pool);
	/* A client is kept to destinations, not from them. */
	if (!entry || entry->method == LB_METHOD_BYPASS) {
		*tpl = NULL;
		return entry;
	}
	*tpl = lb_template_make(ctx, &key, pool, &entry);
	return *tpl ? entry : NULL;
}

/* With a frame of its own, which is large: the others need not have it. */
static noinline_for_stack const struct lb_pool_entry *
lb_template_pick_engine(struct lb_ctx *ctx, struct lb_service *svc, struct lb_pool *pool,
			const struct lb_pe_ops *engine, struct lb_template **tpl)
{
	struct lb_pe_id id;

	engine->read(ctx, &id);
	return lb_template_pick_by(ctx, svc, pool, id.len ? &id : NULL, tpl);
}

const struct lb_pool_entry *lb_template_pick(struct lb_ctx *ctx, struct lb_service *svc,
					     struct lb_pool *pool, struct lb_template **tpl)
{
	const struct lb_pe_ops *engine = lb_pe_find(pool->persist.engine);

	/* An ICMP error is none of the engine's packets, it quotes the start of one. */
	if (engine && engine->proto == ctx->pkt.tuple.proto && !ctx->pkt.icmp)
		return lb_template_pick_engine(ctx, svc, pool, engine, tpl);
	return lb_template_pick_by(ctx, svc, pool, NULL, tpl);
}

noinline_for_stack bool lb_template_lead(struct lb_ctx *ctx, struct lb_service *svc,
					 struct lb_pool *pool, const struct lb_pool_entry *entry,
					 struct lb_template **tpl)
{
	struct lb_template_key key = { .key = &svc->key, .now = jiffies };
	const struct lb_pool_entry *where = NULL;
	struct lb_pe_id id;

	*tpl = NULL;
	lb_pe_find(pool->persist.engine)->read(ctx, &id);
	if (!id.len)
		return true;
	lb_template_name(&key, ctx, pool, &id);
	*tpl = rhashtable_lookup(&ctx->ln->templates, &key, lb_templates_params);
	if (*tpl)
		where = lb_template_follow(ctx->ln, *tpl, pool);
	if (where && where != entry) {
		lb_template_del(ctx->ln, *tpl);
		lb_template_put(*tpl);
	}
	if (where != entry) {
		where = entry;
		*tpl = lb_template_make(ctx, &key, pool, &where);
	}
	if (*tpl && where != entry) {
		/* Another server has spoken at the same time, and was first. */
		lb_template_put(*tpl);
		*tpl = NULL;
		return true;
	}
	return *tpl;
}

/* Lives on, unless it has died meanwhile. */
static bool lb_template_renew(struct lb_template *tpl, u32 timeout)
{
	bool alive;

	spin_lock_bh(&tpl->lock);
	alive = !tpl->dead;
	if (alive) {
		WRITE_ONCE(tpl->timeout, timeout);
		WRITE_ONCE(tpl->seen, jiffies);
	}
	spin_unlock_bh(&tpl->lock);
	return alive;
}

int lb_template_learn(struct lb_net *ln, const struct lb_service *svc, const struct lb_pool *pool,
		      const struct lb_pool_entry *entry, const union lb_addr *client,
		      const struct lb_pe_id *id, u32 timeout)
{
	struct lb_template_key key = { .key = &svc->key, .id = id, .now = jiffies };
	const struct lb_tuple tuple = { .src = *client, .family = svc->key.family };
	struct lb_template *tpl, *other;

	lb_client_net(&key.client, &tuple, pool->persist.prefix);
	key.hash = lb_template_hash(key.key, &key.client, id);
	tpl = rhashtable_lookup(&ln->templates, &key, lb_templates_params);
	if (tpl && tpl->dest == entry->dest && lb_template_renew(tpl, timeout))
		return 0;
	if (tpl)
		lb_template_del(ln, tpl);
	if (lb_templates_full(ln))
		return -ENOSPC;
	tpl = lb_template_new(&key, pool, entry);
	if (!tpl)
		return -ENOMEM;
	tpl->conns = 0;
	tpl->timeout = timeout;
	tpl->synced = true;
	/* Counted before it can be found. */
	atomic_inc(&tpl->dest->templates);
	other = rhashtable_lookup_get_insert_key(&ln->templates, &key, &tpl->node,
						 lb_templates_params);
	if (other) {
		/* A packet has just made one: that holds. */
		atomic_dec(&tpl->dest->templates);
		lb_template_dispose(tpl);
		return IS_ERR(other) ? -ENOMEM : 0;
	}
	lb_conns_sweep_later(ln);
	return 0;
}

bool lb_template_matches(const struct lb_template *tpl, const struct lb_conn_filter *filter,
			 u32 now)
{
	const struct lb_tuple *want = &filter->tuple;
	const struct lb_dest *dest = tpl->dest;
	const u32 given = filter->given;
	u8 bits;

	if (!lb_template_alive(tpl, now))
		return false;
	/* A template has no client's port and no state. */
	if (given & (LB_CONN_BY_CPORT | LB_CONN_BY_STATE))
		return false;
	if ((given & LB_CONN_BY_FAMILY) && tpl->key.family != want->family)
		return false;
	if ((given & LB_CONN_BY_PROTO) && tpl->key.proto != want->proto)
		return false;
	if ((given & LB_CONN_BY_VPORT) && tpl->key.port != want->dport)
		return false;
	if ((given & LB_CONN_BY_DPORT) && dest->port != filter->dport)
		return false;
	if ((given & LB_CONN_BY_METHOD) && tpl->method != filter->method)
		return false;
	if (given & LB_CONN_BY_CADDR) {
		/* Its network and the one wanted have clients in common. */
		bits = min(tpl->prefix, filter->client_bits);
		if (!lb_addr_in(tpl->key.family, &tpl->client, &want->src, bits))
			return false;
	}
	if ((given & LB_CONN_BY_VADDR) &&
	    (tpl->key.fwmark || !lb_addr_equal(tpl->key.family, &tpl->key.addr, &want->dst)))
		return false;
	if ((given & LB_CONN_BY_DFAMILY) && dest->family != filter->dfamily)
		return false;
	if ((given & LB_CONN_BY_DADDR) && !lb_addr_equal(dest->family, &dest->addr, &filter->daddr))
		return false;
	return true;
}

void lb_template_walk_begin(struct rhashtable_iter *walk, struct lb_net *ln)
{
	rhashtable_walk_enter(&ln->templates, walk);
}

void lb_template_walk_resume(struct rhashtable_iter *walk)
	__acquires(RCU)
{
	rhashtable_walk_start(walk);
}

void lb_template_walk_pause(struct rhashtable_iter *walk)
	__releases(RCU)
{
	rhashtable_walk_stop(walk);
}

struct lb_template *lb_template_walk_next(struct rhashtable_iter *walk)
{
	struct lb_template *tpl;

	do {
		tpl = rhashtable_walk_next(walk);
	} while (IS_ERR(tpl));
	return tpl;
}

struct lb_template *lb_template_walk_peek(struct rhashtable_iter *walk)
{
	struct lb_template *tpl;

	while (IS_ERR(tpl = rhashtable_walk_peek(walk)))
		rhashtable_walk_next(walk);
	return tpl;
}

void lb_template_walk_end(struct rhashtable_iter *walk)
{
	rhashtable_walk_exit(walk);
}

/* Templates looked at before others may run. */
#define LB_TEMPLATE_CHUNK 512

enum lb_template_end {
	LB_TEMPLATE_OVER,	/* those that are dead to lookups */
	LB_TEMPLATE_REMOVED,	/* those whose destination was removed */
	LB_TEMPLATE_ALL,
};

static bool lb_template_ends(const struct lb_template *tpl, enum lb_template_end which)
{
	switch (which) {
	case LB_TEMPLATE_OVER:
		return !lb_template_alive(tpl, jiffies);
	case LB_TEMPLATE_REMOVED:
		return READ_ONCE(tpl->dest->removed);
	case LB_TEMPLATE_ALL:
		break;
	}
	return true;
}

/* Meets up to @budget templates and unlinks some. Returns false at the end of the
 * table.
 */
static bool lb_templates_thin(struct lb_net *ln, struct rhashtable_iter *walk, u32 budget,
			      enum lb_template_end which)
{
	struct lb_template *tpl, *dead;
	u32 n;

	do {
		lb_template_walk_resume(walk);
		tpl = lb_template_walk_peek(walk);
		for (n = min_t(u32, budget, LB_TEMPLATE_CHUNK); tpl && n; n--, budget--) {
			dead = lb_template_ends(tpl, which) ? tpl : NULL;
			/* Unlinked behind the walk, not under it. */
			tpl = lb_template_walk_next(walk);
			if (dead)
				lb_template_del(ln, dead);
		}
		lb_template_walk_pause(walk);
		cond_resched();
	} while (tpl && budget);
	return tpl;
}

static void lb_templates_end(struct lb_net *ln, enum lb_template_end which)
{
	struct rhashtable_iter walk;

	lb_template_walk_begin(&walk, ln);
	lb_templates_thin(ln, &walk, U32_MAX, which);
	lb_template_walk_end(&walk);
}

void lb_templates_forget_removed(struct lb_net *ln)
{
	lb_templates_end(ln, LB_TEMPLATE_REMOVED);
}

/* The whole table is met about every four seconds, a part of it each time. */
#define LB_TEMPLATE_PARTS	4

bool lb_templates_sweep(struct lb_net *ln)
{
	u32 n = lb_templates_count(ln);

	if (!n)
		return false;
	if (!lb_templates_thin(ln, &ln->template_walk,
			       max_t(u32, n / LB_TEMPLATE_PARTS, LB_TEMPLATE_CHUNK),
			       LB_TEMPLATE_OVER)) {
		lb_template_walk_end(&ln->template_walk);
		lb_template_walk_begin(&ln->template_walk, ln);
	}
	return lb_templates_count(ln);
}

u32 lb_templates_count(struct lb_net *ln)
{
	return atomic_read(&ln->templates.nelems);
}

int lb_templates_init(struct lb_net *ln)
{
	int err;

	get_random_once(&lb_template_hash_key, sizeof(lb_template_hash_key));
	err = rhashtable_init(&ln->templates, &lb_templates_params);
	if (!err)
		lb_template_walk_begin(&ln->template_walk, ln);
	return err;
}

void lb_templates_exit(struct lb_net *ln)
{
	lb_template_walk_end(&ln->template_walk);
	lb_templates_end(ln, LB_TEMPLATE_ALL);
	rhashtable_destroy(&ln->templates);
}
