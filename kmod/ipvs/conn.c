// SPDX-License-Identifier: GPL-2.0
/* /proc/net/ip_vs_conn and ip_vs_conn_sync: connections, then templates, in ip_vs's
 * format. What `ipvsadm -Lc` reads.
 *
 * An open file has a walk over either table, which stands where the last read() ended:
 * a read costs what it shows, however many were shown before. Nothing is held between
 * reads. The file is closed (remove_proc_entry()) before the namespace's tables go.
 */
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "../conn.h"
#include "../persist.h"
#include "ipvs.h"

/* Connections passed over in one go: then others run, and RCU callbacks. */
#define LB_IPVS_CHUNK	1024

/* "0123:..." of eight groups. */
#define LB_IPVS_ADDR	sizeof("0000:0000:0000:0000:0000:0000:0000:0000")

/**
 * struct lb_ipvs_walk - how far an open file was read; the file's mutex serialises
 * @ln: the file's namespace; constant
 * @conns: over connections
 * @templates: over templates
 * @conns_done: it is the templates' turn
 */
struct lb_ipvs_walk {
	struct lb_net *ln;
	struct lb_conn_walk conns;
	struct rhashtable_iter templates;
	bool conns_done;
};

static const char *const lb_ipvs_state_names[LB_STATES] = {
	[LB_STATE_NONE] = "NONE",
	[LB_STATE_ESTABLISHED] = "ESTABLISHED",
	[LB_STATE_SYN_SENT] = "SYN_SENT",
	[LB_STATE_SYN_RECV] = "SYN_RECV",
	[LB_STATE_FIN_WAIT] = "FIN_WAIT",
	[LB_STATE_TIME_WAIT] = "TIME_WAIT",
	[LB_STATE_CLOSE] = "CLOSE",
	[LB_STATE_CLOSE_WAIT] = "CLOSE_WAIT",
	[LB_STATE_LAST_ACK] = "LAST_ACK",
	[LB_STATE_LISTEN] = "LISTEN",
	[LB_STATE_SYNACK] = "SYNACK",
	[LB_STATE_UDP] = "UDP",
	[LB_STATE_SCTP_NONE] = "NONE",
	[LB_STATE_SCTP_INIT1] = "INIT1",
	[LB_STATE_SCTP_INIT] = "INIT",
	[LB_STATE_SCTP_COOKIE_SENT] = "C-SENT",
	[LB_STATE_SCTP_COOKIE_REPLIED] = "C-REPLIED",
	[LB_STATE_SCTP_COOKIE_WAIT] = "C-WAIT",
	[LB_STATE_SCTP_COOKIE] = "COOKIE",
	[LB_STATE_SCTP_COOKIE_ECHOED] = "C-ECHOED",
	[LB_STATE_SCTP_ESTABLISHED] = "ESTABLISHED",
	[LB_STATE_SCTP_SHUTDOWN_SENT] = "S-SENT",
	[LB_STATE_SCTP_SHUTDOWN_RECEIVED] = "S-RECEIVED",
	[LB_STATE_SCTP_SHUTDOWN_ACK_SENT] = "S-ACK-SENT",
	[LB_STATE_SCTP_REJECTED] = "REJECTED",
	[LB_STATE_SCTP_CLOSED] = "CLOSED",
};

/**
 * struct lb_ipvs_line - what a line says
 * @proto: IPPROTO_*, 0 for what a mark gathers
 * @family: of client and virtual address
 * @dfamily: of the destination
 * @caddr: client
 * @vaddr: virtual address, or a mark
 * @daddr: destination
 * @cport: client's port
 * @vport: service's port
 * @dport: destination's port
 * @synced: another director has told of it
 * @state: word for it
 * @left: jiffies that it lives on
 * @id: what a persistence engine tells clients by, of @id_len bytes
 * @id_len: 0 for none
 */
struct lb_ipvs_line {
	u8 proto;
	u8 family;
	u8 dfamily;
	union lb_addr caddr;
	union lb_addr vaddr;
	union lb_addr daddr;
	__be16 cport;
	__be16 vport;
	__be16 dport;
	bool synced;
	const char *state;
	s32 left;
	const char *id;
	u8 id_len;
};

/* Under rcu_read_lock(), as the next. False: it is dead, and not shown. */
static bool lb_ipvs_line_of_conn(struct lb_ipvs_line *line, const struct lb_conn *conn)
{
	const u32 now = jiffies;

	if (!lb_conn_alive(conn, now))
		return false;
	line->proto = conn->proto;
	line->family = conn->family;
	line->dfamily = conn->dest->family;
	lb_conn_caddr(conn, &line->caddr);
	lb_conn_vaddr(conn, &line->vaddr);
	lb_conn_daddr(conn, &line->daddr);
	line->cport = conn->cport;
	line->vport = conn->vport;
	line->dport = conn->dport;
	line->synced = READ_ONCE(conn->flags) & LB_CONN_SYNCED;
	line->state = lb_ipvs_state_names[READ_ONCE(conn->state)] ?: "?";
	/* The time that expiry may be late by is nobody's business. */
	line->left = lb_conn_left(conn, now) - LB_CONN_TICK;
	line->id_len = 0;
	return true;
}

