// SPDX-License-Identifier: GPL-2.0
#include "seq_edit.h"

/* Positions wrap: one is before another when it is less than half the circle behind. */
static bool before(u32 a, u32 b)
{
	return (int)(a - b) < 0;
}

static u32 lesser(u32 a, u32 b)
{
	return a < b ? a : b;
}

u32 seq_edits_out(const struct seq_edits *edits, u32 seq)
{
	u32 shift = edits->shift, i;

	for (i = edits->n; i; i--) {
		const struct seq_edit *e = &edits->edit[i - 1];

		if (!before(seq, e->at + e->old_len))
			break;
		shift = e->shift;
		if (before(e->at, seq))
			return e->at + shift + lesser(seq - e->at, e->new_len);
	}
	return seq + shift;
}

u32 seq_edits_in(const struct seq_edits *edits, u32 seq)
{
	u32 shift = edits->shift, i;

	for (i = edits->n; i; i--) {
		const struct seq_edit *e = &edits->edit[i - 1];

		if (!before(seq, e->at + e->shift + e->new_len))
			break;
		shift = e->shift;
		if (before(e->at + shift, seq))
			return e->at;
	}
	return seq - shift;
}

bool seq_edits_room(struct seq_edits *edits, u32 acked)
{
	u32 i;

	if (edits->n < SEQ_EDITS)
		return true;
	if (before(acked, edits->edit[0].at + edits->edit[0].old_len))
		return false;
	edits->n--;
	for (i = 0; i < edits->n; i++)
		edits->edit[i] = edits->edit[i + 1];
	return true;
}

void seq_edits_add(struct seq_edits *edits, u32 at, u8 old_len, const char *text, u8 new_len)
{
	struct seq_edit *e = &edits->edit[edits->n++];
	u32 i;

	e->at = at;
	e->shift = edits->shift;
	e->old_len = old_len;
	e->new_len = new_len;
	for (i = 0; i < new_len; i++)
		e->text[i] = text[i];
	edits->shift += (u32)new_len - old_len;
}

bool seq_edit_cut(const struct seq_edit *edit, u32 seq, u32 len, struct seq_cut *cut)
{
	u32 end = edit->at + edit->old_len;
	u32 from = before(edit->at, seq) ? seq : edit->at;
	u32 to = before(seq + len, end) ? seq + len : end;
	u32 text_from, text_to;

	if (!before(from, to))
		return false;
	text_from = lesser(from - edit->at, edit->new_len);
	text_to = to == end ? edit->new_len : lesser(to - edit->at, edit->new_len);
	cut->off = from - seq;
	cut->old_len = to - from;
	cut->new_len = text_to - text_from;
	cut->text = edit->text + text_from;
	return true;
}
