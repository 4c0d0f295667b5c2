/* SPDX-License-Identifier: GPL-2.0 */
/* A TCP stream of which something was replaced on the way: what its positions are
 * called before and behind the place where that is done, and what a segment that is
 * sent again has to become.
 */
#ifndef LB_CORE_SEQ_EDIT_H
#define LB_CORE_SEQ_EDIT_H

#include "types.h"

#define SEQ_EDITS	4
#define SEQ_EDIT_TEXT	24

/**
 * struct seq_edit - a piece that was replaced
 * @at: the sender's name for the position of its first byte
 * @shift: what is added to positions in front of it, back to the previous piece
 * @old_len: its bytes
 * @new_len: bytes of what stands there now
 * @text: what stands there now
 */
struct seq_edit {
	u32 at;
	u32 shift;
	u8 old_len;
	u8 new_len;
	char text[SEQ_EDIT_TEXT];
};

/**
 * struct seq_edits - the last pieces of a stream that were replaced; at first all 0
 * @shift: what is added to positions behind the last one
 * @n: how many are known
 * @edit: oldest first
 */
struct seq_edits {
	u32 shift;
	u32 n;
	struct seq_edit edit[SEQ_EDITS];
};

/* From the sender's name of a position to the receiver's. */
u32 seq_edits_out(const struct seq_edits *edits, u32 seq);
/* Back; what lies within a replaced piece becomes its beginning. */
u32 seq_edits_in(const struct seq_edits *edits, u32 seq);

/* Can another piece be replaced? The oldest is forgotten for it when the receiver has
 * it: @acked is what it has, by the sender's name.
 */
bool seq_edits_room(struct seq_edits *edits, u32 acked);
/* There is room; @at lies behind the last piece; @old_len and @new_len fit. */
void seq_edits_add(struct seq_edits *edits, u32 at, u8 old_len, const char *text, u8 new_len);

/**
 * struct seq_cut - what a piece means to one segment
 * @off: offset in the segment
 * @old_len: bytes to be replaced there
 * @new_len: by how many
 * @text: which
 */
struct seq_cut {
	u32 off;
	u32 old_len;
	u32 new_len;
	const char *text;
};

/* The part of a piece that lies in the segment of @len bytes at @seq; false for none.
 * However the sender cuts its stream, the parts make up the whole.
 */
bool seq_edit_cut(const struct seq_edit *edit, u32 seq, u32 len, struct seq_cut *cut);

#endif /* LB_CORE_SEQ_EDIT_H */
