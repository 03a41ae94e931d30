/*
 * sheet.c - fills forms, and brings errors to the field they are about
 */
#include <string.h>
#include <time.h>

#include "ouv/clock.h"
#include "ouv/id.h"

#include "again.h"
#include "move.h"
#include "session.h"
#include "sheet.h"
#include "view.h"

struct sheet
sheet_begin(const struct request *request, const char *path,
	const struct trouble *trouble)
{
	return (struct sheet){ .request = request,
		.path = path,
		.verb = request->args[1],
		.trouble = trouble,
		.errors = json_array() };
}

/* The key by which a form sent twice is done once. */
static const char *
form_key(const struct request *request, const char *given)
{
	uint8_t bytes[16];
	char hex[33];

	if (given != NULL && ouv_unhex(given, bytes, sizeof(bytes)) == OUV_OK)
		return given; /* it was not done: the same form again */
	ouv_random(bytes, sizeof(bytes));
	ouv_hex(bytes, sizeof(bytes), hex);
	return ouv_arena_strdup(request->arena, hex);
}

const char *
sheet_new_key(const struct request *request)
{
	return form_key(request, NULL);
}

/* A date as the reader's language writes it; any other text as it is. */
static const char *
offered(const struct request *request, const char *text)
{
	struct tm tm = { 0 };
	char out[32];
	const char *end = strptime(text, "%Y-%m-%d", &tm);

	if (end == NULL || *end != '\0')
		return text;
	(void)strftime(out, sizeof(out),
		request->lang == OUV_LANG_EN ? "%-d %b %Y" : "%d/%m/%Y", &tm);
	return ouv_arena_strdup(request->arena, out);
}

/* What is wrong, and what would do where the desk knows it. */
static const char *
error_word(const struct request *request, const struct ouv_field_error *error)
{
	const struct words *words = &request->server->words;
	const char *word = move_word(request, "field_",
		request->args[1] != NULL ? request->args[1] : "", error->code);
	const char *lead =
		words_code(words, request->lang, "offer_", error->code);

	if (word == NULL)
		return words_get(words, request->lang, "field_wrong");
	if (error->offer == NULL || lead == NULL)
		return word;
	return ouv_arena_printf(request->arena, "%s %s %s", word, lead,
		offered(request, error->offer));
}

/* One line of the summary; label NULL: about no single field. */
static void
add_error(struct sheet *sheet, const char *label, const char *target,
	const char *text)
{
	json_t *one = json_object();

	view_flag(one, "has_label", label != NULL);
	view_line(one, "label", "");
	if (label != NULL)
		view_word(sheet->request, one, "label", label);
	view_line(one, "target_path", target);
	view_line(one, "text", text);
	json_array_append_new(sheet->errors, one);
}

static const struct ouv_field_error *
error_of(const struct sheet *sheet, const char *field)
{
	const struct ouv_verb_result *result = sheet->trouble->result;

	for (size_t i = 0; i < result->error_count; i++)
		if (strcmp(result->errors[i].field, field) == 0)
			return &result->errors[i];
	return NULL;
}

/* What is wrong with fields that the form does not show. */
static void
add_hidden_errors(struct sheet *sheet, const char *target,
	const struct sheet_field *fields)
{
	const struct ouv_verb_result *result = sheet->trouble->result;

	if (sheet->trouble->word != NULL)
		add_error(sheet, NULL, target,
			words_get(&sheet->request->server->words,
				sheet->request->lang, sheet->trouble->word));
	for (size_t i = 0; i < result->error_count; i++) {
		const struct sheet_field *f = fields;

		while (f->name != NULL &&
			strcmp(f->name, result->errors[i].field) != 0)
			f++;
		if (f->name == NULL)
			add_error(sheet, NULL, target,
				error_word(sheet->request, &result->errors[i]));
	}
}

/* What is found stands beside a text that may be long: the summary names the
 * gravest, and leads to where all of it is said. */
