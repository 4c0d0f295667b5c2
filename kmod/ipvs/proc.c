// SPDX-License-Identifier: GPL-2.0
/* /proc/net/ip_vs, ip_vs_stats, ip_vs_stats_percpu and ip_vs_app, in ip_vs's formats:
 * what monitoring reads. Connections are in conn.c.
 *
 * The files go (remove_proc_entry()) before the namespace's state does; an open one is
 * closed then.
 */
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "../conn.h"
#include "../dest.h"
#include "../sched.h"
#include "ipvs.h"

static struct lb_net *lb_ipvs_file_net(const struct seq_file *seq)
{
	return lb_net(pde_data(file_inode(seq->file)));
}

static void *lb_ipvs_table_start(struct seq_file *seq, loff_t *pos)
{
	struct lb_net *ln = lb_ipvs_file_net(seq);
	struct lb_nl_dump *dump = seq->private;

	mutex_lock(&ln->lock);
	if (*pos)
		return lb_nl_dump_service(ln, dump);
	*dump = (struct lb_nl_dump){};
	return SEQ_START_TOKEN;
}

static void *lb_ipvs_table_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct lb_nl_dump *dump = seq->private;

	++*pos;
	if (v == SEQ_START_TOKEN)
		return lb_nl_dump_service(lb_ipvs_file_net(seq), dump);
	return lb_nl_dump_next(v, dump);
}

static void lb_ipvs_table_stop(struct seq_file *seq, void *v)
{
	mutex_unlock(&lb_ipvs_file_net(seq)->lock);
}

static void lb_ipvs_show_service(struct seq_file *seq, const struct lb_service *svc,
				 const struct lb_pool *pool)
{
	const struct lb_service_key *key = &svc->key;
	const char *ops = pool->one_packet ? "ops " : "";

	/* A word less for IPv6, a blank less for marks: ip_vs's. */
	if (key->fwmark)
		seq_printf(seq, "FWM  %08X %s %s", key->fwmark, pool->sched->name, ops);
	else if (key->family == AF_INET6)
		seq_printf(seq, "%s  [%pI6]:%04X %s ", lb_ipvs_proto_name(key->proto),
			   &key->addr.ip6, ntohs(key->port), pool->sched->name);
	else
		seq_printf(seq, "%s  %08X:%04X %s %s ", lb_ipvs_proto_name(key->proto),
			   ntohl(key->addr.ip), ntohs(key->port), pool->sched->name, ops);
	/* In jiffies, as there. */
	if (pool->persist.timeout)
		seq_printf(seq, "persistent %d %08X\n", pool->persist.timeout,
			   ntohl(lb_ipvs_netmask(key->family, &pool->persist)));
	else
		seq_putc(seq, '\n');
}

static void lb_ipvs_show_dest(struct seq_file *seq, const struct lb_pool_entry *entry)
{
	const struct lb_dest *dest = entry->dest;

	if (dest->family == AF_INET6)
		seq_printf(seq, "  -> [%pI6]:%04X", &dest->addr.ip6, ntohs(dest->port));
	else
		seq_printf(seq, "  -> %08X:%04X", ntohl(dest->addr.ip), ntohs(dest->port));
	seq_printf(seq, "      %-7s %-6d %-10d %-10d\n", lb_ipvs_method_name(entry->method),
		   lb_ipvs_weight(entry), lb_dest_active(dest), lb_dest_inactive(dest));
}

static int lb_ipvs_table_show(struct seq_file *seq, void *v)
{
	const struct lb_pool *pool;
	u32 i;

	if (v == SEQ_START_TOKEN) {
		seq_printf(seq, "IP Virtual Server version %d.%d.%d (size=%d)\n",
			   LB_IPVS_VERSION >> 16, LB_IPVS_VERSION >> 8 & 0xff,
			   LB_IPVS_VERSION & 0xff, LB_IPVS_TAB_SIZE);
		seq_puts(seq, "Prot LocalAddress:Port Scheduler Flags\n");
		seq_puts(seq, "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n");
		return 0;
	}
	pool = lb_service_pool_locked(v);
	lb_ipvs_show_service(seq, v, pool);
	for (i = 0; i < pool->n_members; i++)
		lb_ipvs_show_dest(seq, &pool->member[i]);
	return 0;
}

