// SPDX-License-Identifier: GPL-2.0
/* Operations on the configuration: what a service or a destination is allowed
 * to be is decided here, and a refusal explained. Operations change drafts
 * (draft.h), one for each service touched; commit.c makes them true.
 */
#include "edit.h"

#include <linux/inetdevice.h>
#include <linux/netfilter_ipv6.h>
#include <linux/netlink.h>
#include <net/addrconf.h>
#include <net/route.h>

#include "dest.h"
#include "draft.h"
#include "pe.h"
#include "proto.h"
#include "sched.h"

/* For %pISpc; port 0, which stands for all, is shown as well. */
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
	switch (proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	}
	return "sctp";
}

/* "there is no udp service 192.0.2.1:53", "there is ... already". */
static void lb_say_service(struct netlink_ext_ack *extack, const struct lb_service_key *key,
			   const char *no, const char *already)
{
	union lb_endpoint ep;

	if (key->fwmark)
		NL_SET_ERR_MSG_FMT(extack, "there is %s IPv%c service of firewall mark %u%s", no,
				   key->family == AF_INET ? '4' : '6', key->fwmark, already);
	else
		NL_SET_ERR_MSG_FMT(extack, "there is %s %s service %pISpc%s", no,
				   lb_proto_name(key->proto),
				   lb_endpoint(&ep, key->family, &key->addr, key->port), already);
}

static int lb_refuse(struct lb_edit *edit, enum lb_blame blame, int err)
{
	edit->blame = blame;
	return err;
}

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
	edit->flush = false;
	bitmap_zero(edit->settings.set, LB_SETTINGS_FIELDS);
	edit->blame = LB_BLAME_NOTHING;
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

static struct lb_draft_member *lb_draft_find_live(struct lb_draft *draft,
						  const struct lb_dest_spec *spec)
{
	struct lb_draft_member *member = lb_draft_find(draft, spec);

	return member && !member->gone ? member : NULL;
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

	if (!svc || !lb_service_exists(svc)) {
		lb_say_service(extack, key, "no", "");
		return ERR_PTR(lb_refuse(edit, LB_BLAME_SERVICE, -ESRCH));
	}
	return lb_draft_get(edit, svc) ?: ERR_PTR(-ENOMEM);
}

/* Flags of another scheduler are not dropped silently: who set them is to say
 * what becomes of them.
 */
static int lb_service_check_flags(struct lb_edit *edit, const struct lb_sched_ops *sched,
				  u32 flags, bool given, struct netlink_ext_ack *extack)
{
	u32 unknown = flags & ~sched->flags;
	const char *name = unknown & LB_SCHED_FLAGS_FALLBACK ? "fallback" : "port";

	if (!unknown)
		return 0;
	if (given) {
		NL_SET_ERR_MSG_FMT(extack, "the scheduler %s has no flag %s", sched->name, name);
		return lb_refuse(edit, LB_BLAME_SCHED_FLAGS, -EINVAL);
	}
	NL_SET_ERR_MSG_FMT(extack, "the service's flag %s is unknown to %s; set flags, too",
			   name, sched->name);
	return lb_refuse(edit, LB_BLAME_SCHEDULER, -EINVAL);
}

static int lb_service_check_one_packet(struct lb_edit *edit, const struct lb_service_key *key,
				       bool one_packet, struct netlink_ext_ack *extack)
{
	if (one_packet && !key->fwmark && key->proto != IPPROTO_UDP) {
		NL_SET_ERR_MSG(extack,
			       "only UDP packets can be scheduled one by one: a UDP service's or a firewall mark's");
		return lb_refuse(edit, LB_BLAME_ONE_PACKET, -EINVAL);
	}
	return 0;
}

/* What a mark gathers may be of any protocol. */
static int lb_service_check_timeouts(struct lb_edit *edit, const struct lb_service_key *key,
				     const struct lb_timeouts *timeouts,
				     struct netlink_ext_ack *extack)
{
	unsigned int state;

