// SPDX-License-Identifier: GPL-2.0
/* Ends a TCP connection for both its ends: by resets, at the sequence numbers that
 * each expects, which a segment of one of them says. Where no segment comes, one
 * is asked for. See xmit.h.
 */
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/tcp.h>

#include "../ct.h"
#include "../dest.h"
#include "../xmit.h"
#include "method.h"

static void lb_segment_sum(struct sk_buff *skb, u8 family, struct tcphdr *th)
{
	__wsum sum;

	th->check = 0;
	sum = csum_partial(th, sizeof(*th), 0);
	if (family == AF_INET)
		th->check = csum_tcpudp_magic(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, sizeof(*th),
					      IPPROTO_TCP, sum);
	else
		th->check = csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr,
					    sizeof(*th), IPPROTO_TCP, sum);
	skb->ip_summed = CHECKSUM_NONE;
}

static void lb_segment_put4(struct sk_buff *skb, const struct net *net,
			    const struct lb_tuple *tuple)
{
	struct iphdr *ih = skb_put_zero(skb, sizeof(*ih));

	ih->version = 4;
	ih->ihl = sizeof(*ih) / 4;
	ih->frag_off = htons(IP_DF);
	ih->ttl = READ_ONCE(net->ipv4.sysctl_ip_default_ttl);
	ih->protocol = IPPROTO_TCP;
	ih->saddr = tuple->src.ip;
	ih->daddr = tuple->dst.ip;
	skb->protocol = htons(ETH_P_IP);
}

static void lb_segment_put6(struct sk_buff *skb, const struct net *net,
			    const struct lb_tuple *tuple)
{
	struct ipv6hdr *ih = skb_put_zero(skb, sizeof(*ih));

	ih->version = 6;
	ih->payload_len = htons(sizeof(struct tcphdr));
	ih->nexthdr = IPPROTO_TCP;
	ih->hop_limit = READ_ONCE(net->ipv6.devconf_all->hop_limit);
	ih->saddr = tuple->src.ip6;
	ih->daddr = tuple->dst.ip6;
	skb->protocol = htons(ETH_P_IPV6);
}

/* A bare segment from one end of @tuple to the other, without flags yet; NULL when
 * there is no memory.
 */
static struct sk_buff *lb_segment_new(const struct net *net, const struct lb_tuple *tuple,
				      struct tcphdr **th)
{
	const unsigned int headers = sizeof(struct ipv6hdr) + sizeof(**th);
	struct sk_buff *skb;

	skb = alloc_skb(LL_MAX_HEADER + headers, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER);
	skb_reset_network_header(skb);
	if (tuple->family == AF_INET)
		lb_segment_put4(skb, net, tuple);
	else
		lb_segment_put6(skb, net, tuple);
	skb_set_transport_header(skb, skb->len);
	*th = skb_put_zero(skb, sizeof(**th));
	(*th)->source = tuple->sport;
	(*th)->dest = tuple->dport;
	(*th)->doff = sizeof(**th) / 4;
	return skb;
}

/* The sender may be any host, not only this one. */
static struct dst_entry *lb_segment_route(struct net *net, const struct sk_buff *skb, u8 family,
					  int vrf)
{
	struct flowi6 fl6;
	struct rtable *rt;

	if (family == AF_INET) {
		struct flowi4 fl4 = {
			.saddr = ip_hdr(skb)->saddr,
			.daddr = ip_hdr(skb)->daddr,
			.flowi4_proto = IPPROTO_TCP,
			.flowi4_oif = vrf,
			.flowi4_mark = skb->mark,
			.flowi4_flags = FLOWI_FLAG_ANYSRC,
		};

		rt = ip_route_output_key(net, &fl4);
		return IS_ERR(rt) ? NULL : &rt->dst;
	}
	fl6 = (struct flowi6){
		.saddr = ipv6_hdr(skb)->saddr,
		.daddr = ipv6_hdr(skb)->daddr,
		.flowi6_proto = IPPROTO_TCP,
		.flowi6_oif = vrf,
		.flowi6_mark = skb->mark,
		.flowi6_flags = FLOWI_FLAG_ANYSRC,
	};
	return ip6_route_output(net, NULL, &fl6);
}

/* Complete but for its checksum. Where there is no way it is not sent: it is a service,
 * and the next segment another occasion.
 */
