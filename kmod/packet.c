// SPDX-License-Identifier: GPL-2.0
/* Reads raw headers, once, into struct lb_packet. Decides which packets can
 * concern us at all; whether they do is for the tables.
 */
#include "packet.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "defrag.h"
#include "stats.h"
#include "xmit.h"

enum lb_verdict lb_drop(const struct lb_ctx *ctx, enum lb_drop_reason reason)
{
	lb_drop_count(ctx->ln, reason);
	return LB_DROP;
}

/* A header that ends too early: ours to refuse where the packet is addressed to
 * us, not ours to judge where it passes.
 */
static enum lb_verdict lb_malformed(const struct lb_ctx *ctx)
{
	if (ctx->hook != NF_INET_LOCAL_IN)
		return LB_ACCEPT;
	return lb_drop(ctx, LB_DROP_REASON_MALFORMED);
}

static bool lb_is_balanced(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_SCTP;
}

/* SYN wins over FIN, RST over everything, as in ip_vs. */
static enum lb_event lb_tcp_event(const struct tcphdr *th)
{
	if (th->rst)
		return LB_EVENT_RST;
	if (th->syn)
		return LB_EVENT_SYN;
	if (th->fin)
		return LB_EVENT_FIN;
	return th->ack ? LB_EVENT_ACK : LB_EVENT_NONE;
}

/* The first chunk says what the packet is about, with one exception: an ABORT
 * may stand behind COOKIE ECHO or COOKIE ACK (RFC 9260, 3.3.7 and 6.10).
 */
static enum lb_event lb_read_chunk(const struct sk_buff *skb, unsigned int at)
{
	const struct sctp_chunkhdr *ch;
	struct sctp_chunkhdr _ch;
	unsigned int len;
	u8 type;

	ch = skb_header_pointer(skb, at, sizeof(_ch), &_ch);
	if (!ch)
		return LB_EVENT_NONE;
	type = ch->type;
	len = ntohs(ch->length);
	if ((type == SCTP_CHUNK_COOKIE_ECHO || type == SCTP_CHUNK_COOKIE_ACK) &&
	    len >= sizeof(_ch)) {
		ch = skb_header_pointer(skb, at + ALIGN(len, 4), sizeof(_ch), &_ch);
		if (ch && ch->type == SCTP_CHUNK_ABORT)
			type = SCTP_CHUNK_ABORT;
	}
	return lb_sctp_event(sctp_chunk_seen(type));
}

static enum lb_verdict lb_read_l4(struct lb_ctx *ctx, unsigned int l4, u8 proto)
{
	struct lb_packet *pkt = &ctx->pkt;
	union {
		struct tcphdr tcp;
		struct udphdr udp;
		struct sctphdr sctp;
	} _h;
	const struct tcphdr *th;
	const struct udphdr *uh;
	const struct sctphdr *sh;

	pkt->l4 = l4;
	pkt->tuple.proto = proto;
	if (proto == IPPROTO_TCP) {
		th = skb_header_pointer(ctx->skb, l4, sizeof(_h.tcp), &_h.tcp);
		if (!th)
			return lb_malformed(ctx);
		pkt->tuple.sport = th->source;
		pkt->tuple.dport = th->dest;
		pkt->event = lb_tcp_event(th);
	} else if (proto == IPPROTO_SCTP) {
		sh = skb_header_pointer(ctx->skb, l4, sizeof(_h.sctp), &_h.sctp);
		if (!sh)
			return lb_malformed(ctx);
		pkt->tuple.sport = sh->source;
		pkt->tuple.dport = sh->dest;
		pkt->event = lb_read_chunk(ctx->skb, l4 + sizeof(*sh));
	} else {
		uh = skb_header_pointer(ctx->skb, l4, sizeof(_h.udp), &_h.udp);
		if (!uh)
			return lb_malformed(ctx);
		pkt->tuple.sport = uh->source;
		pkt->tuple.dport = uh->dest;
		pkt->event = LB_EVENT_NONE;
	}
	return LB_CONTINUE;
}

static enum lb_verdict lb_read_ipsec(struct lb_ctx *ctx, unsigned int l4)
{
	struct lb_packet *pkt = &ctx->pkt;

	pkt->l4 = l4;
	pkt->portless = true;
	pkt->event = LB_EVENT_NONE;
	lb_tuple_set_ipsec(&pkt->tuple);
	return LB_CONTINUE;
}

