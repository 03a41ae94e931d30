/*
 * texts_words.c - a text rendered with everything that may come, read by the
 * lint
 *
 * With the examples; with nothing that may be missing; then with each thing
 * that may be missing alone.  What is said in none of these is still looked
 * through for what blocks: no open blank hides in a branch.
 */
#include <stdlib.h>
#include <string.h>

#include "texts.h"

#define RENDERS_MOST 128
#define OWN_MOST 200

struct reading {
	struct text_checking *c;
	enum ouv_lang lang;
	const char *own[OWN_MOST]; /* the examples: they are not the text */
	size_t own_count;
	const char *done[RENDERS_MOST]; /* texts that were read already */
	size_t done_count;
	bool broken; /* it does not render; that is enough to say */
};

/* ---- data that may come -------------------------------------------------- */

static bool
may_miss(const struct ouv_text_var *var)
{
	return var->optional || var->type == OUV_TEXT_FLAG;
}

static json_t *strip(const struct ouv_text_var *vars, size_t count,
	const json_t *full, const struct ouv_text_var *keep);

static json_t *
strip_list(const struct ouv_text_var *var, const json_t *full)
{
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(full); i++)
		json_array_append_new(
			list, strip(var->vars, var->var_count,
				      json_array_get(full, i), NULL));
	return list;
}

/* A copy without all that may be missing, except keep. */
static json_t *
strip(const struct ouv_text_var *vars, size_t count, const json_t *full,
	const struct ouv_text_var *keep)
{
	json_t *data = json_object();

	for (size_t i = 0; i < count; i++) {
		const struct ouv_text_var *var = &vars[i];
		json_t *value = json_object_get(full, var->name);

		if (var == keep && var->type == OUV_TEXT_FLAG)
			json_object_set_new(data, var->name, json_true());
		else if (var->type == OUV_TEXT_FLAG)
			json_object_set_new(data, var->name, json_false());
		else if (value == NULL || (var->optional && var != keep))
			continue;
		else if (var->type == OUV_TEXT_LIST)
			json_object_set_new(
				data, var->name, strip_list(var, value));
		else
			json_object_set(data, var->name, value);
	}
	return data;
}

static void
collect_own(struct reading *r, const json_t *value)
{
	const char *key;
	json_t *child;
	size_t i;

	if (json_is_string(value) && *json_string_value(value) != '\0' &&
		r->own_count < OWN_MOST)
		r->own[r->own_count++] =
			ouv_arena_strdup(r->c->arena, json_string_value(value));
	json_array_foreach(value, i, child) collect_own(r, child);
	json_object_foreach((json_t *)value, key, child) collect_own(r, child);
}

/* ---- where in the template a finding stands ------------------------------ */

/* Does the line of the template give that line?  Its words, tags left out,
 * follow one another in it. */
static bool
gives(struct ouv_str line, const char *rendered, size_t len)
{
	size_t literal = 0;

	while (line.len > 0) {
		const char *tag = memmem(line.p, line.len, "{{", 2);
		size_t run = tag != NULL ? (size_t)(tag - line.p) : line.len;
		const char *at =
			run > 0 ? memmem(rendered, len, line.p, run) : rendered;
		const char *end;

		if (at == NULL)
			return false;
		literal += run;
		len -= (size_t)(at - rendered) + run;
		rendered = at + run;
		line.p += run;
		line.len -= run;
		if (tag == NULL)
			break;
		end = memmem(line.p, line.len, "}}", 2);
		if (end == NULL)
			return false;
		line.len -= (size_t)(end + 2 - line.p);
		line.p = end + 2;
	}
	return literal > 0;
}

/* The characters of UTF-8 text before end, and one. */
static int
column_of(const char *line, const char *end)
{
	int column = 1;

	for (; line < end; line++)
		if (((unsigned char)*line & 0xC0) != 0x80)
			column++;
	return column;
}

static struct ouv_str
next_line(const char **text)
{
	struct ouv_str line = { *text, strcspn(*text, "\n") };

	*text += line.len + ((*text)[line.len] == '\n');
	return line;
}

/* The words as they are; else the line that gave the line they stand in. */
static void
locate(const char *body, const char *rendered, const struct ouv_finding *found,
	struct ouv_text_finding *f)
{
	const char *words =
		*found->found != '\0' ? strstr(body, found->found) : NULL;
	const char *rest = body, *line = rendered + found->offset;
	int number = 0;

