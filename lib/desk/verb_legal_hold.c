/*
 * verb_legal_hold.c - nothing of a case may be erased, or again may
 *
 * A hold says why, and until when nobody need look at it again; set once more
 * it gets another day.
 */
#include <string.h>

#include "opine.h"
#include "ouv/store_keys.h"

/* clang-format off */
static const char *const holds[] = { "set", "lift", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "hold",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = holds },
	{ .name = "review", .kind = OUV_FIELD_DAY },
	{ .name = "reason",
		.kind = OUV_FIELD_WORDS,
		.required = true,
		.most = 2000 },
	{ .name = NULL },
};

/* Whoever sets one says when it is looked at; a lifted one has no day. */
static bool
read_day(struct verb_call *call, bool set, int32_t *day_out)
{
	bool given;
	int64_t end;

	*day_out = 0;
	given = move_day(call, "review", 1, day_out, &end);
	if (set && !given)
		verb_error(call, "review", "empty");
	if (!set)
		*day_out = 0;
	return !set || given;
}

static enum ouv_err
run(struct verb_call *call)
{
	struct moving *move = call->move;
	const struct ouv_id *case_id = &call->file->id;
	bool set = strcmp(move_text(call, "hold", 1), "set") == 0;
	int32_t day;

	if (!set && !move->m.legal_hold) {
		verb_error(call, "hold", "same");
		return OUV_INVALID;
	}
	if (!read_day(call, set, &day))
		return OUV_INVALID;
	move->m.legal_hold = set;
	move->reason = set ? holds[0] : holds[1];
	TRY(store_hold_review_set(call->tx, case_id, day));
	TRY(store_tasks_settled(
		call->tx, case_id, "hold-review", NULL, &call->actor->person));
	if (!set)
		TRY(store_lapse_at(
			call->tx, case_id, OUV_CLOCK_RETENTION, call->now));
	return words_keep(call, move_text(call, "reason", 1), &call->object);
}

const struct verb verb_legal_hold = { "legal-hold", OUV_ACTION_LEGAL_HOLD, run,
	false, fields };
