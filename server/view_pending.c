/*
 * view_pending.c - what waits for a second person: the fields as they were
 * typed, what happened since, and the form by which it is confirmed or given
 * back
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

/* Since it was prepared, of what its author judged. */
static void
add_changes(const struct sheet *sheet, json_t *one,
	const struct ouv_pending_view *p)
{
	const struct request *request = sheet->request;
	json_t *list = json_array();

	for (size_t i = 0; i < p->change_count; i++) {
		const struct ouv_change *change = &p->changes[i];
		json_t *line = json_object();

		view_time(request, line, "since_at", change->at);
		move_line(line, "since_by", change->who);
		view_code(request, line, "since", "event_", change->action);
		view_flag(line, "is_message", change->item != 0);
		view_number(line, "since_seq", change->item);
		view_line(line, "since_path",
			ouv_arena_printf(request->arena, "%s?open=%d#item-%d",
				sheet->path, change->item, change->item));
		json_array_append_new(list, line);
	}
	view_flag(one, "has_changes_since", p->change_count > 0);
	json_object_set_new(one, "changes_since", list);
}

const char *
view_prepared_path(const struct request *request, const char *case_path,
	const char *verb, const struct ouv_id *act)
{
	char hex[OUV_ID_HEX];

	ouv_id_hex(act, hex);
	return ouv_arena_printf(
		request->arena, "%s/do/%s?from=%s", case_path, verb, hex);
}

static bool
is_decided_here(const struct sheet *sheet, const struct ouv_id *act)
{
	const char *typed = sheet_typed(sheet, "act");
	char hex[OUV_ID_HEX];

	ouv_id_hex(act, hex);
	return typed != NULL && strcmp(typed, hex) == 0;
}

static json_t *
decision_form(struct sheet *sheet, const char *id,
	const struct ouv_pending_view *p, int rev)
{
	json_t *form = sheet_form(
		sheet, "second", id, is_decided_here(sheet, &p->id), fields);
	char hex[OUV_ID_HEX];

	ouv_id_hex(&p->id, hex);
	view_line(form, "act", hex);
	/* All that happened by then stands on this page. */
	view_number(form, "rev", rev);
	view_flag(form, "may_confirm", !p->gone);
	return form;
}

static json_t *
make_one(struct sheet *sheet, const struct ouv_pending_view *p, int rev,
	int number)
{
	const struct request *request = sheet->request;
	const char *id = ouv_arena_printf(request->arena, "pending-%d", number);
	json_t *one = json_object();

	view_line(one, "pending_id", id);
	view_code(request, one, "pending_action", "action_", p->action);
	view_line(one, "pending_author", p->author);
	view_time(request, one, "pending_at", p->at);
	view_flag(one, "is_mine", p->mine);
	view_line(one, "pending_path",
		view_prepared_path(request, sheet->path, p->action, &p->id));
	view_flag(one, "is_gone", p->gone);
	view_flag(one, "is_others", !p->mine && !p->may_decide);
	add_changes(sheet, one, p);
	json_object_set_new(one, "typed", typed_fields(request, p));
	json_object_set_new(one, "second",
		p->may_decide ? decision_form(sheet, id, p, rev)
			      : json_false());
	return one;
}

bool
view_pending_waits(const struct sheet *sheet, const struct ouv_mediation *m)
{
	for (size_t i = 0; i < m->pending_count; i++)
		if (is_decided_here(sheet, &m->pending[i].id))
			return true;
	return false;
}

void
view_pending(struct sheet *sheet, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->pending_count; i++)
		json_array_append_new(
			list, make_one(sheet, &m->pending[i], view->line.rev,
				      (int)i + 1));
	view_flag(data, "has_pending", m->pending_count > 0);
	json_object_set_new(data, "pending", list);
}
