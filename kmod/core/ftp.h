/* SPDX-License-Identifier: GPL-2.0 */
/* What is said on a control connection of FTP about the data connection to come:
 * RFC 959 (PORT, 227), RFC 2428 (EPRT, 229). Knows lines, not packets; what is said
 * is believed or not elsewhere.
 */
#ifndef LB_CORE_FTP_H
#define LB_CORE_FTP_H

#include "types.h"

/* Of a longer line only the beginning is looked at. */
#define FTP_LINE_MAX 128

/**
 * struct ftp_line - a line that is being received
 * @begin: position in the stream of its first byte
 * @len: bytes of @text
 * @multi: code of the reply of several lines that this one may end, 0 for none
 * @skip: nothing more is wanted of this line
 * @cut: it is longer than @text
 * @text: without the newline
 */
struct ftp_line {
	u32 begin;
	u16 len;
	u16 multi;
	bool skip;
	bool cut;
	char text[FTP_LINE_MAX];
};

/**
 * struct ftp_said - where a data connection is to go
 * @addr: 4 or 16 bytes, in network byte order
 * @addr_len: how many; 0 for the address of whoever speaks
 * @port: host byte order, 1 to 65535
 * @at: offset in the line of what would have to be rewritten: six numbers (227),
 *	the port (229)
 * @len: bytes of it
 */
struct ftp_said {
	u8 addr[16];
	u8 addr_len;
	u16 port;
	u16 at;
	u16 len;
};

/* Takes the byte that stands at @pos. Returns true when it ends the line, which is to
 * be looked at, and then ended by ftp_line_end().
 */
bool ftp_line_add(struct ftp_line *line, char byte, u32 pos);
void ftp_line_end(struct ftp_line *line);

/* Bytes are missing: what comes up to the next newline cannot be understood. */
void ftp_line_lose(struct ftp_line *line);

/* Is this line, which is complete, PORT or EPRT? */
bool ftp_command(const struct ftp_line *line, struct ftp_said *said);

/* Is this line, of which the rest may be missing, a 227 or 229 that says all? Not where
 * it is text within a reply of several lines (RFC 959, 4.2).
 */
bool ftp_reply(const struct ftp_line *line, struct ftp_said *said);

/* The longest of each: 255,255,255,255,255,255 and 65535; with a final 0. */
#define FTP_NUMBERS_MAX	24

/* What @said would be with another endpoint in place of @said->len bytes: six numbers
 * where @addr is given (IPv4), else the port. Returns its length.
 */
u32 ftp_write(char text[FTP_NUMBERS_MAX], const u8 *addr, u16 port);

#endif /* LB_CORE_FTP_H */
