/*
 * verb_task.c - what no letter does was done by a person
 */
#include <string.h>

#include "clock.h"
#include "ouv/store_mediation.h"

#define NOTE_MOST 20000

/* clang-format off */
static const char *const outcomes[] = {
	"letter", "phone", "other-address", "sent-again", "not-needed",
};
static const char *const of_promise[] = { "kept", "late", "not-needed" };
static const char *const of_others[] = { "done", "not-needed" };
static const char *const of_calls[] = { "reached", "not-reached",
	"wrong-number" };

/* What ends with a word to a party, by any way. */
static const char *const of_letters[] = { "other-channel", "send-again",
	"write-by-hand", "send-by-post", "confirm-by-post", "cannot-remind",
	"tell-erasure" };
/* clang-format on */

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *
read_outcome(struct verb_call *call, const char *kind)
{
	if (strcmp(kind, "promise") == 0)
		return held_word(
			call, "outcome", of_promise, COUNT(of_promise));
	if (strcmp(kind, "callback") == 0)
		return held_word(call, "outcome", of_calls, COUNT(of_calls));
	for (size_t i = 0; i < COUNT(of_letters); i++)
		if (strcmp(kind, of_letters[i]) == 0)
			return held_word(
				call, "outcome", outcomes, COUNT(outcomes));
	return held_word(call, "outcome", of_others, COUNT(of_others));
}

/* What the ledger of promises says of it then. */
static const char *
ledger_state(const char *outcome)
{
	return strcmp(outcome, "not-needed") == 0 ? "void" : outcome;
}

/* A privacy officer tells a party that its file will be erased; whatever else a
 * case asks for is not theirs to settle. */
static bool
may_end(const struct verb_call *call, const char *kind)
{
	return call->actor->role != OUV_ROLE_CUSTODIAN ||
	       strcmp(kind, "tell-erasure") == 0;
}

/* Merged into another, all its clocks stand still until that is taken back. */
static enum ouv_err
is_merged(struct verb_call *call, bool *merged_out)
{
	struct store_link *links;
	size_t count;

	*merged_out = false;
	TRY(store_links(call->tx, call->arena, &call->file->id,
		&call->actor->person, &links, &count));
	for (size_t i = 0; i < count; i++)
		if (links[i].outward && strcmp(links[i].kind, "merge") == 0)
			*merged_out = true;
	return OUV_OK;
}

/* An answer that was read and did not go over leaves the company owing one: its
 * clock goes on when nothing of its waits to be read. */
static enum ouv_err
answer_read(struct verb_call *call)
{
	const struct ouv_id *id = &call->file->id;
	struct store_clock *clocks;
	bool waits, merged;
	size_t count;

	if (call->file->state != OUV_STATE_COMPANY)
		return OUV_OK;
	TRY(task_waits(call, "read-answer", &waits));
	TRY(is_merged(call, &merged));
	if (waits || merged)
		return OUV_OK;
	TRY(clock_resume(call->desk, call->tx, call->arena, id,
		OUV_CLOCK_COMPANY, call->now));
	TRY(store_clocks(call->tx, call->arena, id, &clocks, &count));
	return store_case_due_set(
		call->tx, id, clock_case_due(call->file->state, clocks, count));
}

static enum ouv_err
run(struct verb_call *call)
{
	const char *note = held_text(call, "note", NOTE_MOST, false);
	const char *outcome, *kind = "";
	struct ouv_id task, item = { 0 };
	enum ouv_err err;

	err = ouv_id_parse(verb_field(call, "task"), &task);
	if (err == OUV_OK)
		err = store_task_find(
			call->tx, call->arena, &call->file->id, &task, &kind);
	if (err == OUV_TEMPORARY)
		return err;
	if (err != OUV_OK)
		verb_error(call, "task", "unknown");
	if (!may_end(call, kind))
		return OUV_REFUSED;
	outcome = read_outcome(call, kind);
	if (call->result->error_count > 0)
		return OUV_INVALID;
	if (*note != '\0')
		TRY(held_note(call, note, &item));
	call->object = task;
	TRY(store_task_done(call->tx, &call->file->id, &task,
		&call->actor->person, outcome, &item));
	if (strcmp(outcome, "not-needed") != 0)
		TRY(retain_told(call->desk, call->tx, call->arena,
			&call->file->id, &task, call->now));
	if (strcmp(kind, "read-answer") == 0)
		TRY(answer_read(call));
	if (strcmp(kind, "promise") != 0)
		return OUV_OK;
	return store_promise_end_task(
		call->tx, &task, ledger_state(outcome), call->now);
}

const struct verb verb_task_done = { "task-done", OUV_ACTION_TASK_DONE, run,
	false, NULL };
