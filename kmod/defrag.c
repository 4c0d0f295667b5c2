// SPDX-License-Identifier: GPL-2.0
/* Reassembly. For IPv4 the stack lends its own, under users of its own for each
 * hook. For IPv6 it does not without another module, so this file drives the
 * stack's queues: one table per namespace, with the stack's limits.
 *
 * Lifetime: a queue is referenced by its table and its timer, and freed a grace
 * period after both let go. A namespace's table is emptied by
 * lb_defrag_net_pre_exit() and freed asynchronously by the core, timers stopped;
 * lb_defrag_exit() waits until all tables are gone.
 */
#include "defrag.h"

#include <linux/icmpv6.h>
#include <net/inet_ecn.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/ipv6_frag.h>

#include "lb.h"

static enum ip_defrag_users lb_defrag_user(const struct lb_ctx *ctx)
{
	switch (ctx->hook) {
	case NF_INET_LOCAL_IN:
		return IP_DEFRAG_VS_IN;
	case NF_INET_FORWARD:
		return IP_DEFRAG_VS_FWD;
	}
	return IP_DEFRAG_VS_OUT;
}

static enum lb_verdict lb_defrag4(struct lb_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	int err;

	/* Frees the packet if it fails. */
	err = ip_defrag(ctx->ln->net, skb, lb_defrag_user(ctx));
	if (err) {
		if (err != -EINPROGRESS)
			lb_drop_count(ctx->ln, LB_DROP_REASON_FRAGMENT);
		return LB_STOLEN;
	}
	ip_send_check(ip_hdr(skb));
	skb->ignore_df = 1;
	return LB_CONTINUE;
}

/* Somebody makes fragments by hand, and wants to see them leave. */
static bool lb_sent_as_fragment(const struct lb_ctx *ctx)
{
	struct sock *sk;

	if (ctx->hook != NF_INET_LOCAL_OUT)
		return false;
	sk = skb_to_full_sk(ctx->skb);
	return sk && sk->sk_family == PF_INET && inet_test_bit(NODEFRAG, sk);
}

/**
 * struct lb_fragment - what an IPv6 fragment says about itself
 * @id: common to a packet's fragments
 * @at: offset of the fragment header from the network header
 * @named_at: offset of the byte that says that a fragment header follows
 * @start: of its data in the whole packet's fragmentable part
 * @end: behind its data
 * @more: it is not the last one
 * @nexthdr: what the fragmentable part begins with
 */
struct lb_fragment {
	__be32 id;
	unsigned int at;
	unsigned int named_at;
	int start;
	int end;
	bool more;
	u8 nexthdr;
};

static bool lb_fragment_find(const struct sk_buff *skb, struct lb_fragment *f)
{
	const struct ipv6hdr *ih = ipv6_hdr(skb);
	const struct ipv6_opt_hdr *oh;
	const struct frag_hdr *fh;
	struct ipv6_opt_hdr _oh;
	struct frag_hdr _fh;
	u8 nexthdr = ih->nexthdr;

	f->at = sizeof(*ih);
	f->named_at = offsetof(struct ipv6hdr, nexthdr);
	while (nexthdr != NEXTHDR_FRAGMENT) {
		if (!ipv6_ext_hdr(nexthdr) || nexthdr == NEXTHDR_NONE)
			return false;
		oh = skb_header_pointer(skb, f->at, sizeof(_oh), &_oh);
		if (!oh)
			return false;
		f->named_at = f->at + offsetof(struct ipv6_opt_hdr, nexthdr);
		f->at += nexthdr == NEXTHDR_AUTH ? ipv6_authlen(oh) : ipv6_optlen(oh);
		nexthdr = oh->nexthdr;
	}
	fh = skb_header_pointer(skb, f->at, sizeof(_fh), &_fh);
	if (!fh)
		return false;
	f->id = fh->identification;
	f->start = ntohs(fh->frag_off) & IP6_OFFSET;
	f->end = f->start + (int)(sizeof(*ih) + ntohs(ih->payload_len)) -
		 (int)(f->at + sizeof(*fh));
	f->more = fh->frag_off & htons(IP6_MF);
	f->nexthdr = fh->nexthdr;
	return true;
}

