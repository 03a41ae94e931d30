/*
 * pending.c - an act that waits for a second person
 *
 * Its fields lie in the case as they were typed.  Whoever confirms runs it as
 * its author's; nothing of it has happened before.  What came back is there to
 * be written on with.
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

	TRY(store_prepared_again(call->tx, &pending.case_id, pending.action,
		&call->actor->person));
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

/* ---- taken up again ---------------------------------------------------------
 */

static enum ouv_err
open_prepared(struct verb_call *call, const struct store_prepared *row,
	struct ouv_prepared *out)
{
	const char *text;

	*out = (struct ouv_prepared){ .action = row->action,
		.author = row->author_name,
		.at = row->at,
		.decided_at = row->decided_at,
		.decision = row->decision,
		.second = row->second_name };
	if (!ouv_id_is_zero(&row->why))
		TRY(words_read(call, &row->why, &out->why));
	TRY(words_read(call, &row->item, &text));
	return pending_fields(
		call->arena, text, &out->fields, &out->field_count);
}

enum ouv_err
ouv_desk_prepared(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, const char *act,
	struct ouv_prepared *out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_prepared row;
	struct opened opened;
	struct verb_call call = {
		.desk = desk, .arena = arena, .actor = actor, .opened = &opened
	};
	struct ouv_id id;
	enum ouv_err err;

	if (ouv_id_parse(act, &id) != OUV_OK)
		return OUV_NOT_FOUND;
	TRY(store_begin_reading(desk->store, &tx));
	call.tx = tx;
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	err = store_prepared(tx, arena, &opened.c.id, &id, &row);
	if (err == OUV_OK)
		err = open_prepared(&call, &row, out);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err == OUV_OK ? store_commit(&tx) : err;
}
