/*
 * clock.c - the clocks of a case: begun, paused, stopped by the table of moves
 *
 * A clock keeps the rule under which it began.  What runs in which state is
 * the workflow's; here is only the arithmetic of it, and its alarms.
 */
#include <string.h>

#include "clock.h"
#include "ouv/log.h"

#define ROOM 16 /* clocks that one change may add */

/* The clocks of a case while they change. */
struct clocks {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	const struct store_mediation *m;
	const char *closed_by; /* the act that ended the case, or ends it now */
	int64_t now;
	struct store_clock *list;
	size_t count;
	bool *changed;
	struct store_alarm *alarms;
	size_t alarm_count;
	const char **voids; /* kinds of tasks that nobody needs now */
	size_t void_count;
	bool look; /* nothing is written */
};

/* ---- rules ----------------------------------------------------------------
 */

static const char *
first_of(const char *a, const char *b)
{
	return a != NULL && *a != '\0' ? a : b;
}

enum ouv_err
clock_terms(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_clock *clock, const struct ouv_terms **terms_out,
	const struct ouv_calendar **calendar_out)
{
	enum ouv_err err = terms_live(desk, tx, clock->profile, terms_out);

	/* A profile that is gone: the office's own. */
	if (err == OUV_NOT_FOUND)
		err = terms_live(desk, tx, NULL, terms_out);
	if (err != OUV_OK)
		return err;
	return calendar_live(desk, tx, clock->calendar, calendar_out);
}

/* By whose calendar a clock runs: the case's, the company's for its own steps,
 * the profile's, the office's. */
static enum ouv_err
find_rules(struct clocks *k, enum ouv_clock kind,
	const struct ouv_terms **terms_out,
	const struct ouv_calendar **calendar_out)
{
	const char *name = k->m->calendar;
	struct store_company company;

	TRY(terms_live(k->desk, k->tx, k->m->profile, terms_out));
	if (kind == OUV_CLOCK_COMPANY && first_of(name, NULL) == NULL &&
		!ouv_id_is_zero(&k->m->company)) {
		TRY(store_company(
			k->tx, k->arena, &k->m->company, NULL, &company));
		name = company.calendar;
	}
	name = first_of(name, (*terms_out)->calendar);
	return calendar_live(k->desk, k->tx, name, calendar_out);
}

static bool
is_date(const struct store_clock *clock)
{
	return strcmp(clock->unit, DATE_UNIT) == 0;
}

/* ---- when it ends -----------------------------------------------------------
 */

enum ouv_err
clock_due(const struct ouv_calendar *calendar, const struct store_clock *clock,
	struct ouv_due *due_out)
{
	struct ouv_run run = { .amount = clock->amount,
		.since = clock->since_at,
		.used = clock->used };
	enum ouv_err err;

	if (is_date(clock)) {
		due_out->at = clock->due_at;
		due_out->step_count = 0;
		due_out->day_zero =
			ouv_calendar_day(calendar, clock->started_at, NULL);
		return OUV_OK;
	}
	TRY(ouv_unit_parse(clock->unit, &run.unit));
	err = ouv_run_due(calendar, &run, due_out);
	if (err == OUV_INVALID)
		ouv_log_error("the clock %s cannot be set: calendar %s ends "
			      "in %d",
			ouv_clock_name(clock->kind), calendar->name,
			calendar->last_year);
	return err;
}

/* As clock_due; where nothing may wait for a calendar, plain days. */
static enum ouv_err
set_due(const struct ouv_calendar *calendar, struct store_clock *clock)
{
	struct ouv_due due = { 0 };
	enum ouv_err err = clock_due(calendar, clock, &due);
	int64_t unit = strstr(clock->unit, "hours") != NULL ? 3600 : 86400;

	if (err == OUV_INVALID && clock_rule(clock->kind)->anyway) {
		clock->due_at = clock->since_at + unit * clock->amount;
		return OUV_OK;
	}
	if (err == OUV_OK)
		clock->due_at = due.at;
	return err;
}

