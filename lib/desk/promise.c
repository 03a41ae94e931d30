/*
 * promise.c - the ledger of promises
 */
#include <string.h>

#include "ouv/promise.h"
#include "settle.h"

const char *
promise_verdict(const struct store_promise *promise, bool lapsed)
{
	return ouv_promise_verdict(promise->promiser, promise->says_company,
		promise->says_consumer, lapsed);
}

bool
promise_of_plan(const struct store_promise *promise)
{
	return strcmp(promise->source, "letter") != 0;
}

bool
promise_is_open(const struct store_promise *promise)
{
	return strcmp(promise->state, "open") == 0;
}

/* ---- entries ------------------------------------------------------------- */

/* A promise of an answer binds once the answer is accepted. */
static bool
has_clock(const char *source)
{
	return strcmp(source, "answer") != 0;
}

static enum ouv_err
start_clock(struct verb_call *call, const struct store_promise *promise)
{
	return clock_until(call->desk, call->tx, call->arena, &call->move->m,
		OUV_CLOCK_PROMISE, promise->n, promise->due_at, call->now);
}

enum ouv_err
promise_enter(struct verb_call *call, const char *promiser,
	const struct ouv_id *words, const char *source, int64_t due_at)
{
	struct store_promise promise = { .id = ouv_id_new(),
		.item = *words,
		.promiser = promiser,
		.source = source,
		.made_at = call->now,
		.due_at = due_at };

	if (strcmp(promiser, "office") == 0 && settle_by_colleague(call))
		promise.person = call->actor->person;
	TRY(store_promise_new(call->tx, &call->move->m.case_id, &promise));
	return has_clock(source) ? start_clock(call, &promise) : OUV_OK;
}

enum ouv_err
promise_make(struct verb_call *call, const char *promiser, const char *words,
	const char *source, int64_t due_at)
{
	struct ouv_id item;

	TRY(words_keep(call, words, &item));
	return promise_enter(call, promiser, &item, source, due_at);
}

enum ouv_err
promise_clocks(struct verb_call *call, size_t *count_out)
{
	struct store_promise *list;
	size_t count;

	*count_out = 0;
	TRY(store_promises(
		call->tx, call->arena, &call->move->m.case_id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (!promise_of_plan(&list[i]) || !promise_is_open(&list[i]))
			continue;
		TRY(start_clock(call, &list[i]));
		(*count_out)++;
	}
	return OUV_OK;
}

enum ouv_err
promise_end(struct verb_call *call, struct store_promise *promise,
	const char *state)
{
	const struct ouv_id *id = &call->move->m.case_id;

	promise->state = state;
	TRY(store_promise_end(call->tx, id, promise->n, state, call->now));
	TRY(clock_stop(call->tx, id, OUV_CLOCK_PROMISE, promise->n, call->now));
	return clock_stop(
		call->tx, id, OUV_CLOCK_ATTEST, promise->n, call->now);
}

enum ouv_err
promise_fields(struct verb_call *call)
{
	int count = move_count(call, "promise");
	int days = move_count(call, "promise_day");
	int64_t end_at;
	int32_t day;

	for (int n = 1; n <= count || n <= days; n++)
		if (*move_text(call, "promise", n) == '\0')
			verb_error(call, settle_field(call, "promise", n),
				"empty");
		else if (!move_day(call, "promise_day", n, &day, &end_at))
			verb_error(call, settle_field(call, "promise_day", n),
				"empty");
	if (call->result->error_count > 0)
		return OUV_INVALID;
	for (int n = 1; n <= count; n++) {
		(void)move_day(call, "promise_day", n, &day, &end_at);
		TRY(promise_make(call, "company", move_text(call, "promise", n),
			"answer", end_at));
	}
	return OUV_OK;
}
