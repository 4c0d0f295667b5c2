// SPDX-License-Identifier: GPL-2.0
/* Destinations of nat by address, port and protocol: several services may have the
 * same server, the one that was added last is found first, as in ip_vs.
 */
#include "server.h"

#include <linux/jhash.h>
#include <linux/rhashtable.h>

#include "conn.h"
#include "dest.h"
#include "pe.h"
#include "persist.h"
#include "xmit.h"

/* So many services of one server are asked; ip_vs asks the first. */
#define LB_SERVER_SERVICES	16

/* @proto 0 is that of firewall marks, which gather any. */
struct lb_server_key {
	const union lb_addr *addr;
	__be16 port;
	u8 family;
	u8 proto;
};

static u32 lb_server_hash(u8 family, u8 proto, const union lb_addr *addr, __be16 port, u32 seed)
{
	u32 rest = (__force u32)port << 16 | proto;

	if (family == AF_INET)
		return jhash_2words((__force u32)addr->ip, rest, seed);
	return jhash2((const u32 *)addr, sizeof(*addr) / sizeof(u32), seed ^ rest);
}

static u32 lb_server_key_hashfn(const void *data, u32 len, u32 seed)
{
	const struct lb_server_key *key = data;

	return lb_server_hash(key->family, key->proto, key->addr, key->port, seed);
}

static u32 lb_server_hashfn(const void *data, u32 len, u32 seed)
{
	const struct lb_dest *dest = data;

	return lb_server_hash(dest->family, dest->proto, &dest->addr, dest->port, seed);
}

static int lb_server_cmpfn(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct lb_server_key *key = arg->key;
	const struct lb_dest *dest = data;

	return dest->port != key->port || dest->family != key->family ||
	       dest->proto != key->proto || !lb_addr_equal(key->family, &dest->addr, key->addr);
}

static const struct rhashtable_params lb_servers_params = {
	.head_offset = offsetof(struct lb_dest, server_node),
	.hashfn = lb_server_key_hashfn,
	.obj_hashfn = lb_server_hashfn,
	.obj_cmpfn = lb_server_cmpfn,
	.automatic_shrinking = true,
};

int lb_servers_init(struct lb_net *ln)
{
	return rhltable_init(&ln->servers, &lb_servers_params);
}

void lb_servers_exit(struct lb_net *ln)
{
	rhltable_destroy(&ln->servers);
}

int lb_server_add(struct lb_net *ln, struct lb_dest *dest)
{
	const struct lb_server_key key = {
		.addr = &dest->addr,
		.port = dest->port,
		.family = dest->family,
		.proto = dest->proto,
	};
	int err;

	err = rhltable_insert_key(&ln->servers, &key, &dest->server_node, lb_servers_params);
	dest->server = !err;
	return err;
}

void lb_server_del(struct lb_net *ln, struct lb_dest *dest)
{
	rhltable_remove(&ln->servers, &dest->server_node, lb_servers_params);
	dest->server = false;
}

bool lb_server_may_call(const struct lb_service *svc, const struct lb_pool *pool)
{
	const struct lb_pe_ops *engine;

	/* As in ip_vs: there has to be an address and a port to call from. */
	if (!pool || svc->key.fwmark || !svc->key.port)
		return false;
	engine = lb_pe_find(pool->persist.engine);
	return engine && engine->calls;
}

/**
 * struct lb_server - what a packet's sender is to a service
 * @svc: service
 * @pool: the version of it that the packet sees
 * @entry: the sender's place there
 */
struct lb_server {
	struct lb_service *svc;
	struct lb_pool *pool;
	const struct lb_pool_entry *entry;
};

/* Of a service of @proto; with @caller, of one whose servers may call. */
static bool lb_server_find(const struct lb_ctx *ctx, u8 proto, bool caller,
			   struct lb_server *server)
{
	const struct lb_tuple *tuple = &ctx->pkt.tuple;
	const struct lb_server_key key = {
		.addr = &tuple->src,
		.port = tuple->sport,
		.family = tuple->family,
		.proto = proto,
	};
	/* One for all services, as in lb_service_match(), which pairs alike. */
	const u32 parity = smp_load_acquire(&ctx->ln->parity) & 1;
	struct rhlist_head *list, *pos;
	unsigned int asked = 0;
	struct lb_dest *dest;

