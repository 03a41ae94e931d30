/*
 * charset.c - bytes in any charset to valid UTF-8
 *
 * Total: there is always a text.  What the sender named comes first, then the
 * test for UTF-8 (RFC 3629), then windows-1252, in which nearly every byte
 * means something.  NUL never comes out: a database cannot hold it.
 */
#include <string.h>
#include <strings.h>
#include <unicode/ucnv.h>

#include "internal.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* Names that lie, or that ICU does not know; "" is "whatever it is". */
/* clang-format off */
static const struct {
	const char *name, *means;
} aliases[] = {
	{ "utf-8",                 "utf-8" },
	{ "utf8",                  "utf-8" },
	{ "uft-8",                 "utf-8" },
	{ "utf-8-sig",             "utf-8" },
	{ "utf8mb4",               "utf-8" },
	{ "unicode-1-1-utf-8",     "utf-8" },
	{ "us-ascii",              "" },
	{ "ascii",                 "" },
	{ "ansi_x3.4-1968",        "" },
	{ "iso-ir-6",              "" },
	{ "646",                   "" },
	{ "unknown-8bit",          "" },
	{ "x-unknown",             "" },
	{ "unknown",               "" },
	{ "default",               "" },
	{ "default_charset",       "" },
	{ "x-user-defined",        "" },
	{ "8bit",                  "" },
	{ "7bit",                  "" },
	{ "binary",                "" },
	{ "none",                  "" },
	/* browsers and mailers write windows-125x and call it iso-8859 */
	{ "windows-1252",          "windows-1252" },
	{ "cp1252",                "windows-1252" },
	{ "ansi",                  "windows-1252" },
	{ "x-ansi",                "windows-1252" },
	{ "iso-8859-1",            "windows-1252" },
	{ "iso8859-1",             "windows-1252" },
	{ "iso-8859-1-windows-3.1-latin-1", "windows-1252" },
	{ "iso_8859-1",            "windows-1252" },
	{ "iso88591",              "windows-1252" },
	{ "latin1",                "windows-1252" },
	{ "latin-1",               "windows-1252" },
	{ "l1",                    "windows-1252" },
	{ "iso-8859-9",            "windows-1254" },
	{ "iso-8859-11",           "windows-874" },
	{ "tis-620",               "windows-874" },
	{ "iso-8859-8-i",          "iso-8859-8" },
	{ "iso-8859-8-e",          "iso-8859-8" },
	{ "iso-8859-6-i",          "iso-8859-6" },
	{ "iso-8859-6-e",          "iso-8859-6" },
	/* supersets in use under the name of the subset */
	{ "gb2312",                "gb18030" },
	{ "gb_2312-80",            "gb18030" },
	{ "gbk",                   "gb18030" },
	{ "x-gbk",                 "gb18030" },
	{ "cp936",                 "gb18030" },
	{ "euc-cn",                "gb18030" },
	{ "ks_c_5601-1987",        "windows-949" },
	{ "ks_c_5601",             "windows-949" },
	{ "ksc5601",               "windows-949" },
	{ "euc-kr",                "windows-949" },
	{ "cp949",                 "windows-949" },
	{ "x-windows-949",         "windows-949" },
	{ "shift_jis",             "windows-31j" },
	{ "shift-jis",             "windows-31j" },
	{ "x-sjis",                "windows-31j" },
	{ "sjis",                  "windows-31j" },
	{ "cp932",                 "windows-31j" },
	{ "iso-2022-jp",           "JIS_Encoding" },
	{ "iso-2022-jp-1",         "JIS_Encoding" },
	{ "iso-2022-jp-ms",        "JIS_Encoding" },
	{ "csiso2022jp",           "JIS_Encoding" },
	{ "cp50220",               "JIS_Encoding" },
	{ "cp50221",               "JIS_Encoding" },
	{ "big5",                  "windows-950" },
	{ "cn-big5",               "windows-950" },
	{ "x-x-big5",              "windows-950" },
	{ "x-mac-roman",           "macintosh" },
	{ "mac-roman",             "macintosh" },
	{ "x-mac-cyrillic",        "x-mac-cyrillic" },
	{ "unicode-1-1-utf-7",     "utf-7" },
	{ "x-unicode-2-0-utf-7",   "utf-7" },
	{ "unicode-2-0-utf-7",     "utf-7" },
	{ "unicode",               "utf-16" },
	{ "ucs-2",                 "utf-16" },
	{ "iso-10646-ucs-2",       "utf-16" },
	{ "koi8",                  "koi8-r" },
	{ "x-koi8-r",              "koi8-r" },
	{ "cp-850",                "cp850" },
	{ "dos-850",               "cp850" },
};

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

/* Is there one good character above ASCII in it? */
static bool
utf8_likely(struct ouv_str text)
{
	size_t i = 0;

	while (i < text.len) {
		size_t n;

		i += ascii_run(text.p + i, text.len - i);
		if (i == text.len)
			return false;
		n = mail_utf8_length(text.p + i, text.len - i);
		if (n > 1)
			return true;
		i++;
	}
	return false;
}

/* UTF-8 with what is wrong replaced; zero bytes go. */
static bool
repair_utf8(struct ouv_arena *arena, struct ouv_str in, struct ouv_str *out)
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
		ouv_buf_add(&buf, REPLACEMENT, 3);
		clean = false;
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

/* ---- names -----------------------------------------------------------------
 */

#define NAME_MAX_LEN 48

/*
 * The name as it can be looked up: lower case, no quotes, no "charset=" in
 * front, nothing from the first character on that no charset's name has.
 */
