/*
 * flow.c - one logical line as the lines of text/plain; format=flowed
 *
 * RFC 3676 with delsp=no: a line that goes on in the next one ends with a
 * blank, which belongs to the text.  Put together again they are the line, to
 * the byte.
 */
#include <string.h>

#include "text_impl.h"

#define COLUMNS 72 /* with the blank at the end */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "+55 11 5555-0100", "(11) 5555": a number is kept on one line. */
static bool
is_within_number(const char *before, const char *after)
{
	return (is_digit(*before) || *before == ')') &&
	       (is_digit(*after) || *after == '(');
}

/* "-- " alone on a line would begin a signature (RFC 3676 4.3). */
static bool
is_separator(const char *p, size_t len)
{
	return len == 3 && memcmp(p, "-- ", 3) == 0;
}

/*
 * How many bytes of text go onto the next line.  The last place before the
 * columns are full; within a number only when there is no other; behind them
 * when there is none at all.
 */
static size_t
line_len(struct ouv_str text)
{
	size_t columns = 0, best = 0, number = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *p = text.p + i;
		size_t len = i + 1;

		columns += ((unsigned char)*p & 0xC0) != 0x80;
		if (columns > COLUMNS && (best > 0 || number > 0))
			return best > 0 ? best : number;
		if (*p != ' ' || len == text.len || p[1] == ' ' ||
			is_separator(text.p, len))
			continue;
		if (i > 0 && is_within_number(p - 1, p + 1))
			number = len;
		else
			best = len;
		if (columns > COLUMNS)
			return len;
	}
	return text.len;
}

static size_t
columns_of(struct ouv_str text)
{
	size_t columns = 0;

	for (size_t i = 0; i < text.len; i++)
		columns += ((unsigned char)text.p[i] & 0xC0) != 0x80;
	return columns;
}

/* RFC 3676 4.4: what could be taken for a quote or a mailbox's "From ". */
static bool
needs_stuffing(struct ouv_str text)
{
	return text.len > 0 &&
	       (*text.p == ' ' || *text.p == '>' ||
		       (text.len >= 5 && memcmp(text.p, "From ", 5) == 0));
}

void
flow_line(struct ouv_buf *out, struct ouv_str text)
{
	do {
		size_t len =
			columns_of(text) <= COLUMNS ? text.len : line_len(text);

		if (needs_stuffing(text))
			ouv_buf_char(out, ' ');
		ouv_buf_add(out, text.p, len);
		ouv_buf_char(out, '\n');
		text.p += len;
		text.len -= len;
	} while (text.len > 0);
}
