/*
 * pending.c - an act that waits for a second person
 *
 * Its fields lie in the case as they were typed.  Whoever confirms runs it as
 * its author's; nothing of it has happened before.
 */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "pending.h"

/* What belongs to the form and not to the act. */
static bool
of_form(const char *name)
{
	/* clang-format off */
	static const char *const names[] = { "csrf", "form_key", "rev" };
	/* clang-format on */

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static const char *
fields_text(const struct verb_call *call)
{
	json_t *doc = json_object();
	const char *text;
	char *dump;

	for (size_t i = 0; i < call->field_count; i++)
		if (!of_form(call->fields[i].name))
			(void)json_object_set_new(doc, call->fields[i].name,
				json_string(call->fields[i].value));
	dump = json_dumps(doc, JSON_COMPACT);
	text = ouv_arena_strdup(call->arena, dump);
	free(dump);
	json_decref(doc);
	return text;
}

enum ouv_err
pending_fields(struct ouv_arena *arena, const char *text,
	const struct ouv_field **fields_out, size_t *count_out)
{
	json_t *doc = json_loads(text, 0, NULL), *value;
	struct ouv_field *fields;
	const char *key;
	size_t n = 0;

	if (!json_is_object(doc)) {
		json_decref(doc);
		return OUV_INVALID;
	}
	fields = ouv_arena_array(arena, json_object_size(doc), sizeof(*fields));
	json_object_foreach(doc, key, value) if (json_is_string(value))
		fields[n++] = (struct ouv_field){ ouv_arena_strdup(arena, key),
			ouv_arena_strdup(arena, json_string_value(value)) };
	json_decref(doc);
	*fields_out = fields;
	*count_out = n;
	return OUV_OK;
}

enum ouv_err
pending_keep(struct verb_call *call, const struct verb *verb)
{
	struct store_pending pending = { .id = ouv_id_new(),
		.case_id = call->file->id,
		.author = call->actor->person,
		.action = ouv_action_name(verb->action) };
	struct ouv_id before;

	TRY(store_pending_void(
		call->tx, &pending.case_id, pending.action, &before));
	if (!ouv_id_is_zero(&before))
		TRY(store_task_end(call->tx, &before, PENDING_TASK,
			&call->actor->person, "not-needed"));
	TRY(held_words(call, fields_text(call), "fields", &pending.item));
	TRY(task_ask(call, PENDING_TASK, &pending.item, 0));
	TRY(log_case(call->desk, call->tx, call->file, &call->actor->person,
		"ask-second", &pending.id));
	pending.rev = (int)call->file->audit_seq;
	call->result->waiting = true;
	return store_pending_add(call->tx, &pending);
}
