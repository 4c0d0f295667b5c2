// SPDX-License-Identifier: GPL-2.0
/* Messages of the synchronisation between directors. See sync_msg.h. */
#include "sync_msg.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#define SYNC_RECORD_V0	24
#define SYNC_RECORD_4	36
#define SYNC_RECORD_6	72
#define SYNC_SEQS	24	/* two of struct sync_seq */

#define SYNC_CONNS_MAX	255

/* Of a record of version 1: its first byte, and its size. */
#define SYNC_TYPE_IPV6	1
#define SYNC_SIZE_MASK	0x0fff

/* Behind a record of version 1: kind:8 length:8 data. */
#define SYNC_OPTION_HEADER	2
#define SYNC_OPTION_SEQ		1
#define SYNC_OPTION_ID		2
#define SYNC_OPTION_ENGINE	3
/* An unknown one with this bit may be passed over. */
#define SYNC_OPTION_PASSABLE	0x40

static u16 sync_get16(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static u32 sync_get32(const u8 *p)
{
	return (u32)sync_get16(p) << 16 | sync_get16(p + 2);
}

static void sync_put16(u8 *p, u16 value)
{
	p[0] = (u8)(value >> 8);
	p[1] = (u8)value;
}

static void sync_put32(u8 *p, u32 value)
{
	sync_put16(p, (u16)(value >> 16));
	sync_put16(p + 2, (u16)value);
}

/* Version 0 has them as they were in its sender's memory. */
static void sync_get_seq_v0(struct sync_seq *seq, const u8 *p)
{
	memcpy(seq, p, sizeof(*seq));
}

static void sync_get_seq(struct sync_seq *seq, const u8 *p)
{
	seq->init = sync_get32(p);
	seq->delta = sync_get32(p + 4);
	seq->previous = sync_get32(p + 8);
}

static void sync_put_seq(u8 *p, const struct sync_seq *seq)
{
	sync_put32(p, seq->init);
	sync_put32(p + 4, seq->delta);
	sync_put32(p + 8, seq->previous);
}

/* A record of version 0 at @p, of which @room bytes are there; its bytes, or 0. */
static u32 sync_read_v0(struct sync_record *rec, const u8 *p, u32 room)
{
	u32 size = SYNC_RECORD_V0;

	if (room < size)
		return 0;
	memset(rec, 0, sizeof(*rec));
	rec->proto = p[1];
	rec->cport = sync_get16(p + 2);
	rec->vport = sync_get16(p + 4);
	rec->dport = sync_get16(p + 6);
	memcpy(rec->caddr, p + 8, 4);
	memcpy(rec->vaddr, p + 12, 4);
	memcpy(rec->daddr, p + 16, 4);
	rec->flags = sync_get16(p + 20);
	rec->state = sync_get16(p + 22);
	if (!(rec->flags & SYNC_SEQ))
		return size;
	if (room < size + SYNC_SEQS)
		return 0;
	rec->has_seq = true;
	sync_get_seq_v0(&rec->in, p + size);
	sync_get_seq_v0(&rec->out, p + size + sizeof(rec->in));
	return size + SYNC_SEQS;
}

static bool sync_read_option(struct sync_record *rec, u8 kind, const u8 *p, u8 len)
{
	switch (kind & ~SYNC_OPTION_PASSABLE) {
	case SYNC_OPTION_SEQ:
		if (rec->has_seq || len != SYNC_SEQS)
			return false;
		rec->has_seq = true;
		sync_get_seq(&rec->in, p);
		sync_get_seq(&rec->out, p + SYNC_SEQS / 2);
		return true;
	case SYNC_OPTION_ID:
		if (rec->id)
			return false;
		rec->id = (const char *)p;
		rec->id_len = len;
		return true;
	case SYNC_OPTION_ENGINE:
		if (rec->engine || len > SYNC_ENGINE_MAX)
			return false;
		rec->engine = (const char *)p;
		rec->engine_len = len;
		return true;
	}
	return kind & SYNC_OPTION_PASSABLE;
}

static enum sync_fault sync_read_options(struct sync_record *rec, const u8 *p, u32 len)
{
	u8 kind, bytes;

	while (len) {
		if (len < SYNC_OPTION_HEADER)
			return SYNC_BAD_OPTION;
		kind = p[0];
		bytes = p[1];
		p += SYNC_OPTION_HEADER;
		len -= SYNC_OPTION_HEADER;
		if (!bytes || bytes > len || !sync_read_option(rec, kind, p, bytes))
			return SYNC_BAD_OPTION;
		p += bytes;
		len -= bytes;
	}
	return SYNC_FINE;
}

/* A record of version 1 at @p, of which @room bytes are there; @size is its bytes. */
static enum sync_fault sync_read_v1(struct sync_record *rec, const u8 *p, u32 room, u32 *size)
{
	u32 fixed, addr;

	if (room < SYNC_RECORD_4)
		return SYNC_BAD_SIZE;
	memset(rec, 0, sizeof(*rec));
	rec->ipv6 = p[0] == SYNC_TYPE_IPV6;
	if (p[0] && !rec->ipv6)
		return SYNC_BAD_RECORD;
	*size = sync_get16(p + 2);
	fixed = rec->ipv6 ? SYNC_RECORD_6 : SYNC_RECORD_4;
	/* The upper bits are the record's own version, of which there is one. */
	if (*size & ~(u32)SYNC_SIZE_MASK || *size < fixed)
		return SYNC_BAD_RECORD;
	if (*size > room)
		return SYNC_BAD_SIZE;
	rec->proto = p[1];
	rec->flags = sync_get32(p + 4);
	rec->state = sync_get16(p + 8);
	rec->cport = sync_get16(p + 10);
	rec->vport = sync_get16(p + 12);
	rec->dport = sync_get16(p + 14);
	rec->fwmark = sync_get32(p + 16);
	rec->timeout = sync_get32(p + 20);
	addr = rec->ipv6 ? 16 : 4;
	memcpy(rec->caddr, p + 24, addr);
	memcpy(rec->vaddr, p + 24 + addr, addr);
	memcpy(rec->daddr, p + 24 + 2 * addr, addr);
	return sync_read_options(rec, p + fixed, *size - fixed);
}

static enum sync_fault sync_read_record(struct sync_reader *reader, struct sync_record *rec)
{
	const u8 *p = reader->data + reader->at;
	u32 room = reader->len - reader->at, size;
	enum sync_fault fault;

	if (reader->version) {
		fault = sync_read_v1(rec, p, room, &size);
		if (fault != SYNC_FINE)
			return fault;
		/* The last one's padding need not be there. */
		size = (size + 3) & ~3U;
		if (size > room)
			size = room;
	} else {
		size = sync_read_v0(rec, p, room);
		if (!size)
			return SYNC_BAD_SIZE;
	}
	reader->at += size;
	reader->left--;
	return SYNC_FINE;
}

/* The header alone. */
static enum sync_fault sync_read_header(struct sync_reader *reader, const u8 *data, u32 len)
{
	if (len < SYNC_HEADER_V0 || sync_get16(data + 2) != len)
		return SYNC_BAD_SIZE;
	reader->data = data;
	reader->len = len;
	reader->id = data[1];
	reader->version = !data[0];
	if (!reader->version) {
		reader->at = SYNC_HEADER_V0;
		reader->left = data[0];
		return SYNC_FINE;
	}
	if (len < SYNC_HEADER_V1)
		return SYNC_BAD_SIZE;
	if (data[5] != 1 || sync_get16(data + 6))
		return SYNC_BAD_VERSION;
	reader->at = SYNC_HEADER_V1;
	reader->left = data[4];
	return SYNC_FINE;
}

enum sync_fault sync_read(struct sync_reader *reader, const void *data, u32 len)
{
	struct sync_record rec;
	struct sync_reader first;
	enum sync_fault fault;

	fault = sync_read_header(reader, data, len);
	if (fault != SYNC_FINE)
		return fault;
	first = *reader;
	while (reader->left) {
		fault = sync_read_record(reader, &rec);
		if (fault != SYNC_FINE)
			return fault;
	}
	if (reader->at != len)
		return SYNC_BAD_SIZE;
	*reader = first;
	return SYNC_FINE;
}

bool sync_read_next(struct sync_reader *reader, struct sync_record *rec)
{
	return reader->left && sync_read_record(reader, rec) == SYNC_FINE;
}

/* Without what a record of version 0 has no place for. */
static u32 sync_size(u8 version, const struct sync_record *rec)
{
	u32 size;

	if (!version) {
		if (rec->ipv6 || rec->fwmark || rec->id_len)
			return 0;
		return SYNC_RECORD_V0 + (rec->has_seq ? SYNC_SEQS : 0);
	}
	size = rec->ipv6 ? SYNC_RECORD_6 : SYNC_RECORD_4;
	if (rec->has_seq)
		size += SYNC_OPTION_HEADER + SYNC_SEQS;
	if (rec->id_len)
		size += SYNC_OPTION_HEADER + rec->id_len + SYNC_OPTION_HEADER + rec->engine_len;
	return size;
}

u32 sync_alone(u8 version, const struct sync_record *rec)
{
	u32 size = sync_size(version, rec);

	if (!size)
		return 0;
	return size + (version ? SYNC_HEADER_V1 : SYNC_HEADER_V0);
}

void sync_write_begin(struct sync_writer *writer, void *data, u32 room, u8 version, u8 id)
{
	writer->data = data;
	writer->room = room;
	writer->version = version;
	writer->len = version ? SYNC_HEADER_V1 : SYNC_HEADER_V0;
	memset(data, 0, writer->len);
	writer->data[1] = id;
	sync_put16(writer->data + 2, (u16)writer->len);
	if (version)
		writer->data[5] = 1;
}

static void sync_write_v0(u8 *p, const struct sync_record *rec)
{
	p[0] = 0;
	p[1] = rec->proto;
	sync_put16(p + 2, rec->cport);
	sync_put16(p + 4, rec->vport);
	sync_put16(p + 6, rec->dport);
	memcpy(p + 8, rec->caddr, 4);
	memcpy(p + 12, rec->vaddr, 4);
	memcpy(p + 16, rec->daddr, 4);
	sync_put16(p + 20, (u16)rec->flags);
	sync_put16(p + 22, rec->state);
	if (!rec->has_seq)
		return;
	memcpy(p + SYNC_RECORD_V0, &rec->in, sizeof(rec->in));
	memcpy(p + SYNC_RECORD_V0 + sizeof(rec->in), &rec->out, sizeof(rec->out));
}

static u8 *sync_write_option(u8 *p, u8 kind, const void *data, u8 len)
{
	*p++ = kind;
	*p++ = len;
	memcpy(p, data, len);
	return p + len;
}

static void sync_write_v1(u8 *p, const struct sync_record *rec, u32 size)
{
	const u32 addr = rec->ipv6 ? 16 : 4;

	p[0] = rec->ipv6 ? SYNC_TYPE_IPV6 : 0;
	p[1] = rec->proto;
	sync_put16(p + 2, (u16)size);
	sync_put32(p + 4, rec->flags);
	sync_put16(p + 8, rec->state);
	sync_put16(p + 10, rec->cport);
	sync_put16(p + 12, rec->vport);
	sync_put16(p + 14, rec->dport);
	sync_put32(p + 16, rec->fwmark);
	sync_put32(p + 20, rec->timeout);
	memcpy(p + 24, rec->caddr, addr);
	memcpy(p + 24 + addr, rec->vaddr, addr);
	memcpy(p + 24 + 2 * addr, rec->daddr, addr);
	p += rec->ipv6 ? SYNC_RECORD_6 : SYNC_RECORD_4;
	if (rec->has_seq) {
		*p++ = SYNC_OPTION_SEQ;
		*p++ = SYNC_SEQS;
		sync_put_seq(p, &rec->in);
		sync_put_seq(p + SYNC_SEQS / 2, &rec->out);
		p += SYNC_SEQS;
	}
	if (rec->id_len) {
		p = sync_write_option(p, SYNC_OPTION_ID, rec->id, rec->id_len);
		sync_write_option(p, SYNC_OPTION_ENGINE, rec->engine, rec->engine_len);
	}
}

bool sync_write(struct sync_writer *writer, const struct sync_record *rec)
{
	u8 *conns = writer->data + (writer->version ? 4 : 0);
	u32 at = (writer->len + 3) & ~3U;
	u32 size = sync_size(writer->version, rec);

	if (*conns == SYNC_CONNS_MAX || at > writer->room || size > writer->room - at)
		return false;
	memset(writer->data + writer->len, 0, at - writer->len);
	if (writer->version)
		sync_write_v1(writer->data + at, rec, size);
	else
		sync_write_v0(writer->data + at, rec);
	writer->len = at + size;
	sync_put16(writer->data + 2, (u16)writer->len);
	(*conns)++;
	return true;
}
