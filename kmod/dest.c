// SPDX-License-Identifier: GPL-2.0
/* A destination's life: made for a service, removed while connections may still
 * point to it, taken back or freed when the last of them is gone.
 */
#include "dest.h"

#include <linux/jhash.h>
#include <linux/slab.h>

#include "hook.h"
#include "sched.h"
#include "service.h"
#include "xmit/route.h"

static struct kmem_cache *lb_dest_cache __read_mostly;

int lb_dest_init(void)
{
	lb_dest_cache = KMEM_CACHE(lb_dest, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return lb_dest_cache ? 0 : -ENOMEM;
}

void lb_dest_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(lb_dest_cache);
}

/* Caller holds ln->lock, or is the last one who knows @dest. */
static struct lb_service *lb_dest_service(const struct lb_dest *dest)
{
	return rcu_dereference_protected(dest->svc, 1);
}

struct lb_dest *lb_dest_new(struct lb_service *svc, u8 family, const union lb_addr *addr,
			    __be16 port)
{
	struct lb_dest *dest;
	int cpu;

	dest = kmem_cache_zalloc(lb_dest_cache, GFP_KERNEL);
	if (!dest)
		return NULL;
	dest->counters = alloc_percpu_gfp(struct lb_pcpu_counters, GFP_KERNEL_ACCOUNT);
	if (!dest->counters)
		goto err_dest;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(dest->counters, cpu)->sync);

	dest->addr = *addr;
	dest->port = port;
	dest->family = family;
	dest->proto = svc->key.proto;
	dest->place = LB_DEST_UNUSABLE;
	atomic64_set(&dest->load, 0);
	atomic_set(&dest->templates, 0);
	lb_service_get(svc);
	RCU_INIT_POINTER(dest->svc, svc);
	return dest;

err_dest:
	kmem_cache_free(lb_dest_cache, dest);
	return NULL;
}

static void lb_dest_free_rcu(struct rcu_head *rcu)
{
	struct lb_dest *dest = container_of(rcu, struct lb_dest, rcu);

	lb_service_put(lb_dest_service(dest));
	lb_route_forget(dest);
	free_percpu(dest->counters);
	kmem_cache_free(lb_dest_cache, dest);
}

void lb_dest_free(struct lb_dest *dest)
{
	call_rcu(&dest->rcu, lb_dest_free_rcu);
}

/* Different services have the same servers, so both names count. */
static u32 lb_removed_hash(const struct lb_service_key *key, u8 family,
			   const union lb_addr *addr, __be16 port)
{
	u32 hash;

	hash = jhash(&key->addr, lb_addr_len(key->family),
		     ((__force u32)key->port << 16 | key->proto) ^ key->fwmark);
	return jhash(addr, lb_addr_len(family), hash ^ (__force u32)port);
}

struct lb_dest *lb_dest_find_removed(struct lb_net *ln, const struct lb_service_key *key,
				     u8 family, const union lb_addr *addr, __be16 port)
{
	struct lb_dest *dest;

	hash_for_each_possible(ln->removed, dest, removed_node,
			       lb_removed_hash(key, family, addr, port)) {
		if (dest->family == family && dest->port == port &&
		    lb_addr_equal(family, &dest->addr, addr) &&
		    lb_service_key_equal(&lb_dest_service(dest)->key, key))
			return dest;
	}
	return NULL;
}

void lb_dest_remove(struct lb_dest *dest, unsigned long grace, enum lb_dest_fate fate)
{
	struct lb_service *svc = lb_dest_service(dest);

	WRITE_ONCE(dest->removed, true);
	WRITE_ONCE(dest->fate, fate);
	dest->ramp = 0;
	WRITE_ONCE(dest->place, LB_DEST_UNUSABLE);
	dest->removed_at = grace;
	hash_add(svc->ln->removed, &dest->removed_node,
		 lb_removed_hash(&svc->key, dest->family, &dest->addr, dest->port));
	svc->ln->n_removed++;

	dest->retired = (struct lb_counters){};
	lb_counters_add_pcpu(&dest->retired, dest->counters);
	lb_counters_add(lb_service_retired(svc), &dest->retired);
}

