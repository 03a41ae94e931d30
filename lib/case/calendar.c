/*
 * calendar.c - open or closed, on the wall or in UTC
 */
#include <string.h>

#include "ouv/calendar.h"

#define DAY 86400

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* ---- local time -----------------------------------------------------------
 */

/* The last shift that is not after at, else the first. */
static const struct ouv_shift *
shift_at(const struct ouv_calendar *c, int64_t at)
{
	size_t low = 0, high = c->shift_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (c->shifts[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return &c->shifts[low];
}

int32_t
ouv_calendar_day(const struct ouv_calendar *c, int64_t at, int32_t *secs_out)
{
	int64_t local = at + shift_at(c, at)->offset;
	int64_t day = floor_div(local, DAY);

	if (secs_out != NULL)
		*secs_out = (int32_t)(local - day * DAY);
	return (int32_t)day;
}

int64_t
ouv_calendar_instant(const struct ouv_calendar *c, int32_t day, int32_t secs)
{
	int64_t local = (int64_t)day * DAY + secs;
	/* No offset is more than a day: this one is from before. */
	const struct ouv_shift *before = shift_at(c, local - DAY);
	const struct ouv_shift *last = c->shifts + c->shift_count - 1;
	int64_t at = local - before->offset;

	/* Twice or not at all: the offset before the shift is the answer. */
	while (before < last && at >= before[1].at) {
		before++;
		if (local - before->offset < before->at)
			break;
		at = local - before->offset;
	}
	return at;
}

/* ---- closed days
 * ----------------------------------------------------------------- */

static bool
of_year(const struct ouv_closed *rule, int year, int32_t *day_out)
{
	int32_t first;
	int weekday;

	if ((rule->from_year != 0 && year < rule->from_year) ||
		(rule->until_year != 0 && year > rule->until_year))
		return false;
	switch (rule->kind) {
	case OUV_CLOSED_YEARLY:
		if (!ouv_day_valid(year, rule->month, rule->day))
			return false; /* 29 February */
		*day_out = ouv_day_of(year, rule->month, rule->day);
		return true;
	case OUV_CLOSED_EASTER:
		*day_out = ouv_day_easter(year) + rule->offset;
		return true;
	case OUV_CLOSED_NTH:
		first = rule->nth > 0 ? ouv_day_of(year, rule->month, 1)
				      : ouv_day_of(year + rule->month / 12,
						rule->month % 12 + 1, 1) -
						7;
		weekday = ouv_day_weekday(first);
		*day_out = first + (rule->weekday - weekday + 7) % 7 +
			   (rule->nth > 0 ? (rule->nth - 1) * 7
					  : (rule->nth + 1) * 7);
		return true;
	case OUV_CLOSED_ONCE:
	case OUV_CLOSED__COUNT:
		break;
	}
	*day_out = rule->day_number;
	return true;
}

bool
ouv_calendar_open(
	const struct ouv_calendar *c, int32_t day, const char **why_out)
{
	const char *why = NULL;
	int32_t closed;
	int year, month, d;

	ouv_day_split(day, &year, &month, &d);
	for (size_t i = 0; i < c->closed_count && why == NULL; i++)
		if (of_year(&c->closed[i], year, &closed) && closed == day)
			why = c->closed[i].id;
	if (why == NULL && c->week[ouv_day_weekday(day)].count == 0)
		why = "weekly";
	if (why_out != NULL)
		*why_out = why;
	return why == NULL;
}

bool
ouv_calendar_serving(const struct ouv_calendar *c, int64_t at)
{
	int32_t secs, day = ouv_calendar_day(c, at, &secs);
	const struct ouv_hours *hours = &c->week[ouv_day_weekday(day)];

	if (!ouv_calendar_open(c, day, NULL))
		return false;
	for (size_t i = 0; i < hours->count; i++)
		if (secs >= hours->list[i].open && secs < hours->list[i].close)
			return true;
	return false;
}

enum ouv_err
ouv_calendar_next(const struct ouv_calendar *c, int64_t at, int64_t *next_out)
{
	int32_t secs, day = ouv_calendar_day(c, at, &secs);
	int32_t last = ouv_day_of(c->last_year, 12, 31);

	for (; day <= last; day++, secs = -1) {
		const struct ouv_hours *hours = &c->week[ouv_day_weekday(day)];

		if (!ouv_calendar_open(c, day, NULL))
			continue;
		for (size_t i = 0; i < hours->count; i++) {
			if (secs >= hours->list[i].close)
				continue;
			*next_out = secs >= hours->list[i].open
					    ? at
					    : ouv_calendar_instant(c, day,
						      hours->list[i].open);
			return OUV_OK;
		}
	}
	return OUV_INVALID;
}
