/*
 * tick_remind.c - whoever owes a step is reminded of it, by letter
 *
 * Only who still owes it; never at an address that lets nothing through: then
 * a person finds another way.
 */
#include <string.h>

#include "clock.h"

static const char *const sides[SIDES] = { "consumer", "company" };

/* ---- the letter ------------------------------------------------------------
 */

/* A late reminder leaves as long as one in time.  That of an erasure names the
 * day on which the clockwork lets it happen, also when it is late but the term
 * still runs. */
static int64_t
answer_by(const struct ring *r)
{
	int64_t ready =
		clock_notice(r->calendar, r->terms, r->clock.kind, r->now);
	bool late = r->clock.due_at <= r->now ||
		    (r->clock.kind == OUV_CLOCK_RETENTION &&
			    ready > clock_service(
					    r->calendar, r->clock.due_at + 1));

	if (r->answer_by != 0)
		return r->answer_by;
	return late ? ready : r->clock.due_at;
}

/* Since when it is awaited; of a promise that is asked about, by when it was
 * to be kept. */
static enum ouv_err
since(const struct ring *r, int64_t *at_out)
{
	struct store_promise *list;
	size_t count;

	*at_out = r->clock.started_at;
	/* It may have begun anew since. */
	if (r->clock.kind == OUV_CLOCK_RETENTION && r->m.closed_at != 0)
		*at_out = r->m.closed_at;
	if (r->clock.kind == OUV_CLOCK_PROMISE && r->answer_by != 0)
		*at_out = r->clock.due_at;
	if (r->clock.kind != OUV_CLOCK_ATTEST)
		return OUV_OK;
	TRY(store_promises(r->tx, r->arena, &r->alarm.case_id, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (list[i].n == r->clock.n)
			*at_out = list[i].due_at;
	return OUV_OK;
}

/* Does nothing more come before the end? */
static bool
is_last(const struct ring *r)
{
	const struct ouv_terms_clock *terms = &r->terms->clocks[r->clock.kind];

	return strcmp(r->alarm.kind, "remind-2") == 0 ||
	       (strcmp(r->alarm.kind, "remind") == 0 &&
		       terms->remind[1].amount == 0);
}

static json_t *
day(const struct ring *r, int64_t at)
{
	return json_integer(ouv_calendar_day(r->calendar, at, NULL));
}

static enum ouv_err
add_values(const struct ring *r, const char *text, json_t *data)
{
	int64_t since_at;

	TRY(since(r, &since_at));
	json_object_set_new(data, "answer_by", day(r, answer_by(r)));
	json_object_set_new(data, "since", day(r, since_at));
	json_object_set_new(data, "last", json_boolean(is_last(r)));
	/* One text for two terms. */
	if (strcmp(text, "lapse-notice") == 0)
		json_object_set_new(data, "is_info",
			json_boolean(r->clock.kind == OUV_CLOCK_INFO));
	return OUV_OK;
}

/* alarm:CASE:CLOCK:N:ROUND:KIND, which store_alarm_told looks for. */
static const char *
name_of(const struct ring *r)
{
	const struct store_alarm *a = &r->alarm;
	char hex[OUV_ID_HEX];

	ouv_id_hex(&a->case_id, hex);
	return ouv_arena_printf(r->arena, "alarm:%s:%s:%d:%d:%s", hex,
		ouv_clock_name(a->clock), a->n, a->round, a->kind);
}

/* The consumer has heard something: silence is counted anew. */
static enum ouv_err
heard(struct ring *r)
{
	if ((ouv_state_info(r->m.state)->clocks &
		    OUV_CLOCK_BIT(OUV_CLOCK_SILENCE)) == 0)
		return OUV_OK;
	return clock_begin(
		r->desk, r->tx, r->arena, &r->m, OUV_CLOCK_SILENCE, 0, r->now);
}

enum ouv_err
tick_letter(struct ring *r, int side, const char *text, bool *queued_out)
{
	json_t *data = json_object();
	struct act_letter letter = { .case_id = r->alarm.case_id,
		.side = side,
		.text = text,
		.data = data,
		.dedupe = name_of(r),
		.now = r->now };
	enum ouv_err err = add_values(r, text, data);
	bool lost = false;
	int queued = 0;

	*queued_out = false;
	if (err == OUV_OK)
		err = store_side_lost(
			r->tx, &r->alarm.case_id, sides[side], r->now, &lost);
	if (err == OUV_OK && !lost)
		err = act_letter(r->desk, r->tx, r->arena, &letter, &queued);
	json_decref(data);
	if (err != OUV_OK)
		return err;
	*queued_out = queued > 0;
	if (queued == 0 && r->rule->untold != NULL)
		return retain_untold(r, side);
	if (queued == 0)
		return tick_task(r, "cannot-remind");
	return side == CONSUMER ? heard(r) : OUV_OK;
}

/* ---- who still owes it
 * ------------------------------------------------------- */

static enum ouv_err
of_promise(const struct ring *r, bool does[SIDES])
{
	struct store_promise *list;
	size_t count;

	TRY(store_promises(r->tx, r->arena, &r->alarm.case_id, &list, &count));
	does[CONSUMER] = does[COMPANY] = false;
	for (size_t i = 0; i < count; i++)
		if (list[i].n == r->clock.n)
			for (int s = 0; s < SIDES; s++)
				does[s] =
					strcmp(list[i].promiser, sides[s]) == 0;
	return OUV_OK;
}

static enum ouv_err
of_choice(const struct ring *r, bool does[SIDES])
{
	int chose[SIDES];

	TRY(store_choices(
		r->tx, &r->alarm.case_id, &chose[CONSUMER], &chose[COMPANY]));
	for (int s = 0; s < SIDES; s++)
		does[s] = chose[s] < 0;
	return OUV_OK;
}

static enum ouv_err
of_hearing(const struct ring *r, bool does[SIDES])
{
	struct ouv_hearing hearing;

	TRY(store_hearing(r->tx, &r->alarm.case_id, r->now, &hearing));
	for (int s = 0; s < SIDES; s++)
		does[s] = hearing.side[s].answered_at == 0;
	return OUV_OK;
}

static enum ouv_err
who_owes(const struct ring *r, bool owes[SIDES])
{
	owes[CONSUMER] = owes[COMPANY] = true;
	if (r->clock.kind == OUV_CLOCK_PROPOSAL)
		return of_choice(r, owes);
	if (r->clock.kind == OUV_CLOCK_COMMENT)
		return of_hearing(r, owes);
	if (r->clock.kind == OUV_CLOCK_PROMISE)
		return of_promise(r, owes);
	if (r->clock.kind == OUV_CLOCK_RETENTION)
		owes[COMPANY] = retain_tells(r, COMPANY);
	return OUV_OK;
}

enum ouv_err
tick_remind(struct ring *r)
{
	static const struct ouv_id nobody;
	int which = strcmp(r->alarm.kind, "remind-2") == 0;
	bool owes[SIDES], queued, sent = false, asked = false, waits = false;

	if (r->rule->waits_for_address)
		TRY(retain_address(r, &waits));
	if (waits)
		return OUV_OK;
	TRY(who_owes(r, owes));
	for (int side = 0; side < SIDES; side++) {
		const char *text = r->rule->remind[which][side];

		if (text == NULL || !owes[side])
			continue;
		TRY(tick_letter(r, side, text, &queued));
		sent = sent || queued;
		asked = asked || !queued;
	}
	if (r->rule->ahead != NULL) {
		TRY(tick_task(r, r->rule->ahead));
		asked = true;
	}
	r->outcome = sent ? "sent" : asked ? "task" : "void";
	if (!sent)
		return OUV_OK;
	if (r->clock.kind == OUV_CLOCK_RETENTION)
		TRY(retain_told(r->desk, r->tx, r->arena, &r->alarm.case_id,
			&nobody, r->now));
	return store_alarms_later(r->tx, &r->alarm,
		clock_notice(r->calendar, r->terms, r->clock.kind, r->now));
}
