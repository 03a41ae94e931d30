/*
 * verb_rate.c - after the end: was it resolved, for this party?
 *
 * Each party is asked for itself.  The consumer's word is the case's rating,
 * unless they accepted an answer before: that stays.  The company's is kept
 * beside it and changes nothing.
 */
#include <string.h>

#include "settle.h"

/* clang-format off */
static const char *const ratings[] = { "resolved", "not-resolved", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "choice",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = ratings },
	{ .name = NULL },
};

static bool
was_accepted(const struct store_mediation *m)
{
	return m->closed_by != NULL &&
	       strcmp(m->closed_by, ouv_action_name(OUV_ACTION_ACCEPT)) == 0;
}

static enum ouv_err
run(struct verb_call *call)
{
	const char *choice = move_text(call, "choice", 1);
	struct moving *move = call->move;
	int side = move->role == OUV_ROLE_COMPANY ? COMPANY : CONSUMER;

	if (side == CONSUMER && !was_accepted(&move->m))
		move->m.rating = choice;
	if (!settle_by_colleague(call))
		return OUV_OK; /* it is a row already */
	if (move->party[side] == NULL) {
		verb_error(call, "choice", "no-such-party");
		return OUV_INVALID;
	}
	return store_rating_add(call->tx, &move->m.case_id,
		&move->party[side]->party, choice, move->source, call->now);
}

const struct verb verb_rate = { "rate", OUV_ACTION_RATE, run, false, fields };
