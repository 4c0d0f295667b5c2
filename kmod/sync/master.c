// SPDX-License-Identifier: GPL-2.0
/* The master: which of its connections a director tells of, when, and the messages that
 * they travel in. A connection's messages go by one port, so that they stay in order.
 */
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <net/sock.h>

#include "../alg.h"
#include "../conn.h"
#include "../core/sync_due.h"
#include "../core/sync_msg.h"
#include "../dest.h"
#include "../packet.h"
#include "../persist.h"
#include "../service.h"
#include "sync.h"

/* As in ip_vs: a message waits so long for more connections. */
#define LB_SYNC_FLUSH	(2 * HZ)

/* Templates are told with their connections' packets, but not more often. */
#define LB_SYNC_TEMPLATE_TICK	HZ

/* What a connection notes of its being told: the state, and retries above it. */
#define LB_SYNC_STATE	0x1f
#define LB_SYNC_RETRY	5

static_assert(LB_STATE_MAX < LB_SYNC_STATE && LB_CONN_UNTOLD == LB_SYNC_STATE);

/**
 * struct lb_sync_buf - a message
 * @list: in port->queue
 * @since: jiffies when it was begun
 * @conns: in it
 * @writer: where it is being written
 * @data: its bytes
 */
struct lb_sync_buf {
	struct list_head list;
	unsigned long since;
	u32 conns;
	struct sync_writer writer;
	u8 data[];
};

/**
 * struct lb_sync_port - what is sent to one port
 * @master: whose it is
 * @lock: serialises the next three; BH context, innermost
 * @open: the message that is being written, or NULL
 * @queue: those that wait to be sent
 * @queued: so many
 * @wait: @task waits here
 * @task: sends them
 * @sock: by this
 */
struct lb_sync_port {
	struct lb_sync_master *master;
	spinlock_t lock; /* see above */
	struct lb_sync_buf *open;
	struct list_head queue;
	u32 queued;
	wait_queue_head_t wait;
	struct task_struct *task;
	struct socket *sock;
};

/**
 * struct lb_sync_master - see sync.h
 * @ln: namespace
 * @conf: what it was started with
 * @qlen: messages that may wait at a port where the settings do not say
 * @port: conf.ports of them
 */
struct lb_sync_master {
	struct lb_net *ln;
	struct lb_sync_conf conf;
	u32 qlen;
	struct lb_sync_port port[];
};

const struct lb_sync_conf *lb_sync_master_conf(const struct lb_sync_master *master)
{
	return &master->conf;
}

/* --- messages */

/* The open message is not written to any more. Caller holds port->lock. */
static void lb_sync_close(struct lb_sync_port *port)
{
	struct lb_net *ln = port->master->ln;
	struct lb_sync_buf *buf = port->open;

	port->open = NULL;
	if (port->queued >= (READ_ONCE(ln->settings.sync_qlen_max) ?: port->master->qlen)) {
		lb_sync_count_add(ln, LB_SYNC_COUNT_LOST_QUEUE, buf->conns);
		kfree(buf);
		return;
	}
	list_add_tail(&buf->list, &port->queue);
	WRITE_ONCE(port->queued, port->queued + 1);
	wake_up(&port->wait);
}

/* Caller holds port->lock. NULL when there is no memory. */
static struct lb_sync_buf *lb_sync_begin(struct lb_sync_port *port, u8 version, u32 alone)
{
	const struct lb_sync_conf *conf = &port->master->conf;
	u32 room = max_t(u32, conf->maxlen, alone);
	struct lb_sync_buf *buf;

	buf = kmalloc(struct_size(buf, data, room), GFP_ATOMIC | __GFP_NOWARN);
	if (!buf)
		return NULL;
	buf->since = jiffies;
	buf->conns = 0;
	sync_write_begin(&buf->writer, buf->data, room, version, conf->id);
	port->open = buf;
	return buf;
}

