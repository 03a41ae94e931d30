/*
 * utf8.c - one character of UTF-8 at a time, strictly (RFC 3629)
 */
#include "utf8.h"

/* A row: bytes that may lead, bits they give, length, least code point. */
/* clang-format off */
static const struct lead {
	unsigned char first, last, bits;
	unsigned char len;
	uint32_t least;
} leads[] = {
	{ 0x00, 0x7f, 0x7f, 1, 0x0 },
	{ 0xc2, 0xdf, 0x1f, 2, 0x80 },
	{ 0xe0, 0xef, 0x0f, 3, 0x800 },
	{ 0xf0, 0xf4, 0x07, 4, 0x10000 },
};
/* clang-format on */

static size_t
follow(const struct lead *lead, const unsigned char *p, size_t len,
	uint32_t *code_out)
{
	uint32_t code = p[0] & lead->bits;

	if (len < lead->len)
		return 0;
	for (size_t i = 1; i < lead->len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3fU);
	}
	if (code < lead->least || code > 0x10ffff ||
		(code >= 0xd800 && code <= 0xdfff))
		return 0;
	*code_out = code;
	return lead->len;
}

size_t
utf8_step(const char *text, size_t len, uint32_t *code_out)
{
	const unsigned char *p = (const unsigned char *)text;

	if (len == 0)
		return 0;
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (p[0] >= leads[i].first && p[0] <= leads[i].last)
			return follow(&leads[i], p, len, code_out);
	return 0;
}

bool
utf8_is_text(const char *text, size_t len)
{
	uint32_t code;
	size_t n;

	for (; len > 0; text += n, len -= n)
		if ((n = utf8_step(text, len, &code)) == 0)
			return false;
	return true;
}

/* clang-format off */
static const struct range {
	uint32_t first, last;
} invisible[] = {
	{ 0x00ad, 0x00ad }, { 0x061c, 0x061c }, { 0x180e, 0x180e },
	{ 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x2069 },
	{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
};
/* clang-format on */

bool
utf8_invisible(uint32_t code)
{
	for (size_t i = 0; i < sizeof(invisible) / sizeof(invisible[0]); i++)
		if (code >= invisible[i].first && code <= invisible[i].last)
			return true;
	return false;
}

bool
utf8_turning(uint32_t code)
{
	return (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

bool
utf8_forbidden(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f) ||
	       (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) == 0xfffe;
}
