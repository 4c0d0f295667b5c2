// SPDX-License-Identifier: GPL-2.0
/* FTP: where the data connection goes is said on the control connection, by the client
 * (active: PORT, EPRT) or by the server (passive: 227, 229).
 *
 * With nat the server sees the client's address as it is, so what the client says is
 * only listened to. The server names itself, and is to be known by the virtual address:
 * its replies are rewritten.
 *
 * Only what names its speaker is believed, and no privileged port: RFC 2577, 3.
 */
#include "../alg.h"

#include <linux/in.h>

#include "../core/ftp.h"
#include "../dest.h"
#include "../seqadj.h"
#include "../service.h"

/* Bytes that are read at a time. */
#define LB_FTP_CHUNK	64

/* Virtual ports that are tried for a passive data connection. */
#define LB_FTP_TRIES	16

/* Announcements that a packet may hold. */
#define LB_FTP_BUDGET	LB_EXPECTS

/* Does @said name this address? It does if it names none. */
static bool lb_ftp_names(const struct ftp_said *said, u8 family, const union lb_addr *addr)
{
	return !said->addr_len || (said->addr_len == lb_addr_len(family) &&
				   !memcmp(said->addr, addr, said->addr_len));
}

/* The server will connect to the client, from whatever port. To the client it will be
 * the port below the service's, as if it were the server itself (RFC 959, 3.2).
 */
static void lb_ftp_active(struct lb_ctx *ctx, struct lb_control *control,
			  const struct ftp_said *said)
{
	const struct lb_conn *conn = &control->conn;
	struct lb_expect_key key = {
		.src = conn->dest->addr,
		.dport = htons(said->port),
		.family = conn->family,
	};

	lb_conn_caddr(conn, &key.dst);
	if (said->port < PROT_SOCK || !lb_ftp_names(said, conn->family, &key.dst))
		return;
	lb_expect_add(ctx->ln, control, &key, LB_DIR_OUT, htons(ntohs(conn->vport) - 1));
}

/* Nobody is served at this virtual port by its own name. */
static bool lb_ftp_port_is_free(struct lb_net *ln, const struct lb_expect_key *data)
{
	const struct lb_service_key key = {
		.addr = data->dst,
		.port = data->dport,
		.family = data->family,
		.proto = IPPROTO_TCP,
	};

	return !lb_service_find(ln, &key);
}

/* The client will connect to the server: to the same port of the virtual address, unless
 * that is taken. Returns the port, or 0.
 */
static u16 lb_ftp_passive(struct lb_ctx *ctx, struct lb_control *control, u16 dport)
{
	const struct lb_conn *conn = &control->conn;
	struct lb_expect_key key = { .family = conn->family };
	unsigned int i;
	u16 vport;

	lb_conn_caddr(conn, &key.src);
	lb_conn_vaddr(conn, &key.dst);
	for (i = 0; i < LB_FTP_TRIES; i++) {
		vport = dport <= U16_MAX - i ? dport + i : dport - i;
		key.dport = htons(vport);
		if (lb_ftp_port_is_free(ctx->ln, &key) &&
		    lb_expect_add(ctx->ln, control, &key, LB_DIR_IN, htons(dport)))
			return vport;
	}
	return 0;
}

/* @said is what @line, of which nothing before @fresh is at hand, says. */
static void lb_ftp_reply(struct lb_ctx *ctx, struct lb_control *control,
			 const struct ftp_line *line, const struct ftp_said *said, u32 fresh)
{
	const struct lb_conn *conn = &control->conn;
	u32 at = line->begin + said->at;
	char text[FTP_NUMBERS_MAX];
	union lb_addr vaddr;
	u16 vport;
	u32 len;

	BUILD_BUG_ON(FTP_NUMBERS_MAX > SEQ_EDIT_TEXT);

	lb_conn_vaddr(conn, &vaddr);
	if (said->port < PROT_SOCK || (!lb_ftp_names(said, conn->family, &conn->dest->addr) &&
				       !lb_ftp_names(said, conn->family, &vaddr)))
		return;
	/* What was let pass cannot be rewritten; what may be sent again must be known. */
	if ((s32)(at - fresh) < 0 || !seq_edits_room(&control->edits, control->acked))
		return;
	vport = lb_ftp_passive(ctx, control, said->port);
	if (!vport)
		return;
	len = ftp_write(text, said->addr_len ? (const u8 *)&vaddr.ip : NULL, vport);
	if (len != said->len || memcmp(text, line->text + said->at, len))
		seq_edits_add(&control->edits, at, said->len, text, len);
}

