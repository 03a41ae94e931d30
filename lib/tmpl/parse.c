/*
 * parse.c - from a template's text to its nodes
 *
 * Follows the public Mustache specification: which tags make a line of their
 * own disappear (standalone), what whitespace before a partial means, how
 * delimiters change.  Lines are judged on the source text, never on what was
 * rendered.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "node.h"

struct parser {
	struct ouv_arena *arena;
	struct tmpl *tmpl;
	const char *text;
	size_t len;
	size_t pos;     /* the next byte that is not in a node yet */
	size_t counted; /* how far lines were counted              */
	unsigned line;
	struct ouv_str open;
	struct ouv_str close;
	unsigned capacity;
	unsigned sections[TMPL_SECTIONS_MAX];
	unsigned section_count;
	struct ouv_tmpl_error *error;
};

struct tag {
	char sigil; /* 0 for {{name}} */
	struct ouv_str body;
	size_t start;
	size_t end;
	size_t line_start;   /* of the line it begins in              */
	size_t next_line;    /* after the line break, if standalone   */
	int only_whitespace; /* nothing else stands on its lines      */
};

enum ouv_err
tmpl_fail(struct ouv_tmpl_error *error_out, const char *name, unsigned line,
	const char *format, ...)
{
	va_list args;

	if (error_out == NULL)
		return OUV_INVALID;
	(void)snprintf(
		error_out->template, sizeof(error_out->template), "%s", name);
	error_out->line = (int)line;
	va_start(args, format);
	(void)vsnprintf(error_out->what, sizeof(error_out->what), format, args);
	va_end(args);
	return OUV_INVALID;
}

#define FAIL(p, ...) \
	tmpl_fail((p)->error, (p)->tmpl->name, (p)->line, __VA_ARGS__)
#define VALUE_EXTRA "._-"
#define PARTIAL_EXTRA "._-/"
/* For a message: a name from a template, never longer than a line. */
#define NAME(s) (int)((s).len < 60 ? (s).len : 60), (s).p

static struct tmpl_node *
add_node(struct parser *p, enum tmpl_kind kind)
{
	struct tmpl *tmpl = p->tmpl;
	struct tmpl_node *node;

	if (tmpl->count == p->capacity) {
		struct tmpl_node *nodes;

		p->capacity = p->capacity == 0 ? 32 : p->capacity * 2;
		nodes = ouv_arena_array(p->arena, p->capacity, sizeof(*nodes));
		if (tmpl->count > 0)
			memcpy(nodes, tmpl->nodes,
				tmpl->count * sizeof(*nodes));
		tmpl->nodes = nodes;
	}
	node = &tmpl->nodes[tmpl->count++];
	node->kind = kind;
	node->line = p->line;
	return node;
}

static int
begins_line(const struct parser *p, size_t pos)
{
	return pos == 0 || p->text[pos - 1] == '\n';
}

static void
add_text(struct parser *p, size_t from, size_t to)
{
	struct tmpl_node *node;

	if (from == to)
		return;
	if (begins_line(p, from))
		add_node(p, NODE_LINE);
	node = add_node(p, NODE_TEXT);
	node->text = (struct ouv_str){ p->text + from, to - from };
}

static void
count_lines(struct parser *p, size_t upto)
{
	for (; p->counted < upto; p->counted++)
		p->line += p->text[p->counted] == '\n';
}

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct ouv_str
trim(struct ouv_str s)
{
	while (s.len > 0 && isspace((unsigned char)s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && isspace((unsigned char)s.p[s.len - 1]))
		s.len--;
	return s;
}

static const char *
find(const struct parser *p, size_t from, const char *what, size_t len)
{
	return memmem(p->text + from, p->len - from, what, len);
}

/*
 * Two tags have a closing mark of their own before the closing delimiter:
 * {{{name}}} and {{=new delimiters=}}.
 */
static enum ouv_err
read_tag(struct parser *p, size_t start, struct tag *tag_out)
{
	static const char sigils[] = "!#^/>&{=";
	struct tag tag = { .start = start };
	size_t body = start + p->open.len;
	char mark[2 + 16];
	size_t mark_len = 0;
	const char *close;

	count_lines(p, start);
	if (body < p->len && strchr(sigils, p->text[body]) != NULL)
		tag.sigil = p->text[body++];
	if (tag.sigil == '{' || tag.sigil == '=')
		mark[mark_len++] = tag.sigil == '{' ? '}' : '=';
	memcpy(mark + mark_len, p->close.p, p->close.len);
	mark_len += p->close.len;
	close = find(p, body, mark, mark_len);
	if (close == NULL)
		return FAIL(p, "a tag is opened and never closed");
	tag.body.p = p->text + body;
	tag.body.len = (size_t)(close - tag.body.p);
	tag.end = (size_t)(close - p->text) + mark_len;
	*tag_out = tag;
	return OUV_OK;
}

static void
judge_line(const struct parser *p, struct tag *tag)
{
	size_t before = tag->start;
	size_t after = tag->end;

	while (before > 0 && is_blank(p->text[before - 1]))
		before--;
	tag->line_start = before;
	while (after < p->len && is_blank(p->text[after]))
		after++;
	if (after + 1 < p->len && p->text[after] == '\r' &&
		p->text[after + 1] == '\n')
		after++;
	tag->next_line = after < p->len ? after + 1 : after;
	tag->only_whitespace = begins_line(p, before) &&
			       (after == p->len || p->text[after] == '\n');
}

/* extra: what a name may hold besides letters and digits, in strict mode. */
static enum ouv_err
check_name(struct parser *p, struct ouv_str name, const char *extra)
{
	if (name.len == 0)
		return FAIL(p, "a tag without a name");
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (isspace(c))
			return FAIL(p, "a name with a space in it: %.*s",
				NAME(name));
		if (p->tmpl->mode == OUV_TMPL_SPEC)
			continue;
		if (!isalnum(c) && strchr(extra, c) == NULL)
			return FAIL(p,
				"a name may hold letters, digits and %s: %.*s",
				extra, NAME(name));
	}
	return OUV_OK;
}

