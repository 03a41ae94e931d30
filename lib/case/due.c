/*
 * due.c - when a term ends, and every day that was counted or passed over
 *
 * A unit is a row: how its end is found before closed days are left behind.
 */
#include <string.h>

#include "ouv/calendar.h"

#define HOUR 3600
#define DAY 86400
#define LAST_SECOND (DAY - 1)

/* A term on its way through the calendar. */
struct walk {
	const struct ouv_calendar *calendar;
	struct ouv_due *due;
	int32_t last; /* the calendar's last day */
	int32_t day;
};

/* Goes to the next day and writes down what it is. */
static bool
step(struct walk *w, bool counts, bool *open_out)
{
	const char *why;

	if (w->day >= w->last)
		return false;
	w->day++;
	*open_out = ouv_calendar_open(w->calendar, w->day, &why);
	if (w->due->step_count < w->due->step_room)
		w->due->steps[w->due->step_count] =
			(struct ouv_step){ .day = w->day,
				.counted = counts && *open_out,
				.why = why };
	w->due->step_count++;
	return true;
}

/* Calendar days count whether the office is open or not. */
static void
count_last(struct walk *w)
{
	struct ouv_step *last = w->due->steps + w->due->step_count - 1;

	if (w->due->step_count > w->due->step_room)
		return;
	last->counted = true;
	last->why = NULL;
}

/* A due time on a closed day goes to the next open one. */
static bool
roll(struct walk *w)
{
	bool open = ouv_calendar_open(w->calendar, w->day, NULL);

	while (!open)
		if (!step(w, false, &open))
			return false;
	return true;
}

static bool
end_days(struct walk *w, int amount, int64_t from)
{
	bool open;

	(void)from;
	for (int i = 0; i < amount; i++) {
		if (!step(w, false, &open))
			return false;
		count_last(w);
	}
	if (!roll(w))
		return false;
	w->due->at = ouv_calendar_instant(w->calendar, w->day, LAST_SECOND);
	return true;
}

static bool
end_service_days(struct walk *w, int amount, int64_t from)
{
	bool open;

	(void)from;
	while (amount > 0) {
		if (!step(w, true, &open))
			return false;
		amount -= open;
	}
	w->due->at = ouv_calendar_instant(w->calendar, w->day, LAST_SECOND);
	return true;
}

/* Spends what the day's hours hold after secs; true: the term ends in them. */
static bool
spend(struct walk *w, const struct ouv_hours *hours, int32_t secs,
	int64_t *left)
{
	for (size_t i = 0; i < hours->count; i++) {
		int32_t open =
			hours->list[i].open > secs ? hours->list[i].open : secs;
		int64_t from, until;

		if (open >= hours->list[i].close)
			continue;
		from = ouv_calendar_instant(w->calendar, w->day, open);
		until = ouv_calendar_instant(
			w->calendar, w->day, hours->list[i].close);
		if (until - from >= *left) {
			w->due->at = from + *left;
			/* midnight belongs to the day that ends */
			w->due->at -= hours->list[i].close == DAY &&
				      until - from == *left;
			return true;
		}
		*left -= until - from;
	}
	return false;
}

/* hours NULL: those in which the office serves. */
static bool
run_hours(
	struct walk *w, const struct ouv_hours *hours, int amount, int64_t from)
{
	int64_t left = (int64_t)amount * HOUR;
	bool open = ouv_calendar_open(w->calendar, w->day, NULL);
	int32_t secs;

	(void)ouv_calendar_day(w->calendar, from, &secs);
	while (!open ||
		!spend(w,
			hours != NULL
				? hours
				: &w->calendar->week[ouv_day_weekday(w->day)],
			secs, &left)) {
		if (!step(w, true, &open))
			return false;
		secs = 0;
	}
	return true;
}

static bool
end_hours(struct walk *w, int amount, int64_t from)
{
	static const struct ouv_hours all_day = { 1, { { 0, DAY } } };

	return run_hours(w, &all_day, amount, from);
}

static bool
end_service_hours(struct walk *w, int amount, int64_t from)
{
	return run_hours(w, NULL, amount, from);
}

typedef bool end_fn(struct walk *w, int amount, int64_t from);

/* clang-format off */
static const struct {
	const char *name;
	end_fn *end;
} units[OUV_UNIT__COUNT] = {
	[OUV_UNIT_HOURS]         = { "hours",         end_hours },
	[OUV_UNIT_SERVICE_HOURS] = { "service-hours", end_service_hours },
	[OUV_UNIT_DAYS]          = { "days",          end_days },
	[OUV_UNIT_SERVICE_DAYS]  = { "service-days",  end_service_days },
};
/* clang-format on */

const char *
ouv_unit_name(enum ouv_unit unit)
{
	return units[unit].name;
}

enum ouv_err
ouv_unit_parse(const char *name, enum ouv_unit *unit_out)
{
	for (int i = 0; i < OUV_UNIT__COUNT; i++) {
		if (strcmp(units[i].name, name) != 0)
			continue;
		*unit_out = (enum ouv_unit)i;
		return OUV_OK;
	}
	return OUV_INVALID;
}

enum ouv_err
ouv_calendar_due(const struct ouv_calendar *calendar, enum ouv_unit unit,
	int amount, int64_t from, struct ouv_due *due_out)
{
	struct ouv_due due = { .step_room = due_out->step_room,
		.steps = due_out->steps };
	struct walk w = { .calendar = calendar, .due = &due };

	w.day = due.day_zero = ouv_calendar_day(calendar, from, NULL);
	w.last = ouv_day_of(calendar->last_year, 12, 31);
	if (amount < 1 || w.day > w.last ||
		w.day < ouv_day_of(calendar->first_year, 1, 1))
		return OUV_INVALID;
	if (!units[unit].end(&w, amount, from))
		return OUV_INVALID;
	*due_out = due;
	return OUV_OK;
}
