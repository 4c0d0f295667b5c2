// SPDX-License-Identifier: GPL-2.0
/* The frame of an edit, and what refusals of all its operations say. What a service
 * may be is in edit_service.c, what a destination may be in edit_dest.c.
 */
#include "edit.h"

#include <linux/netlink.h>

#include "draft.h"
#include "refuse.h"

const union lb_endpoint *lb_endpoint(union lb_endpoint *ep, u8 family, const union lb_addr *addr,
				     __be16 port)
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

const char *lb_proto_name(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	}
	return "sctp";
}

void lb_say_service(struct netlink_ext_ack *extack, const struct lb_service_key *key,
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

int lb_refuse(struct lb_edit *edit, enum lb_blame blame, int err)
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
	edit->lax = false;
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

struct lb_draft *lb_edit_service(struct lb_edit *edit, const struct lb_service_key *key,
				 struct netlink_ext_ack *extack)
{
	struct lb_service *svc = lb_service_find(edit->ln, key);

	if (!svc || !lb_service_exists(svc)) {
		lb_say_service(extack, key, "no", "");
		return ERR_PTR(lb_refuse(edit, LB_BLAME_SERVICE, -ESRCH));
	}
	return lb_draft_get(edit, svc) ?: ERR_PTR(-ENOMEM);
}
