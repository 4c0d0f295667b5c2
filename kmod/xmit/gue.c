// SPDX-License-Identifier: GPL-2.0
/* GUE: UDP, and a header of 4 bytes that says what the packet is (version 0 of
 * draft-ietf-intarea-gue), byte for byte as ip_vs sends it but for the source
 * port, which here is from the range that RFC 8086, 3.2.1 names for this purpose.
 *
 * With the remote checksum the receiver is told where the packet's own checksum
 * is to be finished; the sender's device then has only the outer one to do.
 */
#include <linux/udp.h>
#include <net/gue.h>
#include <net/ip6_checksum.h>
#include <net/udp.h>

#include "../conn.h"
#include "../dest.h"
#include "encap.h"

#define LB_GUE_REMOTE_LEN	(GUE_LEN_PRIV + GUE_PLEN_REMCSUM)

static bool lb_gue_is_remote(union lb_tunnel tunnel, bool partial)
{
	return partial && tunnel.checksum == LB_TUNNEL_CHECKSUM_REMOTE;
}

unsigned int lb_gue_len(union lb_tunnel tunnel, bool partial)
{
	return sizeof(struct udphdr) + sizeof(struct guehdr) +
	       (lb_gue_is_remote(tunnel, partial) ? LB_GUE_REMOTE_LEN : 0);
}

int lb_gue_gso(union lb_tunnel tunnel, u8 family, bool partial)
{
	int gso = family == AF_INET ? SKB_GSO_IPXIP4 : SKB_GSO_IPXIP6;

	gso |= tunnel.checksum ? SKB_GSO_UDP_TUNNEL_CSUM : SKB_GSO_UDP_TUNNEL;
	if (lb_gue_is_remote(tunnel, partial))
		gso |= SKB_GSO_TUNNEL_REMCSUM;
	return gso;
}

/* RFC 8086, 3.2.1: entropy in 14 bits, 49152 to 65535. The same for all packets of
 * a connection, and for the errors that the client sends about it.
 */
static __be16 lb_gue_source(const struct lb_ctx *ctx)
{
	return htons(0xc000 | ctx->hash >> 18);
}

/* @gh stands in front of the packet, at skb->data. Of segments, each gets a copy of
 * this header, and its checksum is left as it is.
 */
static void lb_gue_leave_checksum(struct sk_buff *skb, struct guehdr *gh)
{
	u16 start = skb_checksum_start_offset(skb) - sizeof(*gh) - LB_GUE_REMOTE_LEN;
	__be32 *flags = (__be32 *)&gh[1];
	__be16 *place = (__be16 *)&flags[1];

	gh->hlen = LB_GUE_REMOTE_LEN / 4;
	gh->flags = GUE_FLAG_PRIV;
	*flags = GUE_PFLAG_REMCSUM;
	place[0] = htons(start);
	place[1] = htons(start + skb->csum_offset);
	if (!skb_is_gso(skb)) {
		skb->ip_summed = CHECKSUM_NONE;
		skb->encapsulation = 0;
	}
}

void lb_gue_push(struct lb_ctx *ctx, union lb_tunnel tunnel, u8 proto,
		 const struct lb_route *route)
{
	const struct lb_dest *dest = ctx->conn->dest;
	struct sk_buff *skb = ctx->skb;
	bool partial = skb->ip_summed == CHECKSUM_PARTIAL;
	bool unchecked = tunnel.checksum == LB_TUNNEL_CHECKSUM_NONE;
	struct guehdr *gh;
	struct udphdr *uh;

	gh = skb_push(skb, lb_gue_len(tunnel, partial) - sizeof(*uh));
	*gh = (struct guehdr){ .proto_ctype = proto };
	if (lb_gue_is_remote(tunnel, partial))
		lb_gue_leave_checksum(skb, gh);

	uh = skb_push(skb, sizeof(*uh));
	skb_reset_transport_header(skb);
	uh->source = lb_gue_source(ctx);
	uh->dest = tunnel.port;
	uh->len = htons(skb->len);
	uh->check = 0;
	if (dest->family == AF_INET)
		udp_set_csum(unchecked, skb, route->saddr.ip, dest->addr.ip, skb->len);
	else
		udp6_set_csum(unchecked, skb, &route->saddr.ip6, &dest->addr.ip6, skb->len);
}

bool lb_gue_read(const struct sk_buff *skb, unsigned int offset, struct lb_quoted *quoted)
{
	const struct guehdr *gh;
	const struct udphdr *uh;
	struct guehdr _gh;
	struct udphdr _uh;

	uh = skb_header_pointer(skb, offset, sizeof(_uh), &_uh);
	if (!uh)
		return false;
	quoted->port = uh->dest;
	offset += sizeof(*uh);
	gh = skb_header_pointer(skb, offset, sizeof(_gh), &_gh);
	if (!gh || gh->version || gh->control)
		return false;
	quoted->type = LB_TUNNEL_TYPE_GUE;
	quoted->proto = gh->proto_ctype;
	quoted->inner = offset + sizeof(*gh) + gh->hlen * 4;
	return quoted->proto == IPPROTO_IPIP || quoted->proto == IPPROTO_IPV6;
}