static void lb_segment_send(struct net *net, struct sk_buff *skb, u8 family, int vrf)
{
	struct dst_entry *dst = lb_segment_route(net, skb, family, vrf);

	if (!dst || dst->error) {
		dst_release(dst);
		kfree_skb(skb);
		return;
	}
	lb_segment_sum(skb, family, tcp_hdr(skb));
	skb_dst_set(skb, dst);
	lb_skb_set_handled(skb);
	lb_ct_untrack(skb);
	if (family == AF_INET)
		ip_local_out(net, NULL, skb);
	else
		ip6_local_out(net, NULL, skb);
}

/* Bytes of sequence space that the segment takes. */
static u32 lb_segment_span(const struct lb_ctx *ctx, const struct tcphdr *th)
{
	return th->syn + th->fin + ctx->skb->len - ctx->pkt.l4 - th->doff * 4;
}

/* RFC 9293, 3.5.2: at the acknowledged number when there is one, else
 * acknowledging what came.
 */
static void lb_reset_sender(const struct lb_ctx *ctx, const struct tcphdr *th)
{
	const struct lb_tuple back = lb_tuple_turned(&ctx->pkt.tuple);
	struct net *net = ctx->ln->net;
	struct sk_buff *skb;
	struct tcphdr *rst;

	skb = lb_segment_new(net, &back, &rst);
	if (!skb)
		return;
	rst->rst = 1;
	if (th->ack) {
		rst->seq = th->ack_seq;
	} else {
		rst->ack = 1;
		rst->ack_seq = htonl(ntohl(th->seq) + lb_segment_span(ctx, th));
	}
	skb->mark = ctx->skb->mark;
	lb_segment_send(net, skb, back.family, lb_skb_vrf(ctx->skb));
}

/* The segment in hand becomes a reset. */
static bool lb_reset_become(struct lb_ctx *ctx)
{
	const unsigned int end = ctx->pkt.l4 + sizeof(struct tcphdr);
	struct sk_buff *skb = ctx->skb;
	struct tcphdr *th;

	if (skb_ensure_writable(skb, end))
		return false;
	if (skb_is_gso(skb))
		skb_gso_reset(skb);
	if (pskb_trim(skb, end))
		return false;

	th = (struct tcphdr *)(skb->data + ctx->pkt.l4);
	/* What a SYN announced is the number before the one that is expected. */
	if (th->syn)
		th->seq = htonl(ntohl(th->seq) + 1);
	tcp_flag_word(th) &= TCP_FLAG_ACK;
	th->doff = sizeof(*th) / 4;
	th->rst = 1;
	th->urg_ptr = 0;
	if (ctx->pkt.tuple.family == AF_INET) {
		ip_hdr(skb)->tot_len = htons(end);
		ip_send_check(ip_hdr(skb));
	} else {
		ipv6_hdr(skb)->payload_len = htons(end - sizeof(struct ipv6hdr));
	}
	lb_segment_sum(skb, ctx->pkt.tuple.family, th);
	ctx->pkt.len = end;
	ctx->pkt.event = LB_EVENT_RST;
	return true;
}

enum lb_verdict lb_xmit_reset(struct lb_ctx *ctx)
{
	const struct tcphdr *th;
	struct tcphdr _th;

	th = skb_header_pointer(ctx->skb, ctx->pkt.l4, sizeof(_th), &_th);
	if (!th)
		return lb_drop(ctx, LB_DROP_REASON_MALFORMED);
	lb_drop_count(ctx->ln, LB_DROP_REASON_CONN_RESET);
	lb_reset_sender(ctx, th);
	if (!lb_reset_become(ctx))
		return lb_drop(ctx, LB_DROP_REASON_NO_MEMORY);
	return LB_CONTINUE;
}

void lb_xmit_probe(struct lb_net *ln, const struct lb_conn *conn)
{
	const bool to_dest = conn->method == LB_METHOD_NAT;
	struct lb_tuple tuple = { .family = conn->family };
	struct sk_buff *skb;
	struct tcphdr *th;

	if (to_dest) {
		lb_conn_caddr(conn, &tuple.src);
		tuple.sport = conn->cport;
		tuple.dst = conn->dest->addr;
		tuple.dport = conn->dport;
	} else {
		lb_conn_vaddr(conn, &tuple.src);
		tuple.sport = conn->vport;
		lb_conn_caddr(conn, &tuple.dst);
		tuple.dport = conn->cport;
	}
	skb = lb_segment_new(ln->net, &tuple, &th);
	if (!skb)
		return;
	/* Whatever their numbers are: 0 is outside of all windows but few, and an
	 * acknowledgment of what was not sent has to be answered, too.
	 */
	th->ack = 1;
	lb_segment_send(ln->net, skb, conn->family, lb_route_vrf(conn->dest));
}
