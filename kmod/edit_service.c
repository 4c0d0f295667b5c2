// SPDX-License-Identifier: GPL-2.0
/* Operations on services: what one may be is decided here, and a refusal explained.
 * They change drafts (draft.h), which commit.c makes true.
 */
#include <linux/in.h>
#include <linux/netlink.h>
#include <net/ipv6.h>

#include "draft.h"
#include "pe.h"
#include "proto.h"
#include "refuse.h"
#include "sched.h"

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