void lb_dest_return(struct lb_dest *dest, struct lb_service *svc)
{
	struct lb_service *old = lb_dest_service(dest);

	lb_counters_sub(lb_service_retired(old), &dest->retired);
	hash_del(&dest->removed_node);
	svc->ln->n_removed--;
	if (old != svc) {
		lb_service_get(svc);
		rcu_assign_pointer(dest->svc, svc);
		lb_service_put(old);
	}
	WRITE_ONCE(dest->removed, false);
	WRITE_ONCE(dest->fate, LB_FATE_NONE);
}

/* Removed, and nobody can count in it any more. */
static void lb_dest_bury(struct lb_dest *dest)
{
	struct lb_service *svc = lb_dest_service(dest);
	struct lb_counters *retired = lb_service_retired(svc);

	/* It may have counted since it was removed. */
	lb_counters_sub(retired, &dest->retired);
	lb_counters_add_pcpu(retired, dest->counters);
	hash_del(&dest->removed_node);
	svc->ln->n_removed--;
	lb_dest_free(dest);
}

bool lb_dests_tell(struct lb_net *ln)
{
	struct lb_dest *dest;
	int bucket;

	hash_for_each(ln->removed, bucket, dest, removed_node) {
		if (dest->fate == LB_FATE_RESET || dest->fate == LB_FATE_RESCHEDULE)
			return true;
	}
	return false;
}

bool lb_dests_reap(struct lb_net *ln)
{
	struct hlist_node *next;
	struct lb_dest *dest;
	bool waiting = false;
	int bucket;

	mutex_lock(&ln->lock);
	hash_for_each_safe(ln->removed, bucket, next, dest, removed_node) {
		/* In this order: the load cannot rise any more after the
		 * grace period.
		 */
		if (poll_state_synchronize_rcu(dest->removed_at) &&
		    !(atomic64_read(&dest->load) & ~LB_LOAD_FULL) &&
		    !atomic_read(&dest->templates))
			lb_dest_bury(dest);
		else
			waiting = true;
	}
	if (!ln->n_services && !lb_dests_tell(ln))
		lb_hooks_unregister(ln);
	mutex_unlock(&ln->lock);
	return waiting;
}

void lb_dests_exit(struct lb_net *ln)
{
	struct hlist_node *next;
	struct lb_dest *dest;
	int bucket;

	hash_for_each_safe(ln->removed, bucket, next, dest, removed_node)
		lb_dest_bury(dest);
}

/* Full or not, by the connections in @load, which was just read or written: as
 * ip_vs. Decided against the number that it follows from, by an exchange of both
 * together, and once more when that was done: the bounds may be others by now.
 */
static void lb_dest_fill(struct lb_dest *dest, s64 load)
{
	u32 upper, lower;
	u64 conns;
	s64 full;

	for (;;) {
		upper = READ_ONCE(dest->upper);
		lower = READ_ONCE(dest->lower);
		conns = ((load & ~LB_LOAD_FULL) >> 32) + (u32)load;
		full = load & LB_LOAD_FULL;
		if (!upper || conns < lower)
			full = 0;
		else if (conns >= upper)
			full = LB_LOAD_FULL;
		if (full == (load & LB_LOAD_FULL))
			return;
		if (atomic64_try_cmpxchg(&dest->load, &load, load ^ LB_LOAD_FULL))
			load ^= LB_LOAD_FULL;
	}
}

void lb_dest_limit(struct lb_dest *dest, u32 upper, u32 lower)
{
	if (!lower)
		lower = upper - upper / 4;
	if (dest->upper == upper && dest->lower == lower)
		return;
	WRITE_ONCE(dest->upper, upper);
	WRITE_ONCE(dest->lower, lower);
	/* Pairs with the atomic operations on a load before lb_dest_fill() reads
	 * the bounds: either that sees these, or we see its load.
	 */
	smp_mb();
	lb_dest_fill(dest, atomic64_read(&dest->load));
}

void lb_dest_load_add(struct lb_dest *dest, s64 delta)
{
	s64 load = atomic64_add_return(delta, &dest->load);
	struct lb_pool *pool;

	if (READ_ONCE(dest->upper) || load & LB_LOAD_FULL)
		lb_dest_fill(dest, load);
	/* A full barrier, as an atomic operation that returns a value is one. Pairs
	 * with the one in commit.c between publishing a pool and carry(): either we
	 * see that pool, or carry() sees this load.
	 */
	pool = lb_service_pool(rcu_dereference(dest->svc));
	if (pool && pool->sched->load_changed)
		pool->sched->load_changed(pool, dest);
}
