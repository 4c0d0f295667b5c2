/* SPDX-License-Identifier: GPL-2.0 */
/* TCP segments of a stream of which something is rewritten: the payload, and the
 * numbers of all that follows. The arithmetic is core/seq_edit.h's.
 */
#ifndef LB_SEQADJ_H
#define LB_SEQADJ_H

#include <linux/skbuff.h>

#include "core/seq_edit.h"

struct lb_ctx;

/**
 * struct lb_segment - a TCP segment
 * @seq: its sequence number
 * @ack: what it acknowledges, if @acks
 * @payload: offset from skb->data
 * @len: bytes of payload
 * @syn: the flag
 * @acks: the flag
 */
struct lb_segment {
	u32 seq;
	u32 ack;
	unsigned int payload;
	unsigned int len;
	bool syn;
	bool acks;
};

/* Returns false for what is no TCP segment, or a broken one. */
bool lb_segment_read(const struct lb_ctx *ctx, struct lb_segment *seg);

/* From the sender of the stream: puts in what was replaced, and its number right.
 * Returns false when there is no memory, or no way to do it.
 */
bool lb_seqadj_out(struct lb_ctx *ctx, const struct lb_segment *seg,
		   const struct seq_edits *edits);
/* From its receiver: puts right what it acknowledges. */
bool lb_seqadj_in(struct lb_ctx *ctx, const struct lb_segment *seg,
		  const struct seq_edits *edits);

#endif /* LB_SEQADJ_H */
