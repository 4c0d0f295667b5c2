// SPDX-License-Identifier: GPL-2.0
/* What is told of a connection, or of a template: ip_vs's record of it. */
#include "../alg.h"
#include "../conn.h"
#include "../core/sync_msg.h"
#include "../dest.h"
#include "../packet.h"
#include "../persist.h"
#include "../service.h"
#include "sync.h"

static u32 lb_sync_method(u8 method)
{
	switch ((enum lb_method)method) {
	case LB_METHOD_NAT:
		return SYNC_MASQ;
	case LB_METHOD_DIRECT:
		return SYNC_DIRECT;
	case LB_METHOD_TUNNEL:
		return SYNC_TUNNEL;
	case LB_METHOD_BYPASS:
		break;
	}
	return SYNC_BYPASS;
}

/* Whose service has a mark, 0 if none. Under rcu_read_lock(). */
static u32 lb_sync_fwmark(const struct lb_dest *dest)
{
	return rcu_dereference(dest->svc)->key.fwmark;
}

/* What was rewritten of FTP's control connection: from where on, and by how much. */
static void lb_sync_put_edits(struct sync_record *rec, struct lb_conn *conn)
{
	struct lb_control *control = lb_control(conn);
	const struct seq_edits *edits = &control->edits;
	const struct seq_edit *last;

	spin_lock(&control->lock);
	if (edits->n || edits->shift) {
		last = edits->n ? &edits->edit[edits->n - 1] : NULL;
		rec->has_seq = true;
		rec->flags |= SYNC_OUT_SEQ;
		rec->out.init = last ? last->at : 0;
		rec->out.delta = edits->shift;
		rec->out.previous = last ? last->shift : edits->shift;
	}
	spin_unlock(&control->lock);
}

static void lb_sync_put_addrs(struct sync_record *rec, u8 family, const union lb_addr *caddr,
			      const union lb_addr *vaddr, const union lb_addr *daddr)
{
	const unsigned int len = lb_addr_len(family);

	rec->ipv6 = family == AF_INET6;
	memcpy(rec->caddr, caddr, len);
	memcpy(rec->vaddr, vaddr, len);
	memcpy(rec->daddr, daddr, len);
}

void lb_sync_tell_conn(struct lb_sync_master *master, struct lb_conn *conn)
{
	const u8 flags = READ_ONCE(conn->flags), state = READ_ONCE(conn->state);
	union lb_addr caddr, vaddr, daddr;
	struct sync_record rec = {
		.proto = conn->proto,
		.flags = lb_sync_method(conn->method),
		.state = state,
		.cport = ntohs(conn->cport),
		.vport = ntohs(conn->vport),
		.dport = ntohs(conn->dport),
		.fwmark = lb_sync_fwmark(conn->dest),
		.timeout = READ_ONCE(conn->timeout) / HZ,
	};

	if (conn->proto == IPPROTO_UDP)
		rec.state -= LB_STATE_UDP;
	else if (conn->proto == IPPROTO_SCTP)
		rec.state -= LB_STATE_SCTP_NONE;
	if (flags & LB_CONN_NO_OUTPUT)
		rec.flags |= SYNC_NO_OUTPUT;
	if (flags & LB_CONN_INACTIVE)
		rec.flags |= SYNC_INACTIVE;
	lb_conn_caddr(conn, &caddr);
	lb_conn_vaddr(conn, &vaddr);
	lb_conn_daddr(conn, &daddr);
	lb_sync_put_addrs(&rec, conn->family, &caddr, &vaddr, &daddr);
	if (flags & LB_CONN_CONTROL)
		lb_sync_put_edits(&rec, conn);
	lb_sync_tell(master, &rec, conn->node[LB_DIR_IN].hash);
}

/* As ip_vs names them: a mark stands in the virtual address, FTP's has no port. */
void lb_sync_tell_template(struct lb_sync_master *master, const struct lb_template *tpl)
{
	const struct lb_service_key *key = &tpl->key;
	const struct lb_dest *dest = tpl->dest;
	union lb_addr vaddr = key->addr;
	struct sync_record rec = {
		.proto = key->fwmark ? IPPROTO_IP : key->proto,
		.flags = SYNC_TEMPLATE | lb_sync_method(tpl->method),
		.state = 1,	/* ip_vs: its client is no stranger */
		.fwmark = key->fwmark,
		.timeout = READ_ONCE(tpl->timeout) / HZ,
		.id = tpl->id,
		.id_len = tpl->id_len,
		.engine = "sip",
		.engine_len = 3,
	};

	if (key->fwmark) {
		vaddr.ip = htonl(key->fwmark);
	} else if (key->port != htons(LB_PORT_FTP)) {
		rec.vport = ntohs(key->port);
		rec.dport = key->port ? ntohs(dest->port) : 0;
	}
	if (tpl->method != LB_METHOD_NAT)
		rec.flags |= SYNC_NO_OUTPUT;
	lb_sync_put_addrs(&rec, key->family, &tpl->client, &vaddr, &dest->addr);
	lb_sync_tell(master, &rec, tpl->hash);
}