static const struct seq_operations lb_ipvs_table_ops = {
	.start = lb_ipvs_table_start,
	.next = lb_ipvs_table_next,
	.stop = lb_ipvs_table_stop,
	.show = lb_ipvs_table_show,
};

static void lb_ipvs_show_counters(struct seq_file *seq, const char *head,
				  const struct lb_counters *c)
{
	seq_printf(seq, "%s%8llX %8llX %8llX %16llX %16llX\n", head, c->conns,
		   c->in_packets, c->out_packets, c->in_bytes, c->out_bytes);
}

/* The namespace's, as clients see them, and the rates. */
static void lb_ipvs_totals(struct lb_net *ln, struct lb_counters *sum, struct lb_counters *rates)
{
	*sum = (struct lb_counters){};
	lb_net_counters(ln, sum);
	lb_ipvs_look(&ln->rate, sum, &ln->zeroed, rates);
}

static int lb_ipvs_stats_show(struct seq_file *seq, void *v)
{
	struct lb_net *ln = lb_ipvs_file_net(seq);
	struct lb_counters sum, rates;

	mutex_lock(&ln->lock);
	lb_ipvs_totals(ln, &sum, &rates);
	mutex_unlock(&ln->lock);
	seq_puts(seq, "   Total Incoming Outgoing         Incoming         Outgoing\n");
	seq_puts(seq, "   Conns  Packets  Packets            Bytes            Bytes\n");
	lb_ipvs_show_counters(seq, "", &sum);
	seq_puts(seq, "\n Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n");
	lb_ipvs_show_counters(seq, "", &rates);
	return 0;
}

/* What destinations that are there have counted on one CPU. Caller holds ln->lock. */
static void lb_ipvs_cpu_counters(struct lb_net *ln, struct lb_counters *sum, int cpu)
{
	const struct lb_pool *pool;
	struct lb_service *svc;
	u32 i;

	list_for_each_entry(svc, &ln->service_list, list) {
		pool = lb_service_pool_locked(svc);
		for (i = 0; i < pool->n_members; i++)
			lb_counters_add_cpu(sum, pool->member[i].dest->counters, cpu);
		cond_resched();
	}
}

/* Rows are never zeroed, as there. Of what is gone nobody knows the CPU any more: the
 * first one's row has it, so that rows add up.
 */
static int lb_ipvs_stats_percpu_show(struct seq_file *seq, void *v)
{
	struct lb_net *ln = lb_ipvs_file_net(seq);
	struct lb_counters sum, rates, row, rest = {}, rows = {};
	const int first = cpumask_first(cpu_possible_mask);
	char head[16];
	int cpu;

	seq_puts(seq, "       Total Incoming Outgoing         Incoming         Outgoing\n");
	seq_puts(seq, "CPU    Conns  Packets  Packets            Bytes            Bytes\n");
	mutex_lock(&ln->lock);
	/* In this order: counters grow, so the difference is none below 0. */
	for_each_possible_cpu(cpu)
		lb_ipvs_cpu_counters(ln, &rows, cpu);
	lb_net_counters(ln, &rest);
	lb_counters_sub(&rest, &rows);
	for_each_possible_cpu(cpu) {
		row = (struct lb_counters){};
		lb_ipvs_cpu_counters(ln, &row, cpu);
		if (cpu == first)
			lb_counters_add(&row, &rest);
		snprintf(head, sizeof(head), "%3X ", cpu);
		lb_ipvs_show_counters(seq, head, &row);
	}
	lb_ipvs_totals(ln, &sum, &rates);
	mutex_unlock(&ln->lock);
	lb_ipvs_show_counters(seq, "  ~ ", &sum);
	seq_puts(seq, "\n     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n");
	lb_ipvs_show_counters(seq, "    ", &rates);
	return 0;
}