	for (state = 0; state < LB_STATES; state++) {
		if (!timeouts->jiffies[state] || key->fwmark ||
		    lb_proto_has_state(key->proto, state))
			continue;
		NL_SET_ERR_MSG_FMT(extack, "a service of %s can have timeouts of its states only",
				   lb_proto_name(key->proto));
		return lb_refuse(edit, LB_BLAME_TIMEOUTS, -EINVAL);
	}
	return 0;
}

static int lb_service_check_key(struct lb_edit *edit, const struct lb_service_key *key,
				struct netlink_ext_ack *extack)
{
	bool usable;

	if (key->fwmark && (key->family == AF_INET || key->family == AF_INET6))
		return 0;
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
		return lb_refuse(edit, LB_BLAME_SERVICE, -EAFNOSUPPORT);
	}
	if (!usable) {
		NL_SET_ERR_MSG(extack,
			       "a service needs a unicast address, the one that clients connect to");
		return lb_refuse(edit, LB_BLAME_SERVICE, -EADDRNOTAVAIL);
	}
	if (key->proto != IPPROTO_TCP && key->proto != IPPROTO_UDP &&
	    key->proto != IPPROTO_SCTP) {
		NL_SET_ERR_MSG(extack, "a service's protocol is TCP, UDP or SCTP");
		return lb_refuse(edit, LB_BLAME_SERVICE, -EPROTONOSUPPORT);
	}
	return 0;
}

static int lb_service_check(struct lb_edit *edit, const struct lb_service_key *key,
			    const struct lb_service_spec *spec, struct netlink_ext_ack *extack)
{
	int err = lb_service_check_key(edit, key, extack);

	if (err)
		return err;
	if (!spec->sched) {
		NL_SET_ERR_MSG(extack, "a new service needs a scheduler");
		return lb_refuse(edit, LB_BLAME_SCHEDULER, -EINVAL);
	}
	err = lb_service_check_flags(edit, spec->sched, spec->sched_flags, true, extack);
	return err ?: lb_service_check_one_packet(edit, key, spec->one_packet, extack) ?:
	       lb_service_check_timeouts(edit, key, &spec->timeouts, extack);
}

static int lb_persist_apply_engine(struct lb_edit *edit, const struct lb_service_key *key,
				   const struct lb_service_spec *spec, struct lb_persist *persist,
				   struct netlink_ext_ack *extack)
{
	const struct lb_pe_ops *engine = lb_pe_find(spec->persist.engine);

	if (!(spec->set & LB_SERVICE_SET_PERSIST_ENGINE))
		return 0;
	if (engine && !persist->timeout) {
		NL_SET_ERR_MSG(extack, "an engine is a part of persistence; give a timeout");
		return lb_refuse(edit, LB_BLAME_PERSIST_ENGINE, -EINVAL);
	}
	if (engine && !key->fwmark && key->proto != engine->proto) {
		NL_SET_ERR_MSG(extack,
			       "the sip engine reads UDP: a UDP service's or a firewall mark's");
		return lb_refuse(edit, LB_BLAME_PERSIST_ENGINE, -EINVAL);
	}
	persist->engine = spec->persist.engine;
	return 0;
}

/* What @spec says of @persist. Without persistence the rest is as it is for a
 * new service, so that two that do the same look the same.
 */
static int lb_persist_apply(struct lb_edit *edit, const struct lb_service_key *key,
			    const struct lb_service_spec *spec, struct lb_persist *persist,
			    struct netlink_ext_ack *extack)
{
	const u8 whole = 8 * lb_addr_len(key->family);
	int err;

