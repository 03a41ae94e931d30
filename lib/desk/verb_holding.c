/*
 * verb_holding.c - it takes longer: the reason, and a new date for the case
 *
 * The date the case had is in a note beside the letter; a case whose date has
 * changed meanwhile is left alone.
 */
#include "write.h"

#define REASON_MOST 4000
#define DAYS_MOST 60

/* The day in the letter, its end in the draft. */
static enum ouv_err
read_date(struct verb_call *call, struct draft *draft, int32_t *day_out)
{
	const struct ouv_calendar *calendar;

	TRY(absence_calendar(call->desk, call->tx, &calendar));
	if (!field_day(call, calendar, "new_date", 1, day_out, &draft->due_at))
		return OUV_INVALID;
	if (*day_out > ouv_calendar_day(calendar, call->now, NULL) + DAYS_MOST)
		verb_error(call, "new_date", "too-far");
	else if (draft->due_at <= call->opened->c.due_at)
		verb_error(call, "new_date", "before-due");
	return OUV_OK;
}

enum ouv_err
holding_draft(struct verb_call *call, struct draft *draft)
{
	const char *reason =
		field_words(call, "reason", REASON_MOST, false, true);
	const char *todo =
		field_words(call, "what_we_do", REASON_MOST, false, false);
	enum ouv_err err;
	int32_t day = 0;

	draft->overrule =
		field_words(call, "overrule", REASON_MOST, false, false);
	err = read_date(call, draft, &day);
	if (err != OUV_OK || call->result->error_count > 0)
		return err == OUV_OK ? OUV_INVALID : err;
	draft->dated = true;
	TRY(draft_to(call, draft, false));
	TRY(draft_begin(call, draft, "holding", "holding"));
	draft->typed[0] = (struct typed){ .field = "reason", .text = reason };
	draft->typed[1] = (struct typed){ .field = "what_we_do", .text = todo };
	draft->typed_count = 2;
	json_object_set_new(draft->letter.data, "reason", json_string(reason));
	json_object_set_new(draft->letter.data, "new_date", json_integer(day));
	if (*todo != '\0')
		json_object_set_new(
			draft->letter.data, "what_we_do", json_string(todo));
	return OUV_OK;
}

/* "2026-03-02 -> 2026-03-12", as the office's wall has it. */
static const char *
both_dates(struct verb_call *call, const struct ouv_calendar *calendar,
	int64_t was_at, int64_t due_at)
{
	return ouv_arena_printf(call->arena, "%s \xE2\x86\x92 %s",
		was_at == 0 ? "\xE2\x80\x93"
			    : field_day_text(call->arena,
				      ouv_calendar_day(calendar, was_at, NULL)),
		field_day_text(
			call->arena, ouv_calendar_day(calendar, due_at, NULL)));
}

static enum ouv_err
run(struct verb_call *call)
{
	int64_t was_at = call->opened->c.due_at;
	const struct ouv_calendar *calendar;
	struct draft draft = { 0 };
	struct ouv_id note;

	TRY(draft_run(call, holding_draft, &draft));
	call->agreed_at = draft.due_at;
	TRY(absence_calendar(call->desk, call->tx, &calendar));
	TRY(held_note(
		call, both_dates(call, calendar, was_at, draft.due_at), &note));
	return store_case_due(call->tx, &call->file->id, was_at, draft.due_at);
}

const struct verb verb_holding = { "holding", OUV_ACTION_HOLDING, run, true,
	NULL };