static void
add_found(struct sheet *sheet, const char *id)
{
	const struct ouv_check *check = sheet->trouble->result->check;
	const struct request *request = sheet->request;
	const struct ouv_finding *first;

	if (check == NULL || sheet->trouble->status < 400 ||
		check->finding_count == 0)
		return;
	first = &check->findings[0];
	for (size_t i = 0; i < check->finding_count; i++)
		if (check->findings[i].rule->severity == OUV_LINT_BLOCKS) {
			first = &check->findings[i];
			break;
		}
	add_error(sheet, NULL,
		ouv_arena_printf(request->arena, "#%s-found", id),
		ouv_arena_printf(request->arena, "“%s”: %s",
			first->found != NULL ? first->found : "",
			first->rule->says[request->lang]));
}

static void
add_field(struct sheet *sheet, json_t *form, const char *id, bool mine,
	const struct sheet_field *field)
{
	struct ouv_arena *arena = sheet->request->arena;
	const struct ouv_field_error *error =
		mine ? error_of(sheet, field->name) : NULL;
	const char *text =
		error != NULL ? error_word(sheet->request, error) : "";

	view_text(
		form, field->name, mine ? sheet_typed(sheet, field->name) : "");
	view_flag(form, ouv_arena_printf(arena, "has_%s_error", field->name),
		error != NULL);
	view_line(form, ouv_arena_printf(arena, "%s_error", field->name), text);
	if (error != NULL)
		add_error(sheet, field->label,
			ouv_arena_printf(arena, "#%s-%s", id, field->name),
			text);
}

bool
sheet_is_mine(const struct sheet *sheet, const char *verb, bool mine)
{
	return mine && sheet->trouble != NULL && strcmp(sheet->verb, verb) == 0;
}

const char *
sheet_typed(const struct sheet *sheet, const char *name)
{
	return sheet->trouble != NULL ? form_get(&sheet->request->form, name)
				      : NULL;
}

json_t *
sheet_form(struct sheet *sheet, const char *verb, const char *id, bool mine,
	const struct sheet_field *fields)
{
	const struct request *request = sheet->request;
	const char *action =
		ouv_arena_printf(request->arena, "%s/%s", sheet->path, verb);
	json_t *form = json_object();

	mine = sheet_is_mine(sheet, verb, mine);
	view_line(form, "id", id);
	view_line(form, "action_path", action);
	view_line(form, "csrf", session_token(request, action));
	view_line(form, "form_key",
		form_key(
			request, mine ? sheet_typed(sheet, "form_key") : NULL));
	for (const struct sheet_field *f = fields; f->name != NULL; f++)
		add_field(sheet, form, id, mine, f);
	if (mine) {
		add_hidden_errors(sheet,
			ouv_arena_printf(request->arena, "#%s", id), fields);
		add_found(sheet, id);
		sheet->found = true;
		sheet->form = id;
	}
	return form;
}

json_t *
sheet_choices(const struct sheet *sheet, bool mine, const char *name,
	const char *prefix, const char *const *codes)
{
	const char *typed = mine ? sheet_typed(sheet, name) : NULL;
	json_t *list = json_array();

	for (; *codes != NULL; codes++) {
		json_t *one = json_object();

		view_line(one, "value", *codes);
		view_code(sheet->request, one, "name", prefix, *codes);
		view_flag(one, "is_current",
			typed != NULL && strcmp(typed, *codes) == 0);
		json_array_append_new(list, one);
	}
	return list;
}

void
sheet_tell(struct sheet *sheet, const char *label, const char *target,
	const char *text)
{
	add_error(sheet, label, target, text);
}

void
sheet_end(struct sheet *sheet, json_t *data)
{
	static const struct sheet_field none = { NULL, NULL };

	if (sheet->trouble != NULL && !sheet->found)
		add_hidden_errors(sheet, "#content", &none);
	if (sheet->form != NULL && again_knows(sheet->request))
		view_carry(data, sheet->form, sheet->request->path);
	view_flag(data, "has_errors", json_array_size(sheet->errors) > 0);
	json_object_set_new(data, "errors", sheet->errors);
	sheet->errors = NULL;
}
