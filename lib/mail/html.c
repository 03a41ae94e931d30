/*
 * html.c - an HTML body to text a person can read
 *
 * Tokens come from html_token.c; no tree is built, so neither depth nor size
 * can lose a word.  Nothing is ever fetched.  What the sender hid is left
 * out and said.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "internal.h"
#include "html_token.h"
#include "html_write.h"

#define URL_MAX 2000

enum what {
	PLAIN,
	VOID, /* has no inside, and says nothing */
	RAW,  /* nothing in it is for reading */
	BREAK,
	BLOCK, /* begins and ends a line */
	PARA,  /* with an empty line around */
	LIST,
	NUMBERED,
	ITEM,
	TABLE,
	ROW,
	CELL,
	QUOTE,
	PRE,
	LINK,
	IMAGE,
	RULE,
};

/* clang-format off */
/* In alphabetical order: it is searched by halves. */
static const struct element {
	const char *name;
	enum what what;
} elements[] = {
	{ "a",          LINK },
	{ "address",    BLOCK },
	{ "area",       VOID },
	{ "article",    BLOCK },
	{ "aside",      BLOCK },
	{ "base",       VOID },
	{ "blockquote", QUOTE },
	{ "body",       BLOCK },
	{ "br",         BREAK },
	{ "caption",    BLOCK },
	{ "center",     BLOCK },
	{ "col",        VOID },
	{ "dd",         BLOCK },
	{ "dir",        LIST },
	{ "div",        BLOCK },
	{ "dl",         PARA },
	{ "dt",         BLOCK },
	{ "embed",      VOID },
	{ "fieldset",   BLOCK },
	{ "figcaption", BLOCK },
	{ "figure",     BLOCK },
	{ "footer",     BLOCK },
	{ "form",       BLOCK },
	{ "frame",      VOID },
	{ "h1",         PARA },
	{ "h2",         PARA },
	{ "h3",         PARA },
	{ "h4",         PARA },
	{ "h5",         PARA },
	{ "h6",         PARA },
	{ "header",     BLOCK },
	{ "hr",         RULE },
	{ "img",        IMAGE },
	{ "input",      VOID },
	{ "legend",     BLOCK },
	{ "li",         ITEM },
	{ "link",       VOID },
	{ "listing",    PRE },
	{ "main",       BLOCK },
	{ "menu",       LIST },
	{ "meta",       VOID },
	{ "nav",        BLOCK },
	{ "ol",         NUMBERED },
	{ "option",     BLOCK },
	{ "p",          PARA },
	{ "param",      VOID },
	{ "plaintext",  PRE },
	{ "pre",        PRE },
	{ "script",     RAW },
	{ "section",    BLOCK },
	{ "source",     VOID },
	{ "style",      RAW },
	{ "summary",    BLOCK },
	{ "table",      TABLE },
	{ "tbody",      TABLE },
	{ "td",         CELL },
	{ "tfoot",      TABLE },
	{ "th",         CELL },
	{ "thead",      TABLE },
	{ "title",      RAW },
	{ "tr",         ROW },
	{ "track",      VOID },
	{ "ul",         LIST },
	{ "wbr",        VOID },
	{ "xml",        RAW },
	{ "xmp",        PRE },
};
/* clang-format on */

/* One open element, as far as its end must undo something. */
struct open_element {
	char name[sizeof(((struct html_tag *)NULL)->name)];
	enum what what;
	bool hides;     /* display:none and its kind */
	bool zero_font; /* font-size:0, until an inner one says otherwise */
	int number;     /* of the next item */
	size_t text_at; /* where a link's text begins */
	const char *url;
};

struct renderer {
	struct html_writer w;
	struct ouv_arena *arena; /* for what is gone when rendering ends */
	bool show_hidden, saw_hidden, saw_depth;
	int hidden;
	int height, deeper; /* of levels; elements above its top */
	struct open_element levels[MAIL_HTML_DEPTH];
};

static int
compare_name(const void *name, const void *row)
{
	return strcmp(name, ((const struct element *)row)->name);
}

