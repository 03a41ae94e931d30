/*
 * html_value.c - values of attributes, and whether a text says anything
 */
#include "html_render.h"

const char *
html_value(struct html_renderer *r, struct ouv_str value, size_t most)
{
	const char *p = value.p, *end;
	struct ouv_buf buf;

	if (value.len == 0)
		return "";
	if (value.len > most)
		value.len = most;
	end = p + value.len;
	ouv_buf_init(&buf, r->arena, value.len);
	while (p < end) {
		char bytes[8];
		size_t len = 0, n = 0;

		if (*p == '&')
			n = html_reference(p, end, bytes, &len);
		/* "?a=1&copy=2" is no sign of copyright */
		if (n > 0 && p[n - 1] != ';')
			n = 0;
		ouv_buf_add(&buf, n > 0 ? bytes : p, n > 0 ? len : 1);
		p += n > 0 ? n : 1;
	}
	return mail_clean_line(r->arena, (struct ouv_str){ buf.data, buf.len });
}

/* Blanks and what fills previews say nothing. */
static bool
is_filler(uint32_t c)
{
	return c <= ' ' || c == 0xa0 || c == 0xad || c == 0x34f ||
	       c == 0x2007 || (c >= 0x200b && c <= 0x200f) || c == 0x202f ||
	       c == 0x2060 || c == 0xfeff || c == 0x2800;
}

bool
html_says_something(struct ouv_str text)
{
	const char *p = text.p, *end = text.p + text.len;

	while (p < end) {
		size_t len = 0, n = 0;
		char bytes[8];
		uint32_t c;

		if (*p == '&')
			n = html_reference(p, end, bytes, &len);
		if (n > 0) {
			c = mail_utf8_get(bytes, mail_utf8_length(bytes, len));
		} else {
			n = mail_utf8_length(p, (size_t)(end - p));
			c = n == 0 ? 'x' : mail_utf8_get(p, n);
		}
		if (!is_filler(c))
			return true;
		p += n == 0 ? 1 : n;
	}
	return false;
}
