/*
 * html.c - an HTML body to text a person can read
 *
 * Tokens come from html_token.c; no tree is built, so neither depth nor size
 * can lose a word.  Nothing is ever fetched.  What the sender hid is left
 * out and said.
 */
#include <string.h>
#include <strings.h>

#include "html_render.h"

/* ---- words ----------------------------------------------------------------
 */

bool
html_is_hidden(const struct html_renderer *r)
{
	const struct html_element *top;

	if (r->show_hidden)
		return false;
	if (r->hidden > 0 || r->height == 0)
		return r->hidden > 0;
	top = &r->levels[r->height - 1];
	return top->tiny || (top->color >= 0 && top->color == top->background);
}

static void
on_text(struct html_renderer *r, struct ouv_str text, bool references)
{
	if (html_is_hidden(r)) {
		if (!r->saw_hidden)
			r->saw_hidden = html_says_something(text);
	} else if (r->in_select) {
		html_option_text(r, text);
	} else if (references) {
		html_put_text(&r->w, text);
	} else {
		html_put_plain(&r->w, text.p, text.p + text.len);
	}
}

/* ---- lines and blocks
 * --------------------------------------------------------- */

static void
do_break(struct html_renderer *r)
{
	int breaks = r->w.breaks + 1;

	r->w.after_mark = r->w.line_is_blank = false;
	if (!html_is_hidden(r))
		html_break(&r->w,
			breaks > HTML_BLANK_LINES + 1 ? r->w.breaks : breaks);
}

/* Lines around an element: at its start and at its end. */
static void
around(struct html_renderer *r, enum html_what what)
{
	/* how many line ends, outside of lists and inside */
	static const struct {
		int outside, inside;
	} ends[HTML_WHAT__COUNT] = {
		[HTML_BLOCK] = { 1, 1 },
		[HTML_TABLE] = { 1, 1 },
		[HTML_GROUP] = { 1, 1 },
		[HTML_ROW] = { 1, 1 },
		[HTML_ITEM] = { 1, 1 },
		[HTML_RULE] = { 1, 1 },
		[HTML_PARA] = { 2, 1 },
		[HTML_LIST] = { 2, 1 },
		[HTML_NUMBERED] = { 2, 1 },
		[HTML_PRE] = { 2, 2 },
		[HTML_QUOTE] = { 2, 2 },
	};
	int n = r->w.lists > 0 ? ends[what].inside : ends[what].outside;

	if (n > 0)
		html_break(&r->w, n);
}

static bool
is_cell(enum html_what what)
{
	return what == HTML_CELL || what == HTML_HEAD_CELL;
}

static struct html_element *
find_open(struct html_renderer *r, enum html_what what)
{
	for (int i = r->height - 1; i >= 0; i--)
		if (r->levels[i].what == what)
			return &r->levels[i];
	return NULL;
}

static void
cell_begin(struct html_renderer *r, enum html_what what,
	const struct html_tag *tag)
{
	struct html_element *table = find_open(r, HTML_TABLE);

	if (what == HTML_HEAD_CELL && table != NULL)
		table->aligned = true;
	/* an empty cell is no empty line */
	r->w.line_is_blank = false;
	if (!html_is_hidden(r))
		html_cell_begin(&r->w, html_number(tag->attr[HTML_COLSPAN], 1));
}

static void
row_end(struct html_renderer *r, const struct html_element *row)
{
	const struct html_element *table = find_open(r, HTML_TABLE);

	r->w.line_is_blank = false;
	html_row_end(&r->w, row->cells, table != NULL && table->aligned);
}

static void
ruby_begin(struct html_renderer *r, struct html_element *element)
{
	const struct ouv_buf *out = r->w.out;

	if (html_is_hidden(r) || r->w.line_start ||
		(out->len > 0 && out->data[out->len - 1] == '(') ||
		(out->len > 3 && memcmp(out->data + out->len - 3,
					 "\357\274\210", 3) == 0))
		return;
	element->bracket = true;
	r->w.waiting = 0;
	html_put(&r->w, "(", 1);
}

static void
put_mark(struct html_renderer *r, const char *mark)
{
	if (!html_is_hidden(r))
		html_put(&r->w, mark, strlen(mark));
}

/* ---- elements without an inside ---------------------------------------------
 */

static bool
is_single(enum html_what what)
{
	return what == HTML_VOID || what == HTML_FETCH || what == HTML_BREAK ||
	       what == HTML_IMAGE || what == HTML_RULE || what == HTML_INPUT;
}

