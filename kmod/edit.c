// SPDX-License-Identifier: GPL-2.0
/* Changing the configuration. Operations change drafts, one for each service
 * touched; a commit builds a pool from each draft and then publishes them all.
 * What can fail comes before the first thing that anybody can see.
 *
 * What a service or a destination is allowed to be is decided here. What it
 * costs packets to meet a change is nothing: they go on with the pool they have.
 */
#include "edit.h"

#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/netfilter_ipv6.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/route.h>

#include "conn.h"
#include "dest.h"
#include "hook.h"
#include "sched.h"
#include "service.h"

/* Where a draft's destination comes from, that is, whose it is if the edit
 * does not keep it.
 */
enum lb_origin {
	LB_ORIGIN_POOL,		/* the published pool lists it */
	LB_ORIGIN_REMOVED,	/* it is in ln->removed */
	LB_ORIGIN_NEW,		/* this edit has made it */
};

/**
 * struct lb_draft_member - a destination in a draft
 * @entry: what it is to be; entry.dest is NULL where there is no member any
 *	more because it was added again further on
 * @origin: enum lb_origin
 * @gone: deleted by this edit; kept to be found when it is added again
 */
struct lb_draft_member {
	struct lb_pool_entry entry;
	u8 origin;
	bool gone;
};

/**
 * struct lb_draft - a service being edited
 * @list: in edit->drafts
 * @svc: svc->draft points back
 * @sched: as in the pool to be
 * @pool: the pool to be, while committing
 * @born: this edit has made @svc
 * @exists: the service is configured as far as this edit goes
 * @anew: it was deleted and added again, so nothing is carried over
 * @touched: a new pool is needed
 * @n: members, of all kinds
 * @room: for so many
 * @member: in order of addition, oldest first
 * @index: hash table of indices into @member plus 1, 0 for none; NULL until it
 *	is worth its while
 * @index_size: a power of two, twice @room or more
 * @lookups: so many searches without @index
 */
struct lb_draft {
	struct list_head list;
	struct lb_service *svc;
	const struct lb_sched_ops *sched;
	struct lb_pool *pool;
	bool born;
	bool exists;
	bool anew;
	bool touched;
	u32 n;
	u32 room;
	struct lb_draft_member *member;
	u32 *index;
	u32 index_size;
	u32 lookups;
};

/* Building the index costs as much as about so many searches without. */
#define LB_DRAFT_SEARCHES	4
#define LB_DRAFT_MIN_INDEXED	32

