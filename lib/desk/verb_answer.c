/*
 * verb_answer.c - what the company answers goes over to the consumer
 *
 * A mediator has seen that each point is answered.  The company may have
 * written to the consumer itself: then the letter asks whether that arrived.
 */
#include "settle.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "item", .kind = OUV_FIELD_ITEM, .side = "company" },
	{ .name = "text",
		.kind = OUV_FIELD_WORDS,
		.most = WORDS_MOST,
		.letter = true },
	{ .name = "direct", .kind = OUV_FIELD_FLAG },
	{ .name = "points", .kind = OUV_FIELD_FLAG },
	{ .name = "promise",
		.kind = OUV_FIELD_LINE,
		.most = PROMISE_WORDS,
		.repeat = PLEDGES_MOST,
		.letter = true },
	{ .name = "promise_day",
		.kind = OUV_FIELD_DAY,
		.repeat = PLEDGES_MOST },
	{ .name = NULL },
};

/* The consumer is shown what the company says, and may comment on it. */
static enum ouv_err
hear(struct verb_call *call)
{
	int64_t due_at = 0;

	TRY(clock_would(call->desk, call->tx, call->arena, &call->move->m,
		OUV_CLOCK_CONSUMER, call->now, &due_at));
	TRY(hearing_answered(call, COMPANY));
	return hearing_sent(call, CONSUMER, due_at);
}

static enum ouv_err
run(struct verb_call *call)
{
	const char *text = move_text(call, "text", 1);
	bool direct = move_flag(call, "direct");
	json_t *promises;

	if (*text == '\0' && !direct) {
		verb_error(call, "text", "empty");
		return OUV_INVALID;
	}
	TRY(promise_fields(call));
	TRY(settle_promises(call, true, false, &promises));
	settle_both(call, "promises", promises);
	settle_both(call, "direct", json_boolean(direct));
	if (*text != '\0')
		settle_one(call, CONSUMER, "words", json_string(text));
	return hear(call);
}

const struct verb verb_answer = { "answer", OUV_ACTION_ANSWER, run, false,
	fields };
