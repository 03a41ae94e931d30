/*
 * verb_decline.c - the company will not answer, or let its time run out
 *
 * Its reasons go to the consumer only when a colleague has read and entered
 * them.  What the consumer then may say, and until when, is in the letter.
 */
#include "settle.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "text",
		.kind = OUV_FIELD_WORDS,
		.most = WORDS_MOST,
		.letter = true },
	{ .name = NULL },
};

static enum ouv_err
hear(struct verb_call *call, bool silent)
{
	int64_t due_at = 0;

	TRY(silent ? hearing_lapsed(call, COMPANY)
		   : hearing_answered(call, COMPANY));
	TRY(hearing_due(call, CONSUMER, &due_at));
	if (due_at != 0)
		settle_one(call, CONSUMER, "comment_by", json_integer(due_at));
	return hearing_sent(call, CONSUMER, due_at);
}

static enum ouv_err
run(struct verb_call *call)
{
	struct moving *move = call->move;
	const char *text = move_text(call, "text", 1);
	bool silent = move->role == OUV_ROLE_TIMER;

	move->m.resolution = silent ? "silent" : "refused";
	settle_both(call, "silent", json_boolean(silent));
	if (*text != '\0' && settle_by_colleague(call))
		settle_one(call, CONSUMER, "words", json_string(text));
	TRY(hear(call, silent));
	return silent ? seal_review(call, &move->item) : OUV_OK;
}

const struct verb verb_decline = { "decline", OUV_ACTION_DECLINE, run, false,
	fields };
