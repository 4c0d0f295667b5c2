// SPDX-License-Identifier: GPL-2.0
/* Operations on destinations: what one may be, and how it may be reached, is decided
 * here, and a refusal explained. They change drafts (draft.h), which commit.c makes
 * true.
 */
#include <linux/inetdevice.h>
#include <linux/netfilter_ipv6.h>
#include <linux/netlink.h>
#include <net/addrconf.h>
#include <net/route.h>

#include "dest.h"
#include "draft.h"
#include "refuse.h"

static struct lb_draft_member *lb_draft_find_live(struct lb_draft *draft,
						  const struct lb_dest_spec *spec)
{
	struct lb_draft_member *member = lb_draft_find(draft, spec);

	return member && !member->gone ? member : NULL;
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
	if (spec->port != key->port && method != LB_METHOD_NAT && !edit->lax &&
	    !(spec->set & LB_DEST_SET_LAX_PORT)) {
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
	int err = 0;

	if (IS_ERR(draft))
		return PTR_ERR(draft);
	member = lb_edit_dest(edit, draft, spec, extack);
	if (IS_ERR(member))
		return PTR_ERR(member);

	entry = member->entry;
	drain = member->drain;
	lb_dest_apply(&entry, spec);
	if (spec->set & LB_DEST_SET_METHOD)
		err = lb_dest_check_method(edit, key, spec, entry.method, extack);
	if (err)
		return err;
	err = lb_dest_check_weight(edit, spec, extack) ?:
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
