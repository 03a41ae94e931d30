/*
 * page.c - the lines of a letter as HTML
 *
 * Paragraphs, headings, lists, links; nothing else is ever written, and no
 * value becomes markup.
 */
#include <string.h>

#include "text_impl.h"

#define LINK_OPEN "<a href=\""
#define LINK_BODY "\" style=\"color: #0000EE\">"

void
page_escape(struct ouv_buf *out, const char *text, size_t len)
{
	static const char *const entities[256] = {
		['&'] = "&amp;",
		['<'] = "&lt;",
		['>'] = "&gt;",
		['"'] = "&quot;",
		['\''] = "&#39;",
	};
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		const char *entity = entities[(unsigned char)text[i]];

		if (entity == NULL)
			continue;
		ouv_buf_add(out, text + from, i - from);
		ouv_buf_text(out, entity);
		from = i + 1;
	}
	ouv_buf_add(out, text + from, len - from);
}

/* ---- links ----------------------------------------------------------------
 */

static size_t
scheme_len(const char *p, size_t len)
{
	static const char *const schemes[] = { "https://", "http://" };

	for (size_t i = 0; i < COUNT(schemes); i++) {
		size_t n = strlen(schemes[i]);

		if (len > n && memcmp(p, schemes[i], n) == 0)
			return n;
	}
	return 0;
}

/* The address that begins at p; 0: none.  What ends a sentence is not of it,
 * nor is a bracket that it did not open. */
static size_t
link_len(const char *p, size_t len)
{
	size_t scheme = scheme_len(p, len), n = scheme;

	if (scheme == 0)
		return 0;
	while (n < len && (unsigned char)p[n] > ' ' &&
		strchr("<>\"", p[n]) == NULL)
		n++;
	while (n > scheme &&
		(strchr(".,;:!?'", p[n - 1]) != NULL ||
			(p[n - 1] == ')' && memchr(p, '(', n) == NULL)))
		n--;
	return n > scheme ? n : 0;
}

static void
words(struct ouv_buf *out, struct ouv_str text)
{
	size_t from = 0, i = 0;

	while (i < text.len) {
		size_t len = text.p[i] == 'h'
				     ? link_len(text.p + i, text.len - i)
				     : 0;

		if (len == 0) {
			i++;
			continue;
		}
		page_escape(out, text.p + from, i - from);
		ouv_buf_text(out, LINK_OPEN);
		page_escape(out, text.p + i, len);
		ouv_buf_text(out, LINK_BODY);
		page_escape(out, text.p + i, len);
		ouv_buf_text(out, "</a>");
		from = i += len;
	}
	page_escape(out, text.p + from, text.len - from);
}

/* ---- blocks ----------------------------------------------------------------
 */

/* What is open at this place. */
enum open {
	OPEN_NOTHING,
	OPEN_PARAGRAPH,
	OPEN_LIST
};

static void
move(struct ouv_buf *out, enum open *open, enum open wanted)
{
	static const char *const begins[] = { "", "<p>", "<ul>\n" };
	static const char *const ends[] = { "", "</p>\n", "</ul>\n" };

	if (*open == wanted) {
		if (wanted == OPEN_PARAGRAPH)
			ouv_buf_text(out, "<br>\n");
		return;
	}
	ouv_buf_text(out, ends[*open]);
	ouv_buf_text(out, begins[wanted]);
	*open = wanted;
}

void
page_lines(struct ouv_buf *out, const struct body *body)
{
	enum open open = OPEN_NOTHING;

	for (size_t i = 0; i < body->count; i++) {
		struct ouv_str text = body->lines[i].text;

		switch (body->lines[i].kind) {
		case LINE_EMPTY:
			move(out, &open, OPEN_NOTHING);
			break;
		case LINE_WORDS:
			move(out, &open, OPEN_PARAGRAPH);
			words(out, text);
			break;
		case LINE_HEADING:
			move(out, &open, OPEN_PARAGRAPH);
			ouv_buf_text(out, "<strong>");
			words(out, text);
			ouv_buf_text(out, "</strong>");
			break;
		case LINE_ITEM:
			move(out, &open, OPEN_LIST);
			ouv_buf_text(out, "<li>");
			words(out,
				(struct ouv_str){ text.p + 2, text.len - 2 });
			ouv_buf_text(out, "</li>\n");
			break;
		}
	}
	move(out, &open, OPEN_NOTHING);
}