static void
normal_name(const char *charset, char out[NAME_MAX_LEN])
{
	size_t n = 0;

	while (*charset == '"' || *charset == '\'' || *charset == ' ' ||
		*charset == '=')
		charset++;
	if (strncasecmp(charset, "charset=", 8) == 0)
		charset += 8;
	if (strncmp(charset, "3D", 2) == 0) /* '=' in quoted-printable */
		charset += 2;
	while (*charset == '"' || *charset == '\'')
		charset++;
	for (; *charset != '\0' && n < NAME_MAX_LEN - 1; charset++) {
		char c = *charset;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c == ' ' && n > 0)
			c = '-';
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') &&
			strchr("-_.:+()", c) == NULL)
			break;
		out[n++] = c;
	}
	while (n > 0 && (out[n - 1] == '-' || out[n - 1] == '.'))
		n--;
	out[n] = '\0';
}

static const char *
resolve_alias(const char *name)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(name, aliases[i].name) == 0)
			return aliases[i].means;
	/* "windows-1252http-equiv..." and others of the kind */
	if (strncmp(name, "windows-1252", 12) == 0)
		return "windows-1252";
	if (strncmp(name, "utf-8", 5) == 0)
		return "utf-8";
	return name;
}

/* UTF-16 without a mark: ICU would say big-endian, mailers are not. */
static const char *
guess_utf16(struct ouv_str bytes)
{
	size_t even = 0, odd = 0;

	if (bytes.len >= 2 && (memcmp(bytes.p, "\xff\xfe", 2) == 0 ||
				      memcmp(bytes.p, "\xfe\xff", 2) == 0))
		return "utf-16";
	for (size_t i = 0; i + 1 < bytes.len && i < 512; i += 2) {
		even += bytes.p[i] == '\0';
		odd += bytes.p[i + 1] == '\0';
	}
	return odd > even ? "utf-16le" : "utf-16be";
}

static UConverter *
open_converter(const char *name)
{
	UErrorCode code = U_ZERO_ERROR;
	UConverter *conv;

	if (*name == '\0')
		return NULL;
	conv = ucnv_open(name, &code);
	if (U_FAILURE(code) && strncmp(name, "x-", 2) == 0) {
		code = U_ZERO_ERROR;
		conv = ucnv_open(name + 2, &code);
	}
	return U_FAILURE(code) ? NULL : conv;
}

/* The undeclared: UTF-8 if it is that, else the fallback, else 1252. */
static bool
from_unknown(struct ouv_arena *arena, const char *fallback,
	struct ouv_str bytes, struct ouv_str *text_out)
{
	if (mail_utf8_valid(bytes)) {
		*text_out = bytes;
		return true;
	}
	/* without this test a zero byte would make UTF-8 look foreign */
	if (utf8_likely(bytes)) {
		struct ouv_arena *scratch = ouv_arena_new(OUV_ARENA_WIPE);
		struct ouv_str trial;
		bool clean = repair_utf8(scratch, bytes, &trial);

		if (clean)
			text_out->p =
				ouv_arena_strndup(arena, trial.p, trial.len);
		if (clean)
			text_out->len = trial.len;
		ouv_arena_free(&scratch);
		if (clean)
			return true;
	}
	if (fallback != NULL)
		return mail_to_utf8(arena, fallback, NULL, bytes, text_out);
	return from_1252(arena, bytes, text_out);
}

static bool
from_utf8(
	struct ouv_arena *arena, struct ouv_str bytes, struct ouv_str *text_out)
{
	if (bytes.len >= 3 && memcmp(bytes.p, "\xef\xbb\xbf", 3) == 0) {
		bytes.p += 3;
		bytes.len -= 3;
	}
	if (mail_utf8_valid(bytes)) {
		*text_out = bytes;
		return true;
	}
	if (memchr(bytes.p, '\0', bytes.len) == NULL && !utf8_likely(bytes)) {
		(void)from_1252(arena, bytes, text_out);
		return false;
	}
	return repair_utf8(arena, bytes, text_out);
}

bool
mail_to_utf8(struct ouv_arena *arena, const char *charset, const char *fallback,
	struct ouv_str bytes, struct ouv_str *text_out)
{
	char normal[NAME_MAX_LEN] = "";
	const char *name;
	UConverter *conv;
	bool clean;

	if (bytes.len == 0) {
		*text_out = (struct ouv_str){ "", 0 };
		return true;
	}
	if (charset != NULL)
		normal_name(charset, normal);
	name = resolve_alias(normal);
	if (*name == '\0')
		return from_unknown(arena, fallback, bytes, text_out);
	if (strcmp(name, "utf-8") == 0)
		return from_utf8(arena, bytes, text_out);
	if (strcmp(name, "windows-1252") == 0) {
		if (ascii_run(bytes.p, bytes.len) < bytes.len)
			return from_1252(arena, bytes, text_out);
		*text_out = bytes;
		return true;
	}
	if (strcmp(name, "utf-16") == 0)
		name = guess_utf16(bytes);
	conv = open_converter(name);
	if (conv == NULL) {
		(void)from_unknown(arena, fallback, bytes, text_out);
		return false;
	}
	clean = from_icu(arena, conv, bytes, text_out);
	ucnv_close(conv);
	return clean;
}

bool
mail_charset_known(const char *charset)
{
	char normal[NAME_MAX_LEN];
	const char *name;
	UConverter *conv;

	normal_name(charset, normal);
	name = resolve_alias(normal);
	if (*name == '\0')
		return *normal != '\0';
	if (strcmp(name, "utf-8") == 0 || strcmp(name, "windows-1252") == 0)
		return true;
	conv = open_converter(name);
	if (conv == NULL)
		return false;
	ucnv_close(conv);
	return true;
}
