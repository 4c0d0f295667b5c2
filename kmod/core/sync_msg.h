/* SPDX-License-Identifier: GPL-2.0 */
/* The messages by which a director tells another of its connections, as ip_vs has them:
 * bytes to values and back, protocol versions 0 and 1. Nothing of a message is believed:
 * what comes in is checked whole before any of it is handed out.
 *
 *	version 0	conns:8 id:8 size:16			then records
 *	version 1	0:8 id:8 size:16 conns:8 1:8 0:16	then records, each at a
 *								multiple of 4
 *
 * What values mean (a state, a flag) is its reader's to judge.
 */
#ifndef LB_CORE_SYNC_MSG_H
#define LB_CORE_SYNC_MSG_H

#include "types.h"

#define SYNC_HEADER_V0	4
#define SYNC_HEADER_V1	8

/* Flags of a record; the lowest bits are the method. Those of ip_vs. */
#define SYNC_METHOD	0x0007
#define SYNC_MASQ	0
#define SYNC_LOCAL	1
#define SYNC_TUNNEL	2
#define SYNC_DIRECT	3
#define SYNC_BYPASS	4
#define SYNC_NO_OUTPUT	0x0080
#define SYNC_INACTIVE	0x0100
#define SYNC_OUT_SEQ	0x0200
#define SYNC_SEQ	0x0600		/* this or that of the other direction: numbers follow */
#define SYNC_NO_CPORT	0x0800
#define SYNC_TEMPLATE	0x1000
#define SYNC_ONE_PACKET	0x2000

/* As in ip_vs. */
#define SYNC_ENGINE_MAX	16

/* How one direction of a stream is renumbered: ip_vs's struct ip_vs_seq. */
struct sync_seq {
	u32 init;
	u32 delta;
	u32 previous;
};

/**
 * struct sync_record - a connection, or a template
 * @ipv6: addresses are of 16 bytes, not of 4
 * @proto: IPPROTO_*
 * @flags: SYNC_*
 * @state: by its protocol, ip_vs's numbers
 * @cport: client's port, host byte order, as the next two
 * @vport: service's
 * @dport: destination's
 * @fwmark: of its service, 0 for none; version 1
 * @timeout: seconds, 0 where it is not told; version 1
 * @caddr: client, network byte order, as the next two
 * @vaddr: service
 * @daddr: destination
 * @has_seq: @in and @out are given
 * @in: from the client
 * @out: to the client
 * @engine_len: bytes of @engine
 * @id_len: bytes of @id
 * @engine: name of what @id was found by; within the message, without an end
 * @id: what else a template's client is told by; within the message
 */
struct sync_record {
	bool ipv6;
	u8 proto;
	u16 state;
	u32 flags;
	u16 cport;
	u16 vport;
	u16 dport;
	u32 fwmark;
	u32 timeout;
	u8 caddr[16];
	u8 vaddr[16];
	u8 daddr[16];
	bool has_seq;
	struct sync_seq in;
	struct sync_seq out;
	u8 engine_len;
	u8 id_len;
	const char *engine;
	const char *id;
};

/* What is wrong with a message, or a record. */
enum sync_fault {
	SYNC_FINE,
	SYNC_BAD_SIZE,		/* it is not as long as it says, or too short for what it holds */
	SYNC_BAD_VERSION,	/* neither 0 nor 1 */
	SYNC_BAD_RECORD,	/* of no known kind, or lengths that contradict each other */
	SYNC_BAD_OPTION,	/* twice, empty, too long, or unknown and not to be passed over */
};

/**
 * struct sync_reader - a message that is being read
 * @data: its bytes
 * @len: how many
 * @at: where the next record begins
 * @left: records to come
 * @version: 0 or 1
 * @id: of whoever sent it
 */
struct sync_reader {
	const u8 *data;
	u32 len;
	u32 at;
	u8 left;
	u8 version;
	u8 id;
};

/* Reads a message of @len bytes from its header to its last record. With SYNC_FINE,
 * @reader is at the first record.
 */
enum sync_fault sync_read(struct sync_reader *reader, const void *data, u32 len);
/* The next record; false at the end. After SYNC_FINE only. */
bool sync_read_next(struct sync_reader *reader, struct sync_record *rec);

/**
 * struct sync_writer - a message that is being written
 * @data: its bytes
 * @room: how many there may be
 * @len: how many there are
 * @version: 0 or 1
 */
struct sync_writer {
	u8 *data;
	u32 room;
	u32 len;
	u8 version;
};

/* Bytes of a message that holds @rec and nothing else; 0 when that version cannot say it. */
u32 sync_alone(u8 version, const struct sync_record *rec);
/* An empty message; @room is as long as a header at least, and a multiple of 4. */
void sync_write_begin(struct sync_writer *writer, void *data, u32 room, u8 version, u8 id);
/* False, and nothing written, where it does not fit. sync_alone() is not 0. */
bool sync_write(struct sync_writer *writer, const struct sync_record *rec);

#endif /* LB_CORE_SYNC_MSG_H */