/* For %pISpc. */
union lb_endpoint {
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static const union lb_endpoint *lb_endpoint(union lb_endpoint *ep, u8 family,
					    const union lb_addr *addr, __be16 port)
{
	if (family == AF_INET)
		ep->in = (struct sockaddr_in){
			.sin_family = AF_INET,
			.sin_port = port,
			.sin_addr.s_addr = addr->ip,
		};
	else
		ep->in6 = (struct sockaddr_in6){
			.sin6_family = AF_INET6,
			.sin6_port = port,
			.sin6_addr = addr->ip6,
		};
	return ep;
}

static const char *lb_proto_name(u8 proto)
{
	return proto == IPPROTO_TCP ? "tcp" : "udp";
}

/* Drafts */

static u32 lb_draft_hash(u8 family, const union lb_addr *addr, __be16 port)
{
	return jhash(addr, lb_addr_len(family), (__force u32)port);
}

static void lb_draft_index_add(struct lb_draft *draft, u32 i)
{
	const struct lb_dest *dest = draft->member[i].entry.dest;
	const u32 mask = draft->index_size - 1;
	u32 slot = lb_draft_hash(dest->family, &dest->addr, dest->port) & mask;

	while (draft->index[slot])
		slot = (slot + 1) & mask;
	draft->index[slot] = i + 1;
}

/* There is room for twice the members, so a search always meets a free slot.
 * Without memory searches stay linear.
 */
static void lb_draft_index_build(struct lb_draft *draft)
{
	u32 i;

	draft->index_size = 2 * roundup_pow_of_two(draft->room);
	draft->index = kvcalloc(draft->index_size, sizeof(*draft->index),
				GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	for (i = 0; draft->index && i < draft->n; i++) {
		if (draft->member[i].entry.dest)
			lb_draft_index_add(draft, i);
	}
}

static void lb_draft_index_drop(struct lb_draft *draft)
{
	kvfree(draft->index);
	draft->index = NULL;
}

static bool lb_draft_member_is(const struct lb_draft_member *member,
			       const struct lb_dest_spec *spec)
{
	const struct lb_dest *dest = member->entry.dest;

	return dest && dest->port == spec->port && dest->family == spec->family &&
	       lb_addr_equal(spec->family, &dest->addr, &spec->addr);
}

/* The member of that name, be it deleted by this edit, or NULL. */
static struct lb_draft_member *lb_draft_find(struct lb_draft *draft,
					     const struct lb_dest_spec *spec)
{
	u32 i, slot;

	if (!draft->index && draft->n > LB_DRAFT_MIN_INDEXED &&
	    ++draft->lookups > LB_DRAFT_SEARCHES)
		lb_draft_index_build(draft);

	if (!draft->index) {
		for (i = 0; i < draft->n; i++) {
			if (lb_draft_member_is(&draft->member[i], spec))
				return &draft->member[i];
		}
		return NULL;
	}

	slot = lb_draft_hash(spec->family, &spec->addr, spec->port);
	for (;; slot++) {
		slot &= draft->index_size - 1;
		if (!draft->index[slot])
			return NULL;
		if (lb_draft_member_is(&draft->member[draft->index[slot] - 1], spec))
			return &draft->member[draft->index[slot] - 1];
	}
}

static struct lb_draft_member *lb_draft_find_live(struct lb_draft *draft,
						  const struct lb_dest_spec *spec)
{
	struct lb_draft_member *member = lb_draft_find(draft, spec);

	return member && !member->gone ? member : NULL;
}

/* Makes room for one more; moves members, so pointers to them are void. */
static int lb_draft_reserve(struct lb_draft *draft)
{
	struct lb_draft_member *member;
	u32 room = 2 * draft->room;
	u32 i, n = 0;

	if (draft->n < draft->room)
		return 0;
	member = kvmalloc_array(room, sizeof(*member), GFP_KERNEL_ACCOUNT);
	if (!member)
		return -ENOMEM;
	for (i = 0; i < draft->n; i++) {
		if (draft->member[i].entry.dest)
			member[n++] = draft->member[i];
	}
	kvfree(draft->member);
	draft->member = member;
	draft->n = n;
	draft->room = room;
	lb_draft_index_drop(draft);
	return 0;
}

/* Room was reserved. */
static void lb_draft_append(struct lb_draft *draft, const struct lb_draft_member *member)
{
	draft->member[draft->n] = *member;
	if (draft->index)
		lb_draft_index_add(draft, draft->n);
	draft->n++;
}

/* The draft of @svc, which gets one that says what is published. */
static struct lb_draft *lb_draft_get(struct lb_edit *edit, struct lb_service *svc)
{
	const struct lb_pool *pool = lb_service_pool_locked(svc);
	struct lb_draft *draft = svc->draft;
	u32 i;

	if (draft)
		return draft;
	draft = kzalloc(sizeof(*draft), GFP_KERNEL_ACCOUNT);
	if (!draft)
		return NULL;
	draft->room = (pool ? pool->n_members : 0) + 8;
	draft->member = kvmalloc_array(draft->room, sizeof(*draft->member), GFP_KERNEL_ACCOUNT);
	if (!draft->member) {
		kfree(draft);
		return NULL;
	}

	draft->svc = svc;
	if (pool) {
		draft->exists = true;
		draft->sched = pool->sched;
		draft->n = pool->n_members;
		for (i = 0; i < draft->n; i++) {
			draft->member[i] = (struct lb_draft_member){
				.entry = pool->member[draft->n - 1 - i],
				.origin = LB_ORIGIN_POOL,
			};
			draft->member[i].entry.fresh = false;
		}
	} else {
		draft->born = true;
	}
	svc->draft = draft;
	list_add_tail(&draft->list, &edit->drafts);
	return draft;
}

/* Forgets a draft that was published, or whose edit is not to be. */
static void lb_draft_put(struct lb_draft *draft)
{
	draft->svc->draft = NULL;
	list_del(&draft->list);
	lb_draft_index_drop(draft);
	kvfree(draft->member);
	kfree(draft);
}

static void lb_draft_abort(struct lb_draft *draft)
{
	struct lb_service *svc = draft->svc;
	bool born = draft->born;
	u32 i;

	for (i = 0; i < draft->n; i++) {
		if (draft->member[i].entry.dest && draft->member[i].origin == LB_ORIGIN_NEW)
			lb_dest_free(draft->member[i].entry.dest);
	}
	lb_draft_put(draft);
	if (born)
		lb_service_remove(svc);
}

/* Operations */

int lb_edit_begin(struct lb_edit *edit, struct lb_net *ln, bool whole,
		  struct netlink_ext_ack *extack)
{
	mutex_lock(&ln->lock);
	if (ln->dying) {
		mutex_unlock(&ln->lock);
		NL_SET_ERR_MSG(extack, "this network namespace is being deleted");
		return -ESHUTDOWN;
	}
	edit->ln = ln;
	edit->whole = whole;
	INIT_LIST_HEAD(&edit->drafts);
	return 0;
}

void lb_edit_end(struct lb_edit *edit)
{
	struct lb_draft *draft, *next;

	list_for_each_entry_safe(draft, next, &edit->drafts, list)
		lb_draft_abort(draft);
	mutex_unlock(&edit->ln->lock);
}

static bool lb_service_exists(const struct lb_service *svc)
{
	return !svc->draft || svc->draft->exists;
}

/* The draft of an existing service, or an ERR_PTR(). */
static struct lb_draft *lb_edit_service(struct lb_edit *edit, const struct lb_service_key *key,
					struct netlink_ext_ack *extack)
{
	struct lb_service *svc = lb_service_find(edit->ln, key);
	union lb_endpoint ep;

	if (!svc || !lb_service_exists(svc)) {
		NL_SET_ERR_MSG_FMT(extack, "there is no %s service %pISpc",
				   lb_proto_name(key->proto),
				   lb_endpoint(&ep, key->family, &key->addr, key->port));
		return ERR_PTR(-ESRCH);
	}
	return lb_draft_get(edit, svc) ?: ERR_PTR(-ENOMEM);
}

static int lb_service_check(const struct lb_service_key *key, const struct lb_service_spec *spec,
			    struct netlink_ext_ack *extack)
{
	bool usable;

	switch (key->family) {
	case AF_INET:
		usable = key->addr.ip != htonl(INADDR_ANY) && !ipv4_is_lbcast(key->addr.ip) &&
			 !ipv4_is_multicast(key->addr.ip);
		break;
	case AF_INET6:
		usable = !ipv6_addr_any(&key->addr.ip6) && !ipv6_addr_is_multicast(&key->addr.ip6);
		break;
	default:
		NL_SET_ERR_MSG(extack, "a service's address family is IPv4 or IPv6");
		return -EAFNOSUPPORT;
	}
	if (!usable) {
		NL_SET_ERR_MSG(extack,
			       "a service needs a unicast address, the one that clients connect to");
		return -EADDRNOTAVAIL;
	}
	if (key->proto != IPPROTO_TCP && key->proto != IPPROTO_UDP) {
		NL_SET_ERR_MSG(extack, "a service's protocol is TCP or UDP");
		return -EPROTONOSUPPORT;
	}
	if (!key->port) {
		NL_SET_ERR_MSG(extack,
			       "port 0 (all ports) is not supported; add a service for each port");
		return -EINVAL;
	}
	if (!spec->sched) {
		NL_SET_ERR_MSG(extack, "a new service needs a scheduler");
		return -EINVAL;
	}
	return 0;
}

int lb_service_add(struct lb_edit *edit, const struct lb_service_key *key,
		   const struct lb_service_spec *spec, struct netlink_ext_ack *extack)
{
	struct lb_draft *draft;
	struct lb_service *svc;
	union lb_endpoint ep;
	int err;

	err = lb_service_check(key, spec, extack);
	if (err)
		return err;

	svc = lb_service_find(edit->ln, key);
	if (svc && lb_service_exists(svc)) {
		NL_SET_ERR_MSG_FMT(extack, "there is a %s service %pISpc already",
				   lb_proto_name(key->proto),
				   lb_endpoint(&ep, key->family, &key->addr, key->port));
		return -EEXIST;
	}
	if (svc) {
		/* Deleted by this edit. */
		draft = svc->draft;
		draft->anew = true;
	} else {
		svc = lb_service_new(edit->ln, key);
		if (IS_ERR(svc))
			return PTR_ERR(svc);
		draft = lb_draft_get(edit, svc);
		if (!draft) {
			lb_service_remove(svc);
			return -ENOMEM;
		}
	}
	draft->sched = spec->sched;
	draft->exists = true;
	draft->touched = true;
	return 0;
}

int lb_service_set(struct lb_edit *edit, const struct lb_service_key *key,
		   const struct lb_service_spec *spec, struct netlink_ext_ack *extack)
{
	struct lb_draft *draft = lb_edit_service(edit, key, extack);

	if (IS_ERR(draft))
		return PTR_ERR(draft);
	if (spec->sched && spec->sched != draft->sched) {
		draft->sched = spec->sched;
		draft->touched = true;
	}
	return 0;
}

static void lb_draft_delete(struct lb_draft *draft)
{
	u32 i;

	for (i = 0; i < draft->n; i++)
		draft->member[i].gone = true;
	draft->exists = false;
	draft->touched = true;
}

int lb_service_del(struct lb_edit *edit, const struct lb_service_key *key,
		   struct netlink_ext_ack *extack)
{
	struct lb_draft *draft = lb_edit_service(edit, key, extack);

	if (IS_ERR(draft))
		return PTR_ERR(draft);
	lb_draft_delete(draft);
	return 0;
}

int lb_service_del_all(struct lb_edit *edit, struct netlink_ext_ack *extack)
{
	struct lb_service *svc;
	struct lb_draft *draft;

	list_for_each_entry(svc, &edit->ln->service_list, list) {
		if (!lb_draft_get(edit, svc))
			return -ENOMEM;
		cond_resched();
	}
	list_for_each_entry(draft, &edit->drafts, list) {
		if (draft->exists)
			lb_draft_delete(draft);
	}
	return 0;
}

/* Is it the broadcast address of one of our networks? */
static bool lb_addr_is_broadcast(struct net *net, __be32 addr)
{
	/* Where no address was ever configured, all are said to be. */
	return inet_addr_type(net, addr) == RTN_BROADCAST &&
	       inet_addr_type(net, htonl(INADDR_LOOPBACK)) != RTN_BROADCAST;
}

/* As ip_vs: unicast and not link-local, unless it is the director's own. */
static bool lb_dest_addr_usable(struct net *net, u8 family, const union lb_addr *addr)
{
	int type;

	if (family == AF_INET)
		return !ipv4_is_zeronet(addr->ip) && !ipv4_is_multicast(addr->ip) &&
		       !ipv4_is_lbcast(addr->ip) && !lb_addr_is_broadcast(net, addr->ip);
	type = ipv6_addr_type(&addr->ip6);
	return ((type & IPV6_ADDR_UNICAST) && !(type & IPV6_ADDR_LINKLOCAL)) ||
	       nf_ipv6_chk_addr(net, &addr->ip6, NULL, 0);
}

/* May @spec be reached by @method from the service? */
static int lb_dest_check_method(const struct lb_service_key *key, const struct lb_dest_spec *spec,
				u8 method, struct netlink_ext_ack *extack)
{
	if (method > LB_METHOD_TUNNEL) {
		NL_SET_ERR_MSG(extack, "the method is nat, direct or tunnel");
		return -EINVAL;
	}
	if (spec->family != key->family && method != LB_METHOD_TUNNEL) {
		NL_SET_ERR_MSG(extack,
			       "service and destination are of different address families; only the tunnel method can cross them");
		return -EAFNOSUPPORT;
	}
	if (spec->port != key->port && method != LB_METHOD_NAT) {
		NL_SET_ERR_MSG_FMT(extack, "only nat can change the port; use port %u, or nat",
				   ntohs(key->port));
		return -EINVAL;
	}
	return 0;
}

static int lb_dest_check(struct lb_net *ln, const struct lb_service_key *key,
			 const struct lb_dest_spec *spec, struct netlink_ext_ack *extack)
{
	if (spec->family != AF_INET && spec->family != AF_INET6) {
		NL_SET_ERR_MSG(extack, "a destination's address family is IPv4 or IPv6");
		return -EAFNOSUPPORT;
	}
	if (!spec->port) {
		NL_SET_ERR_MSG(extack, "a destination needs a port");
		return -EINVAL;
	}
	if (!lb_dest_addr_usable(ln->net, spec->family, &spec->addr)) {
		NL_SET_ERR_MSG(extack,
			       "a destination needs a unicast address, not link-local, or one of the director's own");
		return -EINVAL;
	}
	return 0;
}

static int lb_dest_check_weight(const struct lb_dest_spec *spec, struct netlink_ext_ack *extack)
{
	if ((spec->set & LB_DEST_SET_WEIGHT) && spec->weight > LB_WEIGHT_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "a weight is at most %u", LB_WEIGHT_MAX);
		return -ERANGE;
	}
	return 0;
}

/* What @spec says of @entry. */
static void lb_dest_apply(struct lb_pool_entry *entry, const struct lb_dest_spec *spec)
{
	if (spec->set & LB_DEST_SET_METHOD)
		entry->method = spec->method;
	if (spec->set & LB_DEST_SET_WEIGHT)
		entry->weight = spec->weight;
	if (spec->set & LB_DEST_SET_DRAIN)
		entry->drain = spec->drain;
}

/* The destination behind a member to be added: the same one again where it was
 * deleted, in this edit or before, with its connections and counters.
 */
static int lb_dest_obtain(struct lb_edit *edit, struct lb_draft *draft,
			  const struct lb_dest_spec *spec, struct lb_draft_member *member)
{
	struct lb_draft_member *gone = lb_draft_find(draft, spec);
	struct lb_dest *dest;

	if (gone) {
		member->entry.dest = gone->entry.dest;
		member->origin = gone->origin;
		gone->entry.dest = NULL;
		return 0;
	}
	dest = lb_dest_find_removed(edit->ln, &draft->svc->key, spec->family, &spec->addr,
				    spec->port);
	member->origin = dest ? LB_ORIGIN_REMOVED : LB_ORIGIN_NEW;
	if (!dest)
		dest = lb_dest_new(draft->svc, spec->family, &spec->addr, spec->port);
	member->entry.dest = dest;
	return dest ? 0 : -ENOMEM;
}

int lb_dest_add(struct lb_edit *edit, const struct lb_service_key *key,
		const struct lb_dest_spec *spec, struct netlink_ext_ack *extack)
{
	struct lb_draft_member member = {
		.entry = { .weight = 1, .method = LB_METHOD_NAT, .fresh = true },
	};
	struct lb_draft *draft;
	union lb_endpoint ep;
	int err;

	draft = lb_edit_service(edit, key, extack);
	if (IS_ERR(draft))
		return PTR_ERR(draft);
	lb_dest_apply(&member.entry, spec);
	err = lb_dest_check(edit->ln, key, spec, extack) ?:
	      lb_dest_check_method(key, spec, member.entry.method, extack) ?:
	      lb_dest_check_weight(spec, extack);
	if (err)
		return err;
	if (lb_draft_find_live(draft, spec)) {
		NL_SET_ERR_MSG_FMT(extack, "destination %pISpc exists already",
				   lb_endpoint(&ep, spec->family, &spec->addr, spec->port));
		return -EEXIST;
	}

	err = lb_draft_reserve(draft) ?: lb_dest_obtain(edit, draft, spec, &member);
	if (err)
		return err;
	lb_draft_append(draft, &member);
	draft->touched = true;
	return 0;
}

static struct lb_draft_member *lb_edit_dest(struct lb_draft *draft,
					    const struct lb_dest_spec *spec,
					    struct netlink_ext_ack *extack)
{
	struct lb_draft_member *member = lb_draft_find_live(draft, spec);
	union lb_endpoint ep;

