/*
 * verb_decide_review.c - somebody who was not in the case decides the review
 */
#include <string.h>

#include "opine.h"

/* clang-format off */
static const char *const outcomes[] = { "uphold", "reexamine", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "outcome",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = outcomes },
	{ .name = "reasons",
		.kind = OUV_FIELD_WORDS,
		.required = true,
		.most = WORDS_MOST,
		.letter = true },
	{ .name = "referral",
		.kind = OUV_FIELD_CODE,
		.repeat = REFERRALS_MOST,
		.book = "referral" },
	{ .name = NULL },
};

static enum ouv_err
keep(struct verb_call *call, const char *reasons)
{
	struct moving *move = call->move;
	struct store_opinion row = { .kind = "review",
		.merit = move->m.merit != NULL ? move->m.merit
					       : "not-established",
		.author = call->actor->person,
		.at = call->now };

	TRY(words_keep(call, reasons, &row.item));
	call->object = row.item;
	return store_opinion_add(call->tx, &move->m.case_id, &row, NULL, 0);
}

static enum ouv_err
run(struct verb_call *call)
{
	struct moving *move = call->move;
	const char *reasons = move_text(call, "reasons", 1);
	bool uphold = strcmp(move_text(call, "outcome", 1), "uphold") == 0;

	TRY(keep(call, reasons));
	settle_both(call, "is_upheld", json_boolean(uphold));
	settle_both(call, "reasons", json_string(reasons));
	TRY(opinion_referrals(call));
	move->to = uphold ? OUV_STATE_CLOSED : OUV_STATE_MERIT;
	if (!uphold) /* what was decided no longer stands */
		move->m.merit = move->m.resolution = NULL;
	return OUV_OK;
}

const struct verb verb_decide_review = { "decide-review",
	OUV_ACTION_DECIDE_REVIEW, run, false, fields };
