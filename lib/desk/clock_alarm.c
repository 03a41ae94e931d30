/*
 * clock_alarm.c - when the alarms of a clock ring
 *
 * Never while the office is closed: nobody is woken by a reminder, and somebody
 * is there to answer a question about it.  Reminders are counted back from the
 * end; where a term is too short for that, they stand in its middle.
 */
#include "clock.h"

#define DAY 86400
#define BACK_MOST 366 /* days that a reminder is looked for backwards */

int64_t
clock_service(const struct ouv_calendar *calendar, int64_t at)
{
	int64_t next;

	/* Beyond the calendar's end every hour counts. */
	return ouv_calendar_next(calendar, at, &next) == OUV_OK ? next : at;
}

/* The opening of the day that lies so many days before; a closed one goes back
 * further, so that whoever is reminded still has as long. */
static int64_t
days_before(const struct ouv_calendar *calendar, const struct ouv_term *term,
	int64_t due_at)
{
	int32_t day = ouv_calendar_day(calendar, due_at, NULL);
	int left = term->amount;

	for (int i = 0; i < BACK_MOST && left > 0; i++) {
		day--;
		if (term->unit != OUV_UNIT_SERVICE_DAYS ||
			ouv_calendar_open(calendar, day, NULL))
			left--;
	}
	for (int i = 0; i < BACK_MOST; i++, day--)
		if (ouv_calendar_open(calendar, day, NULL))
			break;
	return clock_service(calendar, ouv_calendar_instant(calendar, day, 0));
}

static int64_t
before(const struct ouv_calendar *calendar, const struct ouv_term *term,
	int64_t due_at)
{
	if (term->unit == OUV_UNIT_HOURS ||
		term->unit == OUV_UNIT_SERVICE_HOURS)
		return clock_service(
			calendar, due_at - (int64_t)term->amount * 3600);
	return days_before(calendar, term, due_at);
}

int64_t
clock_notice(const struct ouv_calendar *calendar, const struct ouv_terms *terms,
	enum ouv_clock kind, int64_t at)
{
	const struct ouv_term *notice = &terms->clocks[kind].notice;
	struct ouv_due due = { 0 };

	if (notice->amount > 0 && ouv_calendar_due(calendar, notice->unit,
					  notice->amount, at, &due) == OUV_OK)
		return clock_service(calendar, due.at + 1);
	return clock_service(calendar, at + DAY);
}

static bool
reminds(const struct clock_rule *rule, int i)
{
	return rule->ahead != NULL || rule->remind[i][CONSUMER] != NULL ||
	       rule->remind[i][COMPANY] != NULL;
}

size_t
clock_alarms(const struct ouv_calendar *calendar, const struct ouv_terms *terms,
	const struct store_clock *clock, int64_t now, struct store_alarm *out)
{
	static const char *const kinds[OUV_REMINDERS] = { "remind",
		"remind-2" };
	const struct clock_rule *rule = clock_rule(clock->kind);
	struct store_alarm alarm = { .case_id = clock->case_id,
		.clock = clock->kind,
		.n = clock->n,
		.round = clock->round };
	int64_t soonest = now;
	size_t count = 0;

	if (rule->end == END_NOTHING)
		return 0;
	for (int i = 0; i < OUV_REMINDERS; i++) {
		const struct ouv_term *term =
			&terms->clocks[clock->kind].remind[i];

		if (term->amount == 0 || !reminds(rule, i))
			continue;
		alarm.kind = kinds[i];
		alarm.at = before(calendar, term, clock->due_at);
		if (alarm.at <= soonest)
			alarm.at = clock_service(calendar,
				soonest + (clock->due_at - soonest) / 2);
		/* What the office must know before a law's last day does not
		 * wait for the other end of its recess. */
		if (rule->ahead != NULL && alarm.at > clock->due_at)
			alarm.at = clock_service(calendar, now);
		soonest = alarm.at;
		out[count++] = alarm;
	}
	alarm.kind = "lapse";
	alarm.at = clock_service(calendar, clock->due_at + 1);
	out[count++] = alarm;
	return count;
}
