/*
 * charset.c - bytes in any charset to valid UTF-8
 *
 * Total: there is always a text.  What the sender named comes first, then the
 * test for UTF-8 (RFC 3629), then windows-1252, in which nearly every byte
 * means something.  NUL never comes out: a database cannot hold it.
 */
#include <string.h>

#include "charset.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* clang-format off */
/* windows-1252 0x80-0x9f; the five holes become U+FFFD. */
static const unsigned short high_controls[32] = {
	0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
	0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};
/* clang-format on */

size_t
mail_utf8_put(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | (c >> 6));
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | (c >> 12));
		out[1] = (char)(0x80 | ((c >> 6) & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | (c >> 18));
	out[1] = (char)(0x80 | ((c >> 12) & 0x3f));
	out[2] = (char)(0x80 | ((c >> 6) & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

uint32_t
mail_1252(unsigned char byte)
{
	return byte >= 0x80 && byte < 0xa0 ? high_controls[byte - 0x80] : byte;
}

/* Length of the UTF-8 character at p, 0 if it is none (RFC 3629 4). */
size_t
mail_utf8_length(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	unsigned char low = 0x80, high = 0xbf;
	size_t n;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f; /* no surrogates */
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (len < n || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Bytes at the start that are ASCII and not NUL. */
static size_t
ascii_run(const char *text, size_t len)
{
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		uint64_t w;

		memcpy(&w, text + i, 8);
		/* a high bit, or a zero byte below it */
		if (((w | (w - 0x0101010101010101u)) & 0x8080808080808080u) !=
			0)
			break;
	}
	while (i < len && (unsigned char)text[i] < 0x80 && text[i] != '\0')
		i++;
	return i;
}

bool
mail_utf8_valid(struct ouv_str text)
{
	size_t i = 0;

	while (i < text.len) {
		size_t n;

		i += ascii_run(text.p + i, text.len - i);
		if (i == text.len)
			return true;
		if (text.p[i] == '\0')
			return false;
		n = mail_utf8_length(text.p + i, text.len - i);
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

/* What bytes would be, read as UTF-8. */
struct survey {
	size_t good;  /* characters above ASCII */
	size_t bad;   /* bytes that are part of none */
	size_t cut;   /* bytes of one that the end cuts off */
	size_t zeros; /* zero bytes */
	bool foreign; /* good ones that windows-1252 text hardly holds */
};

/* Is it the beginning of a character whose rest is missing? */
static bool
is_cut(const char *p, size_t len)
{
	unsigned char first = (unsigned char)*p;
	size_t n = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	if (first < 0xc2 || first > 0xf4 || len >= n)
		return false;
	for (size_t i = 1; i < len; i++)
		if (((unsigned char)p[i] & 0xc0) != 0x80)
			return false;
	return true;
}

/*
 * A word may end in A with tilde, and a quote, dots or a no-break space
 * follow: in windows-1252 these are a good UTF-8 character.
 */
static bool
is_foreign(const char *p, size_t n)
{
	return n > 2 || (unsigned char)p[0] != 0xc3 ||
	       (unsigned char)p[1] > 0xa0;
}

static struct survey
survey_utf8(struct ouv_str text)
{
	struct survey s = { 0 };
	size_t i = 0;

	while (i < text.len) {
		size_t n;

		i += ascii_run(text.p + i, text.len - i);
		if (i == text.len)
			break;
		n = mail_utf8_length(text.p + i, text.len - i);
		if (text.p[i] == '\0') {
			s.zeros++;
		} else if (n > 1) {
			s.foreign |= s.good > 0 || is_foreign(text.p + i, n);
			s.good++;
		} else if (is_cut(text.p + i, text.len - i)) {
			s.cut = text.len - i;
			break;
		} else {
			s.bad++;
			n = 1;
		}
		i += n;
	}
	return s;
}

/*
 * UTF-8 with what is wrong replaced; zero bytes go.  mixed: what is wrong is
 * windows-1252, as when two texts were put together.
 */
static bool
repair_utf8(struct ouv_arena *arena, struct ouv_str in, bool mixed,
	struct ouv_str *out)
{
	struct ouv_buf buf;
	size_t i = 0;
	bool clean = true;

	ouv_buf_init(&buf, arena, in.len + 8);
	while (i < in.len) {
		size_t n = ascii_run(in.p + i, in.len - i);

		ouv_buf_add(&buf, in.p + i, n);
		i += n;
		if (i == in.len)
			break;
		if (in.p[i] == '\0') {
			i++;
			continue;
		}
		n = mail_utf8_length(in.p + i, in.len - i);
		if (n > 0) {
			ouv_buf_add(&buf, in.p + i, n);
			i += n;
			continue;
		}
		clean = false;
		if (mixed && !is_cut(in.p + i, in.len - i)) {
			char put[4];

			n = mail_utf8_put(
				mail_1252((unsigned char)in.p[i++]), put);
			ouv_buf_add(&buf, put, n);
			continue;
		}
		ouv_buf_add(&buf, REPLACEMENT, 3);
		/* one mark for the whole of a broken sequence */
		for (i++;
			i < in.len && ((unsigned char)in.p[i] & 0xc0) == 0x80;)
			i++;
	}
	*out = (struct ouv_str){ buf.data, buf.len };
	return clean;
}

static bool
from_1252(struct ouv_arena *arena, struct ouv_str in, struct ouv_str *out)
{
	size_t more = 0, n = 0;
	bool clean = true;
	char *text;

	for (size_t i = 0; i < in.len; i++)
		more += (unsigned char)in.p[i] >= 0xa0   ? 1
			: (unsigned char)in.p[i] >= 0x80 ? 2
							 : 0;
	text = ouv_arena_alloc(arena, in.len + more + 1);
	for (size_t i = 0; i < in.len; i++) {
		uint32_t c = mail_1252((unsigned char)in.p[i]);

		clean &= c != 0xfffd;
		if (c != 0)
			n += mail_utf8_put(c, text + n);
	}
	*out = (struct ouv_str){ text, n };
	return clean;
}

/* UTF-16 from ICU to UTF-8; a surrogate alone becomes U+FFFD. */
struct from16 {
	struct ouv_buf *buf;
	uint32_t high; /* a high surrogate that waits, or 0 */
	bool clean;
};

static void
put16(struct from16 *s, uint32_t c)
{
	char bytes[4];

	if (s->high != 0) {
		if (c >= 0xdc00 && c < 0xe000) {
			c = 0x10000 + ((s->high - 0xd800) << 10) + (c - 0xdc00);
		} else {
			ouv_buf_add(s->buf, REPLACEMENT, 3);
			s->clean = false;
		}
		s->high = 0;
	}
	if (c >= 0xd800 && c < 0xdc00) {
		s->high = c;
		return;
	}
	if (c >= 0xdc00 && c < 0xe000)
		c = 0xfffd;
	s->clean &= c != 0xfffd;
	/* a byte order mark in the middle is nothing to read */
	if (c != 0 && c != 0xfeff)
		ouv_buf_add(s->buf, bytes, mail_utf8_put(c, bytes));
}

static bool
from_icu(struct ouv_arena *arena, UConverter *conv, struct ouv_str in,
	struct ouv_str *out)
{
	UChar units[1024] = { 0 };
	struct ouv_buf buf;
	struct from16 s = { .buf = &buf, .clean = true };
	const char *p = in.p, *end = in.p + in.len;
	UErrorCode code;

	ouv_buf_init(&buf, arena, in.len + in.len / 2 + 16);
	do {
		UChar *target = units;

		code = U_ZERO_ERROR;
		ucnv_toUnicode(conv, &target, units + 1024, &p, end, NULL, true,
			&code);
		for (const UChar *u = units; u < target; u++)
			put16(&s, *u);
	} while (code == U_BUFFER_OVERFLOW_ERROR);
	if (s.high != 0 || U_FAILURE(code)) {
		ouv_buf_add(&buf, REPLACEMENT, 3);
		s.clean = false;
	}
	*out = (struct ouv_str){ buf.data, buf.len };
	return s.clean;
}

static bool
starts_with(struct ouv_str bytes, const char *mark, size_t len)
{
	return bytes.len >= len && memcmp(bytes.p, mark, len) == 0;
}

/* Which UTF-16 it is; NULL: none, as far as marks and zero bytes tell. */
static const char *
find_utf16(struct ouv_str bytes)
{
	size_t even = 0, odd = 0, pairs = 0;

	if (starts_with(bytes, "\xff\xfe", 2) ||
		starts_with(bytes, "\xfe\xff", 2))
		return "utf-16";
	for (size_t i = 0; i + 1 < bytes.len && i < 512; i += 2, pairs++) {
		even += bytes.p[i] == '\0';
		odd += bytes.p[i + 1] == '\0';
	}
	if (pairs < 4 || (odd > 0 && even > 0))
		return NULL;
	if (odd * 4 >= pairs * 3)
		return "utf-16le";
	return even * 4 >= pairs * 3 ? "utf-16be" : NULL;
}

/* UTF-16 said, without a mark: ICU would say big-endian, mailers are not. */
static const char *
guess_utf16(struct ouv_str bytes)
{
	size_t even = 0, odd = 0;

	if (starts_with(bytes, "\xff\xfe", 2) ||
		starts_with(bytes, "\xfe\xff", 2))
		return "utf-16";
	for (size_t i = 0; i + 1 < bytes.len && i < 512; i += 2) {
		even += bytes.p[i] == '\0';
		odd += bytes.p[i + 1] == '\0';
	}
	return odd > even ? "utf-16le" : "utf-16be";
}

/* RFC 1468, 1557, 1922: seven bits whose escapes tell what they are. */
static const char *
find_iso2022(struct ouv_str bytes)
{
	/* clang-format off */
	static const struct {
		const char *escape, *name;
	} escapes[] = {
		{ "\033$B", "JIS_Encoding" }, { "\033$@", "JIS_Encoding" },
		{ "\033$)C", "iso-2022-kr" }, { "\033$)A", "iso-2022-cn" },
		{ "\033$)G", "iso-2022-cn" },
	};
	/* clang-format on */
	const char *at = memchr(bytes.p, '\033', bytes.len);
	struct ouv_str rest;

	if (at == NULL)
		return NULL;
	rest = (struct ouv_str){ at, bytes.len - (size_t)(at - bytes.p) };
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (starts_with(
			    rest, escapes[i].escape, strlen(escapes[i].escape)))
			return escapes[i].name;
	return NULL;
}

static bool
from_named(struct ouv_arena *arena, const char *name, struct ouv_str bytes,
	struct ouv_str *text_out)
{
	UConverter *conv = mail_charset_open(name);
	bool clean;

	if (conv == NULL)
		return false;
	clean = from_icu(arena, conv, bytes, text_out);
	ucnv_close(conv);
	return clean;
}

static struct ouv_str
without_mark(struct ouv_str bytes)
{
	if (starts_with(bytes, "\xef\xbb\xbf", 3)) {
		bytes.p += 3;
		bytes.len -= 3;
	}
	return bytes;
}

/* The undeclared: UTF-8 if it is that, else the fallback, else 1252. */
static bool
from_unknown(struct ouv_arena *arena, const char *fallback,
	struct ouv_str bytes, struct ouv_str *text_out)
{
	const char *named = find_utf16(bytes);
	struct survey s;

	if (named == NULL)
		named = find_iso2022(bytes);
	if (named != NULL)
		return from_named(arena, named, bytes, text_out);
	bytes = without_mark(bytes);
	if (mail_utf8_valid(bytes)) {
		*text_out = bytes;
		return true;
	}
	/* most of it UTF-8: it was cut, or joined with something else */
	s = survey_utf8(bytes);
	if (s.bad == 0 && s.cut == 0)
		return repair_utf8(arena, bytes, false, text_out);
	if (s.good > (fallback == NULL ? s.bad : s.bad * 4))
		return repair_utf8(arena, bytes, true, text_out);
	if (fallback != NULL)
		return mail_to_utf8(arena, fallback, NULL, bytes, text_out);
	return from_1252(arena, bytes, text_out);
}

static bool
from_utf8(
	struct ouv_arena *arena, struct ouv_str bytes, struct ouv_str *text_out)
{
	struct survey s;

	bytes = without_mark(bytes);
	if (mail_utf8_valid(bytes)) {
		*text_out = bytes;
		return true;
	}
	if (find_utf16(bytes) != NULL) {
		(void)from_named(arena, find_utf16(bytes), bytes, text_out);
		return false;
	}
	s = survey_utf8(bytes);
	if (s.zeros == 0 && s.good == 0) {
		(void)from_1252(arena, bytes, text_out);
		return false;
	}
	return repair_utf8(arena, bytes, false, text_out);
}

/*
 * windows-1252 by name.  Programs that do not know better say so of UTF-8,
 * and nobody writes a text whose every high byte happens to fit.
 */
static bool
from_latin(
	struct ouv_arena *arena, struct ouv_str bytes, struct ouv_str *text_out)
{
	struct survey s;

	if (ascii_run(bytes.p, bytes.len) == bytes.len) {
		*text_out = bytes;
		return true;
	}
	s = survey_utf8(bytes);
	if (!s.foreign || s.bad > 0 || s.cut > 0)
		return from_1252(arena, bytes, text_out);
	(void)repair_utf8(arena, without_mark(bytes), false, text_out);
	return false;
}

bool
mail_to_utf8(struct ouv_arena *arena, const char *charset, const char *fallback,
	struct ouv_str bytes, struct ouv_str *text_out)
{
	char space[MAIL_CHARSET_LEN];
	const char *name = mail_charset_name(charset, space);
	UConverter *conv;
	bool clean;

	if (bytes.len == 0) {
		*text_out = (struct ouv_str){ "", 0 };
		return true;
	}
	if (*name == '\0')
		return from_unknown(arena, fallback, bytes, text_out);
	if (strcmp(name, "utf-8") == 0)
		return from_utf8(arena, bytes, text_out);
	if (strcmp(name, "windows-1252") == 0)
		return from_latin(arena, bytes, text_out);
	if (strcmp(name, "utf-16") == 0)
		name = guess_utf16(bytes);
	conv = mail_charset_open(name);
	if (conv == NULL) {
		(void)from_unknown(arena, fallback, bytes, text_out);
		return false;
	}
	clean = from_icu(arena, conv, bytes, text_out);
	ucnv_close(conv);
	return clean;
}
