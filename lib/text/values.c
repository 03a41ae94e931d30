/*
 * values.c - typed data to what a template is rendered with
 */
#include <string.h>

#include "text_impl.h"

/* What an optional variable is when it was not given. */
static json_t *
nothing(const struct ouv_text_var *var)
{
	if (var->type == OUV_TEXT_FLAG)
		return json_false();
	return var->type == OUV_TEXT_LIST ? json_array() : json_string("");
}

static json_t *
write_when(
	const struct ouv_text_var *var, const json_t *value, enum ouv_lang lang)
{
	char out[OUV_TEXT_WHEN_MAX];

	return ouv_text_when(lang, var->type, json_integer_value(value), out)
		       ? json_string(out)
		       : NULL;
}

static enum ouv_err
write_list(const struct ouv_text_decl *decl, const struct ouv_text_var *var,
	const json_t *value, enum ouv_lang lang, json_t **out,
	struct ouv_text_error *error)
{
	struct ouv_text_decl entry = { .name = decl->name,
		.var_count = var->var_count,
		.vars = var->vars };
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(value); i++) {
		json_t *values = NULL;
		enum ouv_err err = ouv_text_values(
			&entry, json_array_get(value, i), lang, &values, error);

		if (err != OUV_OK) {
			json_decref(list);
			return err;
		}
		(void)json_array_append_new(list, values);
	}
	*out = list;
	return OUV_OK;
}

static enum ouv_err
write_value(const struct ouv_text_decl *decl, const struct ouv_text_var *var,
	const json_t *value, enum ouv_lang lang, json_t **out,
	struct ouv_text_error *error)
{
	const char *what = check_value(var, value);

	*out = NULL;
	if (what != NULL)
		return text_wrong(error, decl->name, var->name, what);
	if (check_empty(value))
		*out = nothing(var);
	else if (var->type == OUV_TEXT_DATE || var->type == OUV_TEXT_MOMENT)
		*out = write_when(var, value, lang);
	else if (var->type == OUV_TEXT_LIST)
		return write_list(decl, var, value, lang, out, error);
	else
		*out = json_incref((json_t *)value);
	return *out != NULL ? OUV_OK
			    : text_wrong(error, decl->name, var->name,
				      "cannot be written as a date");
}

static enum ouv_err
write_all(const struct ouv_text_decl *decl, const json_t *data,
	enum ouv_lang lang, json_t *values, struct ouv_text_error *error)
{
	for (size_t i = 0; i < decl->var_count; i++) {
		const struct ouv_text_var *var = &decl->vars[i];
		const json_t *given = json_object_get(data, var->name);
		char has[80] = "has_";
		json_t *value;

		TRY(write_value(decl, var, given, lang, &value, error));
		(void)json_object_set_new(values, var->name, value);
		if (!var->optional)
			continue;
		(void)strncat(has, var->name, sizeof(has) - sizeof("has_"));
		(void)json_object_set_new(
			values, has, json_boolean(!check_empty(given)));
	}
	return OUV_OK;
}

static enum ouv_err
known_names(const struct ouv_text_decl *decl, const json_t *data,
	struct ouv_text_error *error)
{
	const char *key;
	json_t *value;

	if (!json_is_object(data))
		return text_wrong(
			error, decl->name, "", "the data are no object");
	json_object_foreach((json_t *)data, key, value)
	{
		size_t i = 0;

		while (i < decl->var_count &&
			strcmp(decl->vars[i].name, key) != 0)
			i++;
		if (i == decl->var_count)
			return text_wrong(error, decl->name, key,
				"is not among the variables");
	}
	return OUV_OK;
}

enum ouv_err
ouv_text_values(const struct ouv_text_decl *decl, const json_t *data,
	enum ouv_lang lang, json_t **values_out, struct ouv_text_error *error)
{
	json_t *values;
	enum ouv_err err;

	TRY(known_names(decl, data, error));
	values = json_object();
	err = write_all(decl, data, lang, values, error);
	if (err == OUV_OK)
		*values_out = values;
	else
		json_decref(values);
	return err;
}

json_t *
ouv_text_example(const struct ouv_text_decl *decl)
{
	json_t *data = json_object();

	for (size_t i = 0; i < decl->var_count; i++)
		(void)json_object_set_new(data, decl->vars[i].name,
			json_deep_copy(decl->vars[i].example));
	return data;
}
