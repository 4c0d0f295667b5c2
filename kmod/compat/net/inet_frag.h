/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LB_COMPAT_NET_INET_FRAG_H
#define LB_COMPAT_NET_INET_FRAG_H

#include_next <net/inet_frag.h>

/* Since 6.15, and in stable kernels before it, references are collected:
 * inet_frag_find() takes none, inet_frag_kill() adds to @refs what the caller
 * owes inet_frag_putn(). No version tells, so the function's type does.
 */
typedef void lb_frag_kill_old(struct inet_frag_queue *q);
typedef void lb_frag_kill_new(struct inet_frag_queue *q, int *refs);

static inline void lb_frag_call_old(lb_frag_kill_old *kill, struct inet_frag_queue *q, int *refs)
{
	kill(q);
}

static inline void lb_frag_call_new(lb_frag_kill_new *kill, struct inet_frag_queue *q, int *refs)
{
	kill(q, refs);
}

/* References that the caller of inet_frag_find() holds. */
#define LB_FRAG_FOUND_REFS _Generic(&(inet_frag_kill),				\
	lb_frag_kill_old *: 1,							\
	lb_frag_kill_new *: 0)

#define inet_frag_kill(q, refs) _Generic(&(inet_frag_kill),			\
	lb_frag_kill_old *: lb_frag_call_old,					\
	lb_frag_kill_new *: lb_frag_call_new)(&(inet_frag_kill), q, refs)

static inline void lb_frag_put(struct inet_frag_queue *q, int refs)
{
	if (refs && refcount_sub_and_test(refs, &q->refcnt))
		inet_frag_destroy(q);
}

#endif /* LB_COMPAT_NET_INET_FRAG_H */
