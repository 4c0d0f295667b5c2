/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses and tuples: what names a service, a destination, a connection.
 * Decides nothing; the family is a value that these leaf helpers consume, so
 * that nothing above them exists twice.
 */
#ifndef LB_ADDR_H
#define LB_ADDR_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/siphash.h>
#include <linux/socket.h>
#include <net/ipv6.h>

union lb_addr {
	__be32 ip;
	struct in6_addr ip6;
};

/**
 * struct lb_tuple - a packet's addresses and ports, as they stand in it
 * @src: sender; the bytes beyond an IPv4 address are zero
 * @dst: receiver
 * @sport: network byte order
 * @dport: network byte order
 * @family: AF_INET or AF_INET6
 * @proto: IPPROTO_*
 */
struct lb_tuple {
	union lb_addr src;
	union lb_addr dst;
	__be16 sport;
	__be16 dport;
	u8 family;
	u8 proto;
};

/* Of packets that go the other way. */
static inline struct lb_tuple lb_tuple_turned(const struct lb_tuple *tuple)
{
	return (struct lb_tuple){
		.src = tuple->dst,
		.dst = tuple->src,
		.sport = tuple->dport,
		.dport = tuple->sport,
		.family = tuple->family,
		.proto = tuple->proto,
	};
}

/**
 * struct lb_service_key - what names a service: @fwmark and @family, or all of
 *	the others
 * @addr: virtual address; the bytes beyond an IPv4 address are zero
 * @port: network byte order; 0 for every port that has no service of its own
 * @family: AF_INET or AF_INET6
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP
 * @fwmark: packets that a firewall has marked so, whatever their addresses,
 *	protocol and ports; 0 for none, else @addr, @port and @proto are 0
 */
struct lb_service_key {
	union lb_addr addr;
	__be16 port;
	u8 family;
	u8 proto;
	u32 fwmark;
};

static inline bool lb_addr_equal(u8 family, const union lb_addr *a, const union lb_addr *b)
{
	return family == AF_INET ? a->ip == b->ip : ipv6_addr_equal(&a->ip6, &b->ip6);
}

static inline unsigned int lb_addr_len(u8 family)
{
	return family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

static inline bool lb_service_key_equal(const struct lb_service_key *a,
					const struct lb_service_key *b)
{
	return a->port == b->port && a->family == b->family && a->proto == b->proto &&
	       a->fwmark == b->fwmark && lb_addr_equal(a->family, &a->addr, &b->addr);
}

#endif /* LB_ADDR_H */
