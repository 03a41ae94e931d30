/*
 * tick_end.c - a term has run out: what that means, clock by clock
 *
 * The clockwork never closes a case against somebody by itself: it asks a
 * colleague, or does what the table of moves lets it do once whoever was
 * silent had been reminded and had the time that the reminder named.
 */
#include <string.h>

#include "clock.h"

#define DAY 86400
#define HOLD_AGAIN (30 * INT64_C(86400)) /* a legal hold is looked at */

/* ---- was whoever owes it told?
 * ------------------------------------------------ */

enum told {
	TOLD,
	TOLD_LATER, /* it rings again; nothing to do now */
	TOLD_NEVER  /* no reminder reached them */
};

/* One that the profile does not ask for, but the move does. */
static enum ouv_err
remind_now(struct ring *r, int made)
{
	struct store_alarm alarm = r->alarm;

	alarm.kind = made == 0 ? "remind" : "remind-2";
	alarm.at = r->now;
	TRY(tick_later(
		r, clock_notice(r->calendar, r->terms, r->clock.kind, r->now)));
	return store_alarms_set(r->tx, &alarm, 1);
}

static enum ouv_err
ask_told(struct ring *r, enum told *told_out)
{
	struct store_told told;
	int64_t ready;

	*told_out = TOLD;
	if (r->rule->told == 0)
		return OUV_OK;
	TRY(store_alarm_told(r->tx, &r->alarm, &told));
	ready = clock_notice(
		r->calendar, r->terms, r->clock.kind, told.last_at);
	if (told.arrived >= r->rule->told && ready <= r->now)
		return OUV_OK;
	*told_out = TOLD_LATER;
	if (told.arrived >= r->rule->told)
		return tick_later(r, ready);
	if (told.waiting > 0)
		return tick_later(r, clock_service(r->calendar, r->now + DAY));
	if (told.made < r->rule->told)
		return remind_now(r, told.made);
	*told_out = TOLD_NEVER;
	return OUV_OK;
}

/* ---- the ends
 * -------------------------------------------------------------------- */

static enum ouv_err
end_task(struct ring *r)
{
	r->outcome = "task";
	return tick_task(r, r->rule->task);
}

static enum ouv_err
end_confirm(struct ring *r)
{
	enum told told;

	TRY(ask_told(r, &told));
	return told == TOLD_LATER ? OUV_OK : end_task(r);
}

/* As the clockwork itself; what stands against it becomes a task. */
static enum ouv_err
move(struct ring *r, enum ouv_action action, const char *otherwise)
{
	struct act act = { .case_id = r->alarm.case_id,
		.action = action,
		.role = OUV_ROLE_TIMER,
		.source = "timer",
		.auth = true,
		.now = r->now };
	uint64_t failed = 0;

	r->otherwise = otherwise;
	r->outcome = "moved";
	return act_run(r->desk, r->tx, r->arena, &act, &failed);
}

static enum ouv_err
end_decline(struct ring *r)
{
	enum told told;

	TRY(ask_told(r, &told));
	if (told == TOLD_LATER)
		return OUV_OK;
	if (told == TOLD)
		return move(r, OUV_ACTION_DECLINE, "alarm-failed");
	r->outcome = "task";
	return tick_task(r, "cannot-remind");
}

static enum ouv_err
end_hearing(struct ring *r)
{
	enum told told;

	TRY(ask_told(r, &told));
	if (told == TOLD_LATER)
		return OUV_OK;
	TRY(store_hearing_lapsed(r->tx, &r->alarm.case_id, "consumer", r->now));
	TRY(store_hearing_lapsed(r->tx, &r->alarm.case_id, "company", r->now));
	return end_task(r);
}

/* A promise of the plan: the consumer says whether it was done. */
static enum ouv_err
end_promise(struct ring *r)
{
	bool queued;

	if (r->m.state != OUV_STATE_PLAN)
		return end_task(r);
	TRY(clock_would(r->desk, r->tx, r->arena, &r->m, OUV_CLOCK_ATTEST,
		r->now, &r->answer_by));
	TRY(tick_letter(r, CONSUMER, "promise-check", &queued));
	if (!queued)
		return end_task(r);
	r->outcome = "sent";
	TRY(store_promise_asked(r->tx, &r->alarm.case_id, r->clock.n, r->now));
	return clock_begin(r->desk, r->tx, r->arena, &r->m, OUV_CLOCK_ATTEST,
		r->clock.n, r->now);
}

/* Is another promise of the plan still to come, or being asked about? */
static enum ouv_err
others_run(struct ring *r, bool *run_out)
{
	struct store_clock *list;
	size_t count;

	TRY(store_clocks(r->tx, r->arena, &r->alarm.case_id, &list, &count));
	*run_out = false;
	for (size_t i = 0; i < count; i++)
		if ((list[i].kind == OUV_CLOCK_PROMISE ||
			    list[i].kind == OUV_CLOCK_ATTEST) &&
			list[i].state == STORE_CLOCK_RUNNING &&
			list[i].n != r->clock.n && list[i].due_at > r->now)
			*run_out = true;
	return OUV_OK;
}

static enum ouv_err
end_attest(struct ring *r)
{
	enum told told;
	bool run;

	TRY(ask_told(r, &told));
	if (told == TOLD_LATER)
		return OUV_OK;
	TRY(others_run(r, &run));
	r->outcome = "void";
	if (run) /* the last one decides */
		return OUV_OK;
	if (told == TOLD)
		return move(r, OUV_ACTION_CONFIRM, r->rule->task);
	return end_task(r);
}

static enum ouv_err
end_erase(struct ring *r)
{
	enum told told;

	if (r->m.legal_hold) /* lifting it makes it ring */
		return tick_later(r, r->now + HOLD_AGAIN);
	TRY(ask_told(r, &told));
	return told == TOLD_LATER ? OUV_OK : end_task(r);
}

static enum ouv_err
end_nothing(struct ring *r)
{
	r->outcome = "void";
	return OUV_OK;
}

enum ouv_err
tick_end(struct ring *r)
{
	static ring_fn *const ends[END__COUNT] = {
		[END_NOTHING] = end_nothing,
		[END_TASK] = end_task,
		[END_CONFIRM] = end_confirm,
		[END_DECLINE] = end_decline,
		[END_HEARING] = end_hearing,
		[END_PROMISE] = end_promise,
		[END_ATTEST] = end_attest,
		[END_ERASE] = end_erase,
	};

	return ends[r->rule->end](r);
}
