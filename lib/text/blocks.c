/*
 * blocks.c - a rendered text as its subject and its marked lines
 *
 * What both parts of a mail are made from, so that they hold the same words.
 */
#include <string.h>

#include "text_impl.h"

#define SUBJECT "Subject:"
#define HEADING "# "
#define ITEM "- "
/* What begins a signature; its blank at the end belongs to it. */
#define SEPARATOR "-- "

static bool
begins(struct ouv_str text, const char *mark)
{
	size_t len = strlen(mark);

	return text.len >= len && memcmp(text.p, mark, len) == 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct ouv_str
trim(struct ouv_str text)
{
	while (text.len > 0 && is_blank(text.p[0])) {
		text.p++;
		text.len--;
	}
	while (text.len > 0 && is_blank(text.p[text.len - 1]))
		text.len--;
	return text;
}

/* Takes one line off the front of a text, without what ends it. */
static struct ouv_str
next_line(struct ouv_str *rest)
{
	const char *end = memchr(rest->p, '\n', rest->len);
	struct ouv_str line = { rest->p,
		end != NULL ? (size_t)(end - rest->p) : rest->len };
	size_t taken = line.len + (end != NULL);

	rest->p += taken;
	rest->len -= taken;
	if (line.len > 0 && line.p[line.len - 1] == '\r')
		line.len--;
	return line;
}

static struct line
read_line(struct ouv_str raw)
{
	struct line line = { LINE_WORDS, trim(raw) };

	if (raw.len == strlen(SEPARATOR) && begins(raw, SEPARATOR)) {
		line.text = raw;
	} else if (line.text.len == 0) {
		line.kind = LINE_EMPTY;
	} else if (begins(line.text, HEADING)) {
		line.kind = LINE_HEADING;
		line.text.p += strlen(HEADING);
		line.text.len -= strlen(HEADING);
		line.text = trim(line.text);
	} else if (begins(line.text, ITEM)) {
		line.kind = LINE_ITEM;
	}
	return line;
}

/* Never two empty lines in a row; one before each heading. */
static void
add(struct body *body, struct line line)
{
	bool after_empty = body->count == 0 ||
			   body->lines[body->count - 1].kind == LINE_EMPTY;

	if (line.kind == LINE_EMPTY && after_empty)
		return;
	if (line.kind == LINE_HEADING && !after_empty)
		body->lines[body->count++] =
			(struct line){ LINE_EMPTY, { "", 0 } };
	body->lines[body->count++] = line;
}

static size_t
count_lines(struct ouv_str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.len; i++)
		n += text.p[i] == '\n';
	return n;
}

enum ouv_err
blocks_read(struct ouv_arena *arena, struct ouv_str text, struct body *body_out)
{
	struct ouv_str rest = text;
	struct ouv_str first = next_line(&rest);
	struct body body = { .subject = first };

	if (!begins(first, SUBJECT))
		return OUV_INVALID;
	body.subject.p += strlen(SUBJECT);
	body.subject.len -= strlen(SUBJECT);
	body.subject = trim(body.subject);
	/* A heading may bring an empty line of its own. */
	body.lines = ouv_arena_array(
		arena, count_lines(rest) * 2, sizeof(*body.lines));
	while (rest.len > 0)
		add(&body, read_line(next_line(&rest)));
	if (body.count > 0 && body.lines[body.count - 1].kind == LINE_EMPTY)
		body.count--;
	if (body.subject.len == 0 || body.count == 0)
		return OUV_INVALID;
	*body_out = body;
	return OUV_OK;
}
