/*
 * tree.c - a page as a browser would see it; no other file knows gumbo
 *
 * The library has no limits of its own, frees by recursion and does not look
 * whether memory is there.  So its memory is an arena of ours, which is given
 * back whole; an allocation that is over the limit of memory or time leaves the
 * library by a jump; and the tree is walked without recursion.
 */
#include <ctype.h>
#include <setjmp.h>
#include <string.h>
#include <time.h>
#include <gumbo.h>

#include "inner.h"

#define MEMORY_MAX ((size_t)256 << 20)
#define CPU_MS 1200
#define CLOCK_EVERY 256 /* allocations between two looks at the clock */
#define OPEN_MAX 1000   /* elements that begin and do not end */
#define DEPTH_MAX 200   /* written inside each other */

struct reading {
	struct ouv_arena *arena;
	jmp_buf enough;
	size_t used;
	unsigned calls;
	int64_t until_ms;
};

static int64_t
cpu_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void *
give(void *user, size_t size)
{
	struct reading *r = user;

	r->used += size + 16;
	if (r->used > MEMORY_MAX || size > MEMORY_MAX)
		longjmp(r->enough, 1);
	if (++r->calls % CLOCK_EVERY == 0 && cpu_ms() > r->until_ms)
		longjmp(r->enough, 1);
	return ouv_arena_raw(r->arena, size);
}

static void
take_back(void *user, void *memory)
{
	(void)user; /* it goes with the arena */
	(void)memory;
}

/* ---- before it is read ------------------------------------------------------
 */

/* Elements without an end, and those that a next one of them ends. */
static bool
ends_by_itself(const char *name, size_t len)
{
	/* clang-format off */
	static const char *const names[] = {
		"p", "tr", "td", "th", "tbody", "thead", "tfoot", "br", "hr",
		"img", "col", "wbr", "area", "base", "meta", "link", "input",
		"param", "source", "track", "embed", "keygen", "bgsound",
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len &&
			strncasecmp(names[i], name, len) == 0)
			return true;
	return false;
}

/* A rough count, that takes no notice of comments: what slips through costs
 * time, and time has its own limit. */
static bool
nests_too_deep(struct ouv_str html)
{
	const char *p = html.p, *end = html.p + html.len;
	size_t open = 0;

	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		size_t len = 0;
		bool ends = ++p < end && *p == '/';

		while (p + len < end && isalnum((unsigned char)p[len]) != 0)
			len++;
		if (ends && open > 0)
			open--;
		else if (!ends && len > 0 && !ends_by_itself(p, len) &&
			 ++open > OPEN_MAX)
			return true;
	}
	return false;
}

/* Without zero bytes: the library hands texts on as strings. */
static struct ouv_str
without_zeros(struct ouv_arena *arena, struct ouv_str html)
{
	char *copy = ouv_arena_raw(arena, html.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < html.len; i++)
		if (html.p[i] != '\0')
			copy[len++] = html.p[i];
	copy[len] = '\0';
	return (struct ouv_str){ copy, len };
}

/* ---- the tree ---------------------------------------------------------------
 */

struct walk {
	struct ouv_arena *arena;
	const struct visitor *visitor;
	int depth; /* of what is written */
};

static const struct element *
element_of(const GumboNode *node)
{
	if (node->type != GUMBO_NODE_ELEMENT ||
		node->v.element.tag_namespace != GUMBO_NAMESPACE_HTML)
		return NULL;
	return rules_element(gumbo_normalized_tagname(node->v.element.tag));
}

/* Of an element that is no element of ours, is what is inside it read? */
static bool
is_looked_into(const GumboNode *node)
{
	if (node->type == GUMBO_NODE_DOCUMENT)
		return true;
	return node->type == GUMBO_NODE_ELEMENT &&
	       node->v.element.tag_namespace == GUMBO_NAMESPACE_HTML &&
	       !rules_vanishes(gumbo_normalized_tagname(node->v.element.tag));
}

static const char *
attribute_of(const GumboNode *node, const char *name)
{
	const GumboVector *list = &node->v.element.attributes;

	for (unsigned i = 0; i < list->length; i++) {
		const GumboAttribute *one = list->data[i];

		if (one->attr_namespace == GUMBO_ATTR_NAMESPACE_NONE &&
			strcasecmp(one->name, name) == 0)
			return one->value;
	}
	return NULL;
}

