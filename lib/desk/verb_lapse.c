/*
 * verb_lapse.c - nobody answered, in spite of a reminder: the case is closed
 *
 * Of two kinds: questions that were not answered, an answer that was not
 * rated.  Neither says anything about who is right.
 */
#include "intake.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "text",
		.kind = OUV_FIELD_WORDS,
		.most = INTAKE_WORDS,
		.letter = true },
	{ .name = NULL },
};

static enum ouv_err
run(struct verb_call *call)
{
	struct store_mediation *m = &call->move->m;
	const char *text = move_text(call, "text", 1);

	/* What the company offered was never accepted. */
	if (m->state == OUV_STATE_CONSUMER)
		TRY(store_promises_void(call->tx, &m->case_id, call->now));
	m->resolution = "none";
	m->rating = "not-rated";
	intake_one(call, CONSUMER, "of_questions",
		json_boolean(m->state == OUV_STATE_INFO));
	if (*text != '\0')
		intake_one(call, CONSUMER, "words", json_string(text));
	TRY(intake_until(call, CONSUMER, "reopen_by", OUV_CLOCK_REOPEN_WINDOW));
	return intake_until(
		call, COMPANY, "reopen_by", OUV_CLOCK_REOPEN_WINDOW);
}

const struct verb verb_lapse = { "lapse", OUV_ACTION_LAPSE, run, false,
	fields };