/* ---- one clock
 * ---------------------------------------------------------------- */

static enum ouv_err
load(struct clocks *k, const struct ouv_id *case_id)
{
	struct store_clock *list;

	TRY(store_clocks(k->tx, k->arena, case_id, &list, &k->count));
	k->list = ouv_arena_array(k->arena, k->count + ROOM, sizeof(*k->list));
	k->changed =
		ouv_arena_array(k->arena, k->count + ROOM, sizeof(*k->changed));
	k->alarms = ouv_arena_array(
		k->arena, ALARMS_MOST * (k->count + ROOM), sizeof(*k->alarms));
	k->voids =
		ouv_arena_array(k->arena, k->count + ROOM, sizeof(*k->voids));
	memcpy(k->list, list, k->count * sizeof(*list));
	memset(k->changed, 0, (k->count + ROOM) * sizeof(*k->changed));
	return OUV_OK;
}

/* Where it is, or where it shall be. */
static struct store_clock *
slot(struct clocks *k, enum ouv_clock kind, int n)
{
	for (size_t i = 0; i < k->count; i++)
		if (k->list[i].kind == kind && k->list[i].n == n)
			return &k->list[i];
	k->list[k->count] = (struct store_clock){ .case_id = k->m->case_id,
		.kind = kind,
		.n = n,
		.state = STORE_CLOCK_STOPPED };
	return &k->list[k->count++];
}

static void
note_change(struct clocks *k, const struct store_clock *clock)
{
	const char *task = clock_rule(clock->kind)->task;

	k->changed[clock - k->list] = true;
	if (task != NULL && k->void_count < k->count + ROOM)
		k->voids[k->void_count++] = task;
}

static void
stop(struct clocks *k, struct store_clock *clock)
{
	if (clock->state == STORE_CLOCK_STOPPED)
		return;
	clock->state = STORE_CLOCK_STOPPED;
	clock->stopped_at = k->now;
	note_change(k, clock);
}

/* Anew: another round, whose alarms have not rung. */
static void
renew(struct clocks *k, struct store_clock *clock,
	const struct ouv_terms *terms, const struct ouv_calendar *calendar)
{
	clock->round++;
	clock->state = STORE_CLOCK_RUNNING;
	clock->profile = terms->name;
	clock->profile_n = terms->n;
	clock->calendar = calendar->name;
	clock->started_at = clock->since_at = k->now;
	clock->used = clock->stopped_at = 0;
	note_change(k, clock);
}

static void
set_alarms(struct clocks *k, const struct ouv_terms *terms,
	const struct ouv_calendar *calendar, const struct store_clock *clock)
{
	k->alarm_count += clock_alarms(
		calendar, terms, clock, k->now, &k->alarms[k->alarm_count]);
}

/* Nothing where the profile has no such term. */
static enum ouv_err
begin(struct clocks *k, enum ouv_clock kind, int n)
{
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;
	const struct ouv_term *term;
	struct store_clock *clock;

	TRY(find_rules(k, kind, &terms, &calendar));
	term = &terms->clocks[kind].term;
	if (kind == OUV_CLOCK_RETENTION)
		term = ouv_terms_kept(terms, ouv_end_of(k->closed_by));
	if (term->amount == 0)
		return OUV_OK;
	clock = slot(k, kind, n);
	renew(k, clock, terms, calendar);
	clock->unit = ouv_unit_name(term->unit);
	clock->amount = term->amount;
	clock->law = first_of(term->law, "");
	TRY(set_due(calendar, clock));
	set_alarms(k, terms, calendar, clock);
	return OUV_OK;
}

