/*
 * verb_draft_opinion.c - a provisional opinion: the same words and days to both
 */
#include "opine.h"
#include "ouv/log.h"

static const struct ouv_field_decl fields[] = {
	OPINION_FIELDS(false),
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
