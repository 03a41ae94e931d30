/*
 * decl.c - one declaration, NAME.json, to what a text needs
 *
 * Strict: whoever writes a letter's declaration learns of every slip when the
 * programs start, not when a letter is due.
 */
#include <stdio.h>
#include <string.h>

#include "text_impl.h"

enum ouv_err
text_wrong(struct ouv_text_error *error, const char *text, const char *var,
	const char *what)
{
	if (error == NULL)
		return OUV_INVALID;
	(void)snprintf(error->text, sizeof(error->text), "%s", text);
	(void)snprintf(error->var, sizeof(error->var), "%s", var);
	(void)snprintf(error->what, sizeof(error->what), "%s", what);
	return OUV_INVALID;
}

static enum ouv_err
wrong(struct decl_reader *r, const char *var, const char *what)
{
	return text_wrong(r->error, r->name, var, what);
}

static const char *const kinds[OUV_TEXT_KIND__COUNT] = {
	[OUV_TEXT_LETTER] = "letter",
	[OUV_TEXT_ACKNOWLEDGEMENT] = "acknowledgement",
	[OUV_TEXT_ABSENCE] = "absence",
	[OUV_TEXT_PIECE] = "piece",
};

/* A key outside of these is a slip of the pen. */
static enum ouv_err
known_keys(struct decl_reader *r, const char *var, const json_t *object,
	const char *const *keys, size_t count)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return wrong(r, var, "is no object");
	json_object_foreach((json_t *)object, key, value)
	{
		size_t i = 0;

		while (i < count && strcmp(keys[i], key) != 0)
			i++;
		if (i == count)
			return wrong(r, var,
				ouv_arena_printf(
					r->arena, "unknown key %s", key));
	}
	return OUV_OK;
}

/* Words in each language and in no other. */
static enum ouv_err
read_says(struct decl_reader *r, const char *var, const json_t *says,
	const char *out[OUV_LANG__COUNT])
{
	const char *tags[OUV_LANG__COUNT];

	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		tags[i] = ouv_lang_tag((enum ouv_lang)i);
		out[i] = json_string_value(json_object_get(says, tags[i]));
		if (out[i] == NULL ||
			check_empty(json_object_get(says, tags[i])))
			return wrong(r, var,
				ouv_arena_printf(
					r->arena, "no words in %s", tags[i]));
	}
	return known_keys(r, var, says, tags, OUV_LANG__COUNT);
}

/* true, false or left out. */
static enum ouv_err
read_bool(struct decl_reader *r, const char *var, const json_t *object,
	const char *key, bool *out)
{
	const json_t *value = json_object_get(object, key);

	if (value != NULL && !json_is_boolean(value))
		return wrong(r, var,
			ouv_arena_printf(
				r->arena, "%s is neither true nor false", key));
	*out = json_is_true(value);
	return OUV_OK;
}

/* ---- variables ---------------------------------------------------------- */

static bool
is_name(const char *name)
{
	return *name >= 'a' && *name <= 'z' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") ==
		       strlen(name) &&
	       strncmp(name, "has_", 4) != 0;
}

static enum ouv_err
read_type(struct decl_reader *r, const char *name, const json_t *doc,
	struct ouv_text_var *var)
{
	const char *type = json_string_value(json_object_get(doc, "type"));
	int i = 0;

	while (i < OUV_TEXT_TYPE__COUNT &&
		(type == NULL ||
			strcmp(type, ouv_text_type_name(
					     (enum ouv_text_type)i)) != 0))
		i++;
	if (i == OUV_TEXT_TYPE__COUNT)
		return wrong(r, name, "has no type that is known");
	var->type = (enum ouv_text_type)i;
	return OUV_OK;
}

/* A list's example is a list whose every entry fits its variables. */
static enum ouv_err
check_example(struct decl_reader *r, const struct ouv_text_var *var)
{
	struct ouv_text_var needed = *var;
	const char *what;

	needed.optional = false; /* an example is always given */
	what = check_value(&needed, var->example);
	if (what != NULL)
		return wrong(r, var->name,
			ouv_arena_printf(r->arena, "the example %s", what));
	for (size_t i = 0; i < json_array_size(var->example); i++) {
		struct ouv_text_decl entry = { .name = r->name,
			.var_count = var->var_count,
			.vars = var->vars };
		json_t *values;

		TRY(ouv_text_values(&entry, json_array_get(var->example, i),
			OUV_LANG_EN, &values, r->error));
		json_decref(values);
	}
	return OUV_OK;
}