	if (spec->set & LB_SERVICE_SET_PERSIST_TIMEOUT) {
		if (!persist->timeout)
			persist->prefix = whole;
		persist->timeout = spec->persist.timeout;
	}
	if (!persist->timeout) {
		persist->prefix = whole;
		persist->engine = LB_PERSIST_ENGINE_NONE;
	}
	err = lb_persist_apply_engine(edit, key, spec, persist, extack);
	if (err || !(spec->set & LB_SERVICE_SET_PERSIST_PREFIX))
		return err;
	if (spec->persist.prefix > whole) {
		NL_SET_ERR_MSG_FMT(extack, "an address of this family has %u bits", whole);
		return lb_refuse(edit, LB_BLAME_PERSIST_PREFIX, -ERANGE);
	}
	if (!persist->timeout && spec->persist.prefix != whole) {
		NL_SET_ERR_MSG(extack,
			       "clients are told apart by persistence only; give a timeout");
		return lb_refuse(edit, LB_BLAME_PERSIST_PREFIX, -EINVAL);
	}
	persist->prefix = spec->persist.prefix;
	return 0;
}

int lb_service_add(struct lb_edit *edit, const struct lb_service_key *key,
		   const struct lb_service_spec *spec, struct netlink_ext_ack *extack)
{
	struct lb_persist persist = {};
	struct lb_draft *draft;
	struct lb_service *svc;
	int err;

	err = lb_service_check(edit, key, spec, extack) ?:
	      lb_persist_apply(edit, key, spec, &persist, extack);
	if (err)
		return err;

	svc = lb_service_find(edit->ln, key);
	if (svc && lb_service_exists(svc)) {
		lb_say_service(extack, key, "a", " already");
		return lb_refuse(edit, LB_BLAME_SERVICE, -EEXIST);
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
	draft->sched_flags = spec->sched_flags;
	draft->one_packet = spec->one_packet;
	draft->mss_clamp = spec->mss_clamp;
	draft->persist = persist;
	draft->timeouts = spec->timeouts;
	draft->slow_start = spec->slow_start;
	draft->orphans = spec->orphans;
	draft->exists = true;
	draft->touched = true;
	return 0;
}

int lb_service_set(struct lb_edit *edit, const struct lb_service_key *key,
		   const struct lb_service_spec *spec, struct netlink_ext_ack *extack)
{
	struct lb_draft *draft = lb_edit_service(edit, key, extack);
	const bool given = spec->set & LB_SERVICE_SET_SCHED_FLAGS;
	const struct lb_sched_ops *sched;
	bool one_packet;
	struct lb_persist persist;
	u32 flags;
	int err;

	if (IS_ERR(draft))
		return PTR_ERR(draft);
	one_packet = spec->set & LB_SERVICE_SET_ONE_PACKET ? spec->one_packet : draft->one_packet;
	persist = draft->persist;
	sched = spec->sched ?: draft->sched;
	flags = given ? spec->sched_flags : draft->sched_flags;
	err = lb_service_check_flags(edit, sched, flags, given, extack) ?:
	      lb_service_check_one_packet(edit, key, one_packet, extack) ?:
	      lb_service_check_timeouts(edit, key, &spec->timeouts, extack) ?:
	      lb_persist_apply(edit, key, spec, &persist, extack);
	if (err)
		return err;
	if (sched != draft->sched || flags != draft->sched_flags ||
	    one_packet != draft->one_packet ||
	    persist.timeout != draft->persist.timeout || persist.prefix != draft->persist.prefix ||
	    persist.engine != draft->persist.engine) {
		draft->sched = sched;
		draft->sched_flags = flags;
		draft->one_packet = one_packet;
		draft->persist = persist;
		draft->touched = true;
	}
	if ((spec->set & LB_SERVICE_SET_MSS_CLAMP) && spec->mss_clamp != draft->mss_clamp) {
		draft->mss_clamp = spec->mss_clamp;
		draft->touched = true;
	}
	if ((spec->set & LB_SERVICE_SET_TIMEOUTS) &&
	    memcmp(&spec->timeouts, &draft->timeouts, sizeof(draft->timeouts))) {
		draft->timeouts = spec->timeouts;
		draft->touched = true;
	}
	if ((spec->set & LB_SERVICE_SET_SLOW_START) && spec->slow_start != draft->slow_start) {
		draft->slow_start = spec->slow_start;
		draft->touched = true;
	}
	if ((spec->set & LB_SERVICE_SET_ORPHANS) && spec->orphans != draft->orphans) {
		draft->orphans = spec->orphans;
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
	edit->flush = true;
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
static int lb_dest_check_method(struct lb_edit *edit, const struct lb_service_key *key,
				const struct lb_dest_spec *spec, u8 method,
				struct netlink_ext_ack *extack)
{
	if (method > LB_METHOD_TUNNEL) {
		NL_SET_ERR_MSG(extack, "the method is nat, direct or tunnel");
		return lb_refuse(edit, LB_BLAME_METHOD, -EINVAL);
	}
	if (spec->family != key->family && method != LB_METHOD_TUNNEL) {
		NL_SET_ERR_MSG(extack,
			       "service and destination are of different address families; only the tunnel method can cross them");
		return lb_refuse(edit, LB_BLAME_FAMILY, -EAFNOSUPPORT);
	}
	if (spec->port != key->port && method != LB_METHOD_NAT) {
		if (key->port)
			NL_SET_ERR_MSG_FMT(extack,
					   "only nat can change the port; use port %u, or nat",
					   ntohs(key->port));
		else
			NL_SET_ERR_MSG(extack, "only nat can change the port; leave it out");
		return lb_refuse(edit, LB_BLAME_PORT, -EINVAL);
	}
	return 0;
}

static int lb_dest_check(struct lb_edit *edit, const struct lb_service_key *key,
			 const struct lb_dest_spec *spec, struct netlink_ext_ack *extack)
{
	if (spec->family != AF_INET && spec->family != AF_INET6) {
		NL_SET_ERR_MSG(extack, "a destination's address family is IPv4 or IPv6");
		return lb_refuse(edit, LB_BLAME_FAMILY, -EAFNOSUPPORT);
	}
	/* Where there are many ports, 0 says that none is changed. */
	if (!spec->port && key->port) {
		NL_SET_ERR_MSG(extack, "a destination needs a port");
		return lb_refuse(edit, LB_BLAME_PORT, -EINVAL);
	}
	if (!lb_dest_addr_usable(edit->ln->net, spec->family, &spec->addr)) {
		NL_SET_ERR_MSG(extack,
			       "a destination needs a unicast address, not link-local, or one of the director's own");
		return lb_refuse(edit, LB_BLAME_DEST, -EINVAL);
	}
	return 0;
}

static int lb_dest_check_weight(struct lb_edit *edit, const struct lb_dest_spec *spec,
				struct netlink_ext_ack *extack)
{
	if ((spec->set & LB_DEST_SET_WEIGHT) && spec->weight > LB_WEIGHT_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "a weight is at most %u", LB_WEIGHT_MAX);
		return lb_refuse(edit, LB_BLAME_WEIGHT, -ERANGE);
	}
	return 0;
}

/* Where a change of one made the other impossible, the one is to blame. */
static int lb_dest_check_limits(struct lb_edit *edit, const struct lb_dest_spec *spec,
				const struct lb_pool_entry *entry, struct netlink_ext_ack *extack)
{
	if (entry->upper > LB_CONNS_MAX || entry->lower > LB_CONNS_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "a bound is at most %u", LB_CONNS_MAX);
		return lb_refuse(edit, entry->upper > LB_CONNS_MAX ? LB_BLAME_UPPER :
								     LB_BLAME_LOWER, -ERANGE);
	}
	if (entry->lower <= entry->upper)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "the lower bound, %u, is above the upper one, %u", entry->lower,
			   entry->upper);
	return lb_refuse(edit, spec->set & LB_DEST_SET_LOWER ? LB_BLAME_LOWER : LB_BLAME_UPPER,
			 -ERANGE);
}

