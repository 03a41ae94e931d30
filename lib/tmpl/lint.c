/*
 * lint.c - where a value may stand in a page
 *
 * Escaping is right for two places only: text, and a double-quoted attribute.
 * This walks the literal parts of a page with a small HTML tokenizer and
 * refuses, when the template is loaded, a value anywhere else; so whoever
 * edits a page cannot open a hole by moving a tag.
 *
 * A section may be left out or repeated, therefore it must leave the page
 * where it found it: in text, or in the same attribute.  Inside a start tag
 * it may add whole attributes, with a space before them.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "node.h"

/* clang-format off */
enum place {
	IN_TEXT,
	IN_OPEN,       /* after <                            */
	IN_END_TAG,    /* </name                             */
	IN_MARKUP,     /* after <! or <?                     */
	IN_COMMENT,
	IN_TAG_NAME,
	IN_TAG,        /* between attributes                 */
	IN_ATTR,       /* an attribute's name                */
	IN_AFTER_ATTR, /* a space after it, perhaps an = yet */
	IN_SEAM,       /* a value or section ended just here */
	IN_EQUALS,     /* after =                            */
	IN_QUOTED,     /* "value"                            */
	IN_SINGLE,     /* 'value'                            */
	IN_UNQUOTED,
	IN_RAW,        /* script, style, textarea ...        */
	PLACE__COUNT
};
/* clang-format on */

/* What is known of the address that an attribute holds so far. */
enum link {
	LINK_NONE,  /* not an address at all                    */
	LINK_START, /* nothing of it yet                        */
	LINK_HEAD,  /* letters that may turn out to be a scheme */
	LINK_SAFE,  /* its scheme is settled                    */
	LINK_BAD,   /* a scheme that values may not follow      */
};

/* clang-format off */
static const char *const place_words[PLACE__COUNT] = {
	[IN_TEXT] = "text", [IN_OPEN] = "a tag's name",
	[IN_END_TAG] = "an end tag", [IN_MARKUP] = "a declaration",
	[IN_COMMENT] = "a comment", [IN_TAG_NAME] = "a tag's name",
	[IN_TAG] = "a tag, outside a quoted value",
	[IN_ATTR] = "an attribute's name",
	[IN_AFTER_ATTR] = "a tag, outside a quoted value",
	[IN_SEAM] = "a tag, outside a quoted value",
	[IN_EQUALS] = "an unquoted value", [IN_QUOTED] = "a quoted value",
	[IN_SINGLE] = "a single-quoted value",
	[IN_UNQUOTED] = "an unquoted value",
	[IN_RAW] = "a script or style",
};

/* Elements whose content is no markup; may values stand in it? */
static const struct raw_element {
	const char *name;
	int values;
} raw_elements[] = {
	{ "script", 0 }, { "style", 0 }, { "iframe", 0 }, { "xmp", 0 },
	{ "noembed", 0 }, { "noframes", 0 }, { "plaintext", 0 },
	{ "textarea", 1 }, { "title", 1 },
};

static const char *const link_attributes[] = {
	"href", "src", "action", "formaction", "data", "poster", "cite",
	"background", "ping", "srcset", "manifest", "xlink:href", "longdesc",
};

static const char *const safe_starts[] = {
	"/", "https://", "http://", "mailto:", "?", "#",
};

/* In a literal these may go before a value too. */
static const char *const safe_schemes[] = {
	"https", "http", "mailto", "tel",
};
/* clang-format on */

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct word {
	char text[16]; /* lower case; longer ones are of no interest */
	unsigned len;  /* may be more than fits                      */
};

struct lint {
	enum place place;
	enum link link;
	struct word tag;
	struct word attr;
	struct word head; /* of an address: perhaps its scheme     */
	struct word seen; /* end of raw text: how much of </name    */
	unsigned dashes;  /* at the end of a comment               */
	const struct raw_element *raw;
	const struct tmpl *tmpl;
	struct ouv_tmpl_error *error;
};

#define NAME(s) (int)((s).len < 60 ? (s).len : 60), (s).p

