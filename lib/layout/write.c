/*
 * write.c - the one place where letters become a page: all are escaped here
 */
#include <string.h>

#include "inner.h"

/*
 * Length of the character at the start, 0: it is none, or none that a page may
 * hold (control characters, half of a pair, the last two of a plane).
 */
static size_t
character(const unsigned char *p)
{
	size_t n = *p < 0x80   ? 1
		   : *p < 0xc2 ? 0
		   : *p < 0xe0 ? 2
		   : *p < 0xf0 ? 3
		   : *p < 0xf5 ? 4
			       : 0;
	uint32_t c = n < 2 ? *p : *p & (0x7fU >> n);

	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fU);
	}
	if (n == 0 || (c < ' ' && c != '\t' && c != '\n') ||
		(c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000) ||
		(n == 3 && c < 0x800) || (n == 4 && c < 0x10000) ||
		c > 0x10ffff || (c & 0xfffe) == 0xfffe ||
		(c >= 0xfdd0 && c < 0xfdf0))
		return 0;
	return n;
}

static const char *
escape(char c)
{
	/* clang-format off */
	static const struct { char c; const char *as; } table[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" }, { '`', "&#96;" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].c == c)
			return table[i].as;
	return NULL;
}

void
write_text(struct ouv_buf *out, const char *text)
{
	while (*text != '\0') {
		size_t n = character((const unsigned char *)text);
		const char *as = escape(*text);

		if (as != NULL)
			ouv_buf_text(out, as);
		else if (n > 0)
			ouv_buf_add(out, text, n);
		text += n > 0 ? n : 1;
	}
}

void
write_value(struct ouv_buf *out, enum attribute which, const char *value)
{
	ouv_buf_char(out, ' ');
	ouv_buf_text(out, attribute_names[which]);
	ouv_buf_text(out, "=\"");
	write_text(out, value);
	ouv_buf_char(out, '"');
}

void
write_begin(struct ouv_buf *out, const struct element *element,
	const struct values *values)
{
	ouv_buf_char(out, '<');
	ouv_buf_text(out, element->name);
	for (int i = 0; i < ATTR__COUNT; i++)
		if (values->of[i] != NULL)
			write_value(out, (enum attribute)i, values->of[i]);
	ouv_buf_char(out, '>');
	/* The first line end in it does not count, so one more is written. */
	if (strcmp(element->name, "pre") == 0)
		ouv_buf_char(out, '\n');
}

void
write_end(struct ouv_buf *out, const struct element *element)
{
	if (element->is_void)
		return;
	ouv_buf_text(out, "</");
	ouv_buf_text(out, element->name);
	ouv_buf_char(out, '>');
}
