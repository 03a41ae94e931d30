/*
 * verb_feed_back.c - what came of it: no case ends without the measures told
 */
#include "intake.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "text",
		.kind = OUV_FIELD_WORDS,
		.required = true,
		.most = INTAKE_WORDS,
		.letter = true },
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	intake_one(call, CONSUMER, "words",
		json_string(move_text(call, "text", 1)));
	/* Who never got it is not thanked. */
	if (!call->move->m.told)
		call->move->text[COMPANY] = NULL;
	return intake_until(
		call, CONSUMER, "reopen_by", OUV_CLOCK_REOPEN_WINDOW);
}

const struct verb verb_feed_back = { "feed-back", OUV_ACTION_FEED_BACK, run,
	false, fields };
