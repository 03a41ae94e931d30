/*
 * render.c - from nodes and data to a text
 *
 * One walk along the nodes with a stack of contexts.  False are: false, null,
 * the empty list, the empty string and the number 0 (what JSON's home language
 * calls false); an empty object is true.  Limits end what a partial that
 * includes itself would never end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"

/* What {{.}} is, and where to look next when it lacks a name. */
struct context {
	const json_t *value;
	const struct context *up;
};

struct render {
	struct ouv_buf out;
	unsigned steps;
	unsigned depth;
	unsigned partials;
	size_t header_seen; /* bytes known to hold no line break        */
	int header_over;
	struct ouv_tmpl_error *error;
};

/* Where we are in a template. */
struct place {
	const struct tmpl *tmpl;
	const struct context *context;
	struct ouv_str indent; /* goes before each line */
};

#define FAIL(r, at, node, ...) \
	tmpl_fail((r)->error, (at)->tmpl->name, (node)->line, __VA_ARGS__)
#define NAME(s) (int)((s).len < 60 ? (s).len : 60), (s).p

static enum ouv_err render_run(
	struct render *r, const struct place *at, unsigned first, unsigned end);

static int
is_strict(const struct place *at)
{
	return at->tmpl->mode != OUV_TMPL_SPEC;
}

static const json_t *
get(const json_t *object, struct ouv_str key)
{
	return json_object_getn(object, key.p, key.len);
}

/*
 * The first part is looked for from the top context down; the others only in
 * what was found before them.  NULL: not there.
 */
static const json_t *
look_up(const struct tmpl_node *node, const struct context *context)
{
	const json_t *value = NULL;

	if (node->key_count == 0)
		return context->value;
	for (; context != NULL && value == NULL; context = context->up) {
		value = get(context->value, node->keys[0]);
		if (node->here_only)
			break;
	}
	for (unsigned i = 1; i < node->key_count && value != NULL; i++)
		value = get(value, node->keys[i]);
	return value;
}

static int
is_false(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_FALSE:
	case JSON_NULL:
		return 1;
	case JSON_ARRAY:
		return json_array_size(value) == 0;
	case JSON_STRING:
		return json_string_length(value) == 0;
	case JSON_INTEGER:
		return json_integer_value(value) == 0;
	case JSON_REAL:
		return json_real_value(value) == 0.0;
	case JSON_TRUE:
	case JSON_OBJECT:
		break;
	}
	return 0;
}

/* ---- values ------------------------------------------------------------- */

/* The shortest decimal that reads back as the same number: 1.21, not
 * 1.2099999999999999645. */
static void
format_real(char *text, size_t size, double real)
{
	for (int digits = 15; digits <= 17; digits++) {
		(void)snprintf(text, size, "%.*g", digits, real);
		if (strtod(text, NULL) == real)
			return;
	}
}

/* Lists and objects have no text of their own: strict mode refuses them,
 * plain mode shows them as JSON. */
