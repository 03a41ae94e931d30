/*
 * settle.h - what the verbs about options, promises and their end share
 */
#ifndef OUV_DESK_SETTLE_H
#define OUV_DESK_SETTLE_H

#include "move.h"

#define PROMISE_WORDS 500
#define WORDS_MOST 8000
#define PLEDGES_MOST 5

/* ---- promise.c -------------------------------------------------------------
 */

/* One whose words lie in an item already. */
OUV_MUST_CHECK enum ouv_err promise_enter(struct verb_call *call,
	const char *promiser, const struct ouv_id *words, const char *source,
	int64_t due_at);
/* Of the plan: those that letters of ours made are looked after as tasks. */
bool promise_of_plan(const struct store_promise *promise);
bool promise_is_open(const struct store_promise *promise);
/*
 * What both sides' words make of it: kept, late, broken; NULL: not settled, or
 * they contradict each other.  lapsed: whoever it was made to was asked and
 * did not answer in time.
 */
const char *promise_verdict(const struct store_promise *promise, bool lapsed);
/* Ends one, with its clocks. */
OUV_MUST_CHECK enum ouv_err promise_end(struct verb_call *call,
	struct store_promise *promise, const char *state);
/* promises and promise days as the fields say them: "promise", "promise_day".
 */
OUV_MUST_CHECK enum ouv_err promise_fields(struct verb_call *call);

/* ---- settlement.c ----------------------------------------------------------
 */

/* Somebody of the office typed it; else it is a party's own act. */
bool settle_by_colleague(const struct verb_call *call);
/* A task of this kind about the message of this act, or that item. */
OUV_MUST_CHECK enum ouv_err settle_task(
	struct verb_call *call, const char *kind, const struct ouv_id *item);
/* into[KEY] of both sides' letters; the value is taken over. */
void settle_both(struct verb_call *call, const char *key, json_t *value);
void settle_one(
	struct verb_call *call, int side, const char *key, json_t *value);
/*
 * What letters say of one promise or option: due, by_company, by_consumer,
 * by_office, and what, where the words can be read by whoever acts.
 */
OUV_MUST_CHECK enum ouv_err settle_entry(struct verb_call *call,
	const struct ouv_id *words, const char *promiser, int64_t due_at,
	json_t **entry_out);
/* The plan's promises as a list of such; open: only those. outcomes: with
 * kept, late, broken. */
OUV_MUST_CHECK enum ouv_err settle_promises(
	struct verb_call *call, bool open, bool outcomes, json_t **list_out);
/* Until when a review may be asked for, into review_by of that side. */
OUV_MUST_CHECK enum ouv_err settle_review_by(struct verb_call *call, int side);
/* An axis that nobody has set yet. */
void settle_axis(const char **axis, const char *value);
/* "option-2": the field of that number. */
const char *settle_field(struct verb_call *call, const char *name, int n);

#endif
