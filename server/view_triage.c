/*
 * view_triage.c - one held message beside the list of them: what it says, and
 * every decision that takes one click
 */
#include <string.h>

#include "ouv/history.h"
#include "ouv/id.h"

#include "page.h"
#include "view.h"

/* clang-format off */
static const struct sheet_field
	no_fields[] = { { NULL, NULL } };
/* clang-format on */

static const char *
hex_of(const struct request *request, const struct ouv_id *id)
{
	char hex[OUV_ID_HEX];

	ouv_id_hex(id, hex);
	return ouv_arena_strdup(request->arena, hex);
}

/* The message that stands behind this one in the list, else before it. */
static const char *
neighbour(const struct request *request, const struct ouv_case_list *list,
	const struct ouv_id *id)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!ouv_id_equal(&list->lines[i].id, id))
			continue;
		if (i + 1 < list->count)
			return hex_of(request, &list->lines[i + 1].id);
		if (i > 0)
			return hex_of(request, &list->lines[i - 1].id);
	}
	return "-";
}

/* Of the forms by which it goes to a case only those of a guess take one
 * click; a number is typed on its own page. */
static void
keep_guesses(json_t *look)
{
	json_t *list = json_object_get(look, "attributions"), *forms;
	json_t *one;
	size_t i, k, count = 0;

	json_array_foreach(list, i, one)
	{
		forms = json_object_get(one, "forms");
		for (k = json_array_size(forms); k-- > 0;)
			if (json_is_true(json_object_get(
				    json_array_get(forms, k), "is_typed")))
				(void)json_array_remove(forms, k);
		count += json_array_size(forms);
	}
	view_flag(look, "has_guess_forms", count > 0);
}

/* A reason that wants a note is no matter of one click. */
static void
mark_noted(json_t *look)
{
	json_t *one;
	size_t i;

	json_array_foreach(
		json_object_get(json_object_get(look, "discard"), "reasons"), i,
		one)
	{
		const char *code =
			json_string_value(json_object_get(one, "value"));

		view_flag(one, "is_noted",
			code != NULL && strcmp(code, "other") == 0);
	}
}

static enum ouv_err
read_one(
	struct request *request, const char *number, struct ouv_case_view *view)
{
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk), end;

	if (err != OUV_OK)
		return err;
	ouv_desk_together(desk, request->arena);
	err = ouv_desk_case(desk, request->arena, request->actor, number, view);
	end = ouv_desk_apart(desk);
	if (err == OUV_REFUSED)
		ouv_desk_denied(desk, request->actor, number);
	return err == OUV_OK ? end : err;
}

/* Nobody sets aside in one click what is not before them: it may be lost. */
static void
keep_seen(json_t *look)
{
	bool few = !json_is_true(json_object_get(look, "has_earlier"));
	bool may = json_is_object(json_object_get(look, "discard"));

	view_flag(look, "is_aside_elsewhere", may && !few);
	if (!few)
		json_object_set_new(look, "discard", json_false());
}

/* False: it is no longer held, or not for this reader. */
bool
view_triage(struct request *request, json_t *data,
	const struct ouv_case_list *list, const char *at)
{
	struct ouv_case_view view = { 0 };
	struct sheet sheet;
	struct ouv_id id;
	const char *path;
	json_t *look;

	if (at == NULL || ouv_id_parse(at, &id) != OUV_OK ||
		read_one(request, at, &view) != OUV_OK ||
		view.line.protocol != NULL)
		return false;
	path = view_case_path(request, &view.line);
	look = json_object();
	sheet = sheet_begin(request, path, NULL);
	view_case_line(request, look, &view.line, 0);
	view_held(&sheet, look, &view);
	keep_guesses(look);
	mark_noted(look);
	view_timeline(request, look, &view, path);
	keep_seen(look);
	view_flag(look, "is_held", true);
	view_line(look, "look_path", path);
	view_line(look, "held_next", neighbour(request, list, &view.line.id));
	json_decref(sheet.errors);
	json_object_set_new(data, "look", look);
	return true;
}

/* What was set aside a moment ago is taken back where it is told. */
void
view_triage_undo(struct request *request, json_t *data, const char *of)
{
	struct sheet sheet = sheet_begin(request,
		ouv_arena_printf(request->arena, "/cases/%s", of), NULL);

	json_object_set_new(data, "undo",
		sheet_form(&sheet, "restore", "undo", false, no_fields));
	json_decref(sheet.errors);
}
