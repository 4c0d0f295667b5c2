// SPDX-License-Identifier: GPL-2.0
/* Services by name: found by packets without a lock, added and removed by
 * edit_service.c.
 */
#include "service.h"

#include <linux/jhash.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <linux/string.h>

#include "clock.h"
#include "dest.h"
#include "packet.h"

static u32 lb_service_key_hash(const void *data, u32 len, u32 seed)
{
	const struct lb_service_key *key = data;
	u32 rest = (__force u32)key->port << 16 | key->proto;

	if (key->fwmark)
		return jhash_2words(key->fwmark, key->family, seed);
	if (key->family == AF_INET)
		return jhash_2words((__force u32)key->addr.ip, rest, seed);
	return jhash2((const u32 *)&key->addr, sizeof(key->addr) / sizeof(u32), seed ^ rest);
}

static u32 lb_service_hash(const void *data, u32 len, u32 seed)
{
	const struct lb_service *svc = data;

	return lb_service_key_hash(&svc->key, len, seed);
}

static int lb_service_compare(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct lb_service *svc = data;

	return !lb_service_key_equal(&svc->key, arg->key);
}

static const struct rhashtable_params lb_services_params = {
	.head_offset = offsetof(struct lb_service, node),
	.key_offset = offsetof(struct lb_service, key),
	.key_len = sizeof(struct lb_service_key),
	.hashfn = lb_service_key_hash,
	.obj_hashfn = lb_service_hash,
	.obj_cmpfn = lb_service_compare,
	.automatic_shrinking = true,
};

struct lb_service *lb_service_find(struct lb_net *ln, const struct lb_service_key *key)
{
	return rhashtable_lookup_fast(&ln->services, key, lb_services_params);
}

/* Where a packet sees a service of that name, its version. One parity for all of
 * a packet's lookups: it must not find some services as they were before an edit
 * and others as they are after it.
 */
static struct lb_service *lb_service_see(struct lb_net *ln, const struct lb_service_key *key,
					 u32 parity, struct lb_pool **pool)
{
	struct lb_service *svc = lb_service_find(ln, key);

	if (!svc)
		return NULL;
	*pool = rcu_dereference(svc->pool[parity]);
	return *pool ? svc : NULL;
}

/* As ip_vs: a persistent service of FTP's control port takes, for clients it keeps to
 * one destination, what may be data connections too: only the server knows their
 * ports when its replies do not come through here.
 */
static bool lb_may_be_ftp_data(const struct lb_net *ln, const struct lb_service_key *key)
{
	u16 port = ntohs(key->port);

	return key->proto == IPPROTO_TCP &&
	       (port == LB_PORT_FTP_DATA || !inet_port_requires_bind_service(ln->net, port));
}

struct lb_service *lb_service_match(const struct lb_ctx *ctx, struct lb_pool **pool)
{
	const struct lb_tuple *tuple = &ctx->pkt.tuple;
	struct lb_net *ln = ctx->ln;
	struct lb_service_key key = {
		.addr = tuple->dst,
		.port = tuple->dport,
		.family = tuple->family,
		.proto = tuple->proto,
	};
	/* Pairs with the release in lb_edit_commit(), as in lb_service_pool(). */
	const u32 parity = smp_load_acquire(&ln->parity) & 1;
	struct lb_service *svc = NULL;

	if (READ_ONCE(ln->n_fwmark) && ctx->skb->mark) {
		const struct lb_service_key mark = {
			.family = tuple->family,
			.fwmark = ctx->skb->mark,
		};

		svc = lb_service_see(ln, &mark, parity, pool);
	}
	if (!svc)
		svc = lb_service_see(ln, &key, parity, pool);
	if (!svc && READ_ONCE(ln->n_ftp) && lb_may_be_ftp_data(ln, &key)) {
		key.port = htons(LB_PORT_FTP);
		svc = lb_service_see(ln, &key, parity, pool);
		if (svc && !(*pool)->persist.timeout)
			svc = NULL;
		key.port = tuple->dport;
	}
	if (!svc && key.port && READ_ONCE(ln->n_any_port)) {
		key.port = 0;
		svc = lb_service_see(ln, &key, parity, pool);
	}
	return svc;
}

/* Before it can be found, and after. */
static void lb_service_tally(const struct lb_service *svc, int n)
{
	struct lb_net *ln = svc->ln;

	if (svc->key.fwmark)
		WRITE_ONCE(ln->n_fwmark, ln->n_fwmark + n);
	else if (!svc->key.port)
		WRITE_ONCE(ln->n_any_port, ln->n_any_port + n);
	else if (svc->key.proto == IPPROTO_TCP && svc->key.port == htons(LB_PORT_FTP))
		WRITE_ONCE(ln->n_ftp, ln->n_ftp + n);
}

