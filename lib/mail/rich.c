/*
 * rich.c - text/enriched (RFC 1896) and text/richtext (RFC 1341) as text
 */
#include <string.h>
#include <strings.h>

#include "marks.h"

#define QUOTE_MAX 9

struct rich {
	struct ouv_buf *out;
	bool enriched; /* one line end is a blank, more are one less */
	int quote, as_is, silent;
	bool line_start, shows_all;
};

static void
put(struct rich *r, char c)
{
	if (r->silent > 0)
		return;
	if (r->line_start && r->quote > 0) {
		for (int i = 0; i < r->quote && i < QUOTE_MAX; i++)
			ouv_buf_char(r->out, '>');
		if (c != '\n')
			ouv_buf_char(r->out, ' ');
	}
	r->line_start = c == '\n';
	ouv_buf_char(r->out, c);
}

static void
new_line(struct rich *r)
{
	if (!r->line_start)
		put(r, '\n');
}

static void
level(int *depth, bool end)
{
	if (!end)
		++*depth;
	else if (*depth > 0)
		--*depth;
}

static void
on_tag(struct rich *r, struct ouv_str name)
{
	bool end = name.len > 0 && *name.p == '/';

	name.p += end;
	name.len -= end;
	if (mail_str_is(name, "param") || mail_str_is(name, "comment")) {
		if (!r->shows_all)
			level(&r->silent, end);
	} else if (mail_str_is(name, "nofill") ||
		   mail_str_is(name, "verbatim")) {
		level(&r->as_is, end);
	} else if (mail_str_is(name, "excerpt")) {
		new_line(r);
		level(&r->quote, end);
	} else if (!end &&
		   (mail_str_is(name, "nl") || mail_str_is(name, "np"))) {
		put(r, '\n');
	} else if (!end && mail_str_is(name, "lt")) {
		put(r, '<');
	} else if (mail_str_is(name, "paragraph")) {
		new_line(r);
	}
}

/* Line ends from p on; returns how many. */
static size_t
take_lines(struct rich *r, const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && p[n] == '\n')
		n++;
	if (r->as_is > 0) {
		for (size_t i = 0; i < n; i++)
			put(r, '\n');
	} else if (!r->enriched || n == 1) {
		if (!r->line_start)
			put(r, ' ');
	} else {
		for (size_t i = 1; i < n; i++)
			put(r, '\n');
	}
	return n;
}

static bool
is_tag_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '/';
}

/* The tag at p, 0: it is none. */
static size_t
take_tag(struct rich *r, const char *p, const char *end)
{
	size_t n = 1;

	while (p + n < end && n < 62 && is_tag_letter(p[n]))
		n++;
	if (n < 2 || p + n >= end || p[n] != '>')
		return 0;
	on_tag(r, (struct ouv_str){ p + 1, n - 1 });
	return n + 1;
}

/* false: something that was to be silent never ended. */
static bool
read(struct rich *r, struct ouv_str text)
{
	const char *p = text.p, *end = text.p + text.len;

	r->line_start = true;
	while (p < end) {
		size_t n = 0;

		if (*p == '\n') {
			n = take_lines(r, p, end);
		} else if (*p == '<' && r->enriched && end - p > 1 &&
			   p[1] == '<') {
			put(r, '<');
			n = 2;
		} else if (*p == '<') {
			n = take_tag(r, p, end);
		}
		if (n == 0) {
			put(r, *p);
			n = 1;
		}
		p += n;
	}
	return r->silent == 0;
}

void
mail_rich(struct ouv_str text, bool enriched, struct ouv_buf *out)
{
	struct rich r = { .out = out, .enriched = enriched };
	size_t begin = out->len;

	if (!read(&r, text)) { /* then all of it is shown */
		out->len = begin;
		r = (struct rich){
			.out = out, .enriched = enriched, .shows_all = true
		};
		(void)read(&r, text);
	}
	if (out->len > begin && out->data[out->len - 1] != '\n')
		ouv_buf_char(out, '\n');
}
