/*
 * verb_attest.c - was it done? what a party says of a promise
 *
 * Without a number it is about what is due, else about what is due next.  When
 * nothing of the plan is left open it comes to its end.
 */
#include <stdlib.h>
#include <string.h>

#include "settle.h"

/* clang-format off */
static const char *const answers[] = { "yes", "late", "no", NULL };
static const struct { const char *answer, *says; } meanings[] = {
	{ "yes", "done" }, { "late", "late" }, { "no", "not-done" },
};
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "choice",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = answers },
	{ .name = "promise", .kind = OUV_FIELD_NUMBER, .most = 99 },
	{ .name = NULL },
};

struct attesting {
	struct store_promise *list;
	size_t count;
	int n;        /* the promise named; 0: none */
	int next;     /* the one that is due next, where none is due yet */
	bool company; /* who says it */
	const char *says;
};

static bool
is_meant(const struct attesting *a, const struct store_promise *p, int64_t now)
{
	if (!promise_of_plan(p) || !promise_is_open(p))
		return false;
	if (a->n != 0)
		return p->n == a->n;
	return p->due_at <= now || p->asked_at != 0 || p->n == a->next;
}

/* The next one counts only where nothing is due. */
static void
find_next(struct attesting *a, int64_t now)
{
	const struct store_promise *next = NULL;

	for (size_t i = 0; i < a->count; i++)
		if (is_meant(a, &a->list[i], now))
			return;
	for (size_t i = 0; i < a->count; i++) {
		const struct store_promise *p = &a->list[i];

		if (promise_of_plan(p) && promise_is_open(p) &&
			(next == NULL || p->due_at < next->due_at))
			next = p;
	}
	a->next = next != NULL ? next->n : 0;
}

/* Before its day nobody can have waited in vain. */
static bool
is_early(const struct attesting *a, const struct store_promise *p, int64_t now)
{
	bool to_them = (strcmp(p->promiser, "consumer") == 0) == a->company;

	return to_them && strcmp(a->says, "not-done") == 0 && p->due_at > now;
}

static enum ouv_err
note(struct verb_call *call, const struct attesting *a, struct store_promise *p)
{
	const struct ouv_id *id = &call->move->m.case_id;
	const char *verdict;

	TRY(store_promise_says(call->tx, id, p->n,
		a->company ? "company" : "consumer", a->says));
	*(a->company ? &p->says_company : &p->says_consumer) = a->says;
	if (!a->company)
		TRY(store_promise_asked(call->tx, id, p->n, call->now));
	verdict = promise_verdict(p, false);
	if (verdict != NULL)
		return promise_end(call, p, verdict);
	if (p->says_company == NULL || p->says_consumer == NULL)
		return OUV_OK;
	return settle_task(call, "promise-disputed", &p->item);
}

static enum ouv_err
note_all(struct verb_call *call, struct attesting *a)
{
	int meant = 0;

	for (size_t i = 0; i < a->count; i++) {
		if (!is_meant(a, &a->list[i], call->now))
			continue;
		meant++;
		if (is_early(a, &a->list[i], call->now)) {
			verb_error(call, "choice", "too-early");
			return OUV_INVALID;
		}
		TRY(note(call, a, &a->list[i]));
	}
	if (meant > 0)
		return OUV_OK;
	verb_error(call, "promise", "unknown");
	return OUV_INVALID;
}

/* Nothing more is awaited: each has ended, or the time to say so has. */
static enum ouv_err
is_over(struct verb_call *call, const struct attesting *a, bool *over_out)
{
	struct store_clock *list;
	size_t count, open = 0;

	for (size_t i = 0; i < a->count; i++)
		open += promise_of_plan(&a->list[i]) &&
			promise_is_open(&a->list[i]);
	*over_out = true;
	if (open == 0)
		return OUV_OK;
	TRY(store_clocks(
		call->tx, call->arena, &call->move->m.case_id, &list, &count));
	for (size_t i = 0; i < count; i++)
		if ((list[i].kind == OUV_CLOCK_PROMISE ||
			    list[i].kind == OUV_CLOCK_ATTEST) &&
			list[i].state == STORE_CLOCK_RUNNING &&
			list[i].due_at > call->now)
			*over_out = false;
	return OUV_OK;
}

static enum ouv_err
run(struct verb_call *call)
{
	const char *answer = move_text(call, "choice", 1);
	struct attesting a = { .n = (int)strtol(
				       move_text(call, "promise", 1), NULL, 10),
		.company = call->move->role == OUV_ROLE_COMPANY,
		.says = "" };
	bool over;

	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (strcmp(meanings[i].answer, answer) == 0)
			a.says = meanings[i].says;
	TRY(store_promises(call->tx, call->arena, &call->move->m.case_id,
		&a.list, &a.count));
	find_next(&a, call->now);
	TRY(note_all(call, &a));
	TRY(is_over(call, &a, &over));
	if (!over)
		return OUV_OK;
	call->move->then = OUV_ACTION_CONFIRM;
	call->move->then_role = OUV_ROLE_TIMER;
	return OUV_OK;
}

const struct verb verb_attest = { "attest", OUV_ACTION_ATTEST, run, false,
	fields };