static enum ouv_err
text_of(struct render *r, const struct place *at, const struct tmpl_node *node,
	const json_t *value, char number[32], struct ouv_str *text_out)
{
	char *dump;

	*text_out = (struct ouv_str){ number, 0 };
	switch (json_typeof(value)) {
	case JSON_STRING:
		text_out->p = json_string_value(value);
		text_out->len = json_string_length(value);
		return OUV_OK;
	case JSON_INTEGER:
		text_out->len = (size_t)snprintf(number, 32,
			"%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return OUV_OK;
	case JSON_REAL:
		format_real(number, 32, json_real_value(value));
		text_out->len = strlen(number);
		return OUV_OK;
	case JSON_TRUE:
		*text_out = (struct ouv_str){ "true", 4 };
		return OUV_OK;
	case JSON_FALSE:
		*text_out = (struct ouv_str){ "false", 5 };
		return OUV_OK;
	case JSON_NULL:
		return OUV_OK;
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	if (is_strict(at))
		return FAIL(r, at, node, "%.*s is a list or an object",
			NAME(node->text));
	dump = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	if (dump == NULL)
		return FAIL(
			r, at, node, "%.*s cannot be shown", NAME(node->text));
	text_out->p = ouv_arena_strdup(r->out.arena, dump);
	text_out->len = strlen(dump);
	free(dump);
	return OUV_OK;
}

/* clang-format off */
static const struct escape {
	const char *text;
	int strict_only;
} escapes[256] = {
	['&'] = { "&amp;", 0 }, ['<'] = { "&lt;", 0 }, ['>'] = { "&gt;", 0 },
	['"'] = { "&quot;", 0 }, ['\''] = { "&#39;", 1 },
};
/* clang-format on */

static void
add_escaped(struct ouv_buf *out, struct ouv_str text, int strict)
{
	size_t done = 0;

	for (size_t i = 0; i < text.len; i++) {
		const struct escape *e = &escapes[(unsigned char)text.p[i]];

		if (e->text == NULL || (e->strict_only && !strict))
			continue;
		ouv_buf_add(out, text.p + done, i - done);
		ouv_buf_text(out, e->text);
		done = i + 1;
	}
	ouv_buf_add(out, text.p + done, text.len - done);
}

/* Control characters, and the line and paragraph separators of Unicode. */
static int
breaks_line(struct ouv_str text)
{
	const unsigned char *p = (const unsigned char *)text.p;

	for (size_t i = 0; i < text.len; i++) {
		if (p[i] < 0x20 || p[i] == 0x7f)
			return 1;
		if (p[i] == 0xc2 && i + 1 < text.len && p[i + 1] >= 0x80 &&
			p[i + 1] < 0xa0)
			return 1;
		if (p[i] == 0xe2 && i + 2 < text.len && p[i + 1] == 0x80 &&
			(p[i + 2] == 0xa8 || p[i + 2] == 0xa9))
			return 1;
	}
	return 0;
}

/* Asks the result itself, so that no section or partial can hide the line. */
static int
in_header(struct render *r)
{
	static const char header[] = "Subject:";
	size_t len = sizeof(header) - 1;

	if (r->header_over)
		return 0;
	if (memchr(r->out.data + r->header_seen, '\n',
		    r->out.len - r->header_seen) != NULL) {
		r->header_over = 1;
		return 0;
	}
	r->header_seen = r->out.len;
	return r->out.len >= len && memcmp(r->out.data, header, len) == 0;
}

static enum ouv_err
render_value(
	struct render *r, const struct place *at, const struct tmpl_node *node)
{
	const json_t *value = look_up(node, at->context);
	enum ouv_tmpl_mode mode = at->tmpl->mode;
	struct ouv_str text;
	char number[32];
	enum ouv_err err;

	if (value == NULL)
		return is_strict(at) ? FAIL(r, at, node, "no %.*s in the data",
					       NAME(node->text))
				     : OUV_OK;
	if ((err = text_of(r, at, node, value, number, &text)) != OUV_OK)
		return err;
	if (node->is_link && !tmpl_link_is_safe(text.p, text.len))
		return FAIL(r, at, node,
			"%.*s is no address that may stand in a link",
			NAME(node->text));
	if (mode == OUV_TMPL_STRICT_TEXT && in_header(r) && breaks_line(text))
		return FAIL(r, at, node, "%.*s would break the header line",
			NAME(node->text));
	if (mode == OUV_TMPL_STRICT_TEXT || node->kind == NODE_RAW)
		ouv_buf_add(&r->out, text.p, text.len);
	else
		add_escaped(&r->out, text, is_strict(at));
	return OUV_OK;
}

/* ---- what holds other nodes --------------------------------------------- */

static enum ouv_err
render_with(struct render *r, const struct place *at,
	const struct tmpl_node *node, unsigned first, const json_t *value)
{
	struct context context = { value, at->context };
	struct place inside = { at->tmpl, &context, at->indent };

	return render_run(r, &inside, first, node->end);
}

static enum ouv_err
render_section(struct render *r, const struct place *at,
	const struct tmpl_node *node, unsigned first)
{
	const json_t *value = look_up(node, at->context);
	enum ouv_err err;
	int is_no;

	if (value == NULL && is_strict(at))
		return FAIL(
			r, at, node, "no %.*s in the data", NAME(node->text));
	is_no = value == NULL || is_false(value);
	if (node->kind == NODE_INVERTED)
		return is_no ? render_run(r, at, first, node->end) : OUV_OK;
	if (is_no)
		return OUV_OK;
	if (!json_is_array(value))
		return render_with(r, at, node, first, value);
	for (size_t i = 0; i < json_array_size(value); i++) {
		err = render_with(r, at, node, first, json_array_get(value, i));
		if (err != OUV_OK)
			return err;
	}
	return OUV_OK;
}

static enum ouv_err
render_partial(
	struct render *r, const struct place *at, const struct tmpl_node *node)
{
	struct place inside = { node->partial, at->context, { "", 0 } };
	enum ouv_err err;

	if (node->partial == NULL)
		return OUV_OK;
	if (r->partials == TMPL_PARTIALS_MAX)
		return FAIL(r, at, node, "partials %d deep", TMPL_PARTIALS_MAX);
	/* Inside an indented partial, the indents add up. */
	if (at->indent.len == 0) {
		inside.indent = node->indent;
	} else if (node->indent.len > 0) {
		inside.indent.p = ouv_arena_printf(r->out.arena, "%.*s%.*s",
			(int)at->indent.len, at->indent.p,
			(int)node->indent.len, node->indent.p);
		inside.indent.len = at->indent.len + node->indent.len;
	}
	r->partials++;
	err = render_run(r, &inside, 0, node->partial->count);
	r->partials--;
	return err;
}

/* A line's end is followed by the indent, unless a NODE_LINE will bring it. */
static void
render_text(struct render *r, struct ouv_str text, struct ouv_str indent)
{
	const char *newline;

	if (indent.len == 0) {
		ouv_buf_add(&r->out, text.p, text.len);
		return;
	}
	while ((newline = memchr(text.p, '\n', text.len)) != NULL) {
		size_t len = (size_t)(newline - text.p) + 1;

		ouv_buf_add(&r->out, text.p, len);
		text.p += len;
		text.len -= len;
		if (text.len > 0)
			ouv_buf_add(&r->out, indent.p, indent.len);
	}
	ouv_buf_add(&r->out, text.p, text.len);
}

static enum ouv_err
render_node(struct render *r, const struct place *at,
	const struct tmpl_node *node, unsigned next)
{
	switch (node->kind) {
	case NODE_TEXT:
		render_text(r, node->text, at->indent);
		return OUV_OK;
	case NODE_LINE:
		ouv_buf_add(&r->out, at->indent.p, at->indent.len);
		return OUV_OK;
	case NODE_VALUE:
	case NODE_RAW:
		return render_value(r, at, node);
	case NODE_SECTION:
	case NODE_INVERTED:
		return render_section(r, at, node, next);
	case NODE_PARTIAL:
		return render_partial(r, at, node);
	}
	return OUV_OK;
}

static enum ouv_err
render_run(
	struct render *r, const struct place *at, unsigned first, unsigned end)
{
	const struct tmpl_node *nodes = at->tmpl->nodes;
	enum ouv_err err = OUV_OK;

	if (first < end && r->depth == TMPL_DEPTH_MAX)
		return FAIL(r, at, &nodes[first], "%d levels inside each other",
			TMPL_DEPTH_MAX);
	r->depth++;
	for (unsigned i = first; i < end && err == OUV_OK;) {
		const struct tmpl_node *node = &nodes[i++];

		if (++r->steps > TMPL_STEPS_MAX || r->out.len > TMPL_OUTPUT_MAX)
			return FAIL(r, at, node, "the result has no end");
		err = render_node(r, at, node, i);
		if (node->kind == NODE_SECTION || node->kind == NODE_INVERTED)
			i = node->end;
	}
	r->depth--;
	return err;
}

enum ouv_err
tmpl_render(struct ouv_arena *arena, const struct tmpl *tmpl,
	const json_t *data, struct ouv_str *text_out,
	struct ouv_tmpl_error *error_out)
{
	struct context root = { data, NULL };
	struct place at = { tmpl, &root, { "", 0 } };
	struct render r = { .error = error_out };
	enum ouv_err err;

	ouv_buf_init(&r.out, arena, 4096);
	if ((err = render_run(&r, &at, 0, tmpl->count)) != OUV_OK)
		return err;
	*text_out = (struct ouv_str){ r.out.data, r.out.len };
	return OUV_OK;
}