struct lb_service *lb_service_alloc(struct lb_net *ln, const struct lb_service_key *key)
{
	struct lb_service *svc = kzalloc(sizeof(*svc), GFP_KERNEL_ACCOUNT);

	if (!svc)
		return NULL;
	INIT_LIST_HEAD(&svc->list);
	INIT_LIST_HEAD(&svc->timed);
	svc->key = *key;
	svc->ln = ln;
	atomic64_set(&svc->cursor, 0);
	refcount_set(&svc->refs, 1);
	return svc;
}

struct lb_service *lb_service_new(struct lb_net *ln, const struct lb_service_key *key)
{
	struct lb_service *svc = lb_service_alloc(ln, key);
	int err;

	if (!svc)
		return ERR_PTR(-ENOMEM);
	lb_service_tally(svc, 1);
	err = rhashtable_insert_fast(&ln->services, &svc->node, lb_services_params);
	if (err) {
		lb_service_tally(svc, -1);
		kfree(svc);
		return ERR_PTR(err);
	}
	return svc;
}

void lb_service_remove(struct lb_service *svc)
{
	rhashtable_remove_fast(&svc->ln->services, &svc->node, lb_services_params);
	lb_service_tally(svc, -1);
	list_del_init(&svc->timed);
	if (!list_empty(&svc->list)) {
		lb_counters_add(&svc->ln->retired, &svc->retired);
		list_del_init(&svc->list);
	}
	lb_service_put(svc);
}

void lb_service_put(struct lb_service *svc)
{
	if (refcount_dec_and_test(&svc->refs))
		kfree_rcu(svc, rcu);
}

struct lb_pool *lb_service_pool_locked(const struct lb_service *svc)
{
	const struct lb_net *ln = svc->ln;

	return rcu_dereference_protected(svc->pool[ln->parity & 1], lockdep_is_held(&ln->lock));
}

bool lb_pool_has_timeouts(const struct lb_pool *pool)
{
	return pool && memchr_inv(&pool->timeouts, 0, sizeof(pool->timeouts));
}

/* Its number in the order of addition stays when others are added; while one's
 * removal is being published it may be another's, and then all are looked at.
 */
const struct lb_pool_entry *lb_pool_find(const struct lb_pool *pool, const struct lb_dest *dest)
{
	u32 nth = READ_ONCE(dest->nth), i;

	if (nth < pool->n_members && pool->member[pool->n_members - 1 - nth].dest == dest)
		return &pool->member[pool->n_members - 1 - nth];
	if (READ_ONCE(dest->removed))
		return NULL;
	for (i = 0; i < pool->n_members; i++) {
		if (pool->member[i].dest == dest)
			return &pool->member[i];
	}
	return NULL;
}

void lb_pool_free(struct lb_pool *pool)
{
	kvfree(pool->sched_data);
	kvfree(pool);
}

struct lb_counters *lb_service_retired(struct lb_service *svc)
{
	return list_empty(&svc->list) ? &svc->ln->retired : &svc->retired;
}

void lb_service_counters(struct lb_service *svc, struct lb_counters *sum)
{
	const struct lb_pool *pool = lb_service_pool_locked(svc);
	u32 i;

	*sum = svc->retired;
	for (i = 0; pool && i < pool->n_members; i++)
		lb_counters_add_pcpu(sum, pool->member[i].dest->counters);
}

void lb_net_counters(struct lb_net *ln, struct lb_counters *sum)
{
	struct lb_counters one;
	struct lb_service *svc;

	*sum = ln->retired;
	list_for_each_entry(svc, &ln->service_list, list) {
		lb_service_counters(svc, &one);
		lb_counters_add(sum, &one);
		cond_resched();
	}
}

int lb_services_init(struct lb_net *ln)
{
	lb_clock_init(ln);
	return rhashtable_init(&ln->services, &lb_services_params);
}

void lb_services_exit(struct lb_net *ln)
{
	struct lb_service *svc, *next;
	struct lb_pool *pool;
	u32 i;

	lb_clock_exit(ln);
	mutex_lock(&ln->lock);
	list_for_each_entry_safe(svc, next, &ln->service_list, list) {
		pool = lb_service_pool_locked(svc);
		RCU_INIT_POINTER(svc->pool[0], NULL);
		RCU_INIT_POINTER(svc->pool[1], NULL);
		for (i = 0; i < pool->n_members; i++)
			lb_dest_free(pool->member[i].dest);
		lb_pool_free(pool);
		lb_service_remove(svc);
	}
	lb_dests_exit(ln);
	mutex_unlock(&ln->lock);
	rhashtable_destroy(&ln->services);
}
