/*
 * view_pending.c - what waits for a second person: the fields as they were
 * typed, and the form by which it is confirmed or given back
 */
#include <string.h>

#include "ouv/id.h"

#include "move.h"

/* clang-format off */
static const struct sheet_field fields[] = { { "why", "second_why" },
	{ NULL, NULL } };

/* What a form carries besides what was typed into it. */
static const char *const carried[] = { "rev", "behalf", "source", "csrf",
	"form_key" };
/* clang-format on */

static bool
is_carried(const char *name)
{
	for (size_t i = 0; i < sizeof(carried) / sizeof(carried[0]); i++)
		if (strcmp(carried[i], name) == 0)
			return true;
	return false;
}

/* A code of the form has words; what was written is shown as it is. */
static const char *
value_word(const struct request *request, const char *verb, const char *name,
	const char *value)
{
	const char *word = NULL;

	if (strpbrk(value, " \n.") == NULL && strlen(value) < 40) {
		word = move_word(request,
			ouv_arena_printf(request->arena, "word_%s_", verb),
			name, value);
		if (word == NULL)
			word = move_word(request, "word_", name, value);
	}
	return word != NULL ? word : value;
}

static json_t *
typed_fields(const struct request *request, const struct ouv_pending_view *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->field_count; i++) {
		const struct ouv_field *field = &p->fields[i];
		const char *name = move_field(request->arena, field->name);
		const char *label;
		json_t *one;

		if (is_carried(field->name) || *field->value == '\0')
			continue;
		label = move_word(request, "label_", p->action, name);
		one = json_object();
		view_line(one, "typed_label", label != NULL ? label : name);
		view_text(one, "typed_value",
			p->labels[i] != NULL ? p->labels[i]
					     : value_word(request, p->action,
						       name, field->value));
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *
make_one(struct sheet *sheet, const struct ouv_pending_view *p, int number)
{
	const struct request *request = sheet->request;
	const char *id = ouv_arena_printf(request->arena, "pending-%d", number);
	const char *typed = sheet_typed(sheet, "act");
	char hex[OUV_ID_HEX];
	json_t *one = json_object(), *form = json_false();

	ouv_id_hex(&p->id, hex);
	if (p->may_decide) {
		form = sheet_form(sheet, "second", id,
			typed != NULL && strcmp(typed, hex) == 0, fields);
		view_line(form, "act", hex);
	}
	view_line(one, "pending_id", id);
	view_code(request, one, "pending_action", "action_", p->action);
	view_line(one, "pending_author", p->author);
	view_time(request, one, "pending_at", p->at);
	view_flag(one, "is_mine", p->mine);
	view_flag(one, "is_others", !p->mine && !p->may_decide);
	json_object_set_new(one, "typed", typed_fields(request, p));
	json_object_set_new(one, "second", form);
	return one;
}

void
view_pending(struct sheet *sheet, json_t *data, const struct ouv_mediation *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->pending_count; i++)
		json_array_append_new(
			list, make_one(sheet, &m->pending[i], (int)i + 1));
	view_flag(data, "has_pending", m->pending_count > 0);
	json_object_set_new(data, "pending", list);
}