/* Cuts "a.b.c" at its dots; "." has no parts, ".a" looks at the top only. */
static enum ouv_err
split_name(struct parser *p, struct ouv_str name, struct tmpl_node *node)
{
	struct ouv_str *keys;
	struct ouv_str rest = name;
	unsigned count = 1;

	node->text = name;
	if (name.len == 1 && name.p[0] == '.')
		return OUV_OK;
	if (name.p[0] == '.') {
		node->here_only = 1;
		rest.p++;
		rest.len--;
	}
	for (size_t i = 0; i < rest.len; i++)
		count += rest.p[i] == '.';
	keys = ouv_arena_array(p->arena, count, sizeof(*keys));
	for (unsigned i = 0; i < count; i++) {
		const char *dot = memchr(rest.p, '.', rest.len);

		keys[i].p = rest.p;
		keys[i].len = dot == NULL ? rest.len : (size_t)(dot - rest.p);
		if (keys[i].len == 0 && p->tmpl->mode != OUV_TMPL_SPEC)
			return FAIL(p, "a name with an empty part: %.*s",
				NAME(name));
		rest.len -= keys[i].len + (dot != NULL);
		rest.p += keys[i].len + (dot != NULL);
	}
	node->keys = keys;
	node->key_count = count;
	return OUV_OK;
}

static enum ouv_err
on_value(struct parser *p, const struct tag *tag)
{
	int is_raw = tag->sigil != 0;
	struct ouv_str name = trim(tag->body);
	enum ouv_err err;

	if (is_raw && p->tmpl->mode != OUV_TMPL_SPEC)
		return FAIL(p, "a value is never put in unescaped: %.*s",
			NAME(name));
	if ((err = check_name(p, name, VALUE_EXTRA)) != OUV_OK)
		return err;
	return split_name(p, name, add_node(p, is_raw ? NODE_RAW : NODE_VALUE));
}

static enum ouv_err
on_section(struct parser *p, const struct tag *tag)
{
	struct ouv_str name = trim(tag->body);
	enum ouv_err err;

	if ((err = check_name(p, name, VALUE_EXTRA)) != OUV_OK)
		return err;
	if (p->section_count == TMPL_SECTIONS_MAX)
		return FAIL(p, "more than %d sections inside each other",
			TMPL_SECTIONS_MAX);
	p->sections[p->section_count++] = p->tmpl->count;
	return split_name(p, name,
		add_node(p, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED));
}

static enum ouv_err
on_end(struct parser *p, const struct tag *tag)
{
	struct ouv_str name = trim(tag->body);
	struct tmpl_node *node;

	if (p->section_count == 0)
		return FAIL(p, "{{/%.*s}} ends a section that was not begun",
			NAME(name));
	node = &p->tmpl->nodes[p->sections[--p->section_count]];
	if (name.len != node->text.len ||
		memcmp(name.p, node->text.p, name.len) != 0)
		return FAIL(p,
			"{{/%.*s}} where {{/%.*s}} of line %u must come first",
			NAME(name), NAME(node->text), node->line);
	node->end = p->tmpl->count;
	return OUV_OK;
}

static enum ouv_err
on_partial(struct parser *p, const struct tag *tag)
{
	struct ouv_str name = trim(tag->body);
	struct tmpl_node *node;
	enum ouv_err err;

	if ((err = check_name(p, name, PARTIAL_EXTRA)) != OUV_OK)
		return err;
	node = add_node(p, NODE_PARTIAL);
	node->text = name;
	if (tag->only_whitespace)
		node->indent = (struct ouv_str){ p->text + tag->line_start,
			tag->start - tag->line_start };
	return OUV_OK;
}