static void
word_add(struct word *word, char c)
{
	if (word->len < sizeof(word->text) - 1) {
		word->text[word->len] = (char)tolower((unsigned char)c);
		word->text[word->len + 1] = '\0';
	}
	word->len++;
}

static void
word_clear(struct word *word)
{
	word->len = 0;
	word->text[0] = '\0';
}

static int
word_is(const struct word *word, const char *text)
{
	return word->len == strlen(text) && strcmp(word->text, text) == 0;
}

static int
is_space(char c)
{
	return c != '\0' && strchr(" \t\r\n\f", c) != NULL;
}

int
tmpl_link_is_safe(const char *address, size_t len)
{
	for (size_t i = 0; i < COUNT(safe_starts); i++) {
		size_t need = strlen(safe_starts[i]);

		if (len >= need && memcmp(address, safe_starts[i], need) == 0)
			return 1;
	}
	return 0;
}

static void
begin_value(struct lint *l)
{
	l->link = LINK_NONE;
	word_clear(&l->head);
	for (size_t i = 0; i < COUNT(link_attributes); i++) {
		if (word_is(&l->attr, link_attributes[i]))
			l->link = LINK_START;
	}
}

static void
link_char(struct lint *l, char c)
{
	if (l->link == LINK_NONE || l->link >= LINK_SAFE)
		return;
	if (strchr("/?#", c) != NULL) {
		l->link = LINK_SAFE;
		return;
	}
	if (c != ':') {
		l->link = LINK_HEAD;
		word_add(&l->head, c);
		return;
	}
	l->link = LINK_BAD;
	for (size_t i = 0; i < COUNT(safe_schemes); i++) {
		if (word_is(&l->head, safe_schemes[i]))
			l->link = LINK_SAFE;
	}
}

static void
end_of_tag(struct lint *l)
{
	l->place = IN_TEXT;
	for (size_t i = 0; i < COUNT(raw_elements); i++) {
		if (!word_is(&l->tag, raw_elements[i].name))
			continue;
		l->raw = &raw_elements[i];
		l->place = IN_RAW;
		word_clear(&l->seen);
	}
}

/* One function per place: what the next literal character does there. */

static void
at_text(struct lint *l, char c)
{
	if (c == '<')
		l->place = IN_OPEN;
}

static void
at_open(struct lint *l, char c)
{
	word_clear(&l->tag);
	l->dashes = 0;
	if (c == '/') {
		l->place = IN_END_TAG;
	} else if (c == '!' || c == '?') {
		l->place = IN_MARKUP;
	} else if (isalpha((unsigned char)c)) {
		word_add(&l->tag, c);
		l->place = IN_TAG_NAME;
	} else if (c != '<') {
		l->place = IN_TEXT;
	}
}

static void
at_end_tag(struct lint *l, char c)
{
	if (c == '>')
		l->place = IN_TEXT;
}

static void
at_markup(struct lint *l, char c)
{
	l->dashes = c == '-' ? l->dashes + 1 : 3;
	if (c == '>')
		l->place = IN_TEXT;
	else if (l->dashes == 2)
		l->place = IN_COMMENT;
}

static void
at_comment(struct lint *l, char c)
{
	if (c == '>' && l->dashes >= 2)
		l->place = IN_TEXT;
	l->dashes = c == '-' ? l->dashes + 1 : 0;
}

static void
at_tag_name(struct lint *l, char c)
{
	if (c == '>')
		end_of_tag(l);
	else if (is_space(c) || c == '/')
		l->place = IN_TAG;
	else
		word_add(&l->tag, c);
}

static void
at_tag(struct lint *l, char c)
{
	if (c == '>') {
		end_of_tag(l);
	} else if (!is_space(c) && c != '/') {
		word_clear(&l->attr);
		word_add(&l->attr, c);
		l->place = IN_ATTR;
	}
}

static void
at_attr(struct lint *l, char c)
{
	if (c == '>')
		end_of_tag(l);
	else if (c == '=')
		l->place = IN_EQUALS;
	else if (is_space(c))
		l->place = IN_AFTER_ATTR;
	else if (c == '/')
		l->place = IN_TAG;
	else
		word_add(&l->attr, c);
}

