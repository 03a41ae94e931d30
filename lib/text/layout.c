/*
 * layout.c - a rendered text as both parts of a mail
 */
#include <string.h>

#include "text_impl.h"

#define RULE "* * *"   /* between two languages, in the text part */
#define SUBJECTS " / " /* between theirs */
#define BLACK "#000000"
#define BLUE "#003399"
/*
 * On a block of its own for each language: some programs drop what stands on
 * the body (docs/templates.md says which).
 */
#define BLOCK                                                       \
	"<div lang=\"%s\" style=\"font-family: Arial, sans-serif; " \
	"font-size: 10pt; color: %s; max-width: 40em\">\n"

static void
write_plain(struct ouv_buf *out, const struct body *body, bool marked)
{
	for (size_t i = 0; i < body->count; i++) {
		if (marked && body->lines[i].kind == LINE_HEADING)
			ouv_buf_text(out, "# ");
		ouv_buf_add(
			out, body->lines[i].text.p, body->lines[i].text.len);
		ouv_buf_char(out, '\n');
	}
}

static void
write_text(struct ouv_buf *out, const struct body *body)
{
	for (size_t i = 0; i < body->count; i++)
		flow_line(out, body->lines[i].text);
}

static void
write_head(struct ouv_buf *out, enum ouv_lang lang, const char *subject)
{
	ouv_buf_printf(out,
		"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
		"<meta charset=\"utf-8\">\n<title>",
		ouv_lang_tag(lang));
	page_escape(out, subject, strlen(subject));
	ouv_buf_text(out, "</title>\n</head>\n<body>\n");
}

static const char *
subject_of(struct ouv_arena *arena, const struct body *bodies, size_t count)
{
	struct ouv_buf out;

	ouv_buf_init(&out, arena, 256);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			ouv_buf_text(&out, SUBJECTS);
		ouv_buf_add(&out, bodies[i].subject.p, bodies[i].subject.len);
	}
	return out.data;
}

enum ouv_err
ouv_text_layout(struct ouv_arena *arena, const struct ouv_text_part *parts,
	size_t count, bool blue, struct ouv_text_letter *letter_out)
{
	struct body *bodies = ouv_arena_array(arena, count, sizeof(*bodies));
	struct ouv_buf text, html, plain, marked;
	struct ouv_text_letter letter;
	size_t len = 0;

	if (count == 0)
		return OUV_INVALID;
	for (size_t i = 0; i < count; i++) {
		TRY(blocks_read(arena, parts[i].text, &bodies[i]));
		len += parts[i].text.len;
	}
	letter.subject = subject_of(arena, bodies, count);
	ouv_buf_init(&text, arena, len * 9 / 8 + 64);
	ouv_buf_init(&plain, arena, len + 64);
	ouv_buf_init(&marked, arena, len + 64);
	ouv_buf_init(&html, arena, len * 5 / 4 + 1024);
	write_head(&html, parts[0].lang, letter.subject);
	for (size_t i = 0; i < count; i++) {
		if (i > 0) {
			ouv_buf_text(&text, "\n" RULE "\n\n");
			ouv_buf_text(&plain, "\n" RULE "\n\n");
			ouv_buf_text(&marked, "\n" RULE "\n\n");
		}
		write_text(&text, &bodies[i]);
		write_plain(&plain, &bodies[i], false);
		write_plain(&marked, &bodies[i], true);
		ouv_buf_printf(&html, BLOCK, ouv_lang_tag(parts[i].lang),
			blue ? BLUE : BLACK);
		if (i > 0)
			ouv_buf_text(&html, "<hr>\n");
		page_lines(&html, &bodies[i]);
		ouv_buf_text(&html, "</div>\n");
	}
	ouv_buf_text(&html, "</body>\n</html>\n");
	letter.text = text.data;
	letter.html = html.data;
	letter.plain = plain.data;
	letter.marked = marked.data;
	*letter_out = letter;
	return OUV_OK;
}
