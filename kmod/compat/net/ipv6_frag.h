/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LB_COMPAT_NET_IPV6_FRAG_H
#define LB_COMPAT_NET_IPV6_FRAG_H

#include_next <net/ipv6_frag.h>
#include <net/inet_frag.h>

/* Since 6.15, and in stable kernels before it, references are collected:
 * inet_frag_find() takes none, and inet_frag_kill() adds to @refs what the
 * caller owes inet_frag_putn(). No version tells, so the function's type does.
 */
typedef void lb_frag_kill_old(struct inet_frag_queue *q);
typedef void lb_frag_kill_new(struct inet_frag_queue *q, int *refs);

#define LB_FRAG_COLLECTS	\
	__builtin_types_compatible_p(typeof(inet_frag_kill), lb_frag_kill_new)

/* References that the caller of inet_frag_find() holds. */
#define LB_FRAG_FOUND_REFS	(LB_FRAG_COLLECTS ? 0 : 1)

static inline void lb_frag_kill(struct inet_frag_queue *q, int *refs)
{
	void *kill = inet_frag_kill;

	if (LB_FRAG_COLLECTS)
		((lb_frag_kill_new *)kill)(q, refs);
	else
		((lb_frag_kill_old *)kill)(q);
}

#define inet_frag_kill(q, refs)	lb_frag_kill(q, refs)

static inline void lb_frag_put(struct inet_frag_queue *q, int refs)
{
	if (refs && refcount_sub_and_test(refs, &q->refcnt))
		inet_frag_destroy(q);
}

#endif /* LB_COMPAT_NET_IPV6_FRAG_H */
