/*
 * hearing.c - a side is shown the index of evidence, answers, lets it lapse
 *
 * Who was heard is never said here but computed (lib/case/hearing.c) from what
 * these functions write down.
 */
#include <string.h>

#include "opine.h"
#include "ouv/log.h"

const char *const side_names[SIDES] = { "consumer", "company" };

/* Which clock gives the days of what a move shows; the rest: to comment. */
static enum ouv_clock
clock_of(enum ouv_action action)
{
	/* clang-format off */
	static const struct { enum ouv_action action; enum ouv_clock clock; } of[] = {
		{ OUV_ACTION_SERVE, OUV_CLOCK_COMPANY },
		{ OUV_ACTION_ANSWER, OUV_CLOCK_CONSUMER },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
		if (of[i].action == action)
			return of[i].clock;
	return OUV_CLOCK_COMMENT;
}

static bool
counts_days(const struct ouv_term *term)
{
	return term->amount > 0 && term->unit != OUV_UNIT_HOURS &&
	       term->unit != OUV_UNIT_SERVICE_HOURS;
}

/* As the profile says it: a term that ends on a holiday is no longer one. */
static enum ouv_err
days_of(struct verb_call *call, int64_t due_at, int *days_out)
{
	const struct moving *move = call->move;
	const struct ouv_terms *terms;
	const struct ouv_term *term;

	TRY(terms_live(call->desk, call->tx, move->m.profile, &terms));
	term = &terms->clocks[clock_of(move->row->action)].term;
	*days_out = counts_days(term) && move->until == 0
			    ? term->amount
			    : (int)((due_at - call->now + 86399) / 86400);
	return OUV_OK;
}

/* What the letter of this act lists: all of it, or, of a program, which cannot
 * read the titles, nothing new. */
static enum ouv_err
shown(struct verb_call *call, const struct ouv_hearing *h, int side, int *n_out)
{
	struct store_evidence *list;
	const char *title;
	size_t count;
	enum ouv_err err;

	*n_out = 0;
	TRY(evidence_now(call, &list, &count));
	if (count == 0)
		return OUV_OK;
	err = words_read(call, &list[count - 1].title, &title);
	if (err == OUV_REFUSED)
		*n_out = h->side[1 - side].last_n;
	else if (err == OUV_OK)
		*n_out = list[count - 1].n;
	else
		return err;
	return OUV_OK;
}

static enum ouv_err
add(struct verb_call *call, int side, int round, int days, int last_n,
	int64_t due_at)
{
	const struct store_hearing_row row = { .round = round,
		.side = side_names[side],
		.days = days,
		.last_n = last_n,
		.sent_at = call->now,
		.due_at = due_at };

	return store_hearing_add(call->tx, &call->move->m.case_id, &row);
}

enum ouv_err
hearing_sent(struct verb_call *call, int side, int64_t due_at)
{
	bool same = call->move->row->action == OUV_ACTION_DECLINE;
	struct ouv_hearing h;
	int round, days, last_n;

	if (due_at < call->now)
		due_at = call->now;
	TRY(store_hearing(call->tx, &call->move->m.case_id, call->now, &h));
	round = h.round == 0 || h.side[side].sent ? h.round + 1 : h.round;
	TRY(shown(call, &h, side, &last_n));
	TRY(days_of(call, due_at, &days));
	if (same && h.side[1 - side].sent)
		days = h.side[1 - side].days;
	return add(call, side, round, days, last_n, due_at);
}

enum ouv_err
hearing_answered(struct verb_call *call, int side)
{
	return store_hearing_answered(
		call->tx, &call->move->m.case_id, side_names[side], call->now);
}

enum ouv_err
hearing_lapsed(struct verb_call *call, int side)
{
	return store_hearing_lapsed(
		call->tx, &call->move->m.case_id, side_names[side], call->now);
}

enum ouv_err
hearing_extended(struct verb_call *call, int side, int64_t due_at)
{
	struct ouv_hearing h;
	const struct ouv_hearing_side *s;

	TRY(store_hearing(call->tx, &call->move->m.case_id, call->now, &h));
	s = &h.side[side];
	if (!s->sent || due_at <= s->due_at)
		return OUV_OK;
	return store_hearing_extended(call->tx, &call->move->m.case_id,
		side_names[side],
		s->days + (int)((due_at - s->due_at + 86399) / 86400), due_at);
}

/* ---- the same days --------------------------------------------------------
 */

static enum ouv_err
calendar_of(struct verb_call *call, const struct ouv_terms *terms,
	const struct ouv_calendar **calendar_out)
{
	const char *name = call->move->m.calendar;

	return calendar_live(call->desk, call->tx,
		name != NULL ? name : terms->calendar, calendar_out);
}

/* So many days as a term of that clock would be counted. */
static enum ouv_err
ends(struct verb_call *call, enum ouv_clock clock, int days, int64_t *due_out)
{
	const struct ouv_calendar *calendar;
	const struct ouv_terms *terms;
	const struct ouv_term *term;
	struct ouv_due due = { .step_room = 0 };

	TRY(terms_live(call->desk, call->tx, call->move->m.profile, &terms));
	TRY(calendar_of(call, terms, &calendar));
	term = &terms->clocks[clock].term;
	TRY(ouv_calendar_due(calendar,
		counts_days(term) ? term->unit : OUV_UNIT_DAYS, days, call->now,
		&due));
	*due_out = due.at;
	return OUV_OK;
}

enum ouv_err
hearing_due(struct verb_call *call, int side, int64_t *due_out)
{
	struct ouv_hearing h;
	const struct ouv_hearing_side *other;

	TRY(store_hearing(call->tx, &call->move->m.case_id, call->now, &h));
	other = &h.side[1 - side];
	if (other->sent && other->days > 0)
		return ends(call, OUV_CLOCK_COMPANY, other->days, due_out);
	return clock_would(call->desk, call->tx, call->arena, &call->move->m,
		OUV_CLOCK_COMMENT, call->now, due_out);
}

enum ouv_err
hearing_day(struct verb_call *call, int64_t at, int32_t *day_out)
{
	const struct ouv_calendar *calendar;
	const struct ouv_terms *terms;

	TRY(terms_live(call->desk, call->tx, call->move->m.profile, &terms));
	TRY(calendar_of(call, terms, &calendar));
	*day_out = ouv_calendar_day(calendar, at, NULL);
	return OUV_OK;
}

/* Whatever is changed above: nobody gets less than the other. */
static enum ouv_err
must_be_equal(struct verb_call *call)
{
	const struct ouv_hearing_side *a, *b;
	struct ouv_hearing h;

	TRY(store_hearing(call->tx, &call->move->m.case_id, call->now, &h));
	a = &h.side[CONSUMER];
	b = &h.side[COMPANY];
	if (a->sent && b->sent && a->days == b->days &&
		a->due_at == b->due_at && a->last_n == b->last_n)
		return OUV_OK;
	ouv_log_error("hearing: the two sides would not get the same index and "
		      "days: nothing is sent");
	return OUV_INVALID;
}

enum ouv_err
hearing_both(struct verb_call *call)
{
	struct moving *move = call->move;
	struct ouv_hearing h;
	int64_t due_at = 0;
	int days, last_n;
	int32_t day;

	TRY(store_hearing(call->tx, &move->m.case_id, call->now, &h));
	TRY(clock_would(call->desk, call->tx, call->arena, &move->m,
		OUV_CLOCK_COMMENT, call->now, &due_at));
	TRY(days_of(call, due_at, &days));
	TRY(shown(call, &h, CONSUMER, &last_n));
	TRY(hearing_day(call, due_at, &day));
	for (int side = 0; side < SIDES; side++) {
		TRY(add(call, side, h.round + 1, days, last_n, due_at));
		settle_one(call, side, "days", json_integer(days));
		settle_one(call, side, "comment_by", json_integer(day));
	}
	return must_be_equal(call);
}
