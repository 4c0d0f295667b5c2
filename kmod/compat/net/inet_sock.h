/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LB_COMPAT_NET_INET_SOCK_H
#define LB_COMPAT_NET_INET_SOCK_H

#include_next <net/inet_sock.h>

/* Before 6.6 a socket's flags were bit fields. */
#ifndef inet_test_bit
#define inet_test_bit(nr, sk)		inet_test_##nr(sk)
#define inet_test_NODEFRAG(sk)		(inet_sk(sk)->nodefrag)
#endif

#endif /* LB_COMPAT_NET_INET_SOCK_H */
