/* SPDX-License-Identifier: GPL-2.0 */
/* The contract of a persistence engine: by what, besides the client's address, a
 * persistent service tells those apart that it keeps to a destination. An engine
 * is one small file in pe/ and a line in pe.c; reading its protocol is
 * core/'s, where userspace tests compile it.
 */
#ifndef LB_PE_H
#define LB_PE_H

#include <linux/types.h>

struct lb_ctx;

/* As in ip_vs. */
#define LB_PE_ID_MAX	255

/**
 * struct lb_pe_id - what a packet belongs to, in its protocol's own terms
 * @len: bytes of @data; 0: nothing, then the client's address is all there is
 * @data: those bytes, without an end
 */
struct lb_pe_id {
	u8 len;
	char data[LB_PE_ID_MAX];
};

/**
 * struct lb_pe_ops - a persistence engine
 * @proto: IPPROTO_*, the only one it reads
 * @calls: what nat's servers send by themselves from a service's port is the
 *	service's, and belongs to what it says (server.h)
 * @read: fills @id from a packet of @proto. Under rcu_read_lock() in BH context;
 *	allocates nothing but to make the packet's beginning linear, reads a
 *	bounded part of it.
 */
struct lb_pe_ops {
	u8 proto;
	bool calls;
	void (*read)(const struct lb_ctx *ctx, struct lb_pe_id *id);
};

extern const struct lb_pe_ops lb_pe_sip;

/* That of enum lb_persist_engine; NULL for none. */
const struct lb_pe_ops *lb_pe_find(u8 engine);

#endif /* LB_PE_H */
