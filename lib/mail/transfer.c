/*
 * transfer.c - base64, quoted-printable and uuencode back to bytes
 *
 * RFC 2045 6.7 and 6.8, total: what cannot be decoded is passed over and
 * said.  Bytes go to a sink in pieces, so that measuring and hashing an
 * attachment needs no memory.
 */
#include <string.h>

#include "internal.h"

#define PIECE 4096

struct out {
	mail_sink *sink;
	void *user;
	size_t n;
	unsigned char data[PIECE];
};

static void
flush(struct out *out)
{
	if (out->n > 0)
		out->sink(out->user, out->data, out->n);
	out->n = 0;
}

static inline void
put(struct out *out, unsigned c)
{
	out->data[out->n++] = (unsigned char)c;
	if (out->n == PIECE)
		flush(out);
}

/* clang-format off */
#define N (-1) /* no letter of base64 */
#define B (-2) /* blank, line end */
#define P (-3) /* padding */
static const short base64[256] = {
	N, N, N, N, N, N, N, N, N, B, B, N, N, B, N, N,
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	B, N, N, N, N, N, N, N, N, N, N, 62, N, N, N, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, N, N, N, P, N, N,
	N, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, N, N, N, N, N,
	N, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, N, N, N, N, N,
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
};
#undef N
#undef B
#undef P
/* clang-format on */

/* Bits that wait for more; at an '=' or the end they are what they are. */
struct quantum {
	unsigned bits;
	int have; /* letters, 0-3 */
};

static bool
end_quantum(struct quantum *q, struct out *out)
{
	bool whole = q->have != 1;

	if (q->have >= 2)
		put(out, q->bits >> (q->have == 2 ? 4 : 10));
	if (q->have == 3)
		put(out, (q->bits >> 2) & 0xff);
	q->bits = 0;
	q->have = 0;
	return whole;
}

static void
add_letter(struct quantum *q, int value, struct out *out)
{
	q->bits = q->bits << 6 | (unsigned)value;
	if (++q->have < 4)
		return;
	put(out, (q->bits >> 16) & 0xff);
	put(out, (q->bits >> 8) & 0xff);
	put(out, q->bits & 0xff);
	q->bits = 0;
	q->have = 0;
}

/* Behind padding stands more base64, or the footer of a mailing list. */
static bool
line_is_base64(const unsigned char *p, const unsigned char *end)
{
	while (p < end && *p != '\n' && *p != '\r' && *p != ' ')
		if (base64[*p++] == -1)
			return false;
	/* a word and another word are prose */
	return p == end || *p != ' ' || p + 1 == end || p[1] == '\r' ||
	       p[1] == '\n';
}

static const unsigned char *
line_end(const unsigned char *p, const unsigned char *end)
{
	while (p < end && *p != '\n' && *p != '\r')
		p++;
	return p;
}

static bool
decode_base64(struct ouv_str in, struct out *out)
{
	const unsigned char *p = (const unsigned char *)in.p, *end = p + in.len;
	struct quantum q = { 0, 0 };
	bool clean = true, padded = false;

	while (p < end) {
		int value;

		if (q.have == 0 && end - p >= 4 &&
			(base64[p[0]] | base64[p[1]] | base64[p[2]] |
				base64[p[3]]) >= 0) {
			unsigned bits = (unsigned)base64[p[0]] << 18 |
					(unsigned)base64[p[1]] << 12 |
					(unsigned)base64[p[2]] << 6 |
					(unsigned)base64[p[3]];

			put(out, bits >> 16);
			put(out, (bits >> 8) & 0xff);
			put(out, bits & 0xff);
			p += 4;
			continue;
		}
		value = base64[*p++];
		if (value >= 0) {
			add_letter(&q, value, out);
		} else if (value == -3) {
			clean &= end_quantum(&q, out);
			padded = true;
		} else if (value == -1) {
			clean = false;
		} else if (padded && p < end &&
			   (p[-1] == '\n' || p[-1] == '\r') &&
			   !line_is_base64(p, end)) {
			clean = false;
			p = line_end(p, end);
		}
	}
	return end_quantum(&q, out) && clean;
}

