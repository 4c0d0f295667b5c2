// SPDX-License-Identifier: GPL-2.0
/* Multicast sockets of the synchronisation, set up as a program would: each is bound to
 * the interface, belongs to the namespace without holding it, and is gone before it.
 */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/sockptr.h>
#include <net/ip.h>
#include <net/sock.h>

#include "../lb.h"
#include "sync.h"

union lb_sync_addr {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static int lb_sync_set(struct socket *sock, int level, int option, void *value, unsigned int len)
{
	if (level == SOL_SOCKET)
		return sock_setsockopt(sock, level, option, KERNEL_SOCKPTR(value), len);
	return sock->ops->setsockopt(sock, level, option, KERNEL_SOCKPTR(value), len);
}

static int lb_sync_set_int(struct socket *sock, int level, int option, int value)
{
	return lb_sync_set(sock, level, option, &value, sizeof(value));
}

/* Returns its length. */
static int lb_sync_addr(union lb_sync_addr *addr, const struct lb_sync_conf *conf, u32 nth,
			int ifindex)
{
	const __be16 port = htons(conf->port + nth);

	memset(addr, 0, sizeof(*addr));
	if (conf->family == AF_INET) {
		addr->in.sin_family = AF_INET;
		addr->in.sin_port = port;
		addr->in.sin_addr.s_addr = conf->group.ip;
		return sizeof(addr->in);
	}
	addr->in6.sin6_family = AF_INET6;
	addr->in6.sin6_port = port;
	addr->in6.sin6_addr = conf->group.ip6;
	addr->in6.sin6_scope_id = ifindex;
	return sizeof(addr->in6);
}

/* Where its messages go by, and how far; they may be fragmented, and do not come back. */
static int lb_sync_send_by(struct socket *sock, const struct lb_sync_conf *conf, int ifindex)
{
	struct ip_mreqn mreq = { .imr_ifindex = ifindex };

	if (conf->family == AF_INET)
		return lb_sync_set(sock, SOL_IP, IP_MULTICAST_IF, &mreq, sizeof(mreq)) ?:
		       lb_sync_set_int(sock, SOL_IP, IP_MULTICAST_TTL, conf->ttl) ?:
		       lb_sync_set_int(sock, SOL_IP, IP_MULTICAST_LOOP, 0) ?:
		       lb_sync_set_int(sock, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
	return lb_sync_set_int(sock, SOL_IPV6, IPV6_MULTICAST_IF, ifindex) ?:
	       lb_sync_set_int(sock, SOL_IPV6, IPV6_MULTICAST_HOPS, conf->ttl) ?:
	       lb_sync_set_int(sock, SOL_IPV6, IPV6_MULTICAST_LOOP, 0) ?:
	       lb_sync_set_int(sock, SOL_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
}

static int lb_sync_join(struct socket *sock, const struct lb_sync_conf *conf, int ifindex)
{
	struct ipv6_mreq mreq6 = { .ipv6mr_ifindex = ifindex };
	struct ip_mreqn mreq = { .imr_ifindex = ifindex };

	if (conf->family == AF_INET) {
		mreq.imr_multiaddr.s_addr = conf->group.ip;
		return lb_sync_set(sock, SOL_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq));
	}
	mreq6.ipv6mr_multiaddr = conf->group.ip6;
	return lb_sync_set(sock, SOL_IPV6, IPV6_ADD_MEMBERSHIP, &mreq6, sizeof(mreq6));
}

static int lb_sync_sock_send(struct socket *sock, const struct lb_sync_conf *conf, u32 nth,
			     int ifindex, int size)
{
	union lb_sync_addr addr;
	int len = lb_sync_addr(&addr, conf, nth, ifindex);

	/* A thread that waits for room is to see that it has to end. */
	sock->sk->sk_sndtimeo = HZ;
	return (size ? lb_sync_set_int(sock, SOL_SOCKET, SO_SNDBUF, size) : 0) ?:
	       lb_sync_send_by(sock, conf, ifindex) ?:
	       kernel_connect(sock, &addr.sa, len, 0);
}

static int lb_sync_sock_receive(struct socket *sock, const struct lb_sync_conf *conf, u32 nth,
				int ifindex, int size)
{
	union lb_sync_addr addr;
	int len = lb_sync_addr(&addr, conf, nth, ifindex);

	sock_set_reuseaddr(sock->sk);
	return (size ? lb_sync_set_int(sock, SOL_SOCKET, SO_RCVBUF, size) : 0) ?:
	       kernel_bind(sock, &addr.sa, len) ?:
	       lb_sync_join(sock, conf, ifindex);
}

int lb_sync_sock_open(struct net *net, const struct lb_sync_conf *conf, u32 nth, int ifindex,
		      int size, struct socket **res)
{
	struct socket *sock;
	int err;

	err = sock_create_kern(net, conf->family, SOCK_DGRAM, IPPROTO_UDP, &sock);
	if (err)
		return err;
	err = sock_bindtoindex(sock->sk, ifindex, true);
	if (!err)
		err = conf->role == LB_SYNC_ROLE_MASTER ?
		      lb_sync_sock_send(sock, conf, nth, ifindex, size) :
		      lb_sync_sock_receive(sock, conf, nth, ifindex, size);
	if (err) {
		sock_release(sock);
		return err;
	}
	*res = sock;
	return 0;
}
