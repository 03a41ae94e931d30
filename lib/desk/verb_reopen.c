/*
 * verb_reopen.c - a closed case goes on where it had stopped
 */
#include "opine.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "reason",
		.kind = OUV_FIELD_WORDS,
		.required = true,
		.most = 2000,
		.letter = true },
	{ .name = NULL },
};

/* The state it was closed from; what cannot be gone back to begins at the
 * triage. */
static enum ouv_state
state_before(const struct moving *move)
{
	enum ouv_state state;

	if (move->m.closed_from == NULL ||
		ouv_state_parse(move->m.closed_from, &state) != OUV_OK ||
		(move->row->to & OUV_STATE_BIT(state)) == 0)
		return OUV_STATE_TRIAGE;
	return state;
}

static enum ouv_err
run(struct verb_call *call)
{
	struct moving *move = call->move;
	const char *reason = move_text(call, "reason", 1);
	size_t promises;

	move->to = state_before(move);
	/* An open case has no outcome; ground stays: it says what was. */
	move->m.merit = move->m.resolution = move->m.rating = NULL;
	settle_both(call, "reason", json_string(reason));
	TRY(words_keep(call, reason, &call->object));
	return move->to == OUV_STATE_PLAN ? promise_clocks(call, &promises)
					  : OUV_OK;
}

const struct verb verb_reopen = { "reopen", OUV_ACTION_REOPEN, run, false,
	fields };