/* The quoted ports, turned round. What the quoted packet was is the business of
 * whoever finds its connection.
 */
static enum lb_verdict lb_read_quoted_l4(struct lb_ctx *ctx, unsigned int l4, u8 proto)
{
	struct lb_packet *pkt = &ctx->pkt;
	__be16 _ports[2];
	const __be16 *ports;

	pkt->icmp = true;
	pkt->event = LB_EVENT_NONE;
	pkt->quoted_l4 = l4;
	if (lb_is_ipsec(proto)) {
		pkt->portless = true;
		lb_tuple_set_ipsec(&pkt->tuple);
		return l4 <= ctx->skb->len ? LB_CONTINUE : LB_ACCEPT;
	}
	ports = skb_header_pointer(ctx->skb, l4, sizeof(_ports), _ports);
	if (!ports)
		return LB_ACCEPT;
	pkt->tuple.proto = proto;
	pkt->tuple.sport = ports[1];
	pkt->tuple.dport = ports[0];
	return LB_CONTINUE;
}

static bool lb_icmp4_is_error(u8 type)
{
	switch (type) {
	case ICMP_DEST_UNREACH:
	case ICMP_SOURCE_QUENCH:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		return true;
	}
	return false;
}

/* An error that names one of our tunnels' packets is the tunnel's to explain;
 * any other belongs to the connection whose packet it quotes.
 */
static enum lb_verdict lb_read_tunnel_error(struct lb_ctx *ctx, u8 proto)
{
	switch (proto) {
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
	case IPPROTO_UDP:
	case IPPROTO_GRE:
		if (ctx->hook == NF_INET_LOCAL_IN)
			return lb_xmit_tunnel_error(ctx);
	}
	return LB_CONTINUE;
}

static enum lb_verdict lb_read_icmp4(struct lb_ctx *ctx, unsigned int l4)
{
	struct lb_packet *pkt = &ctx->pkt;
	enum lb_verdict verdict;
	struct icmphdr _ic;
	struct iphdr _ih;
	const struct icmphdr *ic;
	const struct iphdr *ih;

	ic = skb_header_pointer(ctx->skb, l4, sizeof(_ic), &_ic);
	if (!ic || !lb_icmp4_is_error(ic->type))
		return LB_ACCEPT;
	pkt->l4 = l4;
	pkt->quoted_l3 = l4 + sizeof(*ic);
	ih = skb_header_pointer(ctx->skb, pkt->quoted_l3, sizeof(_ih), &_ih);
	if (!ih || ih->version != 4 || ih->ihl < 5)
		return LB_ACCEPT;
	verdict = lb_read_tunnel_error(ctx, ih->protocol);
	if (verdict != LB_CONTINUE)
		return verdict;
	/* Only a first fragment has the ports. */
	if (!lb_is_ipsec(ih->protocol) &&
	    (!lb_is_balanced(ih->protocol) || (ih->frag_off & htons(IP_OFFSET))))
		return LB_ACCEPT;
	pkt->tuple.src.ip = ih->daddr;
	pkt->tuple.dst.ip = ih->saddr;
	return lb_read_quoted_l4(ctx, pkt->quoted_l3 + ih->ihl * 4, ih->protocol);
}

static enum lb_verdict lb_read_icmp6(struct lb_ctx *ctx, unsigned int l4)
{
	struct lb_packet *pkt = &ctx->pkt;
	enum lb_verdict verdict;
	struct icmp6hdr _ic;
	struct ipv6hdr _ih;
	const struct icmp6hdr *ic;
	const struct ipv6hdr *ih;
	__be16 frag_off;
	u8 nexthdr;
	int off;

	ic = skb_header_pointer(ctx->skb, l4, sizeof(_ic), &_ic);
	if (!ic || (ic->icmp6_type & ICMPV6_INFOMSG_MASK))
		return LB_ACCEPT;
	pkt->l4 = l4;
	pkt->quoted_l3 = l4 + sizeof(*ic);
	ih = skb_header_pointer(ctx->skb, pkt->quoted_l3, sizeof(_ih), &_ih);
	if (!ih || ih->version != 6)
		return LB_ACCEPT;
	nexthdr = ih->nexthdr;
	off = ipv6_skip_exthdr(ctx->skb, pkt->quoted_l3 + sizeof(*ih), &nexthdr, &frag_off);
	if (off < 0)
		return LB_ACCEPT;
	verdict = lb_read_tunnel_error(ctx, nexthdr);
	if (verdict != LB_CONTINUE)
		return verdict;
	if ((!lb_is_balanced(nexthdr) && !lb_is_ipsec(nexthdr)) ||
	    (frag_off & htons(IP6_OFFSET)))
		return LB_ACCEPT;
	pkt->tuple.src.ip6 = ih->daddr;
	pkt->tuple.dst.ip6 = ih->saddr;
	return lb_read_quoted_l4(ctx, off, nexthdr);
}

