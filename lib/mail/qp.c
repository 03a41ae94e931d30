/*
 * qp.c - text and bytes to the 7-bit lines that every relay passes on
 */
#include <string.h>

#include "qp.h"

#define QP_LINE 76   /* with the "=" of a soft break (RFC 2045 6.7) */
#define B64_BYTES 57 /* a line of 76 characters */
#define WORD_LINE 76 /* a line with an encoded word in it (RFC 2047 2) */
#define WORD_OPEN "=?UTF-8?Q?"
#define WORD_OPEN_B "=?UTF-8?B?"
#define WORD_FRAME 12 /* =?UTF-8?Q? and ?= */

static const char hex[] = "0123456789ABCDEF";
static const char b64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* ---- quoted-printable -------------------------------------------- */

static size_t
put_hex(char *out, unsigned char c)
{
	out[0] = '=';
	out[1] = hex[c >> 4];
	out[2] = hex[c & 15];
	return 3;
}

/*
 * Relays and mailboxes rewrite "From " and "." at a line's start, and take
 * blanks at its end away: those are encoded too.
 */
static bool
is_literal(const char *p, const char *end, size_t column)
{
	char c = *p;

	if (c == ' ' || c == '\t')
		return p + 1 < end && p[1] != '\n' && p[1] != '\r';
	if (column == 0 && c == '.')
		return false;
	if (column == 0 && c == 'F' && end - p >= 5 &&
		memcmp(p, "From ", 5) == 0)
		return false;
	return c > ' ' && c < 0x7f && c != '=';
}

/* Characters that stand for themselves inside a line. */
static const unsigned char plain[256] = {
	[' '] = 1,
	['!' ... '<'] = 1,
	['>' ... '~'] = 1,
};

/*
 * The plain run at p: most of a letter is copied, not encoded.  A blank at
 * its end is left out, as the line may end there.
 */
static size_t
run_len(const char *p, const char *end, size_t room)
{
	const char *start = p;

	if ((size_t)(end - p) > room)
		end = p + room;
	while (p < end && plain[(unsigned char)*p])
		p++;
	while (p > start && p[-1] == ' ')
		p--;
	return (size_t)(p - start);
}

void
mail_qp(struct ouv_buf *buf, const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	char line[QP_LINE + 8];
	size_t n = 0;

	while (p < end) {
		char piece[4];
		size_t width = 1;

		if (*p == '\n' || (*p == '\r' && p + 1 < end && p[1] == '\n')) {
			p += *p == '\r' ? 2 : 1;
			line[n++] = '\r';
			line[n++] = '\n';
			ouv_buf_add(buf, line, n);
			n = 0;
			continue;
		}
		if (n > 0 && n < QP_LINE - 1) {
			size_t run = run_len(p, end, QP_LINE - 1 - n);

			memcpy(line + n, p, run);
			n += run;
			p += run;
			if (run > 0)
				continue;
		}
		if (is_literal(p, end, n))
			piece[0] = *p;
		else
			width = put_hex(piece, (unsigned char)*p);
		if (n + width > QP_LINE - 1) {
			line[n++] = '=';
			line[n++] = '\r';
			line[n++] = '\n';
			ouv_buf_add(buf, line, n);
			n = 0;
			continue; /* the line's start has rules of its own */
		}
		memcpy(line + n, piece, width);
		n += width;
		p++;
	}
	ouv_buf_add(buf, line, n);
}

/* ---- base64 ------------------------------------------------------ */

static size_t
put_base64(char *out, const unsigned char *p, size_t len)
{
	char *start = out;

	for (; len >= 3; p += 3, len -= 3) {
		unsigned v = (unsigned)p[0] << 16 | (unsigned)p[1] << 8 | p[2];

		*out++ = b64[v >> 18];
		*out++ = b64[v >> 12 & 63];
		*out++ = b64[v >> 6 & 63];
		*out++ = b64[v & 63];
	}
	if (len > 0) {
		unsigned v = (unsigned)p[0] << 16 |
			     (len > 1 ? (unsigned)p[1] << 8 : 0);

		*out++ = b64[v >> 18];
		*out++ = b64[v >> 12 & 63];
		*out++ = len > 1 ? b64[v >> 6 & 63] : '=';
		*out++ = '=';
	}
	return (size_t)(out - start);
}

void
mail_base64(struct ouv_buf *buf, const void *data, size_t len)
{
	const unsigned char *p = data;
	char line[B64_BYTES / 3 * 4 + 2];

	while (len > 0) {
		size_t take = len < B64_BYTES ? len : B64_BYTES;
		size_t n = put_base64(line, p, take);

		line[n++] = '\r';
		line[n++] = '\n';
		ouv_buf_add(buf, line, n);
		p += take;
		len -= take;
	}
}

/* ---- encoded words ----------------------------------------------- */

size_t
mail_char_len(const char *p)
{
	unsigned char c = (unsigned char)*p;
	size_t len = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;

	for (size_t i = 1; i < len; i++)
		if (((unsigned char)p[i] & 0xC0) != 0x80)
			return 1;
	return len;
}

/* RFC 2047 5 (3): safe in an unstructured value and in a phrase. */
static bool
is_word_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '-' || c == '!' || c == '*' ||
	       c == '+' || c == '/';
}

/* Characters of the Q form of the bytes at p. */
static size_t
q_width(const char *p, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len; i++)
		width += is_word_char(p[i]) || p[i] == ' ' ? 1 : 3;
	return width;
}

/* Bytes from p that fit into width characters, whole characters only. */
static size_t
fit(const char *p, size_t width, bool q)
{
	size_t bytes = 0, used = 0;

	while (p[bytes] != '\0') {
		size_t len = mail_char_len(p + bytes);

		used += q ? q_width(p + bytes, len) : 0;
		if (q ? used > width : (bytes + len + 2) / 3 * 4 > width)
			break;
		bytes += len;
	}
	return bytes;
}

static size_t
put_word(struct ouv_buf *buf, const char *p, size_t len, bool q)
{
	char word[WORD_LINE * 2];
	size_t n = 0;

	ouv_buf_text(buf, q ? WORD_OPEN : WORD_OPEN_B);
	for (size_t i = 0; q && i < len; i++) {
		if (p[i] == ' ')
			word[n++] = '_';
		else if (is_word_char(p[i]))
			word[n++] = p[i];
		else
			n += put_hex(word + n, (unsigned char)p[i]);
	}
	if (!q)
		n = put_base64(word, (const unsigned char *)p, len);
	ouv_buf_add(buf, word, n);
	ouv_buf_text(buf, "?=");
	return n + WORD_FRAME;
}

size_t
mail_words(struct ouv_buf *buf, const char *text, size_t column)
{
	size_t len = strlen(text);
	bool q = q_width(text, len) <= (len + 2) / 3 * 4 + 8;

	while (*text != '\0') {
		size_t bytes = 0;

		if (column + WORD_FRAME < WORD_LINE)
			bytes = fit(text, WORD_LINE - column - WORD_FRAME, q);
		if (bytes == 0) {
			ouv_buf_text(buf, "\r\n ");
			column = 1;
			continue;
		}
		column += put_word(buf, text, bytes, q);
		text += bytes;
		if (*text != '\0') {
			ouv_buf_text(buf, "\r\n ");
			column = 1;
		}
	}
	return column;
}