static enum ouv_err
pause_one(struct clocks *k, struct store_clock *clock)
{
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;
	struct store_alarm alarm = { .case_id = clock->case_id,
		.clock = clock->kind,
		.n = clock->n,
		.round = clock->round };
	struct ouv_run run = { .amount = clock->amount,
		.since = clock->since_at,
		.used = clock->used };
	enum ouv_err err;

	if (clock->state != STORE_CLOCK_RUNNING || is_date(clock))
		return OUV_OK;
	TRY(clock_terms(k->desk, k->tx, clock, &terms, &calendar));
	TRY(ouv_unit_parse(clock->unit, &run.unit));
	err = ouv_run_pause(calendar, &run, k->now);
	if (err == OUV_REFUSED) /* it has ended: it stays so */
		return OUV_OK;
	if (err != OUV_OK)
		return err;
	clock->state = STORE_CLOCK_PAUSED;
	clock->used = run.used;
	clock->due_at = 0;
	note_change(k, clock);
	return k->look ? OUV_OK : store_alarms_never(k->tx, &alarm);
}

static enum ouv_err
resume_one(struct clocks *k, struct store_clock *clock)
{
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;
	struct ouv_run run = { .used = clock->used };

	if (clock->state != STORE_CLOCK_PAUSED)
		return OUV_OK;
	TRY(clock_terms(k->desk, k->tx, clock, &terms, &calendar));
	ouv_run_resume(&run, k->now);
	clock->since_at = run.since;
	clock->state = STORE_CLOCK_RUNNING;
	note_change(k, clock);
	TRY(set_due(calendar, clock));
	set_alarms(k, terms, calendar, clock);
	return OUV_OK;
}

enum ouv_err
clock_again(struct ouv_desk *desk, struct store_tx *tx,
	struct store_clock *clock, int64_t from, int64_t now)
{
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;
	struct store_alarm alarms[ALARMS_MOST];

	TRY(clock_terms(desk, tx, clock, &terms, &calendar));
	clock->round++;
	clock->started_at = clock->since_at = from;
	clock->used = 0;
	TRY(set_due(calendar, clock));
	TRY(store_clocks_set(tx, clock, 1));
	return store_alarms_set(
		tx, alarms, clock_alarms(calendar, terms, clock, now, alarms));
}

/* ---- all of them
 * ---------------------------------------------------------------- */

static enum ouv_err
save(struct clocks *k)
{
	size_t n = 0;

	for (size_t i = 0; i < k->count; i++)
		if (k->changed[i])
			k->list[n++] = k->list[i];
	TRY(store_clocks_set(k->tx, k->list, n));
	TRY(store_alarms_set(k->tx, k->alarms, k->alarm_count));
	return store_tasks_void(
		k->tx, &k->m->case_id, k->voids, k->void_count, k->now);
}

int64_t
clock_case_due(
	enum ouv_state state, const struct store_clock *list, size_t count)
{
	const struct ouv_state_info *info = ouv_state_info(state);
	int64_t step = 0, other = 0;

	for (size_t i = 0; i < count; i++) {
		const struct store_clock *c = &list[i];
		bool runs = c->state == STORE_CLOCK_RUNNING &&
			    (info->clocks & OUV_CLOCK_BIT(c->kind)) != 0;
		int64_t *due = c->kind == info->clock ? &step : &other;

		if (runs && info->open && c->kind != OUV_CLOCK_SILENCE &&
			(*due == 0 || c->due_at < *due))
			*due = c->due_at;
	}
	return step != 0 ? step : other;
}

/* What begins by itself or by an agreed day alone (promises) is not begun by
 * the table. */
#define BY_DAY OUV_CLOCK_BIT(OUV_CLOCK_PROMISE)

static uint32_t
to_begin(const struct ouv_move *row, enum ouv_state to)
{
	uint32_t bits = row->start & ~BY_DAY;

	/* The consumer hears of it. */
	if (row->text[CONSUMER] != NULL)
		bits |= OUV_CLOCK_BIT(OUV_CLOCK_SILENCE);
	return bits & ouv_state_info(to)->clocks;
}

/* A question does not give the office the law's whole term again: that of a
 * request goes on where it stood. */
