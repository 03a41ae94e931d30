/*
 * inputs.c - the fields of a form that a table describes, for {{> inputs}}
 */
#include <string.h>

#include "inputs.h"
#include "view.h"
#include "words.h"

const struct sheet_field *
inputs_names(const struct sheet *sheet, const struct inputs *inputs,
	const struct sheet_field *more)
{
	struct ouv_arena *arena = sheet->request->arena;
	size_t extra = 0, n = 0;
	struct sheet_field *list;

	while (more != NULL && more[extra].name != NULL)
		extra++;
	list = ouv_arena_array(arena, inputs->count + extra + 1, sizeof(*list));
	for (size_t i = 0; i < inputs->count; i++)
		list[n++] = (struct sheet_field){ inputs->fields[i].name,
			ouv_arena_printf(arena, "%s%s", inputs->prefix,
				inputs->fields[i].name) };
	for (size_t i = 0; i < extra; i++)
		list[n++] = more[i];
	return list;
}

/* ---- one field -------------------------------------------------------------
 */

static const char *
value_of(const struct sheet *sheet, const struct inputs *inputs,
	const struct input_field *f)
{
	const char *value = sheet_typed(sheet, f->name);

	if (value == NULL && inputs->value != NULL)
		value = inputs->value(sheet, inputs->user, f);
	if (value == NULL && f->input == INPUT_LANG)
		value = sheet->request->server->config->office_language;
	return value != NULL ? value : "";
}

static json_t *
choices_of(const struct sheet *sheet, const struct inputs *inputs,
	const struct input_field *f, const char *chosen)
{
	const struct request *request = sheet->request;
	json_t *list = json_array();

	for (const char *const *p = f->codes; p != NULL && *p != NULL; p++)
		view_option(list, *p, view_word_of(request, f->prefix, *p),
			strcmp(*p, chosen) == 0);
	for (int i = 0; f->input == INPUT_LANG && i < OUV_LANG__COUNT; i++) {
		const char *tag = ouv_lang_tag((enum ouv_lang)i);

		view_option(list, tag, view_word_of(request, "lang_", tag),
			strcmp(tag, chosen) == 0);
	}
	if (f->input == INPUT_OWN)
		inputs->choices(sheet, inputs->user, f, chosen, list);
	return list;
}

static json_t *
field_of(const struct sheet *sheet, const struct inputs *inputs,
	const json_t *form, const struct input_field *f)
{
	static const struct {
		const char *flag;
		enum input input;
	} flags[] = { { "is_text", INPUT_TEXT }, { "is_addr", INPUT_ADDR },
		{ "is_phone", INPUT_PHONE }, { "is_number", INPUT_NUMBER },
		{ "is_date", INPUT_DATE }, { "is_time", INPUT_TIME },
		{ "is_area", INPUT_AREA } };
	const struct request *request = sheet->request;
	struct ouv_arena *arena = request->arena;
	const char *value = value_of(sheet, inputs, f);
	const char *wrong = json_string_value(json_object_get(
		form, ouv_arena_printf(arena, "%s_error", f->name)));
	json_t *one = json_object();

	view_line(one, "field_id",
		ouv_arena_printf(arena, "%s-%s", inputs->id, f->name));
	view_line(one, "name", f->name);
	view_word(request, one, "label",
		ouv_arena_printf(arena, "%s%s", inputs->prefix, f->name));
	view_flag(one, "has_help", f->help != NULL);
	view_line(one, "help", "");
	if (f->help != NULL)
		view_word(request, one, "help", f->help);
	view_flag(one, "is_select", f->input >= INPUT_WORDS);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		view_flag(one, flags[i].flag, f->input == flags[i].input);
	view_flag(one, "is_needed", f->needed);
	view_flag(one, "may_be_none", *value == '\0' || !f->needed);
	view_number(one, "most", f->most);
	view_number(one, "rows", f->most > 500 ? 12 : 3);
	view_text(one, "value", value);
	view_flag(one, "has_wrong", wrong != NULL && *wrong != '\0');
	view_line(one, "wrong", wrong);
	json_object_set_new(
		one, "options", choices_of(sheet, inputs, f, value));
	return one;
}

json_t *
inputs_view(const struct sheet *sheet, const struct inputs *inputs,
	const json_t *form, int group)
{
	json_t *list = json_array();

	for (size_t i = 0; i < inputs->count; i++)
		if (inputs->fields[i].group == group)
			json_array_append_new(
				list, field_of(sheet, inputs, form,
					      &inputs->fields[i]));
	return list;
}
