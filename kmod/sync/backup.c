// SPDX-License-Identifier: GPL-2.0
/* The backup: hears what masters tell, and checks whether it is one of its own. */
#include <linux/kthread.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/sock.h>

#include "../core/sync_msg.h"
#include "../lb.h"
#include "sync.h"

/**
 * struct lb_sync_ear - what is received at one port
 * @backup: whose it is
 * @task: receives
 * @sock: by this
 * @data: a message, of up to conf.maxlen bytes
 */
struct lb_sync_ear {
	struct lb_sync_backup *backup;
	struct task_struct *task;
	struct socket *sock;
	u8 *data;
};

struct lb_sync_backup {
	struct lb_net *ln;
	struct lb_sync_conf conf;
	struct lb_sync_ear ear[];
};

const struct lb_sync_conf *lb_sync_backup_conf(const struct lb_sync_backup *backup)
{
	return &backup->conf;
}

static unsigned int lb_sync_count_of(enum sync_fault fault)
{
	switch (fault) {
	case SYNC_BAD_VERSION:
		return LB_SYNC_COUNT_BAD_VERSION;
	case SYNC_BAD_RECORD:
		return LB_SYNC_COUNT_BAD_RECORD;
	case SYNC_BAD_OPTION:
		return LB_SYNC_COUNT_BAD_OPTION;
	case SYNC_FINE:
		return LB_SYNC_COUNT_RECEIVED_MESSAGES;
	case SYNC_BAD_SIZE:
		break;
	}
	return LB_SYNC_COUNT_BAD_SIZE;
}

static void lb_sync_hear(struct lb_sync_backup *backup, const u8 *data, u32 len)
{
	struct lb_net *ln = backup->ln;
	struct sync_reader reader;
	struct sync_record rec;
	enum sync_fault fault;

	fault = sync_read(&reader, data, len);
	if (fault == SYNC_FINE && backup->conf.id && reader.id != backup->conf.id) {
		lb_sync_count(ln, LB_SYNC_COUNT_OTHER_ID);
		return;
	}
	lb_sync_count(ln, lb_sync_count_of(fault));
	if (fault != SYNC_FINE)
		return;
	while (sync_read_next(&reader, &rec)) {
		lb_sync_apply(ln, &rec);
		cond_resched();
	}
}

static bool lb_sync_is_spoken_to(const struct sock *sk)
{
	return !skb_queue_empty_lockless(&sk->sk_receive_queue) ||
	       !skb_queue_empty_lockless(&udp_sk(sk)->reader_queue);
}

static int lb_sync_listen(void *data)
{
	struct lb_sync_ear *ear = data;
	struct sock *sk = ear->sock->sk;
	struct kvec iov;
	int len;

	while (!kthread_should_stop()) {
		struct msghdr msg = {};

		wait_event_interruptible(*sk_sleep(sk),
					 lb_sync_is_spoken_to(sk) || kthread_should_stop());
		if (kthread_should_stop())
			break;
		iov.iov_base = ear->data;
		iov.iov_len = ear->backup->conf.maxlen;
		len = kernel_recvmsg(ear->sock, &msg, &iov, 1, iov.iov_len, MSG_DONTWAIT);
		if (len >= 0)
			lb_sync_hear(ear->backup, ear->data, len);
		cond_resched();
	}
	return 0;
}

static int lb_sync_ear_open(struct lb_sync_ear *ear, u32 nth, int ifindex)
{
	struct lb_sync_backup *backup = ear->backup;
	struct task_struct *task;
	int err;

	ear->data = kvmalloc(backup->conf.maxlen, GFP_KERNEL_ACCOUNT);
	if (!ear->data)
		return -ENOMEM;
	err = lb_sync_sock_open(backup->ln->net, &backup->conf, nth, ifindex,
				READ_ONCE(backup->ln->settings.sync_sock_size), &ear->sock);
	if (err)
		return err;
	task = kthread_run(lb_sync_listen, ear, "lb-sync-b/%u", nth);
	if (IS_ERR(task))
		return PTR_ERR(task);
	ear->task = task;
	return 0;
}

void lb_sync_backup_free(struct lb_sync_backup *backup)
{
	struct lb_sync_ear *ear;
	u32 i;

	for (i = 0; i < backup->conf.ports; i++) {
		ear = &backup->ear[i];
		if (ear->task)
			kthread_stop(ear->task);
		if (ear->sock)
			sock_release(ear->sock);
		kvfree(ear->data);
	}
	kfree(backup);
}

struct lb_sync_backup *lb_sync_backup_new(struct lb_net *ln, const struct lb_sync_conf *conf,
					  int ifindex)
{
	struct lb_sync_backup *backup;
	int err = 0;
	u32 i;

	backup = kzalloc(struct_size(backup, ear, conf->ports), GFP_KERNEL_ACCOUNT);
	if (!backup)
		return ERR_PTR(-ENOMEM);
	backup->ln = ln;
	backup->conf = *conf;
	for (i = 0; !err && i < conf->ports; i++) {
		backup->ear[i].backup = backup;
		err = lb_sync_ear_open(&backup->ear[i], i, ifindex);
	}
	if (err) {
		lb_sync_backup_free(backup);
		return ERR_PTR(err);
	}
	return backup;
}
