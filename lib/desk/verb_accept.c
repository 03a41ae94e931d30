/*
 * verb_accept.c - a party says yes: to the answer, or to an option
 */
#include "settle.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "measures",
		.kind = OUV_FIELD_WORDS,
		.most = WORDS_MOST,
		.letter = true },
	{ .name = NULL },
};

/* Nothing is owed any more.  Was anything agreed, and kept? */
static enum ouv_err
closed(struct verb_call *call)
{
	struct store_promise *list;
	size_t count, kept = 0;

	TRY(store_promises(
		call->tx, call->arena, &call->move->m.case_id, &list, &count));
	for (size_t i = 0; i < count; i++)
		kept += promise_of_plan(&list[i]) && !promise_is_open(&list[i]);
	settle_axis(&call->move->m.resolution, kept > 0 ? "kept" : "none");
	return settle_review_by(call, CONSUMER);
}

/* The answer settles it: closed, or open until what was promised is done. */
static enum ouv_err
accept_answer(struct verb_call *call)
{
	const char *measures = move_text(call, "measures", 1);
	struct moving *move = call->move;
	json_t *promises;
	size_t open;

	TRY(promise_clocks(call, &open));
	TRY(settle_promises(call, true, false, &promises));
	settle_both(call, "promises", promises);
	settle_both(call, "in_plan", json_boolean(open > 0));
	if (*measures != '\0' && settle_by_colleague(call))
		settle_both(call, "measures", json_string(measures));
	move->m.rating = "resolved";
	move->to = open > 0 ? OUV_STATE_PLAN : OUV_STATE_CLOSED;
	TRY(hearing_answered(call, CONSUMER));
	return open > 0 ? OUV_OK : closed(call);
}

static const struct store_option *
agreed(const struct store_option *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].consumer && list[i].company)
			return &list[i];
	return NULL;
}

/* Both chose the same option (its guard says so): it is a promise now. */
static enum ouv_err
accept_option(struct verb_call *call)
{
	const struct store_option *option;
	struct store_option *list;
	json_t *promises;
	size_t count;

	TRY(store_options(
		call->tx, call->arena, &call->move->m.case_id, &list, &count));
	option = agreed(list, count);
	if (option == NULL)
		return OUV_INVALID;
	TRY(promise_enter(call, option->promiser, &option->item, "agreement",
		option->due_at));
	TRY(settle_promises(call, true, false, &promises));
	settle_both(call, "promises", promises);
	settle_both(call, "n", json_integer(option->n));
	return OUV_OK;
}

static enum ouv_err
run(struct verb_call *call)
{
	return call->file->state == OUV_STATE_PROPOSAL ? accept_option(call)
						       : accept_answer(call);
}

const struct verb verb_accept = { "accept", OUV_ACTION_ACCEPT, run, false,
	fields };