static enum lb_verdict lb_read4(struct lb_ctx *ctx)
{
	struct lb_packet *pkt = &ctx->pkt;
	const struct iphdr *ih = ip_hdr(ctx->skb);

	const bool ipsec = lb_is_ipsec(ih->protocol);

	if (!lb_is_balanced(ih->protocol) && ih->protocol != IPPROTO_ICMP && !ipsec)
		return LB_ACCEPT;
	/* LOCAL_IN packets were put together by the stack. What is known by its
	 * addresses alone can go as it is.
	 */
	if (unlikely(ip_is_fragment(ih)) && !ipsec) {
		enum lb_verdict verdict = lb_defrag(ctx);

		if (verdict != LB_CONTINUE)
			return verdict;
		ih = ip_hdr(ctx->skb);
	}
	pkt->len = ctx->skb->len;
	pkt->tuple.family = AF_INET;
	if (ih->protocol == IPPROTO_ICMP)
		return lb_read_icmp4(ctx, ih->ihl * 4);
	pkt->tuple.src.ip = ih->saddr;
	pkt->tuple.dst.ip = ih->daddr;
	if (ipsec)
		return lb_read_ipsec(ctx, ih->ihl * 4);
	return lb_read_l4(ctx, ih->ihl * 4, ih->protocol);
}

static enum lb_verdict lb_read6(struct lb_ctx *ctx)
{
	struct lb_packet *pkt = &ctx->pkt;
	const struct ipv6hdr *ih;
	bool whole = false;
	__be16 frag_off;
	u8 nexthdr;
	int off;

again:
	ih = ipv6_hdr(ctx->skb);
	nexthdr = ih->nexthdr;
	off = ipv6_skip_exthdr(ctx->skb, sizeof(*ih), &nexthdr, &frag_off);
	if (off < 0)
		return lb_malformed(ctx);
	if (unlikely(frag_off)) {
		enum lb_verdict verdict;

		if (whole)
			return lb_malformed(ctx);
		verdict = lb_defrag(ctx);
		if (verdict != LB_CONTINUE)
			return verdict;
		whole = true;
		goto again;
	}
	/* Of IPsec, ESP only: AH is an extension header, which was skipped. */
	if (!lb_is_balanced(nexthdr) && nexthdr != IPPROTO_ICMPV6 && nexthdr != IPPROTO_ESP)
		return LB_ACCEPT;
	pkt->len = ctx->skb->len;
	pkt->tuple.family = AF_INET6;
	if (nexthdr == IPPROTO_ICMPV6)
		return lb_read_icmp6(ctx, off);
	pkt->tuple.src.ip6 = ih->saddr;
	pkt->tuple.dst.ip6 = ih->daddr;
	if (nexthdr == IPPROTO_ESP)
		return lb_read_ipsec(ctx, off);
	return lb_read_l4(ctx, off, nexthdr);
}

/* Has a tunnel that ends here carried it? ip_vs marks the outer packet and trusts
 * that the mark stays, but what unwraps it takes the mark away in kernels of
 * today; the device tells as well. In LOCAL_OUT there is none that it came by.
 */
static bool lb_is_tunneled(const struct lb_ctx *ctx)
{
	if (ctx->hook != NF_INET_LOCAL_IN)
		return false;
	switch (ctx->skb->dev->type) {
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_IP6GRE:
		return true;
	}
	return false;
}

enum lb_verdict lb_packet_read(struct lb_ctx *ctx)
{
	if (unlikely(READ_ONCE(ctx->ln->settings.ignore_tunneled)) && lb_is_tunneled(ctx))
		return LB_ACCEPT;
	return ip_hdr(ctx->skb)->version == 4 ? lb_read4(ctx) : lb_read6(ctx);
}