static enum ouv_err
read_var(struct decl_reader *r, const char *name, const json_t *doc,
	struct ouv_text_var *var)
{
	static const char *const keys[] = { "type", "example", "optional",
		"own", "says", "variables" };
	const json_t *vars = json_object_get(doc, "variables");
	struct ouv_text_var *list = NULL;

	if (!is_name(name))
		return wrong(r, name,
			"a name is small letters, digits and _, and does not "
			"begin with has_");
	TRY(known_keys(r, name, doc, keys, COUNT(keys)));
	var->name = name;
	var->example = json_object_get(doc, "example");
	TRY(read_type(r, name, doc, var));
	TRY(read_bool(r, name, doc, "optional", &var->optional));
	TRY(read_bool(r, name, doc, "own", &var->own));
	TRY(read_says(r, name, json_object_get(doc, "says"), var->says));
	if ((var->type == OUV_TEXT_LIST) != (vars != NULL))
		return wrong(r, name,
			"a list has variables of its own, nothing else has");
	if (vars != NULL)
		TRY(decl_vars(r, vars, 0, &list, &var->var_count));
	var->vars = list;
	return check_example(r, var);
}

enum ouv_err
decl_vars(struct decl_reader *r, const json_t *object, size_t room,
	struct ouv_text_var **vars_out, size_t *count_out)
{
	struct ouv_text_var *vars;
	size_t n = 0;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return wrong(r, "", "variables is no object");
	vars = ouv_arena_array(
		r->arena, json_object_size(object) + room, sizeof(*vars));
	json_object_foreach((json_t *)object, key, value)
		TRY(read_var(r, key, value, &vars[n++]));
	*vars_out = vars;
	*count_out = n;
	return OUV_OK;
}

/* ---- the whole ---------------------------------------------------------- */

static enum ouv_err
read_kind(struct decl_reader *r, const json_t *doc, struct ouv_text_decl *decl)
{
	const char *kind = json_string_value(json_object_get(doc, "kind"));
	const json_t *group = json_object_get(doc, "group");
	bool piece = strncmp(decl->name, "piece/", 6) == 0;
	int i = 0;

	while (i < OUV_TEXT_KIND__COUNT &&
		(kind == NULL || strcmp(kind, kinds[i]) != 0))
		i++;
	if (i == OUV_TEXT_KIND__COUNT)
		return wrong(r, "",
			"kind is letter, acknowledgement, absence or piece");
	decl->kind = (enum ouv_text_kind)i;
	if (piece != (decl->kind == OUV_TEXT_PIECE))
		return wrong(r, "", "pieces, and they alone, are in piece/");
	if (group != NULL && !json_is_string(group))
		return wrong(r, "", "group is no text");
	decl->group = group != NULL ? json_string_value(group) : "";
	if (piece != (*decl->group != '\0'))
		return wrong(r, "", "a piece has a group, nothing else has");
	return OUV_OK;
}

enum ouv_err
decl_read(struct decl_reader *r, const json_t *doc,
	const struct text_common *common, struct ouv_text_decl *decl_out)
{
	static const char *const keys[] = { "kind", "automatic", "case",
		"group", "title", "variables" };
	struct ouv_text_decl decl = { .name = r->name };
	const struct ouv_text_var *shared;
	struct ouv_text_var *vars;
	size_t own, count;

	TRY(known_keys(r, "", doc, keys, COUNT(keys)));
	TRY(read_kind(r, doc, &decl));
	TRY(read_bool(r, "", doc, "automatic", &decl.automatic));
	TRY(read_bool(r, "", doc, "case", &decl.of_case));
	TRY(read_says(r, "", json_object_get(doc, "title"), decl.title));
	shared = decl.of_case ? common->of_case : common->office;
	count = decl.of_case ? common->case_count : common->office_count;
	TRY(decl_vars(
		r, json_object_get(doc, "variables"), count, &vars, &own));
	for (size_t i = 0; i < count; i++) {
		for (size_t n = 0; n < own; n++)
			if (strcmp(vars[n].name, shared[i].name) == 0)
				return wrong(r, vars[n].name,
					"is a variable of the office or of "
					"every case");
		vars[own + i] = shared[i];
	}
	decl.vars = vars;
	decl.own_count = own;
	decl.var_count = own + count;
	*decl_out = decl;
	return OUV_OK;
}
