/*
 * names.c - which names a template uses, and where
 */
#include <string.h>

#include "node.h"

static const enum ouv_tmpl_use uses[] = {
	[NODE_VALUE] = OUV_TMPL_VALUE,
	[NODE_RAW] = OUV_TMPL_VALUE,
	[NODE_SECTION] = OUV_TMPL_SECTION,
	[NODE_INVERTED] = OUV_TMPL_INVERTED,
	[NODE_PARTIAL] = OUV_TMPL_PARTIAL,
};

static int
has_name(const struct tmpl_node *node)
{
	return node->kind != NODE_TEXT && node->kind != NODE_LINE;
}

/* The innermost section around node n, as an index among the names. */
static int
around(const struct tmpl *tmpl, unsigned n)
{
	int inside = -1, index = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct tmpl_node *node = &tmpl->nodes[i];

		if (!has_name(node))
			continue;
		if ((node->kind == NODE_SECTION ||
			    node->kind == NODE_INVERTED) &&
			n < node->end)
			inside = index;
		index++;
	}
	return inside;
}

enum ouv_err
ouv_tmpl_names(struct ouv_arena *arena, enum ouv_tmpl_mode mode,
	const char *name, const char *text, struct ouv_tmpl_name **names_out,
	size_t *count_out, struct ouv_tmpl_error *error_out)
{
	struct ouv_tmpl_name *list;
	struct tmpl *tmpl;
	enum ouv_err err;
	size_t count = 0;

	err = tmpl_parse(
		arena, mode, name, text, strlen(text), &tmpl, error_out);
	if (err != OUV_OK)
		return err;
	list = ouv_arena_array(arena, tmpl->count, sizeof(*list));
	for (unsigned i = 0; i < tmpl->count; i++) {
		const struct tmpl_node *node = &tmpl->nodes[i];

		if (!has_name(node))
			continue;
		list[count++] = (struct ouv_tmpl_name){
			.use = uses[node->kind],
			.name = ouv_arena_strndup(
				arena, node->text.p, node->text.len),
			.line = (int)node->line,
			.inside = around(tmpl, i),
		};
	}
	*names_out = list;
	*count_out = count;
	return OUV_OK;
}