static void
at_after_attr(struct lint *l, char c)
{
	if (c == '=')
		l->place = IN_EQUALS;
	else
		at_tag(l, c);
}

/* lint_text has seen to it that nothing else stands here. */
static void
at_seam(struct lint *l, char c)
{
	if (c == '>')
		end_of_tag(l);
	else
		l->place = IN_TAG;
}

static void
at_equals(struct lint *l, char c)
{
	if (is_space(c))
		return;
	begin_value(l);
	if (c == '>')
		end_of_tag(l);
	else if (c == '"')
		l->place = IN_QUOTED;
	else
		l->place = c == '\'' ? IN_SINGLE : IN_UNQUOTED;
}

static void
at_quoted(struct lint *l, char c)
{
	if (c == '"')
		l->place = IN_SEAM;
	else
		link_char(l, c);
}

static void
at_single(struct lint *l, char c)
{
	if (c == '\'')
		l->place = IN_SEAM;
}

static void
at_unquoted(struct lint *l, char c)
{
	if (c == '>')
		end_of_tag(l);
	else if (is_space(c))
		l->place = IN_TAG;
}

static void
at_raw(struct lint *l, char c)
{
	size_t want = strlen(l->raw->name);
	struct word *seen = &l->seen;

	if (c == '<') {
		word_clear(seen);
		word_add(seen, c);
		return;
	}
	if (seen->len == 0)
		return;
	if (seen->len == want + 2 && (is_space(c) || c == '/' || c == '>')) {
		l->place = c == '>' ? IN_TEXT : IN_END_TAG;
		return;
	}
	word_add(seen, c);
	if (strncmp(seen->text, "</", seen->len < 2 ? seen->len : 2) != 0 ||
		seen->len > want + 2 ||
		(seen->len > 2 && strncmp(seen->text + 2, l->raw->name,
					  seen->len - 2) != 0))
		word_clear(seen);
}

/* clang-format off */
static void (*const at_place[PLACE__COUNT])(struct lint *l, char c) = {
	[IN_TEXT] = at_text, [IN_OPEN] = at_open, [IN_END_TAG] = at_end_tag,
	[IN_MARKUP] = at_markup, [IN_COMMENT] = at_comment,
	[IN_TAG_NAME] = at_tag_name, [IN_TAG] = at_tag, [IN_ATTR] = at_attr,
	[IN_SEAM] = at_seam, [IN_AFTER_ATTR] = at_after_attr,
	 [IN_EQUALS] = at_equals, [IN_QUOTED] = at_quoted,
	[IN_SINGLE] = at_single, [IN_UNQUOTED] = at_unquoted,
	[IN_RAW] = at_raw,
};
/* clang-format on */

#define FAIL(l, line, ...) \
	tmpl_fail((l)->error, (l)->tmpl->name, (line), __VA_ARGS__)

static enum ouv_err
lint_text(struct lint *l, const struct tmpl_node *node)
{
	unsigned line = node->line;

	for (size_t i = 0; i < node->text.len; i++) {
		char c = node->text.p[i];

		if (l->place == IN_SEAM && !is_space(c) && c != '>' && c != '/')
			return FAIL(l, line,
				"a space is missing between attributes");
		if (l->place == IN_TAG && c == '=')
			return FAIL(l, line,
				"an equals sign that belongs to no attribute");
		at_place[l->place](l, c);
	}
	return OUV_OK;
}

static int
ends_with(struct ouv_str s, const char *end)
{
	size_t len = strlen(end);

	return s.len >= len && memcmp(s.p + s.len - len, end, len) == 0;
}

static enum ouv_err
lint_link(struct lint *l, struct tmpl_node *node)
{
	if (l->link == LINK_HEAD || l->link == LINK_BAD)
		return FAIL(l, node->line,
			"%.*s could change what kind of address this is",
			NAME(node->text));
	if (l->link != LINK_START)
		return OUV_OK;
	if (!ends_with(node->text, "_url") && !ends_with(node->text, "_path"))
		return FAIL(l, node->line,
			"%.*s begins an address: its name must end in _url "
			"or _path",
			NAME(node->text));
	node->is_link = 1;
	l->link = LINK_SAFE;
	return OUV_OK;
}

