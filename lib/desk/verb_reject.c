/*
 * verb_reject.c - the answer does not settle it
 *
 * What the consumer says about it stays theirs: the company reads only what a
 * colleague enters here to be passed on.
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
run(struct verb_call *call)
{
	static const struct ouv_id none;
	const char *text = move_text(call, "text", 1);

	TRY(hearing_answered(call, CONSUMER));
	/* What the answer promised went with it. */
	TRY(store_promises_void(call->tx, &call->move->m.case_id, call->now));
	if (!settle_by_colleague(call))
		return settle_task(call, "pass-on", &none);
	if (*text != '\0')
		settle_one(call, COMPANY, "words", json_string(text));
	return OUV_OK;
}

const struct verb verb_reject = { "reject", OUV_ACTION_REJECT, run, false,
	fields };
