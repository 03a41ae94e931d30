/*
 * verb_complement.c - the consumer sent what was asked for: the file is
 * complete
 *
 * By mail the message itself holds the words; what a colleague heard or read
 * on paper is kept as words of the case.
 */
#include "intake.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "text", .kind = OUV_FIELD_WORDS, .most = INTAKE_WORDS },
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	const char *text = move_text(call, "text", 1);

	call->move->m.complete_at = call->now;
	if (*text != '\0')
		TRY(words_keep(call, text, &call->move->item));
	return OUV_OK;
}

const struct verb verb_complement = { "complement", OUV_ACTION_COMPLEMENT, run,
	false, fields };
