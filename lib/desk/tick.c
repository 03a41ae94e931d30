/*
 * tick.c - the clockwork: what is due is done, each thing once
 *
 * Any worker may run it, several at once.  One alarm is one transaction under
 * the lock of its case, so two workers never do the same one, and what was not
 * committed is found again.  After a stoppage the alarms of a clock ring in
 * their order, and what a reminder announces leaves its reader the time that
 * the profile gives.
 */
#include <string.h>

#include "clock.h"
#include "member.h"
#include "ouv/clock.h"
#include "ouv/log.h"

#define BATCH 100 /* alarms in one call */

static ring_fn *
part_of(const struct store_alarm *alarm)
{
	static const struct {
		const char *kind;
		ring_fn *run;
	} parts[] = {
		{ "remind", tick_remind },
		{ "remind-2", tick_remind },
		{ "lapse", tick_end },
		{ "delivery", tick_delivery },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(parts[i].kind, alarm->kind) == 0)
			return parts[i].run;
	return NULL;
}

enum ouv_err
tick_task(struct ring *r, const char *kind)
{
	struct store_task task = { .id = ouv_id_new(),
		.case_id = r->alarm.case_id,
		.kind = kind,
		.opened_at = r->now };
	bool opened;

	TRY(letter_due(r->desk, r->tx, r->now, &task.due_at));
	TRY(store_task_add(r->tx, &task, &opened));
	return log_existing(r->desk, r->tx, r->arena, &r->alarm.case_id, NULL,
		"task-open", &task.id);
}

enum ouv_err
tick_later(struct ring *r, int64_t at)
{
	r->outcome = NULL;
	return store_alarms_later(r->tx, &r->alarm, at);
}

/* OUV_NOT_FOUND: the clock was stopped, or has begun anew since. */
static enum ouv_err
find_clock(struct ring *r)
{
	const struct store_alarm *a = &r->alarm;
	struct store_clock *list;
	size_t count;

	TRY(store_clocks(r->tx, r->arena, &a->case_id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (list[i].kind != a->clock || list[i].n != a->n)
			continue;
		if (list[i].round != a->round ||
			list[i].state == STORE_CLOCK_STOPPED)
			return OUV_NOT_FOUND;
		r->clock = list[i];
		return OUV_OK;
	}
	return OUV_NOT_FOUND;
}

static enum ouv_err
ring(struct ring *r)
{
	ring_fn *run = part_of(&r->alarm);
	enum ouv_err err = find_clock(r);

	r->outcome = "void";
	if (err == OUV_NOT_FOUND || run == NULL)
		return OUV_OK;
	if (err != OUV_OK)
		return err;
	if (r->clock.state == STORE_CLOCK_PAUSED) {
		r->outcome = NULL;
		return store_alarms_never(r->tx, &r->alarm);
	}
	TRY(clock_terms(r->desk, r->tx, &r->clock, &r->terms, &r->calendar));
	/* It was stopped for hours, or the office closed since. */
	if (run != tick_delivery &&
		!ouv_calendar_serving(r->calendar, r->now) &&
		clock_service(r->calendar, r->now) > r->now)
		return tick_later(r, clock_service(r->calendar, r->now));
	r->rule = clock_rule(r->clock.kind);
	TRY(store_mediation(r->tx, r->arena, &r->alarm.case_id, &r->m));
	return run(r);
}

/* What cannot be done is said to a person, and never tried for ever. */
static enum ouv_err
give_up(struct ring *r)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	char hex[OUV_ID_HEX];

	ouv_id_hex(&r->alarm.case_id, hex);
	ouv_log_error("case=%s: the alarm %s of its clock %s could not be "
		      "carried out",
		hex, r->alarm.kind, ouv_clock_name(r->alarm.clock));
	TRY(store_begin(r->desk->store, &tx));
	r->tx = tx;
	TRY(tick_task(r, r->otherwise));
	TRY(store_alarm_done(tx, &r->alarm, "failed", r->now));
	return store_commit(&tx);
}

static enum ouv_err
one(struct ring *r)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;

	TRY(store_begin(r->desk->store, &tx));
	r->tx = tx;
	err = store_alarm_claim(tx, r->arena, r->now, &r->alarm);
	if (err == OUV_CONFLICT) /* another did it meanwhile */
		return OUV_OK;
	if (err != OUV_OK)
		return err;
	TRY(ring(r));
	if (r->outcome != NULL)
		TRY(store_alarm_done(tx, &r->alarm, r->outcome, r->now));
	return store_commit(&tx);
}

/* OUV_NOT_FOUND: nothing is due. */
static enum ouv_err
next(struct ouv_desk *desk, int64_t now)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ring r = { .desk = desk,
		.arena = arena,
		.now = now,
		.otherwise = "alarm-failed" };
	enum ouv_err err = one(&r);

	if (r.alarm.kind == NULL || err == OUV_OK || err == OUV_TEMPORARY)
		return err;
	return err == OUV_CONFLICT ? OUV_TEMPORARY : give_up(&r);
}

enum ouv_err
ouv_desk_tick(struct ouv_desk *desk, size_t *done_out)
{
	size_t acts = 0, asks = 0, posts = 0, n = 0;
	enum ouv_err err;

	TRY(tick_acts(desk, &acts));
	TRY(tick_page_asks(desk, &asks));
	TRY(tick_company(desk, &posts));
	TRY(retain_holds(desk, ouv_clock_now()));
	for (err = OUV_OK; err == OUV_OK && n < BATCH;) {
		err = next(desk, ouv_clock_now());
		n += err == OUV_OK;
	}
	*done_out = acts + asks + posts + n;
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}