static void
on_fetch(struct html_renderer *r, const struct html_tag *tag)
{
	struct ouv_str rel = tag->attr[HTML_REL];

	r->saw_remote |= html_is_remote(tag->attr[HTML_SRC]) ||
			 html_is_remote(tag->attr[HTML_SRCSET]);
	if (strcmp(tag->name, "link") == 0 && rel.len >= 10 &&
		strncasecmp(rel.p + rel.len - 10, "stylesheet", 10) == 0)
		r->saw_remote |= html_is_remote(tag->attr[HTML_HREF]);
}

static void
on_single(struct html_renderer *r, enum html_what what,
	const struct html_tag *tag, const struct html_look *look)
{
	around(r, what);
	switch (what) {
	case HTML_BREAK:
		do_break(r);
		break;
	case HTML_IMAGE:
		html_image(r, tag, look);
		break;
	case HTML_INPUT:
		if (!look->hides)
			html_input(r, tag);
		break;
	case HTML_RULE:
		if (html_is_hidden(r))
			break;
		html_put(&r->w, "----", 4);
		html_break(&r->w, 1);
		break;
	default:
		on_fetch(r, tag);
		break;
	}
}

/* Elements whose inside is not HTML. */
static void
on_raw(struct html_renderer *r, struct html_reader *reader,
	const struct html_tag *tag)
{
	struct ouv_str inside = html_skip_raw(reader, tag->name);

	r->saw_remote |= html_is_remote(tag->attr[HTML_SRC]);
	if (strcmp(tag->name, "textarea") == 0)
		html_area(r, inside);
	else if (strcmp(tag->name, "style") == 0 && !r->saw_remote)
		r->saw_remote = html_sheet_fetches(inside);
}

/* ---- open elements
 * ------------------------------------------------------------ */

/* What stays in force until the element ends; sign -1 takes it back. */
static void
count(struct html_renderer *r, const struct html_element *element, int sign)
{
	r->hidden += element->hides ? sign : 0;
	r->w.quote += element->what == HTML_QUOTE ? sign : 0;
	r->w.pre += element->pre ? sign : 0;
	r->w.lists +=
		element->what == HTML_LIST || element->what == HTML_NUMBERED
			? sign
			: 0;
}

static void
close_top(struct html_renderer *r)
{
	struct html_element *element = &r->levels[r->height - 1];

	switch (element->what) {
	case HTML_LINK:
		html_link_end(r, element);
		break;
	case HTML_ROW:
		row_end(r, element);
		break;
	case HTML_SELECT:
		html_select_end(r);
		break;
	case HTML_RUBY_TEXT:
		if (element->bracket)
			put_mark(r, ")");
		break;
	case HTML_CITED:
		r->w.waiting = 0;
		put_mark(r, "\342\200\235");
		break;
	default:
		break;
	}
	html_span_end(r, element);
	count(r, element, -1);
	r->height--;
	if (is_cell(element->what)) /* an empty cell is no empty line */
		r->w.line_is_blank = false;
	around(r, element->what);
}

/* Ends every element from level index up. */
static void
close_down_to(struct html_renderer *r, int index)
{
	while (r->height > index)
		close_top(r);
}

static bool
is_tabular(enum html_what what)
{
	return is_cell(what) || what == HTML_ROW || what == HTML_GROUP ||
	       what == HTML_TABLE;
}

/* Does the start of what end an open element of its kind? */
static bool
ends_its_kind(enum html_what what, enum html_what open)
{
	if (what == HTML_ITEM || what == HTML_ROW || what == HTML_GROUP)
		return open == what;
	return is_cell(what) && is_cell(open);
}

static bool
is_border(enum html_what what, enum html_what open)
{
	if (what == HTML_ITEM)
		return open == HTML_LIST || open == HTML_NUMBERED ||
		       open == HTML_TABLE || is_cell(open);
	if (is_cell(what))
		return open == HTML_ROW || open == HTML_TABLE;
	return open == HTML_TABLE;
}

/*
 * Elements whose end tag people leave out: the next of the kind, or what
 * cannot stand inside, ends them.  Goes no further than the list or table.
 */
