// SPDX-License-Identifier: GPL-2.0
/* SIP over UDP: calls are told apart by their Call-ID, so that every message of one
 * goes where its first one went, whichever proxy it comes through.
 */
#include <linux/udp.h>

#include "../core/sip.h"
#include "../packet.h"
#include "../pe.h"

/* Headers end within so many bytes, or the Call-ID stands there at least. */
#define LB_SIP_READ	2048

static void lb_pe_sip_read(const struct lb_ctx *ctx, struct lb_pe_id *id)
{
	unsigned int at = ctx->pkt.l4 + sizeof(struct udphdr), len;
	struct sk_buff *skb = ctx->skb;
	const char *found;
	u32 found_len;

	id->len = 0;
	if (skb->len <= at)
		return;
	len = min_t(unsigned int, skb->len - at, LB_SIP_READ);
	if (!pskb_may_pull(skb, at + len))
		return;
	found = sip_call_id(skb->data + at, len, &found_len);
	if (!found || found_len > LB_PE_ID_MAX)
		return;
	memcpy(id->data, found, found_len);
	id->len = found_len;
}

const struct lb_pe_ops lb_pe_sip = {
	.proto = IPPROTO_UDP,
	.calls = true,
	.read = lb_pe_sip_read,
};