static enum ouv_err
on_comment(struct parser *p, const struct tag *tag)
{
	(void)p;
	(void)tag;
	return OUV_OK;
}

static enum ouv_err
on_delimiters(struct parser *p, const struct tag *tag)
{
	struct ouv_str both = trim(tag->body);
	struct ouv_str open = { both.p, 0 };
	struct ouv_str close;

	while (open.len < both.len && !isspace((unsigned char)both.p[open.len]))
		open.len++;
	close = trim(
		(struct ouv_str){ both.p + open.len, both.len - open.len });
	for (size_t i = 0; i < close.len; i++) {
		if (isspace((unsigned char)close.p[i]))
			return FAIL(p, "delimiters are two, not more");
	}
	if (open.len == 0 || close.len == 0)
		return FAIL(p, "delimiters are two, with a space between");
	if (open.len > 16 || close.len > 16)
		return FAIL(p, "a delimiter is at most 16 bytes long");
	if (memchr(both.p, '=', both.len) != NULL)
		return FAIL(p, "a delimiter without an equals sign, please");
	p->open = open;
	p->close = close;
	return OUV_OK;
}

/* clang-format off */
static const struct tag_rule {
	char sigil;
	int may_stand_alone; /* alone on its line, the line goes with it */
	enum ouv_err (*read)(struct parser *p, const struct tag *tag);
} tag_rules[] = {
	{ 0,   0, on_value },
	{ '&', 0, on_value },
	{ '{', 0, on_value },
	{ '#', 1, on_section },
	{ '^', 1, on_section },
	{ '/', 1, on_end },
	{ '>', 1, on_partial },
	{ '!', 1, on_comment },
	{ '=', 1, on_delimiters },
};
/* clang-format on */

/* Every sigil that read_tag knows has a row; no sigil is the first. */
static const struct tag_rule *
find_rule(char sigil)
{
	size_t i = sizeof(tag_rules) / sizeof(tag_rules[0]) - 1;

	while (i > 0 && tag_rules[i].sigil != sigil)
		i--;
	return &tag_rules[i];
}

static enum ouv_err
parse_tags(struct parser *p)
{
	const char *open;

	while ((open = find(p, p->pos, p->open.p, p->open.len)) != NULL) {
		const struct tag_rule *rule;
		struct tag tag = { 0 };
		enum ouv_err err;

		err = read_tag(p, (size_t)(open - p->text), &tag);
		if (err != OUV_OK)
			return err;
		rule = find_rule(tag.sigil);
		judge_line(p, &tag);
		if (!rule->may_stand_alone)
			tag.only_whitespace = 0;
		if (tag.only_whitespace) {
			add_text(p, p->pos, tag.line_start);
			p->pos = tag.next_line;
		} else {
			add_text(p, p->pos, tag.start);
			if (begins_line(p, tag.start))
				add_node(p, NODE_LINE);
			p->pos = tag.end;
		}
		if ((err = rule->read(p, &tag)) != OUV_OK)
			return err;
	}
	add_text(p, p->pos, p->len);
	return OUV_OK;
}

enum ouv_err
tmpl_parse(struct ouv_arena *arena, enum ouv_tmpl_mode mode, const char *name,
	const char *text, size_t len, struct tmpl **tmpl_out,
	struct ouv_tmpl_error *error_out)
{
	struct parser p = { .arena = arena,
		.text = text,
		.len = len,
		.line = 1,
		.open = { "{{", 2 },
		.close = { "}}", 2 },
		.error = error_out };
	enum ouv_err err;

	p.tmpl = ouv_arena_alloc(arena, sizeof(*p.tmpl));
	p.tmpl->name = ouv_arena_strdup(arena, name);
	p.tmpl->mode = mode;
	if (len > TMPL_TEXT_MAX)
		return FAIL(&p, "longer than %d bytes", TMPL_TEXT_MAX);
	if (memchr(text, '\0', len) != NULL)
		return FAIL(&p, "holds a zero byte: is this a text?");
	if ((err = parse_tags(&p)) != OUV_OK)
		return err;
	if (p.section_count > 0) {
		const struct tmpl_node *node =
			&p.tmpl->nodes[p.sections[p.section_count - 1]];

		p.line = node->line;
		return FAIL(
			&p, "section %.*s is never ended", NAME(node->text));
	}
	if (mode == OUV_TMPL_STRICT_HTML &&
		(err = tmpl_lint(p.tmpl, error_out)) != OUV_OK)
		return err;
	*tmpl_out = p.tmpl;
	return OUV_OK;
}
