/*
 * clean.c - a page rebuilt, until rebuilding it changes nothing any more
 *
 * What is left out can make the rest mean something else: two paragraphs that
 * stood in each other by way of a button are not in each other without it.  So
 * the result is read again, until it says what its own reading says; a page
 * that never does is its words and lines alone.
 */
#include <string.h>

#include "inner.h"

#define ROUNDS 6

static void
on_begin(void *user, const struct element *element, const struct values *values)
{
	write_begin(user, element, values);
}

static void
on_end(void *user, const struct element *element)
{
	write_end(user, element);
}

static void
on_text(void *user, const char *text)
{
	write_text(user, text);
}

/* Whatever had an end is a new line. */
static void
on_begin_flat(
	void *user, const struct element *element, const struct values *values)
{
	(void)values;
	if (element->is_void && strcmp(element->name, "br") == 0)
		ouv_buf_text(user, "<br>");
}

static void
on_end_flat(void *user, const struct element *element)
{
	(void)element;
	ouv_buf_char(user, ' ');
}

static enum ouv_err
rebuild(struct ouv_arena *arena, struct ouv_str html, bool flat,
	struct ouv_str *clean_out)
{
	struct ouv_buf out;
	const struct visitor visitor = { flat ? on_begin_flat : on_begin,
		flat ? on_end_flat : on_end, on_text, &out };
	enum ouv_err err;

	ouv_buf_init(&out, arena, html.len + html.len / 4);
	err = tree_walk(html, &visitor);
	*clean_out = (struct ouv_str){ out.data, out.len };
	return err;
}

static bool
is_same(struct ouv_str a, struct ouv_str b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static enum ouv_err
settle(struct ouv_arena *arena, struct ouv_str html, struct ouv_str *clean_out)
{
	struct ouv_str now = html, next;
	enum ouv_err err;

	for (int i = 0; i < 2 * ROUNDS; i++) {
		err = rebuild(arena, now, i >= ROUNDS, &next);
		if (err != OUV_OK)
			return err;
		if (i > 0 && is_same(now, next)) {
			*clean_out = now;
			return OUV_OK;
		}
		now = next;
	}
	return OUV_INVALID;
}

enum ouv_err
ouv_layout_clean(struct ouv_str html, struct ouv_buf *out)
{
	struct ouv_arena *scratch;
	struct ouv_str clean = { "", 0 };
	enum ouv_err err;

	if (html.len > OUV_LAYOUT_HTML)
		return OUV_INVALID;
	scratch = ouv_arena_new(OUV_ARENA_WIPE);
	err = settle(scratch, html, &clean);
	if (err == OUV_OK)
		ouv_buf_add(out, clean.p, clean.len);
	ouv_arena_free(&scratch);
	return err;
}
