/*
 * due.c - when a term ends, and every day that was counted or passed over
 *
 * A unit is a row: how its end is found before closed days are left behind.
 */
#include <string.h>

#include "due.h"

#define HOUR 3600
#define DAY 86400

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

/* One that comes twice, when summer time ends at midnight: the later one. */
static int64_t
last_second(const struct walk *w)
{
	return ouv_calendar_instant(w->calendar, w->day + 1, 0) - 1;
}

/* A law's term does not wait for the office to open again. */
static bool
end_exact_days(struct walk *w, int64_t left, int64_t from)
{
	bool open;

	(void)from;
	for (; left > 0 && w->due->step_count < w->due->step_room; left--) {
		if (!step(w, false, &open))
			return false;
		count_last(w);
	}
	/* Nobody asks what those are. */
	if (left > w->last - w->day)
		return false;
	w->day += (int32_t)left;
	w->due->step_count += (size_t)left;
	w->due->at = last_second(w);
	return true;
}

static bool
end_days(struct walk *w, int64_t left, int64_t from)
{
	if (!end_exact_days(w, left, from) || !roll(w))
		return false;
	w->due->at = last_second(w);
	return true;
}

static bool
end_service_days(struct walk *w, int64_t left, int64_t from)
{
	bool open;

	(void)from;
	while (left > 0) {
		if (!step(w, true, &open))
			return false;
		left -= open;
	}
	if (!roll(w))
		return false;
	w->due->at = last_second(w);
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
run_hours(struct walk *w, const struct ouv_hours *hours, int64_t left,
	int64_t from)
{
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

static const struct ouv_hours all_day = { 1, { { 0, DAY } } };

static bool
end_hours(struct walk *w, int64_t left, int64_t from)
{
	return run_hours(w, &all_day, left, from);
}

static bool
end_service_hours(struct walk *w, int64_t left, int64_t from)
{
	return run_hours(w, NULL, left, from);
}

/* ---- what was counted so far --------------------------------------------- */

static int64_t
used_days(const struct ouv_calendar *c, int64_t from, int64_t until)
{
	return ouv_calendar_day(c, until, NULL) -
	       ouv_calendar_day(c, from, NULL);
}

static int64_t
used_service_days(const struct ouv_calendar *c, int64_t from, int64_t until)
{
	int32_t last = ouv_calendar_day(c, until, NULL);
	int64_t used = 0;

	for (int32_t day = ouv_calendar_day(c, from, NULL) + 1; day <= last;
		day++)
		used += ouv_calendar_open(c, day, NULL);
	return used;
}

/* What the hours of that day and the time from..until have in common. */
static int64_t
common(const struct ouv_calendar *c, const struct ouv_hours *hours, int32_t day,
	int64_t from, int64_t until)
{
	int64_t sum = 0;

	for (size_t i = 0; i < hours->count; i++) {
		int64_t open =
			ouv_calendar_instant(c, day, hours->list[i].open);
		int64_t close =
			ouv_calendar_instant(c, day, hours->list[i].close);

		open = open > from ? open : from;
		close = close < until ? close : until;
		if (close > open)
			sum += close - open;
	}
	return sum;
}

/* service: the hours of each weekday, else day and night. */
static int64_t
sum_hours(
	const struct ouv_calendar *c, bool service, int64_t from, int64_t until)
{
	int32_t last = ouv_calendar_day(c, until, NULL);
	int64_t sum = 0;

	for (int32_t day = ouv_calendar_day(c, from, NULL); day <= last; day++)
		if (ouv_calendar_open(c, day, NULL))
			sum += common(c,
				service ? &c->week[ouv_day_weekday(day)]
					: &all_day,
				day, from, until);
	return sum;
}

static int64_t
used_hours(const struct ouv_calendar *c, int64_t from, int64_t until)
{
	return sum_hours(c, false, from, until);
}

static int64_t
used_service_hours(const struct ouv_calendar *c, int64_t from, int64_t until)
{
	return sum_hours(c, true, from, until);
}

/* ---- units --------------------------------------------------------------- */

typedef bool end_fn(struct walk *w, int64_t left, int64_t from);
typedef int64_t used_fn(
	const struct ouv_calendar *c, int64_t from, int64_t until);

/* clang-format off */
static const struct {
	const char *name;
	int64_t grain;
	end_fn *end;
	used_fn *used;
} units[OUV_UNIT__COUNT] = {
	[OUV_UNIT_HOURS]         = { "hours",         HOUR, end_hours,         used_hours },
	[OUV_UNIT_SERVICE_HOURS] = { "service-hours", HOUR, end_service_hours, used_service_hours },
	[OUV_UNIT_DAYS]          = { "days",          1,    end_days,          used_days },
	[OUV_UNIT_SERVICE_DAYS]  = { "service-days",  1,    end_service_days,  used_service_days },
	[OUV_UNIT_EXACT_DAYS]    = { "exact-days",    1,    end_exact_days,    used_days },
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

int64_t
due_grain(enum ouv_unit unit)
{
	return units[unit].grain;
}

int64_t
due_used(const struct ouv_calendar *calendar, enum ouv_unit unit, int64_t from,
	int64_t until)
{
	return units[unit].used(calendar, from, until);
}

enum ouv_err
due_left(const struct ouv_calendar *calendar, enum ouv_unit unit, int64_t left,
	int64_t from, struct ouv_due *due_out)
{
	struct ouv_due due = { .step_room = due_out->step_room,
		.steps = due_out->steps };
	struct walk w = { .calendar = calendar, .due = &due };

	w.day = due.day_zero = ouv_calendar_day(calendar, from, NULL);
	w.last = ouv_day_of(calendar->last_year, 12, 31);
	if (w.day > w.last || w.day < ouv_day_of(calendar->first_year, 1, 1))
		return OUV_INVALID;
	if (!units[unit].end(&w, left, from))
		return OUV_INVALID;
	*due_out = due;
	return OUV_OK;
}

enum ouv_err
ouv_calendar_due(const struct ouv_calendar *calendar, enum ouv_unit unit,
	int amount, int64_t from, struct ouv_due *due_out)
{
	if (amount < 1)
		return OUV_INVALID;
	return due_left(
		calendar, unit, amount * units[unit].grain, from, due_out);
}