/* Only TCP, UDP, SCTP and ESP are balanced, and ICMPv6 errors are never fragments. */
static bool lb_fragment_concerns(const struct lb_fragment *f)
{
	return f->nexthdr == NEXTHDR_TCP || f->nexthdr == NEXTHDR_UDP ||
	       f->nexthdr == NEXTHDR_SCTP || f->nexthdr == NEXTHDR_ESP ||
	       (ipv6_ext_hdr(f->nexthdr) && f->nexthdr != NEXTHDR_NONE);
}

/* RFC 8200, 4.5: a fragment but the last has a multiple of 8 bytes, the first
 * one has all headers.
 */
static bool lb_fragment_is_wellformed(struct sk_buff *skb, const struct lb_fragment *f)
{
	u8 nexthdr = NEXTHDR_FRAGMENT;

	return f->end > f->start && !(f->more && (f->end & 7)) &&
	       !ipv6frag_thdr_truncated(skb, f->at, &nexthdr);
}

static struct frag_queue *lb_fragment_queue(const struct lb_ctx *ctx, const struct lb_fragment *f)
{
	const struct ipv6hdr *ih = ipv6_hdr(ctx->skb);
	struct frag_v6_compare_key key = {
		.id = f->id,
		.saddr = ih->saddr,
		.daddr = ih->daddr,
		.user = ctx->hook,
	};
	struct inet_frag_queue *q;

	/* Such addresses mean something on one link only. */
	if (ctx->skb->dev &&
	    (ipv6_addr_type(&ih->daddr) & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL)))
		key.iif = ctx->skb->dev->ifindex;
	q = inet_frag_find(ctx->ln->frags, &key);
	return q ? container_of(q, struct frag_queue, q) : NULL;
}

/* Takes the fragment header out of the first fragment's headers, which move up
 * to its data.
 */
static void lb_fragment_cut_header(struct sk_buff *skb, unsigned int named_at)
{
	const unsigned int hlen = sizeof(struct frag_hdr);
	const struct frag_hdr *fh = (void *)(skb->data - hlen);

	skb_network_header(skb)[named_at] = fh->nexthdr;
	memmove(skb->head + hlen, skb->head, skb->data - skb->head - hlen);
	if (skb_mac_header_was_set(skb))
		skb->mac_header += hlen;
	skb->network_header += hlen;
	/* It points to a header before the cut, or to what stands there now. */
	if (skb_transport_header_was_set(skb))
		skb->transport_header += hlen;
}

/* The queue is complete with @skb, which becomes the whole packet. Caller holds
 * fq->q.lock. Fails with @skb left in the queue, and freed with it.
 */
static bool lb_fragments_join(struct frag_queue *fq, struct sk_buff *skb, struct sk_buff *tail,
			      int *refs)
{
	struct inet_frag_queue *q = &fq->q;
	unsigned int hlen;
	void *reasm_data;
	u8 ecn;

	inet_frag_kill(q, refs);
	ecn = ip_frag_ecn_table[fq->ecn];
	if (unlikely(ecn == 0xff))
		return false;
	reasm_data = inet_frag_reasm_prepare(q, skb, tail);
	if (!reasm_data)
		return false;
	hlen = skb->data - skb_network_header(skb) - sizeof(struct frag_hdr);
	if (hlen - sizeof(struct ipv6hdr) + q->len > IPV6_MAXPLEN)
		return false;

	lb_fragment_cut_header(skb, fq->nhoffset);
	inet_frag_reasm_finish(q, skb, reasm_data, false);
	q->rb_fragments = RB_ROOT;
	q->fragments_tail = NULL;
	q->last_run_head = NULL;

	ipv6_hdr(skb)->payload_len = htons(hlen - sizeof(struct ipv6hdr) + q->len);
	ipv6_change_dsfield(ipv6_hdr(skb), 0xff, ecn);
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_partial(skb_network_header(skb), hlen, skb->csum);
	/* Leaving, it is fragmented again, no larger. */
	skb->ignore_df = 1;
	IP6CB(skb)->frag_max_size = sizeof(struct ipv6hdr) + q->max_size;
	IP6CB(skb)->flags |= IP6SKB_FRAGMENTED;
	return true;
}

