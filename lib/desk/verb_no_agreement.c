/*
 * verb_no_agreement.c - no agreement: the file speaks
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
	const char *text = move_text(call, "text", 1);

	if (*text == '\0' || !settle_by_colleague(call))
		return OUV_OK;
	settle_both(call, "words", json_string(text));
	call->move->reason = text;
	return OUV_OK;
}

const struct verb verb_no_agreement = { "no-agreement", OUV_ACTION_NO_AGREEMENT,
	run, false, fields };