static enum ouv_err
go_on(struct clocks *k, uint32_t *begins)
{
	const uint32_t total = OUV_CLOCK_BIT(OUV_CLOCK_TOTAL);

	if ((*begins & total) == 0 || !request_is(k->m))
		return OUV_OK;
	for (size_t i = 0; i < k->count; i++) {
		struct store_clock *clock = &k->list[i];

		if (clock->kind != OUV_CLOCK_TOTAL ||
			clock->state == STORE_CLOCK_STOPPED)
			continue;
		*begins &= ~total;
		TRY(resume_one(k, clock));
	}
	return OUV_OK;
}

/* A reopened or reviewed case goes on where it was; of the clocks that a whole
 * case has, those that stand still come to an end with it. */
static enum ouv_err
apply(struct clocks *k, const struct ouv_move *row, enum ouv_state to)
{
	const uint32_t may = ouv_state_info(to)->clocks;
	uint32_t begins = to_begin(row, to);
	const size_t before = k->count;

	for (size_t i = 0; i < before; i++) {
		struct store_clock *clock = &k->list[i];
		uint32_t bit = OUV_CLOCK_BIT(clock->kind);
		bool fresh = clock->started_at == k->now;

		/* A promise that this very move has written down stays. */
		if ((may & bit) == 0 ||
			((row->stop & bit) != 0 && !(fresh && bit == BY_DAY)))
			stop(k, clock);
		if ((row->pause & bit) != 0)
			TRY(pause_one(k, clock));
		if ((row->resume & bit) != 0)
			TRY(resume_one(k, clock));
	}
	TRY(go_on(k, &begins));
	for (int kind = 0; kind < OUV_CLOCK__COUNT; kind++)
		if ((begins & OUV_CLOCK_BIT(kind)) != 0)
			TRY(begin(k, (enum ouv_clock)kind, 0));
	return OUV_OK;
}

/* Whether the notice arrives is looked at until it has. */
static void
watch_delivery(struct clocks *k)
{
	const struct store_clock *clock = slot(k, OUV_CLOCK_COMPANY, 0);

	k->alarms[k->alarm_count++] =
		(struct store_alarm){ .case_id = clock->case_id,
			.clock = clock->kind,
			.round = clock->round,
			.kind = "delivery",
			.at = k->now };
}

static struct clocks
clocks_of(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, int64_t now)
{
	return (struct clocks){ .desk = desk,
		.tx = tx,
		.arena = arena,
		.m = m,
		.closed_by = m->closed_by,
		.now = now };
}

/* A review's end leaves how the case ended (note_end in move.c). */
static bool
ends(const struct store_mediation *m, enum ouv_state to)
{
	return to == OUV_STATE_CLOSED && ouv_state_is_open(m->state) &&
	       m->state != OUV_STATE_REVIEW;
}

enum ouv_err
clock_move(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, const struct ouv_move *row,
	enum ouv_state to, int64_t now, int64_t *due_out)
{
	struct clocks k = clocks_of(desk, tx, arena, m, now);

	if (ends(m, to))
		k.closed_by = ouv_action_name(row->action);
	TRY(load(&k, &m->case_id));
	TRY(apply(&k, row, to));
	if (row->action == OUV_ACTION_SERVE)
		watch_delivery(&k);
	*due_out = clock_case_due(to, k.list, k.count);
	return save(&k);
}

enum ouv_err
clock_after(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, const struct ouv_move *row,
	enum ouv_state to, int64_t now, struct store_clock **list_out,
	size_t *count_out)
{
	struct clocks k = clocks_of(desk, tx, arena, m, now);

	k.look = true;
	if (ends(m, to))
		k.closed_by = ouv_action_name(row->action);
	TRY(load(&k, &m->case_id));
	TRY(apply(&k, row, to));
	*list_out = k.list;
	*count_out = k.count;
	return OUV_OK;
}

/* ---- one by name
 * ---------------------------------------------------------------- */

enum ouv_err
clock_begin(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, enum ouv_clock kind, int n,
	int64_t now)
{
	struct clocks k = clocks_of(desk, tx, arena, m, now);

	TRY(load(&k, &m->case_id));
	TRY(begin(&k, kind, n));
	return save(&k);
}