/* Caller holds port->lock. Returns false when there is no memory. */
static bool lb_sync_write(struct lb_sync_port *port, const struct sync_record *rec, u8 version,
			  u32 alone)
{
	struct lb_sync_buf *buf = port->open;
	bool written = buf && buf->writer.version == version && sync_write(&buf->writer, rec);

	if (!written) {
		if (buf)
			lb_sync_close(port);
		buf = lb_sync_begin(port, version, alone);
		if (!buf)
			return false;
		sync_write(&buf->writer, rec);
	}
	buf->conns++;
	return true;
}

/* BH disabled. */
static void lb_sync_tell(struct lb_sync_master *master, const struct sync_record *rec, u32 hash)
{
	struct lb_sync_port *port = &master->port[reciprocal_scale(hash, master->conf.ports)];
	struct lb_net *ln = master->ln;
	const u8 version = READ_ONCE(ln->settings.sync_version);
	u32 alone = sync_alone(version, rec);
	bool written;

	if (!alone) {
		lb_sync_count(ln, LB_SYNC_COUNT_LOST_VERSION);
		return;
	}
	spin_lock(&port->lock);
	written = lb_sync_write(port, rec, version, alone);
	spin_unlock(&port->lock);
	if (!written)
		lb_sync_count(ln, LB_SYNC_COUNT_LOST_MEMORY);
}

/* --- records */

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

static noinline_for_stack void lb_sync_tell_conn(struct lb_sync_master *master,
						 struct lb_conn *conn)
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
static noinline_for_stack void lb_sync_tell_template(struct lb_sync_master *master,
						     const struct lb_template *tpl)
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

/* --- what is told */

/* Those of ip_vs: before, somebody else's connection is not to be gone on with. */
static bool lb_sync_state_is_told(u8 state)
{
	switch ((enum lb_state)state) {
	case LB_STATE_ESTABLISHED:
	case LB_STATE_FIN_WAIT:
	case LB_STATE_TIME_WAIT:
	case LB_STATE_CLOSE:
	case LB_STATE_CLOSE_WAIT:
	case LB_STATE_UDP:
	case LB_STATE_SCTP_ESTABLISHED:
	case LB_STATE_SCTP_SHUTDOWN_SENT:
	case LB_STATE_SCTP_SHUTDOWN_RECEIVED:
	case LB_STATE_SCTP_SHUTDOWN_ACK_SENT:
	case LB_STATE_SCTP_CLOSED:
		return true;
	default:
		return false;
	}
}

/* Does a change to this state go at once? */
static bool lb_sync_state_is_news(u8 state)
{
	return state != LB_STATE_ESTABLISHED && state != LB_STATE_SCTP_ESTABLISHED &&
	       state != LB_STATE_UDP;
}

static u16 lb_sync_seconds(void)
{
	return (u16)(jiffies / HZ);
}

static void lb_sync_rules(struct sync_rules *rules, const struct lb_settings *settings)
{
	rules->threshold = READ_ONCE(settings->sync_threshold);
	rules->period = READ_ONCE(settings->sync_period);
	rules->refresh = READ_ONCE(settings->sync_refresh_period);
	rules->retries = READ_ONCE(settings->sync_retries);
}

/* Is this packet, of so many, one that tells the connection? Then that is noted. */
static bool lb_sync_conn_due(const struct lb_settings *settings, struct lb_conn *conn, u16 packets)
{
	struct lb_conn_node *in = &conn->node[LB_DIR_IN], *out = &conn->node[LB_DIR_OUT];
	const u8 state = READ_ONCE(conn->state), noted = READ_ONCE(in->told);
	const bool same = (noted & LB_SYNC_STATE) == state;
	const struct sync_told told = {
		.ever = same,
		.age = (u16)(lb_sync_seconds() - READ_ONCE(out->word)),
		.retries = noted >> LB_SYNC_RETRY,
	};
	enum sync_due due = SYNC_DUE;
	struct sync_rules rules;

	if (!lb_sync_state_is_told(state))
		return false;
	if (same || !lb_sync_state_is_news(state)) {
		lb_sync_rules(&rules, settings);
		/* Counted by 16 bits: 0 is one of many. */
		due = sync_due(&rules, &told, packets ?: U16_MAX, READ_ONCE(conn->timeout) / HZ);
	}
	if (due == SYNC_NOT_DUE)
		return false;
	WRITE_ONCE(in->told, due == SYNC_DUE_RETRY ?
			     state | (told.retries + 1) << LB_SYNC_RETRY : state);
	WRITE_ONCE(out->word, lb_sync_seconds());
	return true;
}