	if (!member) {
		NL_SET_ERR_MSG_FMT(extack, "there is no destination %pISpc",
				   lb_endpoint(&ep, spec->family, &spec->addr, spec->port));
		return ERR_PTR(-ENOENT);
	}
	return member;
}

int lb_dest_set(struct lb_edit *edit, const struct lb_service_key *key,
		const struct lb_dest_spec *spec, struct netlink_ext_ack *extack)
{
	struct lb_draft *draft = lb_edit_service(edit, key, extack);
	struct lb_draft_member *member;
	struct lb_pool_entry entry;
	int err;

	if (IS_ERR(draft))
		return PTR_ERR(draft);
	member = lb_edit_dest(draft, spec, extack);
	if (IS_ERR(member))
		return PTR_ERR(member);

	entry = member->entry;
	lb_dest_apply(&entry, spec);
	err = lb_dest_check_method(key, spec, entry.method, extack) ?:
	      lb_dest_check_weight(spec, extack);
	if (err)
		return err;
	member->entry = entry;
	draft->touched = true;
	return 0;
}

int lb_dest_del(struct lb_edit *edit, const struct lb_service_key *key,
		const struct lb_dest_spec *spec, struct netlink_ext_ack *extack)
{
	struct lb_draft *draft = lb_edit_service(edit, key, extack);
	struct lb_draft_member *member;

	if (IS_ERR(draft))
		return PTR_ERR(draft);
	member = lb_edit_dest(draft, spec, extack);
	if (IS_ERR(member))
		return PTR_ERR(member);
	member->gone = true;
	draft->touched = true;
	return 0;
}

/* Commit */

/* The pool that a draft describes, the last added destination first. */
static struct lb_pool *lb_pool_new(const struct lb_draft *draft)
{
	const struct lb_draft_member *member;
	u32 members = 0, usable = 0;
	struct lb_pool *pool;
	u32 i;