static void
read_values(const struct walk *walk, const GumboNode *node,
	const struct element *element, struct values *values)
{
	for (int i = 0; i < ATTR__COUNT; i++) {
		const char *value = attribute_of(node, attribute_names[i]);

		values->of[i] = value == NULL
					? NULL
					: rules_value(walk->arena, element,
						  (enum attribute)i, value);
	}
}

/* Pictures that only tell their sender that the mail was opened. */
static bool
is_dot(const GumboNode *node, const struct element *element)
{
	const char *width, *height;

	if (strcmp(element->name, "img") != 0)
		return false;
	width = attribute_of(node, "width");
	height = attribute_of(node, "height");
	return (width != NULL && rules_is_dot(width)) ||
	       (height != NULL && rules_is_dot(height));
}

static void
enter(struct walk *walk, const GumboNode *node)
{
	const struct element *element = element_of(node);
	struct values values;

	if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA ||
		node->type == GUMBO_NODE_WHITESPACE)
		walk->visitor->text(walk->visitor->user, node->v.text.text);
	if (element == NULL || is_dot(node, element))
		return;
	walk->depth += !element->is_void;
	if (walk->depth > DEPTH_MAX)
		return;
	read_values(walk, node, element, &values);
	walk->visitor->begin(walk->visitor->user, element, &values);
}

static void
leave(struct walk *walk, const GumboNode *node)
{
	const struct element *element = element_of(node);

	if (element == NULL || element->is_void)
		return;
	if (walk->depth-- <= DEPTH_MAX)
		walk->visitor->end(walk->visitor->user, element);
}

static const GumboVector *
children_of(const GumboNode *node)
{
	static const GumboVector none;

	if (node->type == GUMBO_NODE_DOCUMENT)
		return &node->v.document.children;
	if (element_of(node) == NULL && !is_looked_into(node))
		return &none;
	return &node->v.element.children;
}

/* Who is being looked into, from the root down. */
struct stack {
	struct frame {
		const GumboNode *node;
		unsigned next; /* child */
	} * frames;
	size_t count, room;
};

static void
push(struct walk *walk, struct stack *stack, const GumboNode *node)
{
	if (stack->count == stack->room) {
		struct frame *more;

		stack->room = stack->room == 0 ? 256 : 2 * stack->room;
		more = ouv_arena_array(walk->arena, stack->room, sizeof(*more));
		if (stack->count > 0)
			memcpy(more, stack->frames,
				stack->count * sizeof(*more));
		stack->frames = more;
	}
	stack->frames[stack->count++] = (struct frame){ node, 0 };
	enter(walk, node);
}

static void
walk_tree(struct walk *walk, const GumboNode *root)
{
	struct stack stack = { 0 };

	push(walk, &stack, root);
	while (stack.count > 0) {
		struct frame *top = &stack.frames[stack.count - 1];
		const GumboVector *children = children_of(top->node);

		if (top->next < children->length) {
			push(walk, &stack, children->data[top->next++]);
			continue;
		}
		leave(walk, top->node);
		stack.count--;
	}
}

static enum ouv_err
read_page(struct reading *r, struct ouv_str html, const GumboNode **root_out)
{
	GumboOptions options = kGumboDefaultOptions;

	options.allocator = give;
	options.deallocator = take_back;
	options.userdata = r;
	options.max_errors = 0;
	if (setjmp(r->enough) != 0)
		return OUV_INVALID;
	*root_out =
		gumbo_parse_with_options(&options, html.p, html.len)->document;
	return OUV_OK;
}

enum ouv_err
tree_walk(struct ouv_str html, const struct visitor *visitor)
{
	struct reading r = { .until_ms = cpu_ms() + CPU_MS };
	struct walk walk = { .visitor = visitor };
	const GumboNode *root = NULL;
	enum ouv_err err;

	if (html.len > 2 * OUV_LAYOUT_HTML || nests_too_deep(html))
		return OUV_INVALID;
	r.arena = walk.arena = ouv_arena_new(OUV_ARENA_WIPE);
	err = read_page(&r, without_zeros(r.arena, html), &root);
	if (err == OUV_OK)
		walk_tree(&walk, root);
	ouv_arena_free(&r.arena);
	return err;
}
