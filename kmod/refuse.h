/* SPDX-License-Identifier: GPL-2.0 */
/* How operations of an edit refuse: whom they blame, and the words for what they are
 * about.
 */
#ifndef LB_REFUSE_H
#define LB_REFUSE_H

#include <linux/in.h>
#include <linux/in6.h>

#include "edit.h"

struct lb_draft;

/* What %pISpc shows; port 0, which stands for all, is shown as well. */
union lb_endpoint {
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* Fills @ep and returns it. */
const union lb_endpoint *lb_endpoint(union lb_endpoint *ep, u8 family, const union lb_addr *addr,
				     __be16 port);

/* "tcp", "udp" or "sctp". */
const char *lb_proto_name(u8 proto);

/* "there is no udp service 192.0.2.1:53", "there is a ... already". */
void lb_say_service(struct netlink_ext_ack *extack, const struct lb_service_key *key,
		    const char *no, const char *already);

/* Returns @err, with @blame in @edit. */
int lb_refuse(struct lb_edit *edit, enum lb_blame blame, int err);

/* The draft of an existing service, or an ERR_PTR(). */
struct lb_draft *lb_edit_service(struct lb_edit *edit, const struct lb_service_key *key,
				 struct netlink_ext_ack *extack);

#endif /* LB_REFUSE_H */
