/*
 * html_form.c - what was filled into a form of a page, as words
 */
#include <string.h>
#include <strings.h>

#include "html_render.h"

static void
put_value(struct html_renderer *r, struct ouv_str value, const char *front,
	const char *back)
{
	const char *text = html_value(r, value, HTML_URL_MAX);

	if (*text == '\0')
		return;
	if (*front != '\0')
		html_put(&r->w, front, strlen(front));
	html_put_plain(&r->w, text, text + strlen(text));
	r->w.waiting = 0;
	if (*back != '\0')
		html_put(&r->w, back, strlen(back));
}

static bool
is_one_of(struct ouv_str type, const char *const *words)
{
	for (; *words != NULL; words++)
		if (mail_str_is(type, *words))
			return true;
	return false;
}

void
html_input(struct html_renderer *r, const struct html_tag *tag)
{
	static const char *const silent[] = { "hidden", "password", "file",
		"color", "range", NULL };
	static const char *const boxes[] = { "checkbox", "radio", NULL };
	static const char *const buttons[] = { "submit", "button", "reset",
		NULL };
	struct ouv_str type = mail_trim(tag->attr[HTML_TYPE]);

	if (mail_str_is(type, "image"))
		r->saw_remote |= html_is_remote(tag->attr[HTML_SRC]);
	if (html_is_hidden(r) || is_one_of(type, silent))
		return;
	if (is_one_of(type, boxes)) {
		html_put(&r->w,
			tag->attr[HTML_CHECKED].p != NULL ? "[x]" : "[ ]", 3);
		return;
	}
	if (mail_str_is(type, "image"))
		put_value(r, tag->attr[HTML_ALT], "[", "]");
	else if (is_one_of(type, buttons))
		put_value(r, tag->attr[HTML_VALUE], "[", "]");
	else
		put_value(r, tag->attr[HTML_VALUE], "", "");
}

/* Line ends count, HTML does not. */
void
html_area(struct html_renderer *r, struct ouv_str text)
{
	if (html_is_hidden(r) || mail_trim(text).len == 0)
		return;
	html_break(&r->w, 1);
	r->w.pre++;
	r->w.fresh_pre = true;
	html_put_text(&r->w, text);
	r->w.pre--;
	html_break(&r->w, 1);
}

void
html_select_begin(struct html_renderer *r)
{
	html_select_end(r);
	ouv_buf_init(&r->chosen, r->arena, 0);
	ouv_buf_init(&r->first, r->arena, 0);
	r->in_select = true;
	r->in_option = r->any_option = false;
}

void
html_select_end(struct html_renderer *r)
{
	const struct ouv_buf *shown =
		r->chosen.len > 0 ? &r->chosen : &r->first;

	if (!r->in_select)
		return;
	r->in_select = false;
	if (!html_is_hidden(r))
		html_put_text(
			&r->w, (struct ouv_str){ shown->data, shown->len });
}

void
html_option(struct html_renderer *r, const struct html_tag *tag)
{
	if (!r->in_select)
		return;
	r->in_option = !tag->end && strcmp(tag->name, "option") == 0;
	if (!r->in_option)
		return;
	r->option_chosen = tag->attr[HTML_SELECTED].p != NULL;
	if (r->option_chosen && r->chosen.len > 0)
		ouv_buf_text(&r->chosen, ", ");
	if (r->any_option && !r->option_chosen)
		r->in_option = false;
	r->any_option = true;
}

void
html_option_text(struct html_renderer *r, struct ouv_str text)
{
	if (r->in_option)
		ouv_buf_add(r->option_chosen ? &r->chosen : &r->first, text.p,
			text.len);
}
