/*
 * task.c - asking a person for what no letter does, until it is done
 */
#include <string.h>

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

enum ouv_err
task_waits(struct verb_call *call, const char *kind, bool *waits_out)
{
	struct store_task *tasks;
	size_t count;

	*waits_out = false;
	TRY(store_tasks(
		call->tx, call->arena, &call->file->id, &tasks, &count));
	for (size_t i = 0; i < count; i++)
		if (tasks[i].done_at == 0 && strcmp(tasks[i].kind, kind) == 0)
			*waits_out = true;
	return OUV_OK;
}

/* ---- what a step settles ----------------------------------------------------
 */

/* clang-format off */
static const struct {
	enum ouv_action action;
	const char *kind;
	const char *to; /* of a letter: to that side; NULL: any */
} settled[] = {
	{ OUV_ACTION_ANSWER, "read-answer", NULL },
	{ OUV_ACTION_DECLINE, "read-answer", NULL },
	{ OUV_ACTION_FEED_BACK, "read-answer", NULL },
	{ OUV_ACTION_EXTEND, "extension-asked", NULL },
	{ OUV_ACTION_REPLY, "extension-asked", "company" },
	{ OUV_ACTION_REPLY, "pass-on", "company" },
	{ OUV_ACTION_REPLY, "ask-consumer", "consumer" },
	{ OUV_ACTION_PROPOSE, "pass-on", NULL },
	{ OUV_ACTION_NO_AGREEMENT, "pass-on", NULL },
};
/* clang-format on */

/* A letter of which nothing is said goes to the consumer. */
static bool
goes_to(const struct verb_call *call, const char *side)
{
	const char *to = verb_field(call, "to");

	return strcmp(side, *to != '\0' ? to : "consumer") == 0;
}

/* A party's own act settles nothing here: nobody has read what came before. */
enum ouv_err
tasks_settle(struct verb_call *call, const struct frame *frame)
{
	const struct ouv_id *case_id = &call->file->id;
	const struct ouv_id *person = &call->actor->person;
	enum ouv_role role = frame->role;

	if (by_program(call))
		return OUV_OK;
	if (role == OUV_ROLE_CONSUMER || role == OUV_ROLE_COMPANY)
		TRY(store_tasks_settled(call->tx, case_id, "read-decision",
			ouv_role_name(role), person));
	for (size_t i = 0; i < sizeof(settled) / sizeof(settled[0]); i++)
		if (settled[i].action == frame->verb->action &&
			(settled[i].to == NULL || goes_to(call, settled[i].to)))
			TRY(store_tasks_settled(call->tx, case_id,
				settled[i].kind, NULL, person));
	return OUV_OK;
}
