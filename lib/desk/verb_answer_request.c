/*
 * verb_answer_request.c - what came of a request about somebody's own data
 */
#include <string.h>

#include "intake.h"

/* clang-format off */
static const char *const outcomes[] = { "granted", "partly", "refused",
	"not-identified", NULL };

static const struct ouv_field_decl fields[] = {
	{ .name = "outcome", .kind = OUV_FIELD_WORD, .required = true, .words = outcomes },
	{ .name = "denial", .kind = OUV_FIELD_CODE, .book = "denial" },
	{ .name = "text", .kind = OUV_FIELD_WORDS, .most = INTAKE_WORDS,
	  .required = true, .letter = true },
	{ .name = NULL },
};
/* clang-format on */

static void
flag(struct verb_call *call, const char *name, bool value)
{
	intake_one(call, CONSUMER, name, json_boolean(value));
}

/* What was asked to be erased is in these cases: their custodian looks at it.
 * Whether it may be is the law's, not the clerk's. */
static enum ouv_err
ask_erasure(struct verb_call *call)
{
	struct store_link *list;
	size_t count;

	TRY(store_links(call->tx, call->arena, &call->file->id,
		&call->actor->person, &list, &count));
	for (size_t i = 0; i < count; i++) {
		struct store_task task = { .id = ouv_id_new(),
			.case_id = list[i].other,
			.kind = "erasure-asked",
			.opened_at = call->now };
		bool opened;

		if (call->move->dry)
			continue;
		TRY(letter_due(call->desk, call->tx, call->now, &task.due_at));
		TRY(store_task_add(call->tx, &task, &opened));
		if (opened)
			TRY(log_existing(call->desk, call->tx, call->arena,
				&list[i].other, &call->actor->person,
				"task-open", &task.id));
	}
	return OUV_OK;
}

static enum ouv_err
run(struct verb_call *call)
{
	struct store_mediation *m = &call->move->m;
	const char *denial = move_text(call, "denial", 1);
	bool granted;

	m->outcome = move_text(call, "outcome", 1);
	granted = strcmp(m->outcome, "granted") == 0;
	m->denial = granted || *denial == '\0' ? NULL : denial;
	if (m->denial == NULL && (strcmp(m->outcome, "refused") == 0 ||
					 strcmp(m->outcome, "partly") == 0)) {
		verb_error(call, "denial", "empty");
		return OUV_INVALID;
	}
	flag(call, "is_granted", granted);
	flag(call, "is_partly", strcmp(m->outcome, "partly") == 0);
	flag(call, "is_refused", strcmp(m->outcome, "refused") == 0);
	flag(call, "is_unknown", strcmp(m->outcome, "not-identified") == 0);
	intake_one(call, CONSUMER, "words",
		json_string(move_text(call, "text", 1)));
	TRY(intake_label(call, CONSUMER, "right", "right", m->right));
	TRY(intake_label(call, CONSUMER, "denial", "denial", m->denial));
	if (m->right != NULL && strcmp(m->right, "erase") == 0 &&
		(granted || strcmp(m->outcome, "partly") == 0))
		TRY(ask_erasure(call));
	return intake_until(
		call, CONSUMER, "reopen_by", OUV_CLOCK_REOPEN_WINDOW);
}

const struct verb verb_answer_request = { "answer-request",
	OUV_ACTION_ANSWER_REQUEST, run, true, fields };