	while (line > rendered && line[-1] != '\n')
		line--;
	while (*rest != '\0') {
		struct ouv_str own = next_line(&rest);

		number++;
		if (words != NULL ? words < own.p || words > own.p + own.len
				  : !gives(own, line, strcspn(line, "\n")))
			continue;
		f->line = number;
		f->column = words != NULL ? column_of(own.p, words) : 1;
		return;
	}
}

/* ---- reading ------------------------------------------------------------- */

static bool
is_new(struct reading *r, const char *text)
{
	for (size_t i = 0; i < r->done_count; i++)
		if (strcmp(r->done[i], text) == 0)
			return false;
	if (r->done_count == RENDERS_MOST)
		return false;
	r->done[r->done_count++] = text;
	return true;
}

/* only_blocking: a text no reader ever gets, only searched for what must not
 * be in any. */
static void
lint(struct reading *r, const char *text, bool only_blocking)
{
	struct text_checking *c = r->c;
	struct ouv_lint_text l = { .lang = r->lang,
		.kind = (enum ouv_lint_kind)c->decl->kind,
		.own = r->own,
		.own_count = r->own_count,
		.blocks_only = only_blocking };
	struct ouv_finding *found;
	size_t count;

	l.body = text_split(c->arena, text, &l.subject);
	ouv_lint_run(c->arena, c->office->lint, &l, &found, &count);
	for (size_t i = 0; i < count; i++) {
		struct ouv_text_finding f = { .lang = r->lang,
			.rule = found[i].rule->name,
			.blocks = found[i].rule->severity == OUV_LINT_BLOCKS,
			.found = found[i].found };

		if (only_blocking && (!f.blocks || found[i].len == 0))
			continue;
		memcpy(f.says, found[i].rule->says, sizeof(f.says));
		if (found[i].place == OUV_LINT_SUBJECT)
			f.line = f.column = 1;
		else if (found[i].len > 0)
			locate(c->body[r->lang], l.body, &found[i], &f);
		text_finding(c, &f);
	}
}

static void
read_with(struct reading *r, json_t *data)
{
	struct text_checking *c = r->c;
	struct ouv_tmpl_error error = { 0 };
	struct ouv_text_finding f = {
		.lang = r->lang, .rule = "template-error", .blocks = true
	};
	struct ouv_str text;

	if (!r->broken && text_render(c->arena, c->decl, c->body[r->lang],
				  r->lang, data, &text, &error) != OUV_OK) {
		r->broken = true;
		f.line = error.line;
		f.found = error.what;
		text_finding(c, &f);
	} else if (!r->broken && is_new(r, text.p)) {
		lint(r, text.p, false);
	}
	json_decref(data);
}

/* Both branches of everything, tags as they are. */
static void
read_raw(struct reading *r)
{
	char *text = ouv_arena_strdup(r->c->arena, r->c->body[r->lang]);
	char *tag = text;

	while ((tag = strstr(tag, "{{")) != NULL) {
		char *end = strstr(tag, "}}");

		if (end == NULL)
			return;
		if (strchr("#^/!", tag[2]) != NULL) {
			memset(tag, ' ', (size_t)(end + 2 - tag));
		} else if (r->own_count < OWN_MOST) {
			r->own[r->own_count++] = ouv_arena_strndup(
				r->c->arena, tag, (size_t)(end + 2 - tag));
		}
		tag = end + 2;
	}
	lint(r, text, true);
}

void
text_check_words(struct text_checking *c, enum ouv_lang lang)
{
	const struct ouv_text_decl *decl = c->decl;
	struct reading *r = ouv_arena_alloc(c->arena, sizeof(*r));
	json_t *full = ouv_text_example(decl);

	r->c = c;
	r->lang = lang;
	collect_own(r, full);
	read_with(r, json_incref(full));
	read_with(r, strip(decl->vars, decl->var_count, full, NULL));
	for (size_t i = 0; i < decl->var_count; i++)
		if (may_miss(&decl->vars[i]))
			read_with(r, strip(decl->vars, decl->var_count, full,
					     &decl->vars[i]));
	json_decref(full);
	read_raw(r);
}