/* Does the fragment contradict those that came before? */
static bool lb_fragment_contradicts(const struct inet_frag_queue *q, const struct lb_fragment *f)
{
	if (f->more)
		return (q->flags & INET_FRAG_LAST_IN) && f->end > q->len;
	return f->end < q->len || ((q->flags & INET_FRAG_LAST_IN) && f->end != q->len);
}

/* Caller holds q->lock. The packet is the queue's when the result is true. */
static bool lb_fragment_insert(struct lb_ctx *ctx, struct frag_queue *fq,
			       const struct lb_fragment *f, int *refs)
{
	struct inet_frag_queue *q = &fq->q;
	struct sk_buff *skb = ctx->skb;
	unsigned int hlen = f->at + sizeof(struct frag_hdr);
	unsigned int payload_len = ntohs(ipv6_hdr(skb)->payload_len);
	struct net_device *dev = skb->dev;

	if (!pskb_pull(skb, hlen))
		return false;
	skb_postpull_rcsum(skb, skb_network_header(skb), hlen);
	if (pskb_trim_rcsum(skb, f->end - f->start))
		return false;

	/* From here on skb->dev is not: it shares its place with the tree. */
	switch (inet_frag_queue_insert(q, skb, f->start, f->end)) {
	case IPFRAG_OK:
		break;
	case IPFRAG_OVERLAP:
		/* RFC 5722: nothing of the packet can be trusted. */
		inet_frag_kill(q, refs);
		fallthrough;
	default:
		return false;
	}

	if (dev)
		fq->iif = dev->ifindex;
	if (ctx->hook == NF_INET_LOCAL_IN)
		q->stamp = skb->tstamp;
	fq->ecn |= 1 << (ipv6_get_dsfield(ipv6_hdr(skb)) & INET_ECN_MASK);
	q->meat += skb->len;
	q->len = max(q->len, f->end);
	q->max_size = max_t(u16, q->max_size, payload_len);
	add_frag_mem_limit(q->fqdir, skb->truesize);
	if (!f->more)
		q->flags |= INET_FRAG_LAST_IN;
	if (!f->start) {
		fq->nhoffset = f->named_at;
		q->flags |= INET_FRAG_FIRST_IN;
	}
	return true;
}

/* Caller holds fq->q.lock. */
static enum lb_verdict lb_fragment_add(struct lb_ctx *ctx, struct frag_queue *fq,
				       const struct lb_fragment *f, int *refs)
{
	struct inet_frag_queue *q = &fq->q;
	struct sk_buff *tail = q->fragments_tail;
	struct sk_buff *skb = ctx->skb;
	struct net_device *dev = skb->dev;
	unsigned long refdst;

	if ((q->flags & INET_FRAG_COMPLETE) || lb_fragment_contradicts(q, f))
		return lb_drop(ctx, LB_DROP_REASON_FRAGMENT);

	skb_orphan(skb);
	/* A queue outlives the RCU section that a route may depend on. */
	refdst = skb_dstref_steal(skb);
	if (!lb_fragment_insert(ctx, fq, f, refs)) {
		skb_dstref_restore(skb, refdst);
		return lb_drop(ctx, LB_DROP_REASON_FRAGMENT);
	}
	if (q->flags != (INET_FRAG_FIRST_IN | INET_FRAG_LAST_IN) || q->meat != q->len) {
		refdst_drop(refdst);
		return LB_STOLEN;
	}
	if (!lb_fragments_join(fq, skb, tail, refs)) {
		refdst_drop(refdst);
		lb_drop_count(ctx->ln, LB_DROP_REASON_FRAGMENT);
		return LB_STOLEN;
	}
	skb->dev = dev;
	skb_dstref_restore(skb, refdst);
	return LB_CONTINUE;
}