static bool lb_ipvs_line_of_template(struct lb_ipvs_line *line, const struct lb_template *tpl)
{
	const struct lb_service_key *key = &tpl->key;
	const struct lb_dest *dest = tpl->dest;
	/* One that leads from any port to the same has none: of a mark, of port 0, and of FTP,
	 * whose data go where its control connection went.
	 */
	const bool port = key->port && key->port != htons(21);

	if (READ_ONCE(tpl->dead))
		return false;
	line->proto = key->fwmark ? IPPROTO_IP : key->proto;
	line->family = key->family;
	line->dfamily = dest->family;
	line->caddr = tpl->client;
	line->vaddr = key->fwmark ? (union lb_addr){ .ip = htonl(key->fwmark) } : key->addr;
	line->daddr = dest->addr;
	line->cport = 0;
	line->vport = port ? key->port : 0;
	line->dport = port ? dest->port : 0;
	/* Of two kinds that ip_vs has this is the one that lives as long as lb's do. */
	line->state = "ASSURED";
	line->synced = tpl->synced;
	line->left = lb_template_left(tpl, jiffies);
	line->id = tpl->id;
	line->id_len = tpl->id_len;
	return true;
}

static void lb_ipvs_addr_text(char text[LB_IPVS_ADDR], u8 family, const union lb_addr *addr)
{
	if (family == AF_INET6)
		snprintf(text, LB_IPVS_ADDR, "%pI6", &addr->ip6);
	else
		snprintf(text, LB_IPVS_ADDR, "%08X", ntohl(addr->ip));
}

/* Up to the state. */
static void lb_ipvs_show_begin(struct seq_file *seq, const struct lb_ipvs_line *line)
{
	char caddr[LB_IPVS_ADDR], vaddr[LB_IPVS_ADDR], daddr[LB_IPVS_ADDR];

	lb_ipvs_addr_text(caddr, line->family, &line->caddr);
	lb_ipvs_addr_text(vaddr, line->family, &line->vaddr);
	lb_ipvs_addr_text(daddr, line->dfamily, &line->daddr);
	seq_printf(seq, "%-3s %s %04X %s %04X %s %04X %-11s ", lb_ipvs_proto_name(line->proto),
		   caddr, ntohs(line->cport), vaddr, ntohs(line->vport), daddr,
		   ntohs(line->dport), line->state);
}

static u32 lb_ipvs_seconds(const struct lb_ipvs_line *line)
{
	return max(line->left, 0) / HZ;
}

/* @v is of the table whose turn it is. */
static bool lb_ipvs_line(struct lb_ipvs_line *line, const struct seq_file *seq, const void *v)
{
	const struct lb_ipvs_walk *walk = seq->private;

	return walk->conns_done ? lb_ipvs_line_of_template(line, v) :
				  lb_ipvs_line_of_conn(line, v);
}

static int lb_ipvs_conn_show(struct seq_file *seq, void *v)
{
	struct lb_ipvs_line line;

	if (v == SEQ_START_TOKEN) {
		seq_puts(seq, "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n");
		return 0;
	}
	if (!lb_ipvs_line(&line, seq, v))
		return SEQ_SKIP;
	lb_ipvs_show_begin(seq, &line);
	seq_printf(seq, "%7u", lb_ipvs_seconds(&line));
	if (line.id_len) {
		seq_puts(seq, " sip ");
		seq_write(seq, line.id, line.id_len);
	}
	seq_putc(seq, '\n');
	return 0;
}

static int lb_ipvs_conn_sync_show(struct seq_file *seq, void *v)
{
	struct lb_ipvs_line line;

	if (v == SEQ_START_TOKEN) {
		seq_puts(seq, "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n");
		return 0;
	}
	if (!lb_ipvs_line(&line, seq, v))
		return SEQ_SKIP;
	lb_ipvs_show_begin(seq, &line);
	seq_printf(seq, "%-6s %7u\n", line.synced ? "SYNC" : "LOCAL", lb_ipvs_seconds(&line));
	return 0;
}

/* The walk whose turn it is goes on, or pauses; what it stands at. */
static void lb_ipvs_walk_resume(struct lb_ipvs_walk *walk)
{
	if (walk->conns_done)
		lb_template_walk_resume(&walk->templates);
	else
		lb_conn_walk_resume(&walk->conns);
}

static void lb_ipvs_walk_pause(struct lb_ipvs_walk *walk)
{
	if (walk->conns_done)
		lb_template_walk_pause(&walk->templates);
	else
		lb_conn_walk_pause(&walk->conns);
}

/* The first that is there from where it stands, or of the other table; NULL at the end.
 * Between resume and pause.
 */