static enum ouv_err
lint_value(struct lint *l, struct tmpl_node *node)
{
	if (l->place == IN_TEXT || (l->place == IN_RAW && l->raw->values)) {
		word_clear(&l->seen);
		return OUV_OK;
	}
	if (l->place != IN_QUOTED)
		return FAIL(l, node->line, "%.*s stands in %s",
			NAME(node->text), place_words[l->place]);
	if (strncmp(l->attr.text, "on", 2) == 0 || word_is(&l->attr, "style") ||
		word_is(&l->attr, "srcdoc"))
		return FAIL(l, node->line, "%.*s stands in an attribute %s",
			NAME(node->text), l->attr.text);
	return lint_link(l, node);
}

static int
inside_tag(enum place place)
{
	return place == IN_TAG_NAME || place == IN_TAG || place == IN_ATTR ||
	       place == IN_AFTER_ATTR || place == IN_SEAM;
}

static enum ouv_err lint_run(struct lint *l, unsigned first, unsigned end);

static enum ouv_err
lint_section(struct lint *l, const struct tmpl_node *node, unsigned first)
{
	struct lint was;
	enum ouv_err err;

	/* What the section adds must not run into what stands before it. */
	if (l->place == IN_AFTER_ATTR)
		l->place = IN_TAG;
	else if (inside_tag(l->place) && l->place != IN_TAG)
		l->place = IN_SEAM;
	was = *l;
	if ((err = lint_run(l, first, node->end)) != OUV_OK)
		return err;
	if (inside_tag(was.place) && inside_tag(l->place)) {
		if (l->place != IN_TAG && l->place != IN_AFTER_ATTR)
			was.place = IN_SEAM;
		*l = was;
		return OUV_OK;
	}
	if (l->place != was.place ||
		(l->place == IN_RAW && l->raw != was.raw) ||
		(l->place == IN_QUOTED &&
			strcmp(l->attr.text, was.attr.text) != 0))
		return FAIL(l, node->line,
			"section %.*s begins in %s and ends in %s",
			NAME(node->text), place_words[was.place],
			place_words[l->place]);
	/* Left out, it changes nothing; put in, it may have begun a scheme. */
	if (l->link == LINK_HEAD || l->link == LINK_BAD) {
		was.link = l->link;
		was.head = l->head;
	}
	*l = was;
	return OUV_OK;
}

static enum ouv_err
lint_run(struct lint *l, unsigned first, unsigned end)
{
	struct tmpl_node *nodes = l->tmpl->nodes;

	for (unsigned i = first; i < end;) {
		struct tmpl_node *node = &nodes[i++];
		enum ouv_err err = OUV_OK;

		if (node->kind == NODE_TEXT) {
			err = lint_text(l, node);
		} else if (node->kind == NODE_VALUE) {
			err = lint_value(l, node);
		} else if (node->kind == NODE_SECTION ||
			   node->kind == NODE_INVERTED) {
			err = lint_section(l, node, i);
			i = node->end;
		} else if (node->kind == NODE_PARTIAL && l->place != IN_TEXT) {
			err = FAIL(l, node->line,
				"partial %.*s must stand in text, not in %s",
				NAME(node->text), place_words[l->place]);
		}
		if (err != OUV_OK)
			return err;
	}
	return OUV_OK;
}

enum ouv_err
tmpl_lint(struct tmpl *tmpl, struct ouv_tmpl_error *error_out)
{
	struct lint l = { .tmpl = tmpl, .error = error_out };
	unsigned last =
		tmpl->count == 0 ? 1 : tmpl->nodes[tmpl->count - 1].line;
	enum ouv_err err;

	if ((err = lint_run(&l, 0, tmpl->count)) != OUV_OK)
		return err;
	if (l.place != IN_TEXT)
		return FAIL(
			&l, last, "the page ends in %s", place_words[l.place]);
	return OUV_OK;
}
