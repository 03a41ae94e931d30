/*
 * verb_decide.c - the ombudsman decides: reasons, measures, what follows
 *
 * What the company undertook becomes a plan with its promises; without one
 * the case is closed.
 */
#include <string.h>

#include "opine.h"

/* clang-format off */
static const char *const resolutions[] = {
	"kept", "refused", "silent", "none", NULL,
};
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	OPINION_FIELDS(true),
	{ .name = "referral",
		.kind = OUV_FIELD_CODE,
		.repeat = REFERRALS_MOST,
		.book = "referral" },
	{ .name = "promise",
		.kind = OUV_FIELD_LINE,
		.most = PROMISE_WORDS,
		.repeat = PLEDGES_MOST,
		.letter = true },
	{ .name = "promise_day",
		.kind = OUV_FIELD_DAY,
		.repeat = PLEDGES_MOST },
	{ .name = "resolution", .kind = OUV_FIELD_WORD, .words = resolutions },
	{ .name = NULL },
};

static enum ouv_err
promises(struct opining *o)
{
	struct verb_call *call = o->call;
	int count = move_count(call, "promise");
	json_t *list = json_array();

	(void)json_object_set_new(o->data, "promises", list);
	for (int n = 1; n <= count; n++) {
		const char *words = move_text(call, "promise", n);
		int64_t end_at;
		int32_t day;

		(void)move_day(call, "promise_day", n, &day, &end_at);
		TRY(promise_make(call, "company", words, "decision", end_at));
		(void)json_array_append_new(list,
			json_pack("{s:s, s:i}", "text", words, "by", day));
	}
	return OUV_OK;
}

/* Closed now: until when a review may be asked for. */
static enum ouv_err
review_by(struct opining *o)
{
	struct verb_call *call = o->call;
	int64_t due_at = 0;
	int32_t day;

	TRY(clock_would(call->desk, call->tx, call->arena, &call->move->m,
		OUV_CLOCK_REVIEW_WINDOW, call->now, &due_at));
	if (due_at == 0)
		return OUV_OK;
	TRY(hearing_day(call, due_at, &day));
	(void)json_object_set_new(o->data, "review_by", json_integer(day));
	return OUV_OK;
}

/* A plan, or the end. */
static enum ouv_err
conclude(struct opining *o)
{
	struct moving *move = o->call->move;
	const char *resolution = move_text(o->call, "resolution", 1);

	move->m.merit = move_text(o->call, "merit", 1);
	if (move_count(o->call, "promise") > 0) {
		move->to = OUV_STATE_PLAN;
		return promises(o);
	}
	move->to = OUV_STATE_CLOSED;
	if (*resolution != '\0')
		move->m.resolution = resolution;
	settle_axis(&move->m.resolution, "none");
	settle_axis(&move->m.rating, "not-rated");
	return review_by(o);
}

/* It feeds the company's file. */
static enum ouv_err
company_file(struct opining *o)
{
	const char *merit = o->call->move->m.merit;

	TRY(recommendations_keep(o->call));
	if (strcmp(merit, "founded") != 0 && strcmp(merit, "partly") != 0)
		return OUV_OK;
	return seal_review(o->call, &o->item);
}

static enum ouv_err
decide(struct opining *o)
{
	TRY(opinion_read(o));
	TRY(opinion_keep(o));
	TRY(conclude(o));
	opinion_tell(o);
	TRY(opinion_referrals(o->call));
	return company_file(o);
}

static enum ouv_err
run(struct verb_call *call)
{
	struct opining o = { .call = call, .kind = "final" };
	enum ouv_err err;

	opinion_pairs(call, "promise", "promise_day");
	err = decide(&o);
	opinion_free(&o);
	return err;
}

const struct verb verb_decide = { "decide", OUV_ACTION_DECIDE, run, false,
	fields };
