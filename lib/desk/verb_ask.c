/*
 * verb_ask.c - questions to the consumer, once; meanwhile the terms pause
 */
#include "intake.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "questions",
		.kind = OUV_FIELD_WORDS,
		.required = true,
		.most = INTAKE_WORDS,
		.letter = true },
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	/* Of who asks about their own data: is it them? */
	if (call->move->facts.request)
		call->move->text[CONSUMER] = "request-identity";
	intake_one(call, CONSUMER, "questions",
		json_string(move_text(call, "questions", 1)));
	return OUV_OK;
}

const struct verb verb_ask = { "ask", OUV_ACTION_ASK, run, true, fields };
