// SPDX-License-Identifier: GPL-2.0
/* The master: messages of what a director tells, and the threads that send them. A
 * connection's messages go by one port, so that they stay in order.
 */
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <net/sock.h>

#include "../core/sync_msg.h"
#include "../lb.h"
#include "sync.h"

/* As in ip_vs: a message waits so long for more connections. */
#define LB_SYNC_FLUSH	(2 * HZ)

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
 * @queued: they take so many pages
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
 * @pages: that each message takes
 * @qlen: pages of messages that may wait at a port, see lb_sync_may_wait()
 * @port: conf.ports of them
 */
struct lb_sync_master {
	struct lb_net *ln;
	struct lb_sync_conf conf;
	u32 pages;
	u32 qlen;
	struct lb_sync_port port[];
};

const struct lb_sync_conf *lb_sync_master_conf(const struct lb_sync_master *master)
{
	return &master->conf;
}

/* --- messages */

/* A message counts as the pages that it takes: one, unless administrators want them long. */
static u32 lb_sync_may_wait(const struct lb_sync_master *master)
{
	const u32 told = READ_ONCE(master->ln->settings.sync_qlen_max);

	if (!told)
		return master->qlen;
	return lb_sync_is_trusted(master->ln->net) ? told : min(told, master->qlen);
}

/* The open message is not written to any more. Caller holds port->lock. */
static void lb_sync_close(struct lb_sync_port *port)
{
	struct lb_net *ln = port->master->ln;
	struct lb_sync_buf *buf = port->open;

	port->open = NULL;
	if (port->queued >= lb_sync_may_wait(port->master)) {
		lb_sync_count_add(ln, LB_SYNC_COUNT_LOST_QUEUE, buf->conns);
		kfree(buf);
		return;
	}
	list_add_tail(&buf->list, &port->queue);
	WRITE_ONCE(port->queued, port->queued + port->master->pages);
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

void lb_sync_tell(struct lb_sync_master *master, const struct sync_record *rec, u32 hash)
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

/* --- the thread */

/* What is to be sent next; the open message when it has waited long enough. */
static struct lb_sync_buf *lb_sync_next(struct lb_sync_port *port)
{
	struct lb_sync_buf *buf;

	spin_lock_bh(&port->lock);
	buf = list_first_entry_or_null(&port->queue, struct lb_sync_buf, list);
	if (buf) {
		list_del(&buf->list);
		WRITE_ONCE(port->queued, port->queued - port->master->pages);
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
	master->pages = DIV_ROUND_UP(sizeof(struct lb_sync_buf) + conf->maxlen, PAGE_SIZE);
	/* ip_vs gives each port as much. */
	master->qlen = max(lb_sync_qlen() / conf->ports, 1U);
	if (!lb_sync_is_trusted(ln->net))
		master->qlen = min(master->qlen, LB_SYNC_GUEST_QLEN);
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
