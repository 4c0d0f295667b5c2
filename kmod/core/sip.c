// SPDX-License-Identifier: GPL-2.0
#include "sip.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_end(char c)
{
	return c == '\r' || c == '\n';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* RFC 3261, 25.1: a character of callid = word [ "@" word ]. */
static bool is_word(char c)
{
	const char *others = "-.!%*_+`'~()<>:\\\"/[]?{}@";

	if ((lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9'))
		return true;
	while (*others && *others != c)
		others++;
	return *others;
}

/* Behind the line that @i stands in; @len when that is the last. */
static u32 next_line(const char *msg, u32 len, u32 i)
{
	while (i < len && msg[i] != '\n')
		i++;
	return i < len ? i + 1 : len;
}

/* Behind blanks, and behind ends of lines that blanks follow: the value goes on
 * there.
 */
static u32 skip_folds(const char *msg, u32 len, u32 i)
{
	u32 next;

	for (;;) {
		while (i < len && is_blank(msg[i]))
			i++;
		if (i == len || !is_end(msg[i]))
			return i;
		next = next_line(msg, len, i);
		if (next == len || !is_blank(msg[next]))
			return i;
		i = next;
	}
}

/* Behind "@name :" at @i in whatever case, or 0. */
static u32 skip_name(const char *msg, u32 len, u32 i, const char *name)
{
	for (; *name; name++, i++) {
		if (i == len || lower(msg[i]) != *name)
			return 0;
	}
	while (i < len && is_blank(msg[i]))
		i++;
	return i < len && msg[i] == ':' ? i + 1 : 0;
}

const char *sip_call_id(const char *msg, u32 len, u32 *id_len)
{
	u32 i = 0, value, end;

	while (i < len && is_end(msg[i]))
		i++;
	/* The first line has no header; an empty one ends them. */
	for (i = next_line(msg, len, i); i < len && !is_end(msg[i]); i = next_line(msg, len, i)) {
		value = skip_name(msg, len, i, "call-id");
		if (!value)
			value = skip_name(msg, len, i, "i");
		if (!value)
			continue;
		value = skip_folds(msg, len, value);
		for (end = value; end < len && is_word(msg[end]);)
			end++;
		/* Where the end of what is there cuts it, nobody knows it whole. */
		if (end == value || end == len || !(is_blank(msg[end]) || is_end(msg[end])))
			return NULL;
		*id_len = end - value;
		return msg + value;
	}
	return NULL;
}