/* What @spec says of @entry. */
static void lb_dest_apply(struct lb_pool_entry *entry, const struct lb_dest_spec *spec)
{
	if (spec->set & LB_DEST_SET_METHOD)
		entry->method = spec->method;
	if (spec->set & LB_DEST_SET_WEIGHT) {
		entry->weight = spec->weight;
		if (entry->weight)
			entry->last_weight = entry->weight;
	}
	if (spec->set & LB_DEST_SET_DRAIN)
		entry->drain = spec->drain;
	if (spec->set & LB_DEST_SET_UPPER)
		entry->upper = spec->upper;
	if (spec->set & LB_DEST_SET_LOWER)
		entry->lower = spec->lower;
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
	member.entry.last_weight = member.entry.weight;
	err = lb_dest_check(edit, key, spec, extack) ?:
	      lb_dest_check_method(edit, key, spec, member.entry.method, extack) ?:
	      lb_dest_check_weight(edit, spec, extack) ?:
	      lb_dest_check_limits(edit, spec, &member.entry, extack) ?:
	      lb_tunnel_edit(edit, &member.tunnel, spec, member.entry.method, extack) ?:
	      lb_drain_edit(edit, &member.drain, spec, member.entry.drain, extack);
	if (err)
		return err;
	if (lb_draft_find_live(draft, spec)) {
		NL_SET_ERR_MSG_FMT(extack, "destination %pISpc exists already",
				   lb_endpoint(&ep, spec->family, &spec->addr, spec->port));
		return lb_refuse(edit, LB_BLAME_DEST, -EEXIST);
	}

	err = lb_draft_reserve(draft) ?: lb_dest_obtain(edit, draft, spec, &member);
	if (err)
		return err;
	lb_draft_append(draft, &member);
	draft->touched = true;
	return 0;
}

