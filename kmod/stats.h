/* SPDX-License-Identifier: GPL-2.0 */
/* Counters, rates and drop reasons.
 *
 * A packet writes one set of counters: those of its destination, on its own
 * CPU. Totals of services and of the namespace are summed when somebody looks
 * (plus what gone destinations left in "retired"), and rates are differences
 * between looks. Nothing runs while nobody looks.
 */
#ifndef LB_STATS_H
#define LB_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>
#include <uapi/linux/lb.h>

/**
 * struct lb_counters - a consistent reading, or what is summed from several
 * @conns: connections scheduled
 * @in_packets: packets from clients
 * @out_packets: packets to clients (nat)
 * @in_bytes: bytes from clients, from the network header on
 * @out_bytes: bytes to clients, from the network header on
 */
struct lb_counters {
	u64 conns;
	u64 in_packets;
	u64 out_packets;
	u64 in_bytes;
	u64 out_bytes;
};

/* The counters of a destination on one CPU; BH context writes them. */
struct lb_pcpu_counters {
	u64_stats_t conns;
	u64_stats_t in_packets;
	u64_stats_t out_packets;
	u64_stats_t in_bytes;
	u64_stats_t out_bytes;
	struct u64_stats_sync sync;
};

/**
 * struct lb_rate - rates as seen by successive looks
 * @base: counters at the look from which the current span starts
 * @base_at: when that was (ktime_get_ns()); 0 before the first look
 * @last: per-second rates of the span before, shown while the current one is
 *	too short to say anything
 * @last_ms: length of the span of @last in milliseconds
 *
 * Protected by ln->lock.
 */
struct lb_rate {
	struct lb_counters base;
	u64 base_at;
	struct lb_counters last;
	u64 last_ms;
};

#define LB_DROP_REASONS (LB_DROP_REASON_MAX + 1)

struct lb_drops {
	u64 packets[LB_DROP_REASONS];
};

struct lb_ctx;
struct lb_net;

/* Sums @pcpu into @sum (adds; does not clear first). */
void lb_counters_add_pcpu(struct lb_counters *sum,
			  const struct lb_pcpu_counters __percpu *pcpu);
/* The same of one CPU. */
void lb_counters_add_cpu(struct lb_counters *sum, const struct lb_pcpu_counters __percpu *pcpu,
			 int cpu);
void lb_counters_add(struct lb_counters *sum, const struct lb_counters *other);
void lb_counters_sub(struct lb_counters *sum, const struct lb_counters *other);

/**
 * lb_rate_look - rates since an earlier look, and remember this one
 * @rate: state of the object looked at
 * @now: its counters now
 * @now_ns: ktime_get_ns()
 * @rates: result, per second
 *
 * A span is closed when it is at least one second long.
 *
 * Return: milliseconds that @rates averages over, 0 when nothing is known yet.
 */
u64 lb_rate_look(struct lb_rate *rate, const struct lb_counters *now, u64 now_ns,
		 struct lb_counters *rates);

/* The name that people see; a static string. */
const char *lb_drop_name(enum lb_drop_reason reason);
void lb_drops_read(const struct lb_net *ln, u64 packets[LB_DROP_REASONS]);
/* Counts a dropped packet; BH or process context. */
void lb_drop_count(struct lb_net *ln, enum lb_drop_reason reason);

#endif /* LB_STATS_H */
