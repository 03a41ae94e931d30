/*
 * task.c - asking a person for what no letter does
 */
#include "frame.h"

enum ouv_err
task_ask(struct verb_call *call, const char *kind, const struct ouv_id *item,
	int64_t due_at)
{
	struct store_task task = { .id = ouv_id_new(),
		.case_id = call->file->id,
		.item = *item,
		.kind = kind,
		.opened_at = call->now,
		.due_at = due_at };
	bool opened;

	if (due_at == 0)
		TRY(letter_due(call->desk, call->tx, call->now, &task.due_at));
	TRY(store_task_add(call->tx, &task, &opened));
	if (!opened)
		return OUV_OK;
	return log_case(call->desk, call->tx, call->file, &call->actor->person,
		"task-open", &task.id);
}