static void *lb_ipvs_walk_peek(struct lb_ipvs_walk *walk)
{
	struct lb_conn *conn;

	if (!walk->conns_done) {
		conn = lb_conn_walk_peek(&walk->conns);
		if (conn)
			return conn;
		lb_ipvs_walk_pause(walk);
		walk->conns_done = true;
		lb_ipvs_walk_resume(walk);
	}
	return lb_template_walk_peek(&walk->templates);
}

static void lb_ipvs_walk_begin(struct lb_ipvs_walk *walk)
{
	walk->conns_done = false;
	lb_conn_walk_begin(&walk->conns, walk->ln);
	lb_template_walk_begin(&walk->templates, walk->ln);
}

static void lb_ipvs_walk_end(struct lb_ipvs_walk *walk)
{
	lb_template_walk_end(&walk->templates);
	lb_conn_walk_end(&walk->conns);
}

static void *lb_ipvs_conn_start(struct seq_file *seq, loff_t *pos)
{
	struct lb_ipvs_walk *walk = seq->private;

	/* From the start, be it anew (lseek()). */
	if (!*pos) {
		lb_ipvs_walk_end(walk);
		lb_ipvs_walk_begin(walk);
	}
	lb_ipvs_walk_resume(walk);
	return *pos ? lb_ipvs_walk_peek(walk) : SEQ_START_TOKEN;
}

static void *lb_ipvs_conn_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct lb_ipvs_walk *walk = seq->private;

	++*pos;
	if (v != SEQ_START_TOKEN) {
		if (walk->conns_done)
			lb_template_walk_next(&walk->templates);
		else
			lb_conn_walk_next(&walk->conns);
	}
	if (!(*pos % LB_IPVS_CHUNK)) {
		lb_ipvs_walk_pause(walk);
		cond_resched();
		lb_ipvs_walk_resume(walk);
	}
	return lb_ipvs_walk_peek(walk);
}

static void lb_ipvs_conn_stop(struct seq_file *seq, void *v)
{
	lb_ipvs_walk_pause(seq->private);
}

static const struct seq_operations lb_ipvs_conn_seq_ops = {
	.start = lb_ipvs_conn_start,
	.next = lb_ipvs_conn_next,
	.stop = lb_ipvs_conn_stop,
	.show = lb_ipvs_conn_show,
};

static const struct seq_operations lb_ipvs_conn_sync_seq_ops = {
	.start = lb_ipvs_conn_start,
	.next = lb_ipvs_conn_next,
	.stop = lb_ipvs_conn_stop,
	.show = lb_ipvs_conn_sync_show,
};

static int lb_ipvs_conn_open_as(struct inode *inode, struct file *file,
				const struct seq_operations *ops)
{
	struct lb_ipvs_walk *walk = __seq_open_private(file, ops, sizeof(*walk));

	if (!walk)
		return -ENOMEM;
	walk->ln = lb_net(pde_data(inode));
	lb_conns_settle(walk->ln);
	lb_ipvs_walk_begin(walk);
	return 0;
}

static int lb_ipvs_conn_open(struct inode *inode, struct file *file)
{
	return lb_ipvs_conn_open_as(inode, file, &lb_ipvs_conn_seq_ops);
}

static int lb_ipvs_conn_sync_open(struct inode *inode, struct file *file)
{
	return lb_ipvs_conn_open_as(inode, file, &lb_ipvs_conn_sync_seq_ops);
}

static int lb_ipvs_conn_release(struct inode *inode, struct file *file)
{
	struct seq_file *seq = file->private_data;

	lb_ipvs_walk_end(seq->private);
	return seq_release_private(inode, file);
}

static const struct proc_ops lb_ipvs_conn_ops = {
	.proc_open = lb_ipvs_conn_open,
	.proc_read_iter = seq_read_iter,
	.proc_lseek = seq_lseek,
	.proc_release = lb_ipvs_conn_release,
};

static const struct proc_ops lb_ipvs_conn_sync_ops = {
	.proc_open = lb_ipvs_conn_sync_open,
	.proc_read_iter = seq_read_iter,
	.proc_lseek = seq_lseek,
	.proc_release = lb_ipvs_conn_release,
};

int lb_ipvs_conn_proc_init(struct net *net)
{
	if (!proc_create_data("ip_vs_conn", 0444, net->proc_net, &lb_ipvs_conn_ops, net))
		return -ENOMEM;
	if (proc_create_data("ip_vs_conn_sync", 0444, net->proc_net, &lb_ipvs_conn_sync_ops, net))
		return 0;
	remove_proc_entry("ip_vs_conn", net->proc_net);
	return -ENOMEM;
}

/* Waits for reads under way, and closes open files. */
void lb_ipvs_conn_proc_exit(struct net *net)
{
	remove_proc_entry("ip_vs_conn_sync", net->proc_net);
	remove_proc_entry("ip_vs_conn", net->proc_net);
}
