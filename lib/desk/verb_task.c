/*
 * verb_task.c - what no letter does was done by a person
 */
#include "desk_impl.h"

#define NOTE_MOST 20000

/* clang-format off */
static const char *const outcomes[] = {
	"letter", "phone", "other-address", "sent-again", "not-needed",
};
/* clang-format on */

static enum ouv_err
run(struct verb_call *call)
{
	const char *outcome = held_word(call, "outcome", outcomes,
		sizeof(outcomes) / sizeof(outcomes[0]));
	const char *note = held_text(call, "note", NOTE_MOST, false);
	struct ouv_id task, item = { 0 };
	enum ouv_err err;

	err = ouv_id_parse(verb_field(call, "task"), &task);
	if (err == OUV_OK)
		err = store_task_find(call->tx, &call->file->id, &task);
	if (err == OUV_TEMPORARY)
		return err;
	if (err != OUV_OK)
		verb_error(call, "task", "unknown");
	if (call->result->error_count > 0)
		return OUV_INVALID;
	if (*note != '\0')
		TRY(held_note(call, note, &item));
	call->object = task;
	return store_task_done(call->tx, &call->file->id, &task,
		&call->actor->person, outcome, &item);
}

const struct verb verb_task_done = { "task-done", OUV_ACTION_TASK_DONE, run,
	false };
