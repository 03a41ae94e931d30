/*
 * html_write.c - lines of text out of the words of a page
 *
 * Blanks and line ends wait until the next word, so that a page's empty
 * boxes leave no holes; every line begins with its quote marks.
 */
#include <string.h>

#include "internal.h"
#include "html_token.h"
#include "html_write.h"

#define QUOTE_MAX 9
#define LIST_MAX 9
#define BLANKS_MAX 8 /* that do not break, in a row */

/* "-- " before a signature keeps its blank (RFC 3676 4.3). */
static void
keep_signature(struct html_writer *w)
{
	const char *line;

	if (w->waiting == 0 || w->out->len < w->begin + 2)
		return;
	line = w->out->data + w->out->len - 2;
	if (memcmp(line, "--", 2) != 0)
		return;
	if (w->out->len == w->begin + 2 || line[-1] == '\n')
		ouv_buf_char(w->out, ' ');
}

void
html_break(struct html_writer *w, int at_least)
{
	bool nothing_yet = w->out->len == w->begin;

	if (!w->line_start)
		keep_signature(w);
	else if (w->line_is_blank && at_least < 2)
		at_least = 2;
	w->line_is_blank = false;
	w->waiting = 0;
	if (nothing_yet || w->after_mark)
		return;
	if (w->breaks == 0 || w->quote < w->break_quote)
		w->break_quote = w->quote;
	if (w->breaks < at_least)
		w->breaks = at_least;
	w->line_start = true;
}

static void
quote_marks(struct html_writer *w, int depth)
{
	for (int i = 0; i < depth && i < QUOTE_MAX; i++)
		ouv_buf_char(w->out, '>');
}

/* The line ends that waited, and what the new line begins with. */
static void
start_line(struct html_writer *w)
{
	if (w->break_quote > w->quote)
		w->break_quote = w->quote;
	for (int i = 0; i < w->breaks; i++) {
		if (i > 0)
			quote_marks(w, w->break_quote);
		ouv_buf_char(w->out, '\n');
	}
	w->breaks = 0;
	quote_marks(w, w->quote);
	if (w->quote > 0)
		ouv_buf_char(w->out, ' ');
	for (int i = 1; i < w->lists && i < LIST_MAX; i++)
		ouv_buf_text(w->out, "  ");
	w->line_start = false;
	w->waiting = 0;
}

/* Remembers how the text of a cell begins, so that a row can be joined. */
static void
note_cell(struct html_writer *w, size_t at)
{
	if (w->cell_count == w->cell_cap) {
		struct html_cell *more;

		w->cell_cap = w->cell_cap == 0 ? 64 : w->cell_cap * 2;
		more = ouv_arena_array(w->arena, w->cell_cap, sizeof(*more));
		if (w->cell_count > 0)
			memcpy(more, w->cells, w->cell_count * sizeof(*more));
		w->cells = more;
	}
	w->cells[w->cell_count++] = (struct html_cell){
		.at = at, .len = w->out->len - at, .empty = w->empty_cells
	};
	w->in_new_cell = false;
	w->empty_cells = w->spanned;
	w->spanned = 0;
}

void
html_put(struct html_writer *w, const char *text, size_t len)
{
	size_t at = w->out->len;

	if (w->line_start)
		start_line(w);
	for (; w->waiting > 0; w->waiting--)
		ouv_buf_char(w->out, ' ');
	if (w->in_new_cell)
		note_cell(w, at);
	w->after_mark = w->fresh_pre = w->line_is_blank = false;
	ouv_buf_add(w->out, text, len);
}

/* A joiner says something between letters that join, and in an emoji. */
static bool
joins(const struct html_writer *w)
{
	return !w->line_start && w->waiting == 0 && w->out->len > w->begin &&
	       (unsigned char)w->out->data[w->out->len - 1] >= 0x80;
}

/* Blanks, nbsp, and the invisible ones that fill previews. */
static bool
take_odd(struct html_writer *w, uint32_t c)
{
	if (c == 0xa0 || c == 0x2007 || c == 0x202f) {
		/* a run of these is meant: it is written out, but not at
		 * the start of a line, where it only indents */
		if (w->pre > 0) {
			html_put(w, " ", 1);
			return true;
		}
		w->line_is_blank |= w->line_start;
		if (!w->line_start && w->waiting < BLANKS_MAX)
			w->waiting++;
		return true;
	}
	if (c == 0x200c || c == 0x200d)
		return !joins(w);
	return c == 0x200b || c == 0xfeff || c == 0x034f || c == 0xad ||
	       c == 0x2060;
}

static void
put_char(struct html_writer *w, const char *p, size_t n)
{
	char bytes[4];
	uint32_t c;

	if (n == 1) {
		html_put(w, p, 1);
		return;
	}
	c = mail_utf8_get(p, n);
	if (c >= 0x80 && c < 0xa0) {
		/* &#146; is meant as windows-1252 (HTML 13.2.5.80) */
		c = mail_1252((unsigned char)c);
		html_put(w, bytes, mail_utf8_put(c, bytes));
	} else if (!take_odd(w, c)) {
		html_put(w, p, n);
	}
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Blanks: one at most, except inside <pre>. */
static void
take_space(struct html_writer *w, char c)
{
	if (w->pre == 0) {
		if (!w->line_start && !w->after_mark && w->waiting == 0)
			w->waiting = 1;
		return;
	}
	if (c == '\n' && w->fresh_pre) {
		w->fresh_pre = false;
	} else if (c == '\n') {
		int breaks = w->breaks + 1;

		html_break(
			w, breaks > HTML_BLANK_LINES + 1 ? w->breaks : breaks);
	} else if (c != '\r') {
		html_put(w, c == '\f' ? " " : &c, 1);
	}
}

void
html_put_plain(struct html_writer *w, const char *p, const char *end)
{
	while (p < end) {
		size_t run = 0, n;

		while (p + run < end && p[run] > ' ')
			run++;
		if (run > 0) {
			html_put(w, p, run);
			p += run;
			continue;
		}
		n = mail_utf8_length(p, (size_t)(end - p));
		if (is_space(*p))
			take_space(w, *p);
		else if (n > 0)
			put_char(w, p, n);
		p += n == 0 ? 1 : n;
	}
}

/* Text with its character references. */
void
html_put_text(struct html_writer *w, struct ouv_str text)
{
	const char *p = text.p, *end = text.p + text.len;

	while (p < end) {
		const char *amp = memchr(p, '&', (size_t)(end - p));
		char bytes[8];
		size_t len = 0, n;

		if (amp == NULL)
			amp = end;
		html_put_plain(w, p, amp);
		if (amp == end)
			return;
		n = html_reference(amp, end, bytes, &len);
		if (n > 0)
			html_put_plain(w, bytes, bytes + len);
		else
			html_put(w, "&", 1);
		p = amp + (n > 0 ? n : 1);
	}
}