/* Connections that FTP's text is read of. */
static u32 lb_ipvs_count_ftp(struct lb_net *ln)
{
	struct lb_conn_walk walk;
	struct lb_conn *conn;
	unsigned int n;
	u32 count = 0;

	lb_conns_settle(ln);
	lb_conn_walk_begin(&walk, ln);
	do {
		lb_conn_walk_resume(&walk);
		conn = lb_conn_walk_peek(&walk);
		for (n = 1024; conn && n; n--) {
			if ((READ_ONCE(conn->flags) & LB_CONN_CONTROL) &&
			    lb_conn_alive(conn, jiffies))
				count++;
			conn = lb_conn_walk_next(&walk);
		}
		lb_conn_walk_pause(&walk);
		cond_resched();
	} while (conn);
	lb_conn_walk_end(&walk);
	return count;
}

/* FTP is not in a module of its own: it is there as long as it has a port. */
static int lb_ipvs_app_show(struct seq_file *seq, void *v)
{
	struct lb_net *ln = lb_ipvs_file_net(seq);
	u32 port = READ_ONCE(ln->settings.ftp_port);

	seq_puts(seq, "prot port    usecnt name\n");
	if (port)
		seq_printf(seq, "%-3s  %-7u %-6d %-17s\n", "TCP", port, lb_ipvs_count_ftp(ln),
			   "ftp");
	return 0;
}

static int lb_ipvs_table_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &lb_ipvs_table_ops, sizeof(struct lb_nl_dump));
}

static int lb_ipvs_stats_open(struct inode *inode, struct file *file)
{
	return single_open(file, lb_ipvs_stats_show, NULL);
}

static int lb_ipvs_stats_percpu_open(struct inode *inode, struct file *file)
{
	return single_open(file, lb_ipvs_stats_percpu_show, NULL);
}

static int lb_ipvs_app_open(struct inode *inode, struct file *file)
{
	return single_open(file, lb_ipvs_app_show, NULL);
}

#define LB_IPVS_PROC_OPS(open, release) {	\
	.proc_open = (open),			\
	.proc_read_iter = seq_read_iter,	\
	.proc_lseek = seq_lseek,		\
	.proc_release = (release),		\
}

static const struct proc_ops lb_ipvs_table_proc =
	LB_IPVS_PROC_OPS(lb_ipvs_table_open, seq_release_private);
static const struct proc_ops lb_ipvs_stats_proc =
	LB_IPVS_PROC_OPS(lb_ipvs_stats_open, single_release);
static const struct proc_ops lb_ipvs_stats_percpu_proc =
	LB_IPVS_PROC_OPS(lb_ipvs_stats_percpu_open, single_release);
static const struct proc_ops lb_ipvs_app_proc =
	LB_IPVS_PROC_OPS(lb_ipvs_app_open, single_release);

static const struct {
	const char *name;
	const struct proc_ops *ops;
} lb_ipvs_files[] = {
	{ "ip_vs", &lb_ipvs_table_proc },
	{ "ip_vs_stats", &lb_ipvs_stats_proc },
	{ "ip_vs_stats_percpu", &lb_ipvs_stats_percpu_proc },
	{ "ip_vs_app", &lb_ipvs_app_proc },
};

int lb_ipvs_proc_init(struct net *net)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lb_ipvs_files); i++) {
		if (proc_create_data(lb_ipvs_files[i].name, 0444, net->proc_net,
				     lb_ipvs_files[i].ops, net))
			continue;
		while (i--)
			remove_proc_entry(lb_ipvs_files[i].name, net->proc_net);
		return -ENOMEM;
	}
	return 0;
}

void lb_ipvs_proc_exit(struct net *net)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lb_ipvs_files); i++)
		remove_proc_entry(lb_ipvs_files[i].name, net->proc_net);
}