static struct lb_draft_member *lb_edit_dest(struct lb_edit *edit, struct lb_draft *draft,
					    const struct lb_dest_spec *spec,
					    struct netlink_ext_ack *extack)
{
	struct lb_draft_member *member = lb_draft_find_live(draft, spec);
	union lb_endpoint ep;

	if (!member) {
		NL_SET_ERR_MSG_FMT(extack, "there is no destination %pISpc",
				   lb_endpoint(&ep, spec->family, &spec->addr, spec->port));
		return ERR_PTR(lb_refuse(edit, LB_BLAME_DEST, -ENOENT));
	}
	return member;
}

int lb_dest_set(struct lb_edit *edit, const struct lb_service_key *key,
		const struct lb_dest_spec *spec, struct netlink_ext_ack *extack)
{
	struct lb_draft *draft = lb_edit_service(edit, key, extack);
	struct lb_draft_member *member;
	struct lb_pool_entry entry;
	struct lb_drain drain;
	int err;

	if (IS_ERR(draft))
		return PTR_ERR(draft);
	member = lb_edit_dest(edit, draft, spec, extack);
	if (IS_ERR(member))
		return PTR_ERR(member);

	entry = member->entry;
	drain = member->drain;
	lb_dest_apply(&entry, spec);
	err = lb_dest_check_method(edit, key, spec, entry.method, extack) ?:
	      lb_dest_check_weight(edit, spec, extack) ?:
	      lb_dest_check_limits(edit, spec, &entry, extack) ?:
	      lb_drain_edit(edit, &drain, spec, entry.drain, extack) ?:
	      lb_tunnel_edit(edit, &member->tunnel, spec, entry.method, extack);
	if (err)
		return err;
	member->entry = entry;
	member->drain = drain;
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
	member = lb_edit_dest(edit, draft, spec, extack);
	if (IS_ERR(member))
		return PTR_ERR(member);
	member->gone = true;
	draft->touched = true;
	return 0;
}
