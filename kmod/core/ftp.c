// SPDX-License-Identifier: GPL-2.0
#include "ftp.h"

enum {
	NUMBERS = 6,		/* of PORT and 227: four of the address, two of the port */
	GROUPS = 8,		/* of an IPv6 address */
	DELIMITER_FIRST = 33,	/* RFC 2428, 2 */
	DELIMITER_LAST = 126,
};

/* What is left to be read of a line. */
struct reader {
	const char *text;
	u32 at;
	u32 end;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static bool more(const struct reader *r)
{
	return r->at < r->end;
}

static bool take(struct reader *r, char c)
{
	if (!more(r) || r->text[r->at] != c)
		return false;
	r->at++;
	return true;
}

/* A command's name, in whatever case. */
static bool take_name(struct reader *r, const char *name)
{
	u32 i;

	for (i = 0; name[i]; i++) {
		if (r->at + i >= r->end || upper(r->text[r->at + i]) != name[i])
			return false;
	}
	r->at += i;
	return true;
}

static bool take_spaces(struct reader *r)
{
	u32 from = r->at;

	while (take(r, ' '))
		;
	return r->at > from;
}

/* Nothing follows but what does not count. */
static bool at_end(struct reader *r)
{
	take_spaces(r);
	take(r, '\r');
	return !more(r);
}

/* A decimal number of at most @digits digits, and no digit behind them. */
static bool take_number(struct reader *r, u32 digits, u32 max, u32 *number)
{
	u32 from = r->at, n = 0;

	while (more(r) && is_digit(r->text[r->at])) {
		if (r->at - from == digits)
			return false;
		n = n * 10 + (u32)(r->text[r->at] - '0');
		r->at++;
	}
	*number = n;
	return r->at > from && n <= max;
}

/* h1,h2,h3,h4,p1,p2 */
static bool take_numbers(struct reader *r, struct ftp_said *said)
{
	u32 number[NUMBERS], i;

	for (i = 0; i < NUMBERS; i++) {
		if (i && !take(r, ','))
			return false;
		if (!take_number(r, 3, 255, &number[i]))
			return false;
	}
	for (i = 0; i < 4; i++)
		said->addr[i] = (u8)number[i];
	said->addr_len = 4;
	said->port = (u16)(number[4] << 8 | number[5]);
	return said->port;
}

static bool take_addr4(struct reader *r, struct ftp_said *said)
{
	u32 number, i;

	for (i = 0; i < 4; i++) {
		if (i && !take(r, '.'))
			return false;
		if (!take_number(r, 3, 255, &number))
			return false;
		said->addr[i] = (u8)number;
	}
	said->addr_len = 4;
	return true;
}

static int hex(char c)
{
	if (is_digit(c))
		return c - '0';
	c = upper(c);
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool take_group(struct reader *r, u32 *group)
{
	u32 from = r->at, n = 0;

	while (more(r) && r->at - from < 4 && hex(r->text[r->at]) >= 0)
		n = n << 4 | (u32)hex(r->text[r->at++]);
	*group = n;
	return r->at > from;
}

/* RFC 4291, 2.2, without its third form, which ends in an IPv4 address. */
static bool take_addr6(struct reader *r, struct ftp_said *said)
{
	u32 group[GROUPS], head = 0, n = 0, i;
	bool gap = false;

	if (take(r, ':')) {
		if (!take(r, ':'))
			return false;
		gap = true;
	}
	while (n < GROUPS && take_group(r, &group[n])) {
		n++;
		if (!gap)
			head = n;
		if (!take(r, ':'))
			break;
		if (take(r, ':')) {
			if (gap)
				return false;
			gap = true;
		} else if (n == GROUPS || !more(r) || hex(r->text[r->at]) < 0) {
			return false;
		}
	}
	if (gap ? n == GROUPS : n != GROUPS)
		return false;
	for (i = 0; i < sizeof(said->addr); i++)
		said->addr[i] = 0;
	for (i = 0; i < n; i++) {
		u32 to = i < head ? i : GROUPS - n + i;

		said->addr[2 * to] = (u8)(group[i] >> 8);
		said->addr[2 * to + 1] = (u8)group[i];
	}
	said->addr_len = 16;
	return true;
}

static bool take_port(struct reader *r, struct ftp_said *said)
{
	u32 port;

	if (!take_number(r, 5, 65535, &port) || !port)
		return false;
	said->port = (u16)port;
	return true;
}

static bool is_delimiter(char c)
{
	return c >= DELIMITER_FIRST && c <= DELIMITER_LAST;
}

/* |1|192.0.2.1|6275| or |2|2001:db8::1|6275| */
static bool take_eprt(struct reader *r, struct ftp_said *said)
{
	u32 family;
	char d;

	if (!more(r) || !is_delimiter(r->text[r->at]))
		return false;
	d = r->text[r->at++];
	if (!take_number(r, 1, 2, &family) || !take(r, d))
		return false;
	if (family == 1 ? !take_addr4(r, said) : family != 2 || !take_addr6(r, said))
		return false;
	return take(r, d) && take_port(r, said) && take(r, d);
}

bool ftp_line_add(struct ftp_line *line, char byte, u32 pos)
{
	if (byte == '\n')
		return true;
	if (!line->len && !line->skip)
		line->begin = pos;
	if (line->skip)
		return false;
	if (line->len < FTP_LINE_MAX)
		line->text[line->len++] = byte;
	else
		line->cut = true;
	return false;
}

/* The code that the line begins with, 0 for none. */
static u16 reply_code(const struct ftp_line *line)
{
	const char *t = line->text;

	if (line->len < 4 || !is_digit(t[0]) || !is_digit(t[1]) || !is_digit(t[2]))
		return 0;
	return (u16)((t[0] - '0') * 100 + (t[1] - '0') * 10 + (t[2] - '0'));
}

void ftp_line_end(struct ftp_line *line)
{
	u16 code = reply_code(line);

	if (!line->multi && code && line->text[3] == '-')
		line->multi = code;
	else if (line->multi && code == line->multi && line->text[3] == ' ')
		line->multi = 0;
	line->len = 0;
	line->skip = false;
	line->cut = false;
}

void ftp_line_lose(struct ftp_line *line)
{
	line->len = 0;
	line->skip = true;
}

bool ftp_command(const struct ftp_line *line, struct ftp_said *said)
{
	struct reader r = { .text = line->text, .end = line->len };

	if (line->skip || line->cut)
		return false;
	if (take_name(&r, "PORT"))
		return take_spaces(&r) && take_numbers(&r, said) && at_end(&r);
	if (take_name(&r, "EPRT"))
		return take_spaces(&r) && take_eprt(&r, said) && at_end(&r);
	return false;
}

/* RFC 1123, 4.1.2.6: the parentheses need not be there, the numbers are looked for. The
 * last has ended only when something else follows.
 */
static bool find_numbers(const struct ftp_line *line, struct ftp_said *said)
{
	u32 at;

	for (at = 4; at < line->len; at++) {
		struct reader r = { .text = line->text, .at = at, .end = line->len };

		if (!is_digit(line->text[at]) || is_digit(line->text[at - 1]))
			continue;
		if (take_numbers(&r, said) && more(&r)) {
			said->at = (u16)at;
			said->len = (u16)(r.at - at);
			return true;
		}
	}
	return false;
}

/* (|||6446|) */
static bool find_port(const struct ftp_line *line, struct ftp_said *said)
{
	struct reader r = { .text = line->text, .at = 4, .end = line->len };
	u32 at;
	char d;

	while (more(&r) && r.text[r.at] != '(')
		r.at++;
	if (!take(&r, '(') || !more(&r) || !is_delimiter(r.text[r.at]))
		return false;
	d = r.text[r.at];
	if (!take(&r, d) || !take(&r, d) || !take(&r, d))
		return false;
	at = r.at;
	if (!take_port(&r, said))
		return false;
	said->at = (u16)at;
	said->len = (u16)(r.at - at);
	said->addr_len = 0;
	return take(&r, d) && take(&r, ')');
}

bool ftp_reply(const struct ftp_line *line, struct ftp_said *said)
{
	u16 code = line->skip ? 0 : reply_code(line);

	if (!code || line->text[3] != ' ' || (line->multi && line->multi != code))
		return false;
	switch (code) {
	case 227:
		return find_numbers(line, said);
	case 229:
		return find_port(line, said);
	}
	return false;
}

static u32 put_number(char *text, u32 number)
{
	u32 scale = 1, n = 0;

	while (number / scale >= 10)
		scale *= 10;
	for (; scale; scale /= 10)
		text[n++] = (char)('0' + number / scale % 10);
	return n;
}

u32 ftp_write(char text[FTP_NUMBERS_MAX], const u8 *addr, u16 port)
{
	u32 n = 0, i;

	if (!addr) {
		n = put_number(text, port);
	} else {
		for (i = 0; i < 4; i++) {
			n += put_number(text + n, addr[i]);
			text[n++] = ',';
		}
		n += put_number(text + n, port >> 8);
		text[n++] = ',';
		n += put_number(text + n, port & 0xff);
	}
	text[n] = '\0';
	return n;
}