	list = rhltable_lookup(&ctx->ln->servers, &key, lb_servers_params);
	rhl_for_each_entry_rcu(dest, pos, list, server_node) {
		server->svc = rcu_dereference(dest->svc);
		server->pool = rcu_dereference(server->svc->pool[parity]);
		server->entry = server->pool ? lb_pool_find(server->pool, dest) : NULL;
		if (server->entry && lb_server_is(server->entry) &&
		    (!caller || lb_server_may_call(server->svc, server->pool)))
			return true;
		if (++asked == LB_SERVER_SERVICES)
			break;
	}
	return false;
}

/* As ip_vs, with nat_icmp_send. What ends a connection needs no answer. */
static bool lb_server_is_refused(const struct lb_ctx *ctx)
{
	struct lb_server server;

	if (ctx->pkt.event == LB_EVENT_RST || ctx->pkt.event == lb_sctp_event(SCTP_SEEN_ABORT))
		return false;
	return lb_server_find(ctx, ctx->pkt.tuple.proto, false, &server) ||
	       lb_server_find(ctx, 0, false, &server);
}

/* What a client of @svc would send to answer the packet. */
static void lb_server_turn(const struct lb_ctx *ctx, const struct lb_service *svc,
			   struct lb_ctx *client)
{
	const struct lb_tuple *tuple = &ctx->pkt.tuple;

	*client = *ctx;
	client->pkt.tuple.src = tuple->dst;
	client->pkt.tuple.sport = tuple->dport;
	client->pkt.tuple.dst = svc->key.addr;
	client->pkt.tuple.dport = svc->key.port;
}

/* The message opens the connection that an answer to it belongs to. One that the client
 * has with another server is over then: in ip_vs it is not found as long as this one is.
 */
static enum lb_verdict lb_server_open(struct lb_ctx *ctx, struct lb_ctx *client,
				      const struct lb_pool_entry *entry, struct lb_template *tpl)
{
	enum lb_verdict verdict;

	if (lb_conn_find(client))
		lb_conn_del(ctx->ln, client->conn);
	verdict = lb_conn_open(client, entry, ctx->pkt.tuple.sport, tpl);
	ctx->conn = client->conn;
	ctx->dir = LB_DIR_OUT;
	return verdict;
}

/* As ip_vs's engines do: the message leaves with the service's address, and what it
 * begins leads back to the server.
 */
static noinline_for_stack enum lb_verdict lb_server_call(struct lb_ctx *ctx,
							 const struct lb_server *server)
{
	const bool one_packet = server->pool->one_packet;
	struct lb_template *tpl;
	enum lb_verdict verdict;
	struct lb_ctx client;

	if (!one_packet && lb_conns_full(ctx->ln))
		return lb_drop(ctx, LB_DROP_REASON_CONN_LIMIT);
	lb_server_turn(ctx, server->svc, &client);
	if (!lb_template_lead(&client, server->svc, server->pool, server->entry, &tpl))
		return LB_DROP;
	if (!one_packet)
		return lb_server_open(ctx, &client, server->entry, tpl);
	verdict = lb_conn_one_packet(&client, server->entry, ctx->pkt.tuple.sport, LB_DIR_OUT);
	if (tpl)
		lb_template_put(tpl);
	return verdict;
}

bool lb_server_admit(struct lb_ctx *ctx, enum lb_verdict *verdict)
{
	struct lb_server server;

	if (READ_ONCE(ctx->ln->n_calling) && ctx->pkt.tuple.proto == IPPROTO_UDP &&
	    lb_server_find(ctx, IPPROTO_UDP, true, &server)) {
		*verdict = lb_server_call(ctx, &server);
		return true;
	}
	if (!READ_ONCE(ctx->ln->settings.nat_icmp_send) || !lb_server_is_refused(ctx))
		return false;
	lb_xmit_unreachable(ctx);
	*verdict = lb_drop(ctx, LB_DROP_REASON_NO_CONN);
	return true;
}
