/*
 * html_token.c - HTML to texts and tags, one after the other
 *
 * The tokens of HTML 13.2.5 as far as a reader needs them, in one pass whose
 * time grows with the length alone.  Where the standard would swallow the
 * rest of the page (a comment, quote or script never closed), the rest is
 * text here: a mail must not lose what somebody wrote.
 */
#include <string.h>
#include <strings.h>

#include "internal.h"
#include "html_token.h"

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* ---- tags
 * ------------------------------------------------------------------------ */

static const char *const attr_names[HTML_ATTR__COUNT] = {
	[HTML_ALT] = "alt",
	[HTML_BACKGROUND] = "background",
	[HTML_BGCOLOR] = "bgcolor",
	[HTML_BORDER] = "border",
	[HTML_CHECKED] = "checked",
	[HTML_CLASS] = "class",
	[HTML_COLOR] = "color",
	[HTML_COLSPAN] = "colspan",
	[HTML_HEIGHT] = "height",
	[HTML_HIDDEN] = "hidden",
	[HTML_HREF] = "href",
	[HTML_ID] = "id",
	[HTML_LABEL] = "label",
	[HTML_NAME] = "name",
	[HTML_REL] = "rel",
	[HTML_SELECTED] = "selected",
	[HTML_SRC] = "src",
	[HTML_SRCSET] = "srcset",
	[HTML_START] = "start",
	[HTML_STYLE] = "style",
	[HTML_TYPE] = "type",
	[HTML_VALUE] = "value",
	[HTML_WIDTH] = "width",
};

/* Where the value of an attribute goes; NULL: nobody asks for it. */
static struct ouv_str *
wanted(struct html_tag *tag, struct ouv_str name)
{
	char first = name.len == 0 ? '\0' : (char)(*name.p | 0x20);

	for (size_t i = 0; i < HTML_ATTR__COUNT; i++)
		if (attr_names[i][0] == first &&
			mail_str_is(name, attr_names[i]))
			return &tag->attr[i];
	return NULL;
}

/* A value at p; a quote that is never closed is a letter like any other. */
static const char *
take_value(struct html_reader *r, const char *p, struct ouv_str *value_out)
{
	bool *missing = *p == '"' ? &r->no_double : &r->no_single;
	const char *close = NULL, *start = p;

	if ((*p == '"' || *p == '\'') && !*missing) {
		close = memchr(p + 1, *p, (size_t)(r->end - p - 1));
		*missing = close == NULL;
	}
	if (close != NULL) {
		*value_out = (struct ouv_str){ p + 1, (size_t)(close - p - 1) };
		return close + 1;
	}
	while (p < r->end && !is_space(*p) && *p != '>')
		p++;
	*value_out = (struct ouv_str){ start, (size_t)(p - start) };
	return p;
}

static const char *
skip_space(const char *p, const char *end)
{
	while (p < end && is_space(*p))
		p++;
	return p;
}

/* What stands up to '>'; NULL: there is none. */
static const char *
take_attributes(struct html_reader *r, const char *p, struct html_tag *tag)
{
	while ((p = skip_space(p, r->end)) < r->end && *p != '>') {
		const char *start = p;
		struct ouv_str name, value = { "", 0 }, *place;

		tag->empty = *p == '/';
		if (*p == '/' || *p == '=') {
			p++;
			continue;
		}
		while (p < r->end && !is_space(*p) && *p != '>' && *p != '/' &&
			*p != '=')
			p++;
		name = (struct ouv_str){ start, (size_t)(p - start) };
		start = skip_space(p, r->end);
		if (start < r->end && *start == '=') {
			p = skip_space(start + 1, r->end);
			if (p < r->end && *p != '>')
				p = take_value(r, p, &value);
		}
		place = wanted(tag, name);
		if (place != NULL && place->p == NULL)
			*place = value;
	}
	return p < r->end ? p + 1 : NULL;
}

/* "<ana@example.org>" and "<https://...>": mailers forget to escape them. */
static bool
is_address(struct ouv_str name)
{
	return memchr(name.p, '@', name.len) != NULL ||
	       (name.len > 5 &&
		       (strncasecmp(name.p, "http:", 5) == 0 ||
			       strncasecmp(name.p, "https:", 6) == 0)) ||
	       (name.len > 7 && strncasecmp(name.p, "mailto:", 7) == 0);
}

