// SPDX-License-Identifier: GPL-2.0
/* Checksums are updated by what changes in the segment, as in xmit/nat.c: what came
 * damaged leaves damaged.
 */
#include "seqadj.h"

#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "core/tcp_options.h"
#include "packet.h"

bool lb_segment_read(const struct lb_ctx *ctx, struct lb_segment *seg)
{
	const struct lb_packet *pkt = &ctx->pkt;
	const struct tcphdr *th;
	struct tcphdr _th;

	if (pkt->icmp)
		return false;
	th = skb_header_pointer(ctx->skb, pkt->l4, sizeof(_th), &_th);
	if (!th || th->doff * 4 < sizeof(*th) || pkt->l4 + th->doff * 4 > ctx->skb->len)
		return false;
	*seg = (struct lb_segment){
		.seq = ntohl(th->seq),
		.ack = ntohl(th->ack_seq),
		.payload = pkt->l4 + th->doff * 4,
		.syn = th->syn,
		.acks = th->ack,
	};
	seg->len = ctx->skb->len - seg->payload;
	return true;
}

static struct tcphdr *lb_tcp(const struct lb_ctx *ctx)
{
	return (struct tcphdr *)(ctx->skb->data + ctx->pkt.l4);
}

/* Sum of the segment's first @len bytes, which are linear. */
static __wsum lb_tcp_sum(const struct lb_ctx *ctx, unsigned int len)
{
	return csum_partial(lb_tcp(ctx), len, 0);
}

/* The segment's sum was @old and is @new. */
static void lb_tcp_update(struct lb_ctx *ctx, __wsum old, __wsum new)
{
	if (ctx->skb->ip_summed != CHECKSUM_PARTIAL)
		csum_replace_by_diff(&lb_tcp(ctx)->check, csum_sub(new, old));
}

/* Room for @grow more bytes at the end. */
static bool lb_make_room(struct sk_buff *skb, unsigned int grow)
{
	unsigned int room = skb_tailroom(skb);

	return grow <= room || !pskb_expand_head(skb, 0, grow - room, GFP_ATOMIC);
}

static bool lb_replace(struct sk_buff *skb, unsigned int payload, const struct seq_cut *cut)
{
	unsigned int behind = skb->len - payload - cut->off - cut->old_len;
	u8 *at;

	if (cut->new_len > cut->old_len && !lb_make_room(skb, cut->new_len - cut->old_len))
		return false;
	at = skb->data + payload + cut->off;
	memmove(at + cut->new_len, at + cut->old_len, behind);
	memcpy(at, cut->text, cut->new_len);
	if (cut->new_len > cut->old_len)
		skb_put(skb, cut->new_len - cut->old_len);
	else
		__skb_trim(skb, skb->len - (cut->old_len - cut->new_len));
	return true;
}

/* The segment had @old_len bytes from the network header on. */
static void lb_resized(struct lb_ctx *ctx, const struct lb_segment *seg, unsigned int old_len)
{
	unsigned int l4 = ctx->pkt.l4, payload;
	struct sk_buff *skb = ctx->skb;

	if (skb->len != old_len) {
		inet_proto_csum_replace2(&lb_tcp(ctx)->check, skb, htons(old_len - l4),
					 htons(skb->len - l4), true);
		if (ctx->pkt.tuple.family == AF_INET) {
			struct iphdr *ih = ip_hdr(skb);
			__be16 len = htons(skb->len);

			csum_replace2(&ih->check, ih->tot_len, len);
			ih->tot_len = len;
		} else {
			ipv6_hdr(skb)->payload_len = htons(skb->len - sizeof(struct ipv6hdr));
		}
	}
	/* What is longer than the sender knew goes in fragments if it must. */
	if (skb->len > old_len)
		skb->ignore_df = 1;
	if (skb_is_gso(skb)) {
		payload = skb->len - seg->payload;
		if (payload <= skb_shinfo(skb)->gso_size)
			skb_gso_reset(skb);
		else
			skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(payload,
								 skb_shinfo(skb)->gso_size);
	}
}

/* Returns whether anything of the payload is to be replaced. */
static bool lb_is_touched(const struct lb_segment *seg, const struct seq_edits *edits)
{
	struct seq_cut cut;
	u32 i;

	for (i = 0; i < edits->n; i++) {
		if (seq_edit_cut(&edits->edit[i], seg->seq, seg->len, &cut))
			return true;
	}
	return false;
}

static bool lb_replace_all(struct lb_ctx *ctx, const struct lb_segment *seg,
			   const struct seq_edits *edits)
{
	struct sk_buff *skb = ctx->skb;
	unsigned int old_len = skb->len;
	struct seq_cut cut;
	__wsum old;
	u32 i;

	if (skb_ensure_writable(skb, skb->len))
		return false;
	old = lb_tcp_sum(ctx, skb->len - ctx->pkt.l4);
	/* From the end, so that those in front stay where they are. */
	for (i = edits->n; i; i--) {
		if (seq_edit_cut(&edits->edit[i - 1], seg->seq, seg->len, &cut) &&
		    !lb_replace(skb, seg->payload, &cut))
			return false;
	}
	lb_tcp_update(ctx, old, lb_tcp_sum(ctx, skb->len - ctx->pkt.l4));
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	lb_resized(ctx, seg, old_len);
	return true;
}

bool lb_seqadj_out(struct lb_ctx *ctx, const struct lb_segment *seg,
		   const struct seq_edits *edits)
{
	u32 seq = seq_edits_out(edits, seg->seq);

	if (lb_is_touched(seg, edits) && !lb_replace_all(ctx, seg, edits))
		return false;
	if (seq == seg->seq)
		return true;
	if (skb_ensure_writable(ctx->skb, seg->payload))
		return false;
	inet_proto_csum_replace4(&lb_tcp(ctx)->check, ctx->skb, htonl(seg->seq), htonl(seq), false);
	lb_tcp(ctx)->seq = htonl(seq);
	return true;
}

/* Selective acknowledgements, wherever they stand. */
static void lb_seqadj_sack(struct tcphdr *th, const struct seq_edits *edits)
{
	u8 *options = (u8 *)(th + 1);
	u32 at, blocks, i;
	__be32 value;

	if (!tcp_find_sack(options, th->doff * 4 - sizeof(*th), &at, &blocks))
		return;
	for (i = 0; i < 2 * blocks; i++) {
		u8 *edge = options + at + i * sizeof(value);

		memcpy(&value, edge, sizeof(value));
		value = htonl(seq_edits_in(edits, ntohl(value)));
		memcpy(edge, &value, sizeof(value));
	}
}

bool lb_seqadj_in(struct lb_ctx *ctx, const struct lb_segment *seg,
		  const struct seq_edits *edits)
{
	unsigned int len = seg->payload - ctx->pkt.l4;
	struct tcphdr *th;
	__wsum old;

	if (!seg->acks || (!edits->n && !edits->shift))
		return true;
	if (skb_ensure_writable(ctx->skb, seg->payload))
		return false;
	th = lb_tcp(ctx);
	old = lb_tcp_sum(ctx, len);
	th->ack_seq = htonl(seq_edits_in(edits, seg->ack));
	lb_seqadj_sack(th, edits);
	lb_tcp_update(ctx, old, lb_tcp_sum(ctx, len));
	return true;
}