enum ouv_err
clock_until(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, enum ouv_clock kind, int n,
	int64_t due_at, int64_t now)
{
	struct clocks k = clocks_of(desk, tx, arena, m, now);
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;
	struct store_clock *clock;
	int64_t started_at;

	TRY(load(&k, &m->case_id));
	TRY(find_rules(&k, kind, &terms, &calendar));
	clock = slot(&k, kind, n);
	started_at = clock->started_at;
	renew(&k, clock, terms, calendar);
	/* Day zero stays where it was. */
	if (started_at != 0 && kind != OUV_CLOCK_PROMISE)
		clock->started_at = started_at;
	clock->unit = DATE_UNIT;
	clock->amount = 0;
	clock->law = first_of(terms->clocks[kind].extension.law, "");
	clock->due_at = due_at;
	set_alarms(&k, terms, calendar, clock);
	return save(&k);
}

/* By the term for it: behind what it had; an agreed day gets it from there. */
enum ouv_err
clock_extend(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct store_mediation *m,
	enum ouv_clock kind, int64_t now, int64_t *due_out)
{
	struct clocks k = clocks_of(desk, tx, arena, m, now);
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;
	const struct ouv_term *more;
	struct store_clock *clock;
	struct ouv_due due = { 0 };

	TRY(load(&k, &m->case_id));
	clock = slot(&k, kind, 0);
	if (clock->state != STORE_CLOCK_RUNNING)
		return OUV_INVALID;
	TRY(clock_terms(desk, tx, clock, &terms, &calendar));
	more = &terms->clocks[kind].extension;
	if (more->amount == 0)
		return OUV_INVALID;
	if (strcmp(clock->unit, ouv_unit_name(more->unit)) == 0) {
		clock->amount += more->amount;
		TRY(set_due(calendar, clock));
	} else {
		TRY(ouv_calendar_due(calendar, more->unit, more->amount,
			clock->due_at, &due));
		clock->unit = DATE_UNIT;
		clock->due_at = due.at;
	}
	clock->round++; /* reminded anew */
	note_change(&k, clock);
	set_alarms(&k, terms, calendar, clock);
	*due_out = clock->due_at;
	return save(&k);
}

enum ouv_err
clock_stop(struct store_tx *tx, const struct ouv_id *case_id,
	enum ouv_clock kind, int n, int64_t now)
{
	const char *task = clock_rule(kind)->task;

	TRY(store_clock_stop(tx, case_id, kind, n, now));
	return store_tasks_void(tx, case_id, &task, task != NULL, now);
}

enum ouv_err
clock_pause(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, enum ouv_clock kind, int64_t now)
{
	const struct store_mediation m = { .case_id = *case_id };
	struct clocks k = clocks_of(desk, tx, arena, &m, now);

	TRY(load(&k, case_id));
	for (size_t i = 0; i < k.count; i++)
		if (k.list[i].kind == kind)
			TRY(pause_one(&k, &k.list[i]));
	return save(&k);
}

enum ouv_err
clock_resume(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	enum ouv_clock kind, int64_t now)
{
	const struct store_mediation m = { .case_id = *case_id };
	struct clocks k = clocks_of(desk, tx, arena, &m, now);

	TRY(load(&k, case_id));
	for (size_t i = 0; i < k.count; i++)
		if (k.list[i].kind == kind)
			TRY(resume_one(&k, &k.list[i]));
	return save(&k);
}

enum ouv_err
clock_would(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, enum ouv_clock kind, int64_t now,
	int64_t *due_out)
{
	struct clocks k = clocks_of(desk, tx, arena, m, now);
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;
	struct store_clock clock = { .kind = kind, .since_at = now };

	TRY(find_rules(&k, kind, &terms, &calendar));
	if (terms->clocks[kind].term.amount == 0)
		return OUV_NOT_FOUND;
	clock.unit = ouv_unit_name(terms->clocks[kind].term.unit);
	clock.amount = terms->clocks[kind].term.amount;
	TRY(set_due(calendar, &clock));
	*due_out = clock.due_at;
	return OUV_OK;
}