static bool lb_sync_template_due(const struct lb_settings *settings, struct lb_template *tpl)
{
	const u32 now = jiffies, age = now - READ_ONCE(tpl->told_at);
	const bool ever = READ_ONCE(tpl->told);
	const struct sync_told told = { .ever = ever, .age = age / HZ };
	struct sync_rules rules;

	if (ever && age < LB_SYNC_TEMPLATE_TICK)
		return false;
	lb_sync_rules(&rules, settings);
	if (ever && !rules.period && !rules.refresh)
		return false;
	if (sync_due(&rules, &told, 0, READ_ONCE(tpl->timeout) / HZ) == SYNC_NOT_DUE)
		return false;
	WRITE_ONCE(tpl->told, true);
	WRITE_ONCE(tpl->told_at, now);
	return true;
}

/* The template that a connection is counted in, NULL when the connection is gone.
 * Valid under rcu_read_lock(): it was not unlinked before the connection was.
 */
static struct lb_template *lb_sync_template_of(struct lb_conn *conn)
{
	struct lb_template *tpl = NULL;

	spin_lock(&conn->lock);
	if (!(conn->flags & LB_CONN_DEAD))
		tpl = conn->tpl;
	spin_unlock(&conn->lock);
	return tpl;
}

/* What version 1 has one family for, or no word. */
static bool lb_sync_can_tell(u8 family, const struct lb_dest *dest, u8 method)
{
	return dest->family == family && method != LB_METHOD_BYPASS;
}

void lb_sync_step(const struct lb_ctx *ctx)
{
	struct lb_sync_master *master = rcu_dereference(ctx->ln->sync.master);
	const struct lb_settings *settings = &ctx->ln->settings;
	struct lb_conn *conn = ctx->conn;
	struct lb_conn_node *in = &conn->node[LB_DIR_IN];
	struct lb_template *tpl = NULL;
	u16 packets;

	if (!master || ctx->dir != LB_DIR_IN ||
	    !lb_sync_can_tell(conn->family, conn->dest, conn->method))
		return;
	packets = READ_ONCE(in->word) + 1;
	WRITE_ONCE(in->word, packets);

	if (conn->flags & LB_CONN_PERSISTENT)
		tpl = lb_sync_template_of(conn);
	if (tpl && READ_ONCE(settings->sync_persist_mode))
		packets = 0;
	else if (lb_sync_conn_due(settings, conn, packets))
		lb_sync_tell_conn(master, conn);
	if (tpl && lb_sync_template_due(settings, tpl))
		lb_sync_tell_template(master, tpl);
}

bool lb_sync_is_off(const struct lb_ctx *ctx)
{
	return READ_ONCE(ctx->ln->sync.backs_up) && READ_ONCE(ctx->ln->settings.backup_only) &&
	       !(ctx->conn && ctx->dir == LB_DIR_OUT);
}

/* --- the thread */

/* What is to be sent next; the open message when it has waited long enough. */
static struct lb_sync_buf *lb_sync_next(struct lb_sync_port *port)
{
	struct lb_sync_buf *buf;

