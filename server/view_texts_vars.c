/*
 * view_texts_vars.c - what may be put into a text: name, kind, example, meaning
 */
#include <string.h>

#include "ouv/log.h"

#include "texts.h"
#include "view.h"

/* What a template writes for it. */
static const char *
tag_of(const struct request *request, const struct ouv_text_var *var)
{
	if (var->type == OUV_TEXT_LIST || var->type == OUV_TEXT_FLAG)
		return ouv_arena_printf(request->arena, "{{#%s}} … {{/%s}}",
			var->name, var->name);
	return ouv_arena_printf(request->arena, "{{%s}}", var->name);
}

/* As the reader's letter would say it. */
static void
add_example(const struct request *request, json_t *one, const json_t *value)
{
	if (json_is_boolean(value))
		view_word(request, one, "example",
			json_is_true(value) ? "texts_yes" : "texts_no");
	else if (json_is_integer(value))
		view_number(one, "example", json_integer_value(value));
	else
		view_text(one, "example", json_string_value(value));
	view_flag(one, "has_example",
		json_is_boolean(value) || json_is_integer(value) ||
			(json_is_string(value) &&
				*json_string_value(value) != '\0'));
}

/* A list's own variables follow it. */
static void
add_variables(const struct request *request, json_t *list,
	const struct ouv_text_var *vars, size_t count, const json_t *values,
	const char *inside)
{
	for (size_t i = 0; i < count; i++) {
		const struct ouv_text_var *var = &vars[i];
		const json_t *value = json_object_get(values, var->name);
		json_t *one = json_object();

		view_line(one, "tag", tag_of(request, var));
		view_code(request, one, "type", "texts_type_",
			ouv_text_type_name(var->type));
		view_flag(one, "is_optional", var->optional);
		view_line(one, "has_tag",
			ouv_arena_printf(request->arena,
				"{{#has_%s}} … {{/has_%s}}", var->name,
				var->name));
		view_line(one, "says", var->says[request->lang]);
		view_flag(one, "is_inside", inside != NULL);
		view_line(one, "inside", inside);
		add_example(request, one, value);
		json_array_append_new(list, one);
		add_variables(request, list, var->vars, var->var_count,
			json_array_get(value, 0), var->name);
	}
}

void
texts_variables(const struct request *request, json_t *data,
	const struct ouv_text_decl *decl)
{
	struct ouv_text_error error = { { 0 }, { 0 }, { 0 } };
	json_t *example = ouv_text_example(decl), *values = NULL;
	json_t *list = json_array();

	if (ouv_text_values(decl, example, request->lang, &values, &error) !=
		OUV_OK)
		ouv_log_error("%s: %s: %s", error.text, error.var, error.what);
	add_variables(request, list, decl->vars, decl->var_count, values, NULL);
	view_flag(data, "has_variables", json_array_size(list) > 0);
	json_object_set_new(data, "variables", list);
	json_decref(values);
	json_decref(example);
}