	for (i = 0; i < draft->n; i++) {
		member = &draft->member[i];
		if (!member->entry.dest || member->gone)
			continue;
		members++;
		usable += lb_pool_entry_usable(&member->entry);
	}

	pool = kvmalloc(struct_size(pool, member, members + usable), GFP_KERNEL_ACCOUNT);
	if (!pool)
		return NULL;
	pool->sched = draft->sched;
	pool->sched_data = NULL;
	pool->n_members = 0;
	pool->n_usable = 0;
	pool->usable = pool->member + members;
	for (i = draft->n; i-- > 0; ) {
		member = &draft->member[i];
		if (!member->entry.dest || member->gone)
			continue;
		pool->member[pool->n_members++] = member->entry;
		if (lb_pool_entry_usable(&member->entry))
			pool->usable[pool->n_usable++] = member->entry;
	}

	if (pool->sched->build && pool->sched->build(pool)) {
		lb_pool_free(pool);
		return NULL;
	}
	return pool;
}

static int lb_edit_build(struct lb_edit *edit)
{
	struct lb_draft *draft;

	list_for_each_entry(draft, &edit->drafts, list) {
		if (!draft->exists || !draft->touched)
			continue;
		draft->pool = lb_pool_new(draft);
		if (!draft->pool)
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

static void lb_edit_unbuild(struct lb_edit *edit)
{
	struct lb_draft *draft;

	list_for_each_entry(draft, &edit->drafts, list) {
		if (draft->pool)
			lb_pool_free(draft->pool);
		draft->pool = NULL;
	}
}

/* A service's new pool is about to be seen. */
static void lb_draft_arrive(const struct lb_draft *draft)
{
	const struct lb_draft_member *member;
	u32 i;

	for (i = 0; i < draft->n; i++) {
		member = &draft->member[i];
		if (member->entry.dest && !member->gone && member->origin == LB_ORIGIN_REMOVED)
			lb_dest_return(member->entry.dest, draft->svc);
	}
}

/* It can be seen: lets the scheduler follow. @old is still valid. */
static void lb_draft_follow(const struct lb_draft *draft, const struct lb_pool *old)
{
	const struct lb_pool *pool = draft->pool;
	u32 i;

	if (!pool)
		return;
	for (i = 0; i < pool->n_members; i++) {
		if (!lb_pool_entry_usable(&pool->member[i]))
			WRITE_ONCE(pool->member[i].dest->place, LB_DEST_UNUSABLE);
	}
	for (i = 0; i < pool->n_usable; i++)
		WRITE_ONCE(pool->usable[i].dest->place, i);

	/* Pairs with lb_dest_load_add(): whoever does not see the pool and the
	 * places has written a load that carry() sees.
	 */
	smp_mb();
	if (pool->sched->carry)
		pool->sched->carry(draft->svc, draft->anew ? NULL : old, pool);
}

/* What it replaced can be reached no more, but by who has it in hand. Ends
 * the draft.
 */
static void lb_draft_finish(struct lb_draft *draft, const struct lb_pool *old, unsigned long grace)
{
	const struct lb_draft_member *member;
	struct lb_service *svc = draft->svc;
	const bool exists = draft->exists;
	struct lb_net *ln = svc->ln;
	u32 i;

	for (i = 0; i < draft->n; i++) {
		member = &draft->member[i];
		if (!member->entry.dest || !member->gone)
			continue;
		if (member->origin == LB_ORIGIN_POOL)
			lb_dest_remove(member->entry.dest, grace);
		else if (member->origin == LB_ORIGIN_NEW)
			lb_dest_free(member->entry.dest);
	}
	ln->n_dests += (draft->pool ? draft->pool->n_members : 0) - (old ? old->n_members : 0);
	ln->n_services += (draft->pool ? 1 : 0) - (old ? 1 : 0);
	if (exists && draft->born)
		list_add_tail(&svc->list, &ln->service_list);

	lb_draft_put(draft);
	if (!exists)
		lb_service_remove(svc);
}

static void lb_pool_free_rcu(struct rcu_head *rcu)
{
	lb_pool_free(container_of(rcu, struct lb_pool, rcu));
}

/* Each service by itself: a packet sees its old pool or its new one. */
static void lb_edit_publish_each(struct lb_edit *edit)
{
	struct lb_draft *draft, *next;
	struct lb_service *svc;
	struct lb_pool *old;

	list_for_each_entry_safe(draft, next, &edit->drafts, list) {
		svc = draft->svc;
		old = lb_service_pool_locked(svc);
		lb_draft_arrive(draft);
		rcu_assign_pointer(svc->pool[0], draft->pool);
		rcu_assign_pointer(svc->pool[1], draft->pool);
		lb_draft_follow(draft, old);
		lb_draft_finish(draft, old, start_poll_synchronize_rcu());
		if (old)
			call_rcu(&old->rcu, lb_pool_free_rcu);
	}
}

/* All services at one moment: the new pools wait in the places that packets do
 * not look at, until ln->parity says that these are the ones.
 */
static void lb_edit_publish_whole(struct lb_edit *edit)
{
	struct lb_net *ln = edit->ln;
	const u32 was = ln->parity & 1, is = !was;
	struct lb_draft *draft, *next;
	struct lb_service *svc;
	unsigned long grace;
	struct lb_pool *old;

	list_for_each_entry(draft, &edit->drafts, list) {
		lb_draft_arrive(draft);
		rcu_assign_pointer(draft->svc->pool[is], draft->pool);
	}

	/* Pairs with the acquire in lb_service_pool(). */
	smp_store_release(&ln->parity, is);

	list_for_each_entry(draft, &edit->drafts, list) {
		lb_draft_follow(draft, rcu_dereference_protected(draft->svc->pool[was],
								 lockdep_is_held(&ln->lock)));
		cond_resched();
	}

	/* Until its end packets may go by the parity that was. */
	grace = start_poll_synchronize_rcu();
	synchronize_rcu();

	list_for_each_entry_safe(draft, next, &edit->drafts, list) {
		svc = draft->svc;
		old = rcu_dereference_protected(svc->pool[was], lockdep_is_held(&ln->lock));
		RCU_INIT_POINTER(svc->pool[was], draft->pool);
		lb_draft_finish(draft, old, grace);
		if (old)
			lb_pool_free(old);
		cond_resched();
	}
}

/* Will there be a service? */
static bool lb_edit_leaves_service(const struct lb_edit *edit)
{
	u32 services = edit->ln->n_services;
	struct lb_draft *draft;

	list_for_each_entry(draft, &edit->drafts, list)
		services += draft->exists - !draft->born;
	return services;
}

int lb_edit_commit(struct lb_edit *edit, struct netlink_ext_ack *extack)
{
	struct lb_net *ln = edit->ln;
	struct lb_draft *draft, *next;
	int err;

	err = lb_edit_build(edit);
	if (err) {
		NL_SET_ERR_MSG(extack, "not enough memory; nothing was changed");
		goto err_unbuild;
	}
	if (lb_edit_leaves_service(edit)) {
		err = lb_hooks_register(ln);
		if (err) {
			NL_SET_ERR_MSG(extack,
				       "cannot register with netfilter; nothing was changed");
			goto err_unbuild;
		}
	}

	list_for_each_entry_safe(draft, next, &edit->drafts, list) {
		if (!draft->touched)
			lb_draft_put(draft);
	}
	if (edit->whole && !list_empty(&edit->drafts))
		lb_edit_publish_whole(edit);
	else
		lb_edit_publish_each(edit);
	WRITE_ONCE(ln->generation, ln->generation + 1);

	if (!ln->n_services)
		lb_hooks_unregister(ln);
	if (!hash_empty(ln->removed))
		lb_conns_sweep_later(ln);
	return 0;

err_unbuild:
	lb_edit_unbuild(edit);
	return err;
}
