/*
 * texts_names.c - variables and sections: declared, used, alike in all
 * languages
 */
#include <string.h>

#include "texts.h"

/* The tags of one language. */
struct tags {
	struct ouv_tmpl_name *list;
	size_t count;
};

/* ---- is it declared? ----------------------------------------------------- */

static const struct ouv_text_var *
find_var(const struct ouv_text_var *vars, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(vars[i].name, name) == 0)
			return &vars[i];
	return NULL;
}

/* The variable a name stands for; "has_x" stands for an optional x. */
static const struct ouv_text_var *
named_var(const struct ouv_text_var *vars, size_t count, const char *name)
{
	const struct ouv_text_var *var = find_var(vars, count, name);

	if (var != NULL || strncmp(name, "has_", 4) != 0)
		return var;
	var = find_var(vars, count, name + 4);
	return var != NULL && var->optional ? var : NULL;
}

/* From the innermost list outwards, as rendering looks for it. */
static const struct ouv_text_var *
look_up(const struct text_checking *c, const struct tags *tags, size_t tag,
	const char *name)
{
	int around = tags->list[tag].inside;

	while (around >= 0) {
		const struct ouv_tmpl_name *section = &tags->list[around];
		const struct ouv_text_var *list =
			section->use == OUV_TMPL_SECTION
				? look_up(c, tags, (size_t)around,
					  section->name)
				: NULL;
		const struct ouv_text_var *var = NULL;

		if (list != NULL && list->type == OUV_TEXT_LIST)
			var = named_var(list->vars, list->var_count, name);
		if (var != NULL)
			return var;
		around = section->inside;
	}
	return named_var(c->decl->vars, c->decl->var_count, name);
}

static const char *
shown(struct ouv_arena *arena, const struct ouv_tmpl_name *tag)
{
	static const char *const sigils[] = {
		[OUV_TMPL_VALUE] = "",
		[OUV_TMPL_SECTION] = "#",
		[OUV_TMPL_INVERTED] = "^",
		[OUV_TMPL_PARTIAL] = "> ",
	};

	return ouv_arena_printf(arena, "{{%s%s}}", sigils[tag->use], tag->name);
}

static void
check_declared(struct text_checking *c, const struct tags *tags, int lang)
{
	for (size_t i = 0; i < tags->count; i++) {
		const struct ouv_tmpl_name *tag = &tags->list[i];
		struct ouv_text_finding f = { .lang = (enum ouv_lang)lang,
			.rule = "unknown-variable",
			.blocks = true,
			.line = tag->line };

		/* A part that is not there is an error of the template. */
		if (tag->use == OUV_TMPL_PARTIAL ||
			look_up(c, tags, i, tag->name) != NULL)
			continue;
		f.found = shown(c->arena, tag);
		text_finding(c, &f);
	}
}

/* ---- is anything left out? ----------------------------------------------- */

static bool
has_tag(const struct tags *tags, enum ouv_tmpl_use use, const char *name)
{
	for (size_t i = 0; i < tags->count; i++)
		if (tags->list[i].use == use &&
			strcmp(tags->list[i].name, name) == 0)
			return true;
	return false;
}

/* What the product's words say to the reader and these do not. */
static void
check_used(struct text_checking *c, const struct tags *tags, int lang)
{
	struct tags own;
	struct ouv_tmpl_error error;

	if (ouv_tmpl_names(c->arena, OUV_TMPL_STRICT_TEXT, c->decl->name,
		    c->shipped[lang], &own.list, &own.count, &error) != OUV_OK)
		return; /* then it was not loaded */
	for (size_t i = 0; i < own.count; i++) {
		const struct ouv_tmpl_name *tag = &own.list[i];
		const struct ouv_text_var *var = look_up(c, &own, i, tag->name);
		struct ouv_text_finding f = { .lang = (enum ouv_lang)lang,
			.rule = "missing-variable" };

		if (tag->use != OUV_TMPL_VALUE || var == NULL ||
			var->optional ||
			has_tag(tags, OUV_TMPL_VALUE, tag->name))
			continue;
		f.found = shown(c->arena, tag);
		text_finding(c, &f);
	}
}

static void
check_parity(struct text_checking *c, const struct tags *tags, int lang)
{
	for (int other = 0; other < OUV_LANG__COUNT; other++) {
		for (size_t i = 0; i < tags[other].count; i++) {
			const struct ouv_tmpl_name *tag = &tags[other].list[i];
			struct ouv_text_finding f = {
				.lang = (enum ouv_lang)lang, .rule = "parity"
			};

			if (has_tag(&tags[lang], tag->use, tag->name))
				continue;
			f.found = shown(c->arena, tag);
			text_finding(c, &f);
		}
	}
}

void
text_check_names(struct text_checking *c)
{
	struct tags tags[OUV_LANG__COUNT];
	struct ouv_tmpl_error error;

	/* One that does not parse was told of already. */
	for (int l = 0; l < OUV_LANG__COUNT; l++)
		if (ouv_tmpl_names(c->arena, OUV_TMPL_STRICT_TEXT,
			    c->decl->name, c->body[l], &tags[l].list,
			    &tags[l].count, &error) != OUV_OK)
			return;
	for (int l = 0; l < OUV_LANG__COUNT; l++) {
		check_declared(c, &tags[l], l);
		check_used(c, &tags[l], l);
		check_parity(c, tags, l);
	}
}