/* Fragments that are whole packets ("atomic", RFC 6946) are not brought here:
 * they are read and sent with their useless header.
 */
static enum lb_verdict lb_defrag6(struct lb_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	int refs = LB_FRAG_FOUND_REFS;
	enum lb_verdict verdict;
	struct lb_fragment f;
	struct frag_queue *fq;

	if (!lb_fragment_find(skb, &f) || !lb_fragment_concerns(&f))
		return LB_ACCEPT;
	if (!lb_fragment_is_wellformed(skb, &f)) {
		/* Delivering it, the stack explains what is wrong with it. */
		if (ctx->hook == NF_INET_LOCAL_IN)
			return LB_ACCEPT;
		return lb_drop(ctx, LB_DROP_REASON_FRAGMENT);
	}
	if (f.end > IPV6_MAXPLEN)
		return lb_drop(ctx, LB_DROP_REASON_FRAGMENT);
	if (!pskb_may_pull(skb, f.at + sizeof(struct frag_hdr)))
		return lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);

	fq = lb_fragment_queue(ctx, &f);
	if (!fq)
		return lb_drop(ctx, LB_DROP_REASON_FRAGMENT);
	spin_lock(&fq->q.lock);
	verdict = lb_fragment_add(ctx, fq, &f, &refs);
	spin_unlock(&fq->q.lock);
	lb_frag_put(&fq->q, refs);
	return verdict;
}

enum lb_verdict lb_defrag(struct lb_ctx *ctx)
{
	if (ip_hdr(ctx->skb)->version == 6)
		return lb_defrag6(ctx);
	return lb_sent_as_fragment(ctx) ? LB_ACCEPT : lb_defrag4(ctx);
}

static void lb_fragments_expire(struct timer_list *t)
{
	struct inet_frag_queue *q = from_timer(q, t, timer);

	ip6frag_expire_frag_queue(q->fqdir->net, container_of(q, struct frag_queue, q));
}

static struct inet_frags lb_frags = {
	.constructor = ip6frag_init,
	.qsize = sizeof(struct frag_queue),
	.frag_expire = lb_fragments_expire,
	.frags_cache_name = "lb-frags",
	.rhash_params = {
		.head_offset = offsetof(struct inet_frag_queue, node),
		.hashfn = ip6frag_key_hashfn,
		.obj_hashfn = ip6frag_obj_hashfn,
		.obj_cmpfn = ip6frag_obj_cmpfn,
		.automatic_shrinking = true,
	},
};

int lb_defrag_net_init(struct lb_net *ln)
{
	int err;

	err = fqdir_init(&ln->frags, &lb_frags, ln->net);
	if (err)
		return err;
	ln->frags->high_thresh = IPV6_FRAG_HIGH_THRESH;
	ln->frags->low_thresh = IPV6_FRAG_LOW_THRESH;
	ln->frags->timeout = IPV6_FRAG_TIMEOUT;
	return 0;
}

void lb_defrag_net_pre_exit(struct lb_net *ln)
{
	fqdir_pre_exit(ln->frags);
}

void lb_defrag_net_exit(struct lb_net *ln)
{
	fqdir_exit(ln->frags);
}

int lb_defrag_init(void)
{
	return inet_frags_init(&lb_frags);
}

void lb_defrag_exit(void)
{
	inet_frags_fini(&lb_frags);
}