static int
hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (unsigned char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* After '=': passes over a soft line break, or false. */
static bool
soft_break(const unsigned char **p, const unsigned char *end)
{
	const unsigned char *q = *p;

	while (q < end && (*q == ' ' || *q == '\t'))
		q++;
	if (q < end && *q == '\r')
		q++;
	if (q < end && *q == '\n')
		q++;
	if (q < end && q[-1] != '\n' && q[-1] != '\r')
		return false;
	*p = q;
	return true;
}

static bool
decode_qp(struct ouv_str in, struct out *out)
{
	const unsigned char *p = (const unsigned char *)in.p, *end = p + in.len;
	bool clean = true;

	while (p < end) {
		const unsigned char *from = p;
		int high, low;

		if (*p == ' ' || *p == '\t') {
			/* blanks at the end of a line were added on the way */
			while (p < end && (*p == ' ' || *p == '\t'))
				p++;
			if (p < end && *p != '\r' && *p != '\n')
				while (from < p)
					put(out, *from++);
			continue;
		}
		p++;
		if (*from != '=') {
			put(out, *from);
		} else if (end - p >= 2 && (high = hex_value(p[0])) >= 0 &&
			   (low = hex_value(p[1])) >= 0) {
			put(out, (unsigned)(high << 4 | low));
			p += 2;
		} else if (!soft_break(&p, end)) {
			put(out, '=');
			clean = false;
		}
	}
	return clean;
}

/* One line of uuencode: a length and groups of four letters. */
static bool
decode_uu_line(struct ouv_str line, struct out *out)
{
	size_t want = ((unsigned char)line.p[0] - 32u) & 63u, i = 1;

	while (want > 0) {
		unsigned v[4];

		if (i >= line.len)
			return false;
		/* trailing blanks are lost on the way: they mean 0 */
		for (size_t k = 0; k < 4; k++, i++)
			v[k] = i < line.len
				       ? ((unsigned char)line.p[i] - 32u) & 63u
				       : 0;
		put(out, v[0] << 2 | v[1] >> 4);
		if (want > 1)
			put(out, (v[1] << 4 | v[2] >> 2) & 0xff);
		if (want > 2)
			put(out, (v[2] << 6 | v[3]) & 0xff);
		want = want > 3 ? want - 3 : 0;
	}
	return true;
}

bool
mail_uu_begin(struct ouv_str line, struct ouv_str *name_out)
{
	size_t i = 6;

	if (line.len < 11 || memcmp(line.p, "begin ", 6) != 0)
		return false;
	while (i < line.len && line.p[i] >= '0' && line.p[i] <= '7')
		i++;
	if (i < 9 || i > 10 || i == line.len || line.p[i] != ' ')
		return false;
	*name_out =
		mail_trim((struct ouv_str){ line.p + i + 1, line.len - i - 1 });
	return name_out->len > 0;
}

static bool
decode_uu(struct ouv_str in, struct out *out)
{
	struct mail_lines lines = { in.p, in.p + in.len,
		mail_eol(in.p, in.len) };
	struct ouv_str line, name;
	bool begun = false, clean = true;

	while (mail_line_next(&lines, &line)) {
		if (!begun)
			begun = mail_uu_begin(line, &name);
		else if (mail_str_is(mail_trim(line), "end"))
			return clean;
		else if (line.len > 0)
			clean &= decode_uu_line(line, out);
	}
	return false;
}

bool
mail_decode(enum ouv_mail_encoding encoding, struct ouv_str encoded,
	mail_sink *sink, void *user)
{
	struct out out;
	bool clean = true;

	if (encoded.len == 0)
		return true;
	out.sink = sink;
	out.user = user;
	out.n = 0;
	switch (encoding) {
	case OUV_MAIL_BASE64:
		clean = decode_base64(encoded, &out);
		break;
	case OUV_MAIL_QP:
		clean = decode_qp(encoded, &out);
		break;
	case OUV_MAIL_UUENCODE:
		clean = decode_uu(encoded, &out);
		break;
	case OUV_MAIL_IDENTITY:
	case OUV_MAIL_TNEF:
	case OUV_MAIL_ENCODING__COUNT:
		sink(user, (const unsigned char *)encoded.p, encoded.len);
		break;
	}
	flush(&out);
	return clean;
}

static void
add_to_buf(void *user, const unsigned char *data, size_t len)
{
	ouv_buf_add(user, data, len);
}

bool
mail_decode_bytes(struct ouv_arena *arena, enum ouv_mail_encoding encoding,
	struct ouv_str encoded, struct ouv_str *bytes_out)
{
	struct ouv_buf buf;
	bool clean;

	if (encoding == OUV_MAIL_IDENTITY || encoded.len == 0) {
		*bytes_out = encoded;
		return true;
	}
	/* none of the three makes more of it */
	ouv_buf_init(&buf, arena, encoded.len);
	clean = mail_decode(encoding, encoded, add_to_buf, &buf);
	*bytes_out = (struct ouv_str){ buf.data, buf.len };
	return clean;
}
