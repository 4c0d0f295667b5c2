// SPDX-License-Identifier: GPL-2.0
/* GRE (RFC 2784): a header of 4 bytes that says what the packet is, and 4 more with
 * a checksum.
 */
#include <linux/if_tunnel.h>
#include <net/checksum.h>
#include <net/gre.h>

#include "encap.h"

/* With LB_TUNNEL_CHECKSUM_NORMAL, behind struct gre_base_hdr. */
struct lb_gre_check {
	__sum16 check;
	__be16 reserved;
};

unsigned int lb_gre_len(union lb_tunnel tunnel)
{
	return sizeof(struct gre_base_hdr) + (tunnel.checksum ? sizeof(struct lb_gre_check) : 0);
}

int lb_gre_gso(union lb_tunnel tunnel)
{
	return tunnel.checksum ? SKB_GSO_GRE_CSUM : SKB_GSO_GRE;
}

/* At the transport header, before anything of it is summed. */
static void lb_gre_checksum(struct sk_buff *skb, struct lb_gre_check *sum)
{
	*sum = (struct lb_gre_check){};
	/* Of segments, each gets its own. */
	if (skb_is_gso(skb))
		return;
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		/* The inner one, finished, makes its part of the packet known. */
		sum->check = csum_fold(lco_csum(skb));
		return;
	}
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = sizeof(struct gre_base_hdr) + offsetof(struct lb_gre_check, check);
}

void lb_gre_push(struct lb_ctx *ctx, union lb_tunnel tunnel, u8 proto)
{
	struct sk_buff *skb = ctx->skb;
	struct gre_base_hdr *gh;

	gh = skb_push(skb, lb_gre_len(tunnel));
	skb_reset_transport_header(skb);
	gh->flags = tunnel.checksum ? GRE_CSUM : 0;
	gh->protocol = proto == IPPROTO_IPIP ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	skb_set_inner_protocol(skb, gh->protocol);
	if (tunnel.checksum)
		lb_gre_checksum(skb, (struct lb_gre_check *)&gh[1]);
}

bool lb_gre_read(const struct sk_buff *skb, unsigned int offset, struct lb_quoted *quoted)
{
	const struct gre_base_hdr *gh;
	struct gre_base_hdr _gh;

	gh = skb_header_pointer(skb, offset, sizeof(_gh), &_gh);
	if (!gh || (gh->flags & ~GRE_CSUM))
		return false;
	if (gh->protocol != htons(ETH_P_IP) && gh->protocol != htons(ETH_P_IPV6))
		return false;
	quoted->type = LB_TUNNEL_TYPE_GRE;
	quoted->proto = gh->protocol == htons(ETH_P_IP) ? IPPROTO_IPIP : IPPROTO_IPV6;
	quoted->inner = offset + sizeof(*gh) +
			(gh->flags & GRE_CSUM ? sizeof(struct lb_gre_check) : 0);
	return true;
}
