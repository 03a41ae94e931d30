/*
 * verb_confirm.c - the plan is over: what was kept, and what was not
 *
 * A mediator says it, with the reason; without one the rule of the ledger
 * does.  Where both sides contradict each other the rule is silent.
 */
#include <string.h>

#include "settle.h"

/* clang-format off */
static const char *const outcomes[] = { "kept", "late", "broken", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "outcome",
		.kind = OUV_FIELD_WORD,
		.repeat = PLEDGES_MOST,
		.words = outcomes },
	{ .name = "text",
		.kind = OUV_FIELD_WORDS,
		.most = WORDS_MOST,
		.letter = true },
	{ .name = NULL },
};

/* What becomes of the n-th open promise; one outcome alone is that of all. */
static enum ouv_err
outcome_of(struct verb_call *call, const struct store_promise *promise, int n,
	const char **state_out)
{
	if (call->move->role != OUV_ROLE_MEDIATOR) {
		*state_out = promise_verdict(promise, true);
		return *state_out != NULL ? OUV_OK : OUV_REFUSED;
	}
	*state_out = move_text(call, "outcome", n);
	if (**state_out == '\0')
		*state_out = move_text(call, "outcome", 1);
	return OUV_OK;
}

static enum ouv_err
end_all(struct verb_call *call, struct store_promise *list, size_t count,
	const struct store_promise **broken_out)
{
	int n = 0;

	*broken_out = NULL;
	for (size_t i = 0; i < count; i++) {
		const char *state;

		if (!promise_of_plan(&list[i]))
			continue;
		if (promise_is_open(&list[i])) {
			TRY(outcome_of(call, &list[i], ++n, &state));
			TRY(promise_end(call, &list[i], state));
		}
		if (strcmp(list[i].state, "broken") == 0)
			*broken_out = &list[i];
	}
	return OUV_OK;
}

static enum ouv_err
letters(struct verb_call *call, bool broken)
{
	json_t *promises;

	TRY(settle_promises(call, false, true, &promises));
	settle_both(call, "promises", promises);
	settle_both(call, "broken", json_boolean(broken));
	if (call->move->reason != NULL)
		settle_both(call, "words", json_string(call->move->reason));
	TRY(settle_review_by(call, CONSUMER));
	return settle_review_by(call, COMPANY);
}

/* A person says how they know. */
static enum ouv_err
read_reason(struct verb_call *call)
{
	const char *text = move_text(call, "text", 1);

	if (call->move->role != OUV_ROLE_MEDIATOR)
		return OUV_OK;
	if (*move_text(call, "outcome", 1) == '\0')
		verb_error(call, "outcome", "empty");
	if (*text == '\0')
		verb_error(call, "text", "empty");
	call->move->reason = text;
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

static enum ouv_err
run(struct verb_call *call)
{
	struct store_mediation *m = &call->move->m;
	const struct store_promise *broken;
	struct store_promise *list;
	size_t count;

	TRY(read_reason(call));
	TRY(store_promises(call->tx, call->arena, &m->case_id, &list, &count));
	TRY(end_all(call, list, count, &broken));
	m->resolution = broken != NULL ? "broken" : "kept";
	/* What was accepted did not come: the consumer is asked anew. */
	if (broken != NULL)
		m->rating = NULL;
	settle_axis(&m->rating, "not-rated");
	TRY(letters(call, broken != NULL));
	return broken != NULL ? seal_review(call, &broken->item) : OUV_OK;
}

const struct verb verb_confirm = { "confirm", OUV_ACTION_CONFIRM, run, false,
	fields };