	spin_lock_bh(&port->lock);
	buf = list_first_entry_or_null(&port->queue, struct lb_sync_buf, list);
	if (buf) {
		list_del(&buf->list);
		WRITE_ONCE(port->queued, port->queued - 1);
	} else if (port->open && time_after_eq(jiffies, port->open->since + LB_SYNC_FLUSH)) {
		buf = port->open;
		port->open = NULL;
	}
	spin_unlock_bh(&port->lock);
	return buf;
}

static void lb_sync_send(struct lb_sync_port *port, struct lb_sync_buf *buf)
{
	struct lb_net *ln = port->master->ln;
	int len;

	do {
		struct kvec iov = { .iov_base = buf->data, .iov_len = buf->writer.len };
		struct msghdr msg = { .msg_flags = MSG_NOSIGNAL };

		len = kernel_sendmsg(port->sock, &msg, &iov, 1, buf->writer.len);
	} while (len == -EAGAIN && !kthread_should_stop());
	if (len < 0) {
		lb_sync_count(ln, LB_SYNC_COUNT_LOST_SEND);
		return;
	}
	lb_sync_count(ln, LB_SYNC_COUNT_SENT_MESSAGES);
	lb_sync_count_add(ln, LB_SYNC_COUNT_SENT_CONNS, buf->conns);
}

static int lb_sync_send_all(void *data)
{
	struct lb_sync_port *port = data;
	struct lb_sync_buf *buf;

	while (!kthread_should_stop()) {
		wait_event_interruptible_timeout(port->wait,
						 kthread_should_stop() || READ_ONCE(port->queued),
						 HZ);
		while (!kthread_should_stop() && (buf = lb_sync_next(port))) {
			lb_sync_send(port, buf);
			kfree(buf);
		}
	}
	return 0;
}

static int lb_sync_port_open(struct lb_sync_port *port, u32 nth, int ifindex)
{
	struct lb_sync_master *master = port->master;
	struct task_struct *task;
	int err;

	err = lb_sync_sock_open(master->ln->net, &master->conf, nth, ifindex,
				READ_ONCE(master->ln->settings.sync_sock_size), &port->sock);
	if (err)
		return err;
	task = kthread_run(lb_sync_send_all, port, "lb-sync-m/%u", nth);
	if (IS_ERR(task))
		return PTR_ERR(task);
	port->task = task;
	return 0;
}

static void lb_sync_port_close(struct lb_sync_port *port)
{
	struct lb_sync_buf *buf, *next;

	if (port->task)
		kthread_stop(port->task);
	if (port->sock)
		sock_release(port->sock);
	list_for_each_entry_safe(buf, next, &port->queue, list)
		kfree(buf);
	kfree(port->open);
}

void lb_sync_master_free(struct lb_sync_master *master)
{
	u32 i;

	for (i = 0; i < master->conf.ports; i++)
		lb_sync_port_close(&master->port[i]);
	kfree(master);
}

u32 lb_sync_qlen(void)
{
	return clamp_t(unsigned long, nr_free_buffer_pages() / 32, 1, INT_MAX);
}

struct lb_sync_master *lb_sync_master_new(struct lb_net *ln, const struct lb_sync_conf *conf,
					  int ifindex)
{
	struct lb_sync_master *master;
	int err = 0;
	u32 i;

	master = kzalloc(struct_size(master, port, conf->ports), GFP_KERNEL_ACCOUNT);
	if (!master)
		return ERR_PTR(-ENOMEM);
	master->ln = ln;
	master->conf = *conf;
	/* As in ip_vs. */
	master->qlen = lb_sync_qlen();
	for (i = 0; i < conf->ports; i++) {
		master->port[i].master = master;
		spin_lock_init(&master->port[i].lock);
		INIT_LIST_HEAD(&master->port[i].queue);
		init_waitqueue_head(&master->port[i].wait);
	}
	for (i = 0; !err && i < conf->ports; i++)
		err = lb_sync_port_open(&master->port[i], i, ifindex);
	if (err) {
		lb_sync_master_free(master);
		return ERR_PTR(err);
	}
	return master;
}
