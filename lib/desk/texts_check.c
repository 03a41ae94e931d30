/*
 * texts_check.c - what is wrong with the words somebody proposes
 *
 * The lint reads them as they would arrive; what only the declaration can tell
 * (a variable nobody knows, a language that lacks one) is found here.
 */
#include <stdlib.h>
#include <string.h>

#include "texts.h"

static bool
same(const struct ouv_text_finding *a, const struct ouv_text_finding *b)
{
	return a->lang == b->lang && a->line == b->line &&
	       strcmp(a->rule, b->rule) == 0 && strcmp(a->found, b->found) == 0;
}

/* The rule's words stand in the lint's file. */
static void
add_words(const struct ouv_office *office, struct ouv_text_finding *finding)
{
	size_t count;
	const struct ouv_lint_rule *rules =
		ouv_lint_rules(office->lint, &count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(rules[i].name, finding->rule) == 0)
			memcpy(finding->says, rules[i].says,
				sizeof(finding->says));
}

void
text_finding(struct text_checking *c, const struct ouv_text_finding *finding)
{
	struct ouv_text_finding *f = &c->list[c->count];

	if (c->count == TEXT_FINDINGS_MOST)
		return;
	for (size_t i = 0; i < c->count; i++)
		if (same(&c->list[i], finding))
			return;
	*f = *finding;
	f->found = ouv_arena_strdup(c->arena, finding->found);
	if (f->says[0] == NULL)
		add_words(c->office, f);
	c->count++;
}

static bool
is_empty(const char *body)
{
	return body == NULL || strspn(body, " \t\r\n") == strlen(body);
}

/* Does it say anything, and is there a subject where one belongs? */
static bool
check_shape(struct text_checking *c, enum ouv_lang lang)
{
	struct ouv_text_finding f = {
		.lang = lang, .blocks = true, .found = ""
	};
	const bool piece = c->decl->kind == OUV_TEXT_PIECE;
	const char *subject, *rest;

	if (is_empty(c->body[lang])) {
		f.rule = "parity";
		text_finding(c, &f);
		return false;
	}
	rest = text_split(c->arena, c->body[lang], &subject);
	if (piece ? subject != NULL : is_empty(subject) || is_empty(rest)) {
		f.rule = "subject";
		f.line = 1;
		text_finding(c, &f);
	}
	return true;
}

static int
in_order(const void *a, const void *b)
{
	const struct ouv_text_finding *f = a, *g = b;

	if (f->lang != g->lang)
		return f->lang < g->lang ? -1 : 1;
	if (f->line != g->line)
		return f->line < g->line ? -1 : 1;
	return f->column - g->column;
}

enum ouv_err
text_check(struct ouv_arena *arena, const struct ouv_office *office,
	const struct text_live *shipped,
	const char *const body[OUV_LANG__COUNT],
	struct ouv_text_finding **findings_out, size_t *count_out)
{
	struct text_checking c = { .arena = arena,
		.office = office,
		.decl = shipped->decl,
		.list = ouv_arena_array(arena, TEXT_FINDINGS_MOST,
			sizeof(struct ouv_text_finding)) };
	bool whole = true;

	memcpy(c.shipped, shipped->body, sizeof(c.shipped));
	memcpy(c.body, body, sizeof(c.body));
	for (int l = 0; l < OUV_LANG__COUNT; l++) {
		if (check_shape(&c, (enum ouv_lang)l))
			text_check_words(&c, (enum ouv_lang)l);
		else
			whole = false;
	}
	if (whole)
		text_check_names(&c);
	qsort(c.list, c.count, sizeof(*c.list), in_order);
	*findings_out = c.list;
	*count_out = c.count;
	return OUV_OK;
}

enum ouv_err
ouv_desk_text_check(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *name, const char *const body[OUV_LANG__COUNT],
	struct ouv_text_finding **findings_out, size_t *count_out)
{
	size_t index;

	TRY(texts_index(desk->office, name, &index));
	return text_check(arena, desk->office, &desk->office->shipped[index],
		body, findings_out, count_out);
}
