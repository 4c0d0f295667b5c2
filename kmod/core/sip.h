/* SPDX-License-Identifier: GPL-2.0 */
/* What tells one SIP call from another. */
#ifndef LB_CORE_SIP_H
#define LB_CORE_SIP_H

#include "types.h"

/**
 * sip_call_id - the Call-ID of a SIP message (RFC 3261, 8.1.1.4 and 20.8)
 * @msg: a message from its first byte on, or the beginning of one
 * @len: bytes there
 * @id_len: bytes of the result
 *
 * Names of headers are of any case, Call-ID may be written i (7.3.3), values may
 * be folded (7.3.1). Empty lines before the message are passed (7.5).
 *
 * Return: where in @msg; NULL when there is none that is well-formed in what is
 * there of the message's headers.
 */
const char *sip_call_id(const char *msg, u32 len, u32 *id_len);

#endif /* LB_CORE_SIP_H */