/* The tag at p ("<a", "</a"); false: it is text. */
static bool
take_tag(struct html_reader *r, const char *p, struct html_tag *tag)
{
	const char *start;
	size_t n = 0;

	memset(tag, 0, sizeof(*tag));
	p++;
	tag->end = *p == '/';
	p += tag->end;
	if (p == r->end || !is_letter(*p))
		return false;
	for (start = p; p < r->end && !is_space(*p) && *p != '>' && *p != '/';
		p++)
		if (n < sizeof(tag->name) - 1)
			tag->name[n++] =
				*p >= 'A' && *p <= 'Z' ? (char)(*p | 0x20) : *p;
	if (is_address((struct ouv_str){ start, (size_t)(p - start) }))
		return false;
	p = take_attributes(r, p, tag);
	if (p == NULL) {
		r->no_close = true; /* no '>' any more: all is text */
		return false;
	}
	r->p = p;
	return true;
}

/* ---- the pass
 * ---------------------------------------------------------------------- */

/* "<!-- -->", "<!DOCTYPE>", "<?xml>"; true: passed over. */
static bool
take_comment(struct html_reader *r, const char *p)
{
	const char *close;

	if (r->end - p >= 4 && memcmp(p, "<!--", 4) == 0 && !r->no_comment) {
		/* "<!-->" is closed, too */
		close = memmem(p + 2, (size_t)(r->end - p - 2), "-->", 3);
		if (close != NULL) {
			r->p = close + 3;
			return true;
		}
		r->no_comment = true;
	}
	close = memchr(p, '>', (size_t)(r->end - p));
	if (close == NULL) {
		r->no_close = true;
		return false;
	}
	/* of a comment that never ends only the mark goes */
	r->p = r->end - p >= 4 && memcmp(p, "<!--", 4) == 0 ? p + 4 : close + 1;
	return true;
}

static const char *const raw_names[HTML_RAW__COUNT] = { "iframe", "script",
	"style", "template", "textarea", "title", "xml" };

struct ouv_str
html_skip_raw(struct html_reader *r, const char *tag_name)
{
	struct ouv_str passed = { r->p, 0 };
	const char *name;
	size_t len;
	int i = 0;

	while (i < HTML_RAW__COUNT && strcmp(raw_names[i], tag_name) != 0)
		i++;
	if (i == HTML_RAW__COUNT || r->no_end_of[i])
		return passed;
	name = raw_names[i];
	len = strlen(name);
	for (const char *p = r->p;
		(p = memchr(p, '<', (size_t)(r->end - p))) != NULL; p++)
		if ((size_t)(r->end - p) > len + 2 && p[1] == '/' &&
			strncasecmp(p + 2, name, len) == 0 &&
			!is_letter(p[2 + len])) {
			passed.len = (size_t)(p - r->p);
			r->p = p;
			return passed;
		}
	r->no_end_of[i] = true;
	return passed;
}

/* Browsers pass it over in HTML; what somebody wrote there is text here. */
static bool
take_cdata(struct html_reader *r, const char *p, struct ouv_str *text_out)
{
	const char *close;

	if (r->no_cdata || r->end - p < 12 || memcmp(p, "<![CDATA[", 9) != 0)
		return false;
	p += 9;
	close = memmem(p, (size_t)(r->end - p), "]]>", 3);
	r->no_cdata = close == NULL;
	if (close == NULL)
		return false;
	*text_out = (struct ouv_str){ p, (size_t)(close - p) };
	r->p = close + 3;
	return true;
}

static bool
take_markup(struct html_reader *r, const char *p, struct html_tag *tag)
{
	if (r->no_close || r->end - p < 2)
		return false;
	if (p[1] == '!' || p[1] == '?')
		return take_comment(r, p);
	if (p[1] != '/' && !is_letter(p[1]))
		return false;
	return take_tag(r, p, tag);
}

enum html_token
html_next(struct html_reader *r, struct ouv_str *text_out, struct html_tag *tag)
{
	const char *start = r->p, *p = r->p;

	tag->name[0] = '\0';
	while ((p = memchr(p, '<', (size_t)(r->end - p))) != NULL) {
		if (p > start) {
			/* text first; the markup comes with the next call */
			if (!r->no_close && p + 1 < r->end &&
				(is_letter(p[1]) || p[1] == '/' ||
					p[1] == '!' || p[1] == '?'))
				break;
			p++;
			continue;
		}
		if (take_cdata(r, p, text_out))
			return HTML_CDATA;
		if (take_markup(r, p, tag)) {
			if (tag->name[0] != '\0')
				return HTML_TAG;
			start = p = r->p;
			continue;
		}
		p++;
	}
	if (p == NULL)
		p = r->end;
	if (p == start)
		return HTML_END;
	*text_out = (struct ouv_str){ start, (size_t)(p - start) };
	r->p = p;
	return HTML_TEXT;
}