static void
close_implied(struct html_renderer *r, enum html_what what)
{
	if (what == HTML_ITEM || (is_tabular(what) && what != HTML_TABLE)) {
		for (int i = r->height - 1; i >= 0; i--) {
			enum html_what open = r->levels[i].what;

			if (is_border(what, open))
				return;
			if (ends_its_kind(what, open) ||
				(what == HTML_GROUP && open == HTML_ROW)) {
				close_down_to(r, i);
				if (what != HTML_GROUP || open == what)
					return;
			}
		}
		return;
	}
	/* a block ends the paragraph right around it */
	for (int i = r->height - 1; i >= 0; i--) {
		enum html_what open = r->levels[i].what;

		if (strcmp(r->levels[i].name, "p") == 0)
			close_down_to(r, i);
		if (open != HTML_PLAIN && open != HTML_LINK)
			return;
	}
}

/* What the element is here: "indent" is no quote, nor all margin a gap. */
static enum html_what
settle(enum html_what what, const struct html_tag *tag,
	const struct html_look *look)
{
	struct ouv_str class = tag->attr[HTML_CLASS];

	if (what == HTML_PARA && tag->name[0] == 'p' &&
		(look->tight ||
			(class.len > 3 && strncasecmp(class.p, "Mso", 3) == 0)))
		return HTML_BLOCK;
	if (what == HTML_QUOTE && look->frameless &&
		!mail_str_is(tag->attr[HTML_TYPE], "cite") &&
		!(class.len >= 11 &&
			memmem(class.p, class.len, "gmail_quote", 11) != NULL))
		return HTML_BLOCK;
	return what;
}

static void
inherit(struct html_renderer *r, struct html_element *element,
	const struct html_look *look)
{
	const struct html_element *outer =
		r->height > 0 ? &r->levels[r->height - 1] : NULL;

	element->tiny = outer != NULL && outer->tiny;
	element->color = outer == NULL ? HTML_COLOR_UNSET : outer->color;
	element->background =
		outer == NULL ? HTML_COLOR_UNSET : outer->background;
	if (look->font != HTML_SIZE_UNSET)
		element->tiny = look->font == HTML_SIZE_NONE;
	if (element->what == HTML_LINK) /* has a colour of its own */
		element->color = HTML_COLOR_UNKNOWN;
	if (look->color != HTML_COLOR_UNSET)
		element->color = look->color;
	if (look->background != HTML_COLOR_UNSET)
		element->background = look->background;
	element->hides = look->hides;
	element->pre =
		element->what == HTML_PRE || look->space == HTML_SPACE_PRE;
}

static void
push(struct html_renderer *r, enum html_what what, const struct html_tag *tag,
	const struct html_look *look)
{
	struct html_element *element = &r->levels[r->height];

	memset(element, 0, sizeof(*element));
	memcpy(element->name, tag->name, sizeof(element->name));
	element->what = what;
	element->cells = r->w.cell_count;
	inherit(r, element, look);
	html_span_begin(r, tag, element);
	r->height++;
	count(r, element, 1);
}

/* What the start of an element, which is the top one now, does. */
static void
begin(struct html_renderer *r, const struct html_tag *tag)
{
	struct html_element *element = &r->levels[r->height - 1];

	switch (element->what) {
	case HTML_LINK:
		html_link_begin(r, tag, element);
		break;
	case HTML_LIST:
	case HTML_NUMBERED:
		html_list_begin(element, tag);
		break;
	case HTML_ITEM:
		html_item_begin(r, tag);
		break;
	case HTML_TABLE:
		element->aligned = html_number(tag->attr[HTML_BORDER], 0) > 0;
		break;
	case HTML_ROW:
		r->w.in_new_cell = false;
		r->w.empty_cells = r->w.spanned = 0;
		break;
	case HTML_CELL:
	case HTML_HEAD_CELL:
		cell_begin(r, element->what, tag);
		break;
	case HTML_PRE:
		r->w.fresh_pre = true;
		break;
	case HTML_SELECT:
		html_select_begin(r);
		break;
	case HTML_RUBY_TEXT:
		ruby_begin(r, element);
		break;
	case HTML_CITED:
		put_mark(r, "\342\200\234");
		break;
	default:
		break;
	}
}

/* A cell that stands in no row is in one all the same. */
static void
imply_row(struct html_renderer *r)
{
	static const struct html_tag row = { .name = "tr" };
	struct html_look look;

	for (int i = r->height - 1; i >= 0; i--) {
		if (r->levels[i].what == HTML_ROW)
			return;
		if (r->levels[i].what == HTML_TABLE)
			break;
	}
	if (r->height + 1 >= MAIL_HTML_DEPTH)
		return;
	html_look_at(&row, &look);
	push(r, HTML_ROW, &row, &look);
	begin(r, &row);
}