static enum what
what_is(const char *name)
{
	const struct element *found =
		bsearch(name, elements, sizeof(elements) / sizeof(elements[0]),
			sizeof(elements[0]), compare_name);

	return found == NULL ? PLAIN : found->what;
}

/* ---- elements ----------------------------------------------------------- */

static bool
is_hidden(const struct renderer *r)
{
	if (r->show_hidden)
		return false;
	return r->hidden > 0 ||
	       (r->height > 0 && r->levels[r->height - 1].zero_font);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
all_space(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_space(p[i]))
			return false;
	return true;
}

/* The same for an attribute's value: one line, references resolved. */
static const char *
value_of(struct renderer *r, struct ouv_str value, size_t most)
{
	const char *p = value.p, *end;
	struct ouv_buf buf;

	if (value.len > most)
		value.len = most;
	end = p + value.len;
	ouv_buf_init(&buf, r->arena, value.len);
	while (p < end) {
		char bytes[4];
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

static void
on_text(struct renderer *r, struct ouv_str text)
{
	if (is_hidden(r))
		r->saw_hidden |= !all_space(text.p, text.len);
	else
		html_put_text(&r->w, text);
}

/* A style without blanks and in lower case, so that it can be compared. */
static void
squash(struct ouv_str style, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < style.len && n < size - 1; i++)
		if (!is_space(style.p[i]))
			out[n++] = style.p[i] >= 'A' && style.p[i] <= 'Z'
					   ? (char)(style.p[i] | 0x20)
					   : style.p[i];
	out[n] = '\0';
}

/* Is it 0, and not 0.9em? */
static bool
is_zero(const char *value)
{
	value += strspn(value, "0");
	if (*value == '.')
		value += 1 + strspn(value + 1, "0");
	return *value < '0' || *value > '9';
}

static void
read_style(const struct html_tag *tag, struct open_element *element)
{
	const char *size, *height;
	char s[512];

	element->hides |= tag->hidden.p != NULL;
	if (tag->style.len == 0)
		return;
	squash(tag->style, s, sizeof(s));
	element->hides |= strstr(s, "display:none") != NULL ||
			  strstr(s, "visibility:hidden") != NULL ||
			  strstr(s, "mso-hide:all") != NULL;
	size = strstr(s, "font-size:");
	if (size != NULL)
		element->zero_font = size[10] == '0' && is_zero(size + 10);
	height = strstr(s, "max-height:0");
	if (height != NULL && is_zero(height + 11) &&
		strstr(s, "overflow:hidden") != NULL)
		element->hides = true;
}

static bool
is_shown_scheme(const char *url)
{
	static const char *const schemes[] = { "http://", "https://",
		"mailto:", "tel:", "ftp://" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

static void
open_link(struct renderer *r, const struct html_tag *tag,
	struct open_element *element)
{
	const char *url;

	element->text_at = r->w.out->len;
	if (tag->href.len == 0)
		return;
	url = value_of(r, tag->href, URL_MAX);
	if (is_shown_scheme(url) && strpbrk(url, " <>") == NULL)
		element->url = url;
}

static size_t
core_of(const char **text, size_t len)
{
	static const char *const fronts[] = { "mailto:", "tel:", "http://",
		"https://", "www." };

	for (size_t i = 0; i < sizeof(fronts) / sizeof(fronts[0]); i++) {
		size_t n = strlen(fronts[i]);

		if (len > n && strncasecmp(*text, fronts[i], n) == 0) {
			*text += n;
			len -= n;
		}
	}
	while (len > 0 && (*text)[len - 1] == '/')
		len--;
	return len;
}

/* The address after the text, unless the text says it already. */
static void
close_link(struct renderer *r, const struct open_element *element)
{
	const char *url = element->url;
	const char *text = r->w.out->data + element->text_at;
	struct ouv_str shown;
	size_t shown_len, len;

	if (url == NULL || r->w.out->len <= element->text_at || is_hidden(r))
		return;
	shown = mail_trim(
		(struct ouv_str){ text, r->w.out->len - element->text_at });
	if (shown.len == 0)
		return;
	text = shown.p;
	shown_len = core_of(&text, shown.len);
	len = core_of(&url, strlen(url));
	if (shown_len == len && strncasecmp(text, url, len) == 0)
		return;
	if (!r->w.line_start)
		r->w.waiting = ' ';
	html_put(&r->w, "<", 1);
	ouv_buf_text(r->w.out, element->url);
	ouv_buf_char(r->w.out, '>');
}

static void
show_image(struct renderer *r, const struct html_tag *tag)
{
	const char *alt;

	if (tag->alt.len == 0 || is_hidden(r))
		return;
	alt = value_of(r, tag->alt, URL_MAX);
	if (*alt == '\0')
		return;
	html_put(&r->w, "[", 1);
	html_put_plain(&r->w, alt, alt + strlen(alt));
	r->w.waiting = 0;
	html_put(&r->w, "]", 1);
}

static void
start_item(struct renderer *r)
{
	struct open_element *list = NULL;
	char mark[16] = "* ";

	for (int i = r->height - 1; i >= 0 && list == NULL; i--)
		if (r->levels[i].what == LIST || r->levels[i].what == NUMBERED)
			list = &r->levels[i];
	r->w.after_mark = false; /* the item before was empty */
	html_break(&r->w, 1);
	if (is_hidden(r))
		return;
	if (list != NULL && list->what == NUMBERED)
		(void)snprintf(mark, sizeof(mark), "%d. ", list->number++);
	r->w.line_start = true;
	html_put(&r->w, mark, strlen(mark));
	r->w.after_mark = true;
}

static void
do_break(struct renderer *r)
{
	int breaks = r->w.breaks + 1;

	r->w.after_mark = false;
	if (!is_hidden(r))
		html_break(&r->w,
			breaks > HTML_BLANK_LINES + 1 ? r->w.breaks : breaks);
}

/* Lines around an element: at its start and at its end. */
static void
around(struct renderer *r, enum what what)
{
	/* how many line ends, outside of lists and inside */
	static const struct {
		int outside, inside;
	} ends[RULE + 1] = {
		[BLOCK] = { 1, 1 },
		[TABLE] = { 1, 1 },
		[ROW] = { 1, 1 },
		[ITEM] = { 1, 1 },
		[RULE] = { 1, 1 },
		[PARA] = { 2, 1 },
		[LIST] = { 2, 1 },
		[NUMBERED] = { 2, 1 },
		[PRE] = { 2, 2 },
		[QUOTE] = { 2, 2 },
	};
	int n = r->w.lists > 0 ? ends[what].inside : ends[what].outside;

	if (r->w.after_cell && (what == BLOCK || what == PARA))
		return;
	if (n > 0)
		html_break(&r->w, n);
}

/* What the start of an element does to the text. */
static void
begin(struct renderer *r, enum what what, const struct html_tag *tag)
{
	around(r, what);
	switch (what) {
	case BREAK:
		do_break(r);
		break;
	case ITEM:
		start_item(r);
		break;
	case CELL:
		r->w.after_cell = !r->w.line_start;
		if (r->w.after_cell)
			r->w.waiting = '\t';
		break;
	case PRE:
		r->w.fresh_pre = true;
		break;
	case IMAGE:
		show_image(r, tag);
		break;
	case RULE:
		if (!is_hidden(r)) {
			html_put(&r->w, "----", 4);
			html_break(&r->w, 1);
		}
		break;
	default:
		break;
	}
}

/* What stays in force until the element ends; sign -1 takes it back. */
static void
count(struct renderer *r, const struct open_element *element, int sign)
{
	r->hidden += element->hides ? sign : 0;
	r->w.quote += element->what == QUOTE ? sign : 0;
	r->w.pre += element->what == PRE ? sign : 0;
	r->w.lists +=
		element->what == LIST || element->what == NUMBERED ? sign : 0;
}

/* Ends every element from level index up. */
static void
close_down_to(struct renderer *r, int index)
{
	while (r->height > index) {
		struct open_element *element = &r->levels[r->height - 1];

		if (element->what == LINK)
			close_link(r, element);
		count(r, element, -1);
		r->height--;
		around(r, element->what);
	}
}

/*
 * Elements whose end tag people leave out: the next of the kind, or what
 * cannot stand inside, ends them.  Looks down to `until` and no further.
 */
static void
close_implied(struct renderer *r, enum what what)
{
	for (int i = r->height - 1; i >= 0; i--) {
		enum what open = r->levels[i].what;

		if (what == ITEM && (open == LIST || open == NUMBERED))
			return;
		if ((what == CELL || what == ROW) && open == TABLE)
			return;
		if ((what == open &&
			    (what == ITEM || what == CELL || what == ROW)) ||
			(what == ROW && open == CELL)) {
			close_down_to(r, i);
			if (what != ROW || open == ROW)
				return;
		}
		if (what != ITEM && what != CELL && what != ROW) {
			/* a block ends the paragraph right around it */
			if (open == PARA && r->levels[i].name[0] == 'p')
				close_down_to(r, i);
			if (open != PLAIN && open != LINK)
				return;
		}
	}
}

static void
on_start(struct renderer *r, struct html_reader *reader,
	const struct html_tag *tag)
{
	enum what what = what_is(tag->name);
	struct open_element *element;

	if (what == RAW) {
		html_skip_raw(reader, tag->name);
		return;
	}
	if (what >= BLOCK && what != LINK && what != IMAGE)
		close_implied(r, what);
	if (what == VOID || what == BREAK || what == IMAGE || what == RULE ||
		(what == PLAIN && tag->empty)) {
		begin(r, what, tag);
		return;
	}
	if (r->height == MAIL_HTML_DEPTH) {
		/* no deeper: from here on words and lines alone */
		r->deeper++;
		r->saw_depth = true;
		around(r, what);
		return;
	}
	begin(r, what, tag);
	element = &r->levels[r->height];
	memset(element, 0, sizeof(*element));
	memcpy(element->name, tag->name, sizeof(element->name));
	element->what = what;
	element->number = 1;
	element->zero_font =
		r->height > 0 && r->levels[r->height - 1].zero_font;
	read_style(tag, element);
	if (what == LINK)
		open_link(r, tag, element);
	r->height++;
	count(r, element, 1);
}

static bool
is_tabular(enum what what)
{
	return what == CELL || what == ROW || what == TABLE;
}

static void
on_end(struct renderer *r, const struct html_tag *tag)
{
	enum what what = what_is(tag->name);

	if (what == RAW)
		return;
	if (r->deeper > 0) {
		r->deeper--;
		around(r, what);
		return;
	}
	if (what == BREAK) /* </br> */
		do_break(r);
	for (int i = r->height - 1; i >= 0; i--) {
		if (strcmp(r->levels[i].name, tag->name) == 0) {
			close_down_to(r, i);
			return;
		}
		/* <b><p></b>: what is in a line ends no block around it */
		if ((what == PLAIN || what == LINK) &&
			r->levels[i].what != PLAIN && r->levels[i].what != LINK)
			break;
		/* what is open outside of a cell, its inside cannot end */
		if (r->levels[i].what == CELL && !is_tabular(what) &&
			strcmp(tag->name, "body") != 0)
			break;
	}
	around(r, what);
}

static void
parse(struct renderer *r, struct ouv_str html)
{
	struct html_reader reader = { .p = html.p, .end = html.p + html.len };
	enum html_token token;
	struct html_tag tag;
	struct ouv_str text;

	while ((token = html_next(&reader, &text, &tag)) != HTML_END) {
		if (token == HTML_TEXT)
			on_text(r, text);
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
	struct renderer r = { .arena = scratch, .show_hidden = show_hidden };

	r.w.out = out;
	r.w.begin = out->len;
	r.w.line_start = true;
	parse(&r, html);
	if (out->len > r.w.begin)
		ouv_buf_char(out, '\n');
	return (struct mail_rendering){ .hidden = r.saw_hidden,
		.too_deep = r.saw_depth };
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
