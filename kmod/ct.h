/* SPDX-License-Identifier: GPL-2.0 */
/* What netfilter's conntrack learns of our packets: nothing or, with the setting
 * conntrack, where the replies of nat come from.
 */
#ifndef LB_CT_H
#define LB_CT_H

struct lb_ctx;
struct sk_buff;

/* The packet goes on as one that conntrack does not follow. */
void lb_ct_untrack(struct sk_buff *skb);

/**
 * lb_ct_pass - a packet both of whose directions pass here goes on
 * @ctx: a packet of nat, or for a destination on this host; conn and dir are set
 *
 * Followed by conntrack if the namespace wants that and it can be, else
 * untracked. The packet may be rewritten already.
 */
void lb_ct_pass(struct lb_ctx *ctx);

#endif /* LB_CT_H */
