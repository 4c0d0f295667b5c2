/* SPDX-License-Identifier: GPL-2.0 */
/* How the configuration changes: begin, any number of operations, commit or
 * abort. Whoever changes anything (netlink handlers, staged transactions, other
 * front-ends) comes through here; packets see all of an edit or nothing.
 *
 * Each operation validates against the configuration as the edit has made it
 * so far, explains a refusal through @extack and edit->blame and then has changed
 * nothing; the edit can go on or be aborted. A commit can fail for want of memory only
 * (every pool is built before the first is published), and then has changed
 * nothing either.
 */
#ifndef LB_EDIT_H
#define LB_EDIT_H

#include <linux/bitmap.h>

#include "addr.h"
#include "lb.h"
#include "service.h"
#include "tunnel.h"

struct lb_sched_ops;
struct lb_service;

/**
 * struct lb_settings_spec - what settings are to be
 * @to: new values
 * @set: which of them are given, by LB_SETTINGS_FIELD(); the others stay
 */
struct lb_settings_spec {
	struct lb_settings to;
	DECLARE_BITMAP(set, LB_SETTINGS_FIELDS);
};

/* Which members of a lb_service_spec were given, besides @sched. */
#define LB_SERVICE_SET_SCHED_FLAGS	BIT(0)
#define LB_SERVICE_SET_ONE_PACKET	BIT(1)
#define LB_SERVICE_SET_MSS_CLAMP	BIT(2)
#define LB_SERVICE_SET_PERSIST_TIMEOUT	BIT(3)
#define LB_SERVICE_SET_PERSIST_PREFIX	BIT(4)
#define LB_SERVICE_SET_PERSIST_ENGINE	BIT(5)
#define LB_SERVICE_SET_TIMEOUTS		BIT(6)
#define LB_SERVICE_SET_SLOW_START	BIT(7)
#define LB_SERVICE_SET_ORPHANS		BIT(8)

/**
 * struct lb_service_spec - what a service is to be
 * @sched: NULL for "as it is"; required for a new one
 * @sched_flags: all of enum lb_sched_flags that are to be
 * @one_packet: every packet is scheduled by itself
 * @persist: timeout 0 for no persistence
 * @set: LB_SERVICE_SET_*; the others keep their value, or none for a new one
 * @mss_clamp: largest MSS, LB_MSS_CLAMP_AUTO, or 0
 * @timeouts: all that the service is to have of its own
 * @slow_start: seconds, up to LB_SLOW_START_MAX
 * @orphans: enum lb_orphans; LB_ORPHANS_DEFAULT unless given
 */
struct lb_service_spec {
	const struct lb_sched_ops *sched;
	u32 sched_flags;
	bool one_packet;
	struct lb_persist persist;
	u32 set;
	u16 mss_clamp;
	struct lb_timeouts timeouts;
	u32 slow_start;
	u8 orphans;
};

/* Which members of a lb_dest_spec were given. */
#define LB_DEST_SET_METHOD	BIT(0)
#define LB_DEST_SET_WEIGHT	BIT(1)
#define LB_DEST_SET_DRAIN	BIT(2)
#define LB_DEST_SET_TUNNEL_TYPE		BIT(3)
#define LB_DEST_SET_TUNNEL_PORT		BIT(4)
#define LB_DEST_SET_TUNNEL_CHECKSUM	BIT(5)
#define LB_DEST_SET_UPPER	BIT(6)
#define LB_DEST_SET_LOWER	BIT(7)
#define LB_DEST_SET_DEADLINE	BIT(8)
#define LB_DEST_SET_DRAIN_END	BIT(9)
/* No value: a port of its own is a name only, see struct lb_edit. */
#define LB_DEST_SET_LAX_PORT	BIT(10)

/**
 * struct lb_dest_spec - which destination, and what it is to be
 * @addr: the bytes beyond an IPv4 address are zero
 * @port: network byte order
 * @family: AF_INET or AF_INET6
 * @method: enum lb_method; LB_METHOD_NAT unless given
 * @drain: no new connections
 * @weight: 0..LB_WEIGHT_MAX; 1 unless given
 * @set: LB_DEST_SET_*; the others keep their value, or get the default
 * @tunnel: with the tunnel method; what is not given of it is 0
 * @upper: with so many connections it is full; 0, unless given, is no bound
 * @lower: with fewer it is full no more; 0, unless given, is 3/4 of @upper
 * @deadline: with @drain, seconds from now; up to LB_TIMEOUT_MAX
 * @drain_end: with @deadline, enum lb_drain_end; LB_DRAIN_END_KEEP unless given
 */
struct lb_dest_spec {
	union lb_addr addr;
	__be16 port;
	u8 family;
	u8 method;
	bool drain;
	u32 weight;
	u32 set;
	union lb_tunnel tunnel;
	u32 upper;
	u32 lower;
	u32 deadline;
	u8 drain_end;
};

