/* SPDX-License-Identifier: GPL-2.0 */
/* From an skb to what the other files want to know of it. packet.c is the only
 * reader of raw headers on the way in; struct lb_ctx is what a packet carries
 * with it from step to step, filled from top to bottom.
 */
#ifndef LB_PACKET_H
#define LB_PACKET_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "addr.h"
#include "core/sctp_state.h"
#include "lb.h"

/* Which way a packet goes: from the client, or to it. */
enum lb_dir {
	LB_DIR_IN,
	LB_DIR_OUT,
};

/* What the transport header says, as far as connections care. */
enum lb_event {
	LB_EVENT_SYN,		/* SYN set, RST not (SYN and FIN: SYN) */
	LB_EVENT_FIN,
	LB_EVENT_ACK,
	LB_EVENT_RST,
	LB_EVENT_NONE,		/* TCP without any of these; UDP; SCTP without a chunk */
	LB_EVENT_SCTP,		/* the first of enum sctp_seen; the others follow */
};

/* That a chunk of this kind comes first in an SCTP packet. */
static inline enum lb_event lb_sctp_event(enum sctp_seen seen)
{
	return (enum lb_event)((int)LB_EVENT_SCTP + (int)seen);
}

/**
 * struct lb_packet - what is known of a packet after reading it
 * @tuple: its addresses and ports. For an ICMP error: those of the quoted
 *	packet turned round, that is, of a packet that would answer the quoted
 *	one; so both belong to the same connection and direction.
 * @len: bytes from the network header on
 * @l4: offset from skb->data of the transport header; of an ICMP error: of
 *	the ICMP header
 * @quoted_l3: offset from skb->data of the quoted network header, ICMP errors
 * @quoted_l4: offset from skb->data of the quoted transport header, of which
 *	the ports at least are there; ICMP errors
 * @event: what happened to the connection
 * @icmp: the packet is an ICMP or ICMPv6 error
 * @portless: it, or what it quotes, is IPsec's: the ports of @tuple are those of
 *	the key exchange, and not in the packet
 *
 * skb->data is at the network header. Nothing is linear for sure but the
 * network header itself (and IPv6 extension headers need not be).
 */
struct lb_packet {
	struct lb_tuple tuple;
	unsigned int len;
	unsigned int l4;
	unsigned int quoted_l3;
	unsigned int quoted_l4;
	enum lb_event event;
	bool icmp;
	bool portless;
};

/* RFC 4306: where key exchanges are held. */
#define LB_PORT_ISAKMP	500

/* RFC 959, 8: an FTP server's control port and the one that its data come from. */
#define LB_PORT_FTP		21
#define LB_PORT_FTP_DATA	20

static inline bool lb_is_ipsec(u8 proto)
{
	return proto == IPPROTO_ESP || proto == IPPROTO_AH;
}

/* IPsec's packets belong to the connection of their ends' key exchange, as in ip_vs. */
static inline void lb_tuple_set_ipsec(struct lb_tuple *tuple)
{
	tuple->proto = IPPROTO_UDP;
	tuple->sport = htons(LB_PORT_ISAKMP);
	tuple->dport = htons(LB_PORT_ISAKMP);
}

/**
 * struct lb_ctx - one packet's journey, on the stack
 * @skb: the packet
 * @ln: its namespace
 * @hook: NF_INET_LOCAL_IN, NF_INET_FORWARD or NF_INET_LOCAL_OUT
 * @pkt: lb_packet_read()
 * @hash: of pkt.tuple; lb_conn_find()
 * @conn: lb_conn_find() or lb_conn_admit(); valid under rcu_read_lock()
 * @dir: which way it goes in @conn
 * @adopt: its connection goes on elsewhere: it may open one though it begins none
 */
struct lb_ctx {
	struct sk_buff *skb;
	struct lb_net *ln;
	unsigned int hook;
	struct lb_packet pkt;
	u32 hash;
	struct lb_conn *conn;
	enum lb_dir dir;
	bool adopt;
};

/**
 * lb_packet_read - fill @ctx->pkt
 * @ctx: skb, ln and hook are set
 *
 * Return: LB_CONTINUE; LB_ACCEPT for what is not TCP, UDP, SCTP, ESP, AH or an ICMP
 * error about them; LB_DROP for what is malformed; LB_STOLEN for a fragment that
 * waits for the rest.
 */
enum lb_verdict lb_packet_read(struct lb_ctx *ctx);

/* Counts the reason; return lb_drop(...) reads as what happens. */
enum lb_verdict lb_drop(const struct lb_ctx *ctx, enum lb_drop_reason reason);

#endif /* LB_PACKET_H */
