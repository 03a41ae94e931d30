/*
 * verb_draft_opinion.c - a provisional opinion: the same words and days to both
 */
#include "opine.h"
#include "ouv/log.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "merit",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = merits },
	{ .name = "findings",
		.kind = OUV_FIELD_WORDS,
		.required = true,
		.most = WORDS_MOST,
		.letter = true },
	{ .name = "reasons",
		.kind = OUV_FIELD_WORDS,
		.required = true,
		.most = WORDS_MOST,
		.letter = true },
	{ .name = "evidence",
		.kind = OUV_FIELD_NUMBER,
		.most = 1000,
		.repeat = EVIDENCE_MOST },
	{ .name = "measures",
		.kind = OUV_FIELD_WORDS,
		.most = WORDS_MOST,
		.letter = true },
	{ .name = "recommendation",
		.kind = OUV_FIELD_WORDS,
		.most = 2000,
		.repeat = RECOMMENDATIONS_MOST,
		.letter = true },
	{ .name = "recommendation_day",
		.kind = OUV_FIELD_DAY,
		.repeat = RECOMMENDATIONS_MOST },
	{ .name = NULL },
};

/* Both read the same, whoever changes this file. */
static enum ouv_err
must_be_equal(const struct moving *move)
{
	if (json_equal(move->data[CONSUMER], move->data[COMPANY]))
		return OUV_OK;
	ouv_log_error("opinion: the two sides would not read the same: nothing "
		      "is sent");
	return OUV_INVALID;
}

static enum ouv_err
run(struct verb_call *call)
{
	struct opining o = { .call = call, .kind = "provisional" };
	enum ouv_err err;

	err = opinion_read(&o);
	if (err == OUV_OK)
		err = opinion_keep(&o);
	if (err == OUV_OK)
		err = hearing_both(call);
	if (err == OUV_OK) {
		opinion_tell(&o);
		err = must_be_equal(call->move);
	}
	opinion_free(&o);
	return err;
}

const struct verb verb_draft_opinion = { "draft-opinion",
	OUV_ACTION_DRAFT_OPINION, run, false, fields };