/* What a refused operation was refused for. */
enum lb_blame {
	LB_BLAME_NOTHING,	/* of what was given */
	LB_BLAME_SERVICE,	/* which service */
	LB_BLAME_SCHEDULER,
	LB_BLAME_SCHED_FLAGS,
	LB_BLAME_DEST,		/* which destination: its address, if anything */
	LB_BLAME_FAMILY,	/* the destination's */
	LB_BLAME_PORT,
	LB_BLAME_METHOD,
	LB_BLAME_WEIGHT,
	LB_BLAME_ONE_PACKET,
	LB_BLAME_TUNNEL_TYPE,
	LB_BLAME_TUNNEL_PORT,
	LB_BLAME_TUNNEL_CHECKSUM,
	LB_BLAME_PERSIST_PREFIX,
	LB_BLAME_PERSIST_ENGINE,
	LB_BLAME_TIMEOUTS,
	LB_BLAME_UPPER,
	LB_BLAME_LOWER,
	LB_BLAME_DEADLINE,
	LB_BLAME_DRAIN_END,
};

/**
 * struct lb_edit - an edit in progress, on the stack or in an object
 * @ln: namespace; ln->lock is held from begin to end
 * @drafts: services touched, struct lb_draft; see draft.h
 * @settings: what is to be changed of ln->settings
 * @blame: after an operation was refused, for what
 * @flush: all services were deleted: templates that lead nowhere go at the end
 * @whole: flip all services at one moment (needs a grace period); a
 *	single-object edit does without
 * @lax: ports of direct and tunnel are what clients of ip_vs say: nothing
 */
struct lb_edit {
	struct lb_net *ln;
	struct list_head drafts;
	struct lb_settings_spec settings;
	enum lb_blame blame;
	bool flush;
	bool whole;
	bool lax;
};

/* Takes ln->lock; returns -ESHUTDOWN, without the lock, in a dying namespace. */
int lb_edit_begin(struct lb_edit *edit, struct lb_net *ln, bool whole,
		  struct netlink_ext_ack *extack);

/* Services: edit_service.c. */

/* -EEXIST, -EPROTONOSUPPORT, -EADDRNOTAVAIL (unspecified or multicast), ... */
int lb_service_add(struct lb_edit *edit, const struct lb_service_key *key,
		   const struct lb_service_spec *spec, struct netlink_ext_ack *extack);
/* -ESRCH when there is none, as ip_vs; -EINVAL: the scheduler does not know the
 * flags that are given, or those that the service has.
 */
int lb_service_set(struct lb_edit *edit, const struct lb_service_key *key,
		   const struct lb_service_spec *spec, struct netlink_ext_ack *extack);
int lb_service_del(struct lb_edit *edit, const struct lb_service_key *key,
		   struct netlink_ext_ack *extack);
int lb_service_del_all(struct lb_edit *edit, struct netlink_ext_ack *extack);

/* Destinations: edit_dest.c. */

/* -ESRCH: no service; -EEXIST: there; -EAFNOSUPPORT: families differ and the
 * method is not tunnel; -EINVAL: direct or tunnel with another port, a tunnel
 * that there is not (lb_tunnel_edit()); -ERANGE: a weight or bound too large, or
 * lower above upper, as ip_vs.
 */
int lb_dest_add(struct lb_edit *edit, const struct lb_service_key *key,
		const struct lb_dest_spec *spec, struct netlink_ext_ack *extack);
/* -ENOENT: no such destination. */
int lb_dest_set(struct lb_edit *edit, const struct lb_service_key *key,
		const struct lb_dest_spec *spec, struct netlink_ext_ack *extack);
int lb_dest_del(struct lb_edit *edit, const struct lb_service_key *key,
		const struct lb_dest_spec *spec, struct netlink_ext_ack *extack);

/* What a new namespace has: ip_vs's defaults, where that has the setting. */
void lb_settings_init(struct lb_settings *settings);
/* Never refused: the ranges of each are up to the caller. */
void lb_settings_set(struct lb_edit *edit, const struct lb_settings_spec *spec);
/* -EINVAL: settings that are changed contradict each other, or what stays. */
int lb_settings_check(const struct lb_edit *edit, struct netlink_ext_ack *extack);

/* Publishes; on success ln->generation has grown by one. The lock stays held,
 * so that the caller can report what it did; lb_edit_end() gives it back.
 * -ENOMEM, -EINVAL (lb_settings_check()): nothing was changed.
 */
int lb_edit_commit(struct lb_edit *edit, struct netlink_ext_ack *extack);
/* Publishes @svc once more, with the weights that slow start gives its
 * destinations now. No change of the configuration: the generation stays. Caller
 * holds ln->lock; no edit is in progress. 0 or -ENOMEM, nothing changed.
 */
int lb_service_weigh(struct lb_service *svc);

/* Forgets what was not committed and releases ln->lock. */
void lb_edit_end(struct lb_edit *edit);

#endif /* LB_EDIT_H */