static void
on_start(struct html_renderer *r, struct html_reader *reader,
	const struct html_tag *tag)
{
	enum html_what what = html_what(tag->name);
	struct html_look look;

	if (what == HTML_RAW || what == HTML_AREA) {
		on_raw(r, reader, tag);
		return;
	}
	if (what == HTML_OPTION) {
		html_option(r, tag);
		return;
	}
	if (r->in_select && what != HTML_PLAIN)
		close_down_to(r, (int)(find_open(r, HTML_SELECT) - r->levels));
	html_look_at(tag, &look);
	r->saw_remote |= look.fetches;
	what = settle(what, tag, &look);
	if (what >= HTML_BLOCK && what <= HTML_PRE)
		close_implied(r, what);
	if (is_single(what) || (what == HTML_PLAIN && tag->empty)) {
		on_single(r, what, tag, &look);
		return;
	}
	if (is_cell(what))
		imply_row(r);
	around(r, what);
	if (r->height == MAIL_HTML_DEPTH) {
		/* no deeper: from here on words and lines alone */
		r->deeper++;
		r->saw_depth = true;
		return;
	}
	push(r, what, tag, &look);
	begin(r, tag);
}

static void
on_end(struct html_renderer *r, const struct html_tag *tag)
{
	enum html_what what = html_what(tag->name);

	if (what == HTML_RAW || what == HTML_AREA)
		return;
	if (what == HTML_OPTION) {
		html_option(r, tag);
		return;
	}
	if (r->deeper > 0) {
		r->deeper--;
		around(r, what);
		return;
	}
	if (what == HTML_BREAK) /* </br> */
		do_break(r);
	for (int i = r->height - 1; i >= 0; i--) {
		enum html_what open = r->levels[i].what;

		if (strcmp(r->levels[i].name, tag->name) == 0) {
			close_down_to(r, i);
			return;
		}
		/* <b><p></b>: what is in a line ends no block around it */
		if ((what == HTML_PLAIN || what == HTML_LINK) &&
			open != HTML_PLAIN && open != HTML_LINK)
			break;
		/* what is open outside of a cell, its inside cannot end */
		if (is_cell(open) && !is_tabular(what) &&
			strcmp(tag->name, "body") != 0)
			break;
	}
	around(r, what);
}

static void
parse(struct html_renderer *r, struct ouv_str html)
{
	struct html_reader reader = { .p = html.p, .end = html.p + html.len };
	enum html_token token;
	struct html_tag tag;
	struct ouv_str text;

	while ((token = html_next(&reader, &text, &tag)) != HTML_END) {
		if (token == HTML_TEXT || token == HTML_CDATA)
			on_text(r, text, token == HTML_TEXT);
		else if (tag.end)
			on_end(r, &tag);
		else
			on_start(r, &reader, &tag);
	}
	close_down_to(r, 0);
}

static struct mail_rendering
render(struct ouv_arena *scratch, struct ouv_str html, struct ouv_buf *out,
	bool show_hidden)
{
	struct html_renderer r = { .arena = scratch,
		.show_hidden = show_hidden };

	r.w.arena = scratch;
	r.w.out = out;
	r.w.begin = out->len;
	r.w.line_start = true;
	parse(&r, html);
	if (out->len > r.w.begin)
		ouv_buf_char(out, '\n');
	return (struct mail_rendering){ .spans = r.spans,
		.hidden = r.saw_hidden,
		.too_deep = r.saw_depth,
		.remote = r.saw_remote };
}

struct mail_rendering
mail_html_render(
	struct ouv_arena *scratch, struct ouv_str html, struct ouv_buf *out)
{
	struct mail_rendering seen = { 0 };
	size_t begin = out->len;
	bool cut = html.len > MAIL_HTML_MAX;

	if (cut)
		html.len = MAIL_HTML_MAX;
	while (cut && html.len > 0 &&
		((unsigned char)html.p[html.len] & 0xc0) == 0x80)
		html.len--;
	if (html.len > 0)
		seen = render(scratch, html, out, false);
	/* a mail of which nothing is left hid nothing: it was written oddly */
	if (out->len == begin && seen.hidden)
		seen = render(scratch, html, out, true);
	seen.cut = cut;
	return seen;
}
