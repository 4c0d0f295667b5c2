// SPDX-License-Identifier: GPL-2.0
/* Counters are summed, rates computed, reasons named when somebody looks. */
#include "stats.h"

#include <linux/math64.h>

#include "lb.h"

/* A span shorter than this says too little to be closed. */
#define LB_RATE_SPAN_NS		NSEC_PER_SEC

void lb_counters_add(struct lb_counters *sum, const struct lb_counters *other)
{
	sum->conns += other->conns;
	sum->in_packets += other->in_packets;
	sum->out_packets += other->out_packets;
	sum->in_bytes += other->in_bytes;
	sum->out_bytes += other->out_bytes;
}

void lb_counters_sub(struct lb_counters *sum, const struct lb_counters *other)
{
	sum->conns -= other->conns;
	sum->in_packets -= other->in_packets;
	sum->out_packets -= other->out_packets;
	sum->in_bytes -= other->in_bytes;
	sum->out_bytes -= other->out_bytes;
}

void lb_counters_add_cpu(struct lb_counters *sum, const struct lb_pcpu_counters __percpu *pcpu,
			 int cpu)
{
	const struct lb_pcpu_counters *c = per_cpu_ptr(pcpu, cpu);
	struct lb_counters one;
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&c->sync);
		one.conns = u64_stats_read(&c->conns);
		one.in_packets = u64_stats_read(&c->in_packets);
		one.out_packets = u64_stats_read(&c->out_packets);
		one.in_bytes = u64_stats_read(&c->in_bytes);
		one.out_bytes = u64_stats_read(&c->out_bytes);
	} while (u64_stats_fetch_retry(&c->sync, start));
	lb_counters_add(sum, &one);
}

void lb_counters_add_pcpu(struct lb_counters *sum, const struct lb_pcpu_counters __percpu *pcpu)
{
	int cpu;

	for_each_possible_cpu(cpu)
		lb_counters_add_cpu(sum, pcpu, cpu);
}

/* What @delta events in @ms milliseconds are per second. */
static void lb_rate_per_second(struct lb_counters *delta, u32 ms)
{
	delta->conns = mul_u64_u32_div(delta->conns, MSEC_PER_SEC, ms);
	delta->in_packets = mul_u64_u32_div(delta->in_packets, MSEC_PER_SEC, ms);
	delta->out_packets = mul_u64_u32_div(delta->out_packets, MSEC_PER_SEC, ms);
	delta->in_bytes = mul_u64_u32_div(delta->in_bytes, MSEC_PER_SEC, ms);
	delta->out_bytes = mul_u64_u32_div(delta->out_bytes, MSEC_PER_SEC, ms);
}

u64 lb_rate_look(struct lb_rate *rate, const struct lb_counters *now, u64 now_ns,
		 struct lb_counters *rates)
{
	u64 span = now_ns - rate->base_at;

	if (!rate->base_at || span >= LB_RATE_SPAN_NS) {
		if (rate->base_at) {
			/* After 49 days without a look the rates are too high. */
			rate->last_ms = min_t(u64, div_u64(span, NSEC_PER_MSEC), U32_MAX);
			rate->last = *now;
			lb_counters_sub(&rate->last, &rate->base);
			lb_rate_per_second(&rate->last, rate->last_ms);
		}
		rate->base = *now;
		rate->base_at = now_ns;
	}
	*rates = rate->last;
	return rate->last_ms;
}

const char *lb_drop_name(enum lb_drop_reason reason)
{
	/* Without a default: the compiler knows when a reason has no name. */
	switch (reason) {
	case LB_DROP_REASON_MALFORMED:
		return "malformed";
	case LB_DROP_REASON_NO_MEMORY:
		return "no-memory";
	case LB_DROP_REASON_NO_DEST:
		return "no-dest";
	case LB_DROP_REASON_DEST_REMOVED:
		return "dest-removed";
	case LB_DROP_REASON_NO_ROUTE:
		return "no-route";
	case LB_DROP_REASON_NEIGHBOUR:
		return "neighbour";
	case LB_DROP_REASON_TOO_BIG:
		return "too-big";
	case LB_DROP_REASON_TTL:
		return "ttl";
	case LB_DROP_REASON_CONN_LIMIT:
		return "conn-limit";
	case LB_DROP_REASON_FRAGMENT:
		return "fragment";
	case LB_DROP_REASON_DEFENCE:
		return "defence";
	case LB_DROP_REASON_CONN_RESET:
		return "conn-reset";
	case LB_DROP_REASON_NO_CONN:
		return "no-conn";
	case __LB_DROP_REASON_MAX:
		break;
	}
	return "unknown";
}

void lb_drops_read(const struct lb_net *ln, u64 packets[LB_DROP_REASONS])
{
	const struct lb_drops *drops;
	unsigned int i;
	int cpu;

	memset(packets, 0, LB_DROP_REASONS * sizeof(*packets));
	for_each_possible_cpu(cpu) {
		drops = per_cpu_ptr(ln->drops, cpu);
		for (i = 0; i < LB_DROP_REASONS; i++)
			packets[i] += READ_ONCE(drops->packets[i]);
	}
}

void lb_drop_count(struct lb_net *ln, enum lb_drop_reason reason)
{
	this_cpu_inc(ln->drops->packets[reason]);
}