/* Returns whether the line, all that is known of it, announced something. */
static bool lb_ftp_heard(struct lb_ctx *ctx, struct lb_control *control,
			 const struct ftp_line *line, u32 fresh)
{
	struct ftp_said said;

	if (ctx->dir == LB_DIR_IN) {
		if (!ftp_command(line, &said))
			return false;
		lb_ftp_active(ctx, control, &said);
	} else {
		if (!ftp_reply(line, &said))
			return false;
		lb_ftp_reply(ctx, control, line, &said, fresh);
	}
	return true;
}

/* The @len bytes of the stream from @pos on, which are at @at of the packet. */
static void lb_ftp_listen(struct lb_ctx *ctx, struct lb_control *control, struct ftp_line *line,
			  u32 pos, unsigned int at, unsigned int len)
{
	int budget = LB_FTP_BUDGET;
	const u32 fresh = pos;
	u8 chunk[LB_FTP_CHUNK];
	unsigned int i, n;

	for (; len; len -= n, at += n) {
		n = min_t(unsigned int, len, sizeof(chunk));
		if (skb_copy_bits(ctx->skb, at, chunk, n))
			return;
		for (i = 0; i < n; i++) {
			if (!ftp_line_add(line, chunk[i], pos++))
				continue;
			if (budget > 0)
				budget -= lb_ftp_heard(ctx, control, line, fresh);
			ftp_line_end(line);
		}
	}
	/* The end of a line may come later, but what goes on now can be rewritten only now. */
	if (ctx->dir == LB_DIR_OUT && budget > 0 && lb_ftp_heard(ctx, control, line, fresh))
		line->skip = true;
}

static void lb_ftp_begin(struct lb_control *control, enum lb_dir dir, u32 seq)
{
	struct lb_stream *stream = &control->stream[dir];

	memset(stream, 0, sizeof(*stream));
	stream->next = seq + 1;
	stream->known = true;
	if (dir == LB_DIR_OUT) {
		memset(&control->edits, 0, sizeof(control->edits));
		control->acked = seq;
	}
}

/* Each byte is read once, when it comes for the first time and in order. */
static void lb_ftp_read(struct lb_ctx *ctx, struct lb_control *control,
			const struct lb_segment *seg)
{
	struct lb_stream *stream = &control->stream[ctx->dir];
	u32 old = stream->next - seg->seq;

	if (!stream->known)
		return;
	if ((s32)old < 0) {
		ftp_line_lose(&stream->line);
		old = 0;
	}
	if (old >= seg->len)
		return;
	stream->next = seg->seq + seg->len;
	lb_ftp_listen(ctx, control, &stream->line, seg->seq + old, seg->payload + old,
		      seg->len - old);
}

bool lb_ftp_step(struct lb_ctx *ctx)
{
	struct lb_control *control = lb_control(ctx->conn);
	struct lb_segment seg;
	bool done;

	if (!lb_segment_read(ctx, &seg))
		return true;
	spin_lock(&control->lock);
	if (seg.syn)
		lb_ftp_begin(control, ctx->dir, seg.seq);
	else
		lb_ftp_read(ctx, control, &seg);
	if (ctx->dir == LB_DIR_OUT) {
		done = lb_seqadj_out(ctx, &seg, &control->edits);
	} else {
		if (seg.acks)
			control->acked = seq_edits_in(&control->edits, seg.ack);
		done = lb_seqadj_in(ctx, &seg, &control->edits);
	}
	spin_unlock(&control->lock);
	return done;
}
