/*
 * calendar_test.c - days, Easter, service hours and terms
 *
 * Dates come from published tables and from the laws that name the holidays;
 * what holds for every date is walked over twenty years.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/calendar.h"

#define DAY 86400

/* Rome, summer time of 2026 and 2027 (Directive 2000/84/EC: 01:00 UTC on the
 * last Sundays of March and October). */
static const struct ouv_shift rome_shifts[] = {
	{ INT64_MIN, 3600 }, { 1774746000, 7200 }, /* 2026-03-29T01:00:00Z */
	{ 1792890000, 3600 },                      /* 2026-10-25T01:00:00Z */
	{ 1806195600, 7200 },                      /* 2027-03-28T01:00:00Z */
	{ 1824944400, 3600 },                      /* 2027-10-31T01:00:00Z */
};

#define OFFICE                                      \
	{                                           \
		1,                                  \
		{                                   \
			{                           \
				9 * 3600, 18 * 3600 \
			}                           \
		}                                   \
	}
#define LUNCH                                        \
	{                                            \
		2,                                   \
		{                                    \
			{ 9 * 3600, 13 * 3600 },     \
			{                            \
				14 * 3600, 18 * 3600 \
			}                            \
		}                                    \
	}

/* clang-format off */
static const struct ouv_closed closed[] = {
	{ .kind = OUV_CLOSED_YEARLY, .month = 1, .day = 1, .id = "new-year" },
	{ .kind = OUV_CLOSED_EASTER, .offset = -2, .id = "good-friday" },
	{ .kind = OUV_CLOSED_EASTER, .offset = 1, .id = "easter-monday" },
	{ .kind = OUV_CLOSED_YEARLY, .month = 2, .day = 29, .id = "leap-day" },
	{ .kind = OUV_CLOSED_YEARLY, .month = 10, .day = 4, .from_year = 2026,
	  .id = "francis" },
	{ .kind = OUV_CLOSED_NTH, .month = 5, .weekday = 0, .nth = -1,
	  .id = "last-monday" },
	{ .kind = OUV_CLOSED_NTH, .month = 9, .weekday = 0, .nth = 1,
	  .id = "first-monday" },
	{ .kind = OUV_CLOSED_YEARLY, .month = 12, .day = 25, .id = "christmas" },
};

static const struct ouv_calendar rome = {
	.name = "test", .zone = "Europe/Rome",
	.first_year = 2010, .last_year = 2032,
	.shift_count = 5, .shifts = rome_shifts,
	.week = { OFFICE, LUNCH, OFFICE, OFFICE, OFFICE, { 0 }, { 0 } },
	.closed_count = sizeof(closed) / sizeof(closed[0]), .closed = closed,
};
/* clang-format on */

static int64_t
at(int y, int m, int d, int hour, int minute)
{
	return ouv_calendar_instant(
		&rome, ouv_day_of(y, m, d), hour * 3600 + minute * 60);
}

/* ---- days -------------------------------------------------------------------
 */

static void
days_count_up_without_a_gap(void **state)
{
	int y, m, d, py = 1899, pm = 12, pd = 31;

	(void)state;
	assert_int_equal(ouv_day_of(1970, 1, 1), 0);
	assert_int_equal(ouv_day_of(2000, 3, 1), 11017);
	for (int32_t day = ouv_day_of(1900, 1, 1);
		day <= ouv_day_of(2100, 12, 31); day++) {
		ouv_day_split(day, &y, &m, &d);
		assert_int_equal(ouv_day_of(y, m, d), day);
		assert_true(ouv_day_valid(y, m, d));
		if (d != 1)
			assert_true(y == py && m == pm && d == pd + 1);
		else
			assert_true(m == 1 ? y == py + 1 && pm == 12
					   : y == py && m == pm + 1);
		py = y, pm = m, pd = d;
	}
	assert_true(ouv_day_valid(2024, 2, 29));
	assert_true(ouv_day_valid(2000, 2, 29));
	assert_false(ouv_day_valid(2100, 2, 29));
	assert_false(ouv_day_valid(2026, 2, 29));
	assert_false(ouv_day_valid(2026, 4, 31));
	assert_false(ouv_day_valid(2026, 13, 1));
	assert_false(ouv_day_valid(2026, 0, 1));
}

static void
days_are_read_and_written(void **state)
{
	static const struct {
		const char *text;
		int year, month, day;
	} good[] = {
		{ "2026-12-03", 2026, 12, 3 },
		{ "2024-02-29", 2024, 2, 29 },
		{ "1969-12-31", 1969, 12, 31 },
		{ "1583-01-01", 1583, 1, 1 },
	};
	static const char *const bad[] = { "", "2026", "2026-12-3",
		"2026-12-03 ", " 2026-12-03", "2026/12/03", "2026-13-01",
		"2026-00-10", "2026-02-29", "2026-04-31", "202a-01-01",
		"-026-01-01", "0000-01-01", "2026-12-033" };
	char text[OUV_DAY_MAX];
	int32_t day;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(ouv_day_read(good[i].text, &day));
		assert_int_equal(day,
			ouv_day_of(good[i].year, good[i].month, good[i].day));
		ouv_day_write(day, text);
		assert_string_equal(text, good[i].text);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		day = 7;
		if (ouv_day_read(bad[i], &day) || day != 7)
			fail_msg("\"%s\" was read as a day", bad[i]);
	}
}

static void
weekdays_are_those_of_the_wall(void **state)
{
	(void)state;
	assert_int_equal(ouv_day_weekday(ouv_day_of(1969, 7, 20)), 6);
	assert_int_equal(ouv_day_weekday(ouv_day_of(1970, 1, 1)), 3);
	assert_int_equal(ouv_day_weekday(ouv_day_of(2000, 1, 1)), 5);
	assert_int_equal(ouv_day_weekday(ouv_day_of(2026, 11, 23)), 0);
}

/* Tables of Easter in the Gregorian calendar. */
static void
easter_is_on_its_published_sundays(void **state)
{
	static const struct {
		int year, month, day;
	} table[] = { { 1818, 3, 22 }, { 1886, 4, 25 }, { 1943, 4, 25 },
		{ 1954, 4, 18 }, { 1961, 4, 2 }, { 1981, 4, 19 },
		{ 2000, 4, 23 }, { 2008, 3, 23 }, { 2011, 4, 24 },
		{ 2019, 4, 21 }, { 2023, 4, 9 }, { 2024, 3, 31 },
		{ 2025, 4, 20 }, { 2026, 4, 5 }, { 2027, 3, 28 },
		{ 2030, 4, 21 }, { 2038, 4, 25 }, { 2049, 4, 18 },
		{ 2076, 4, 19 } };

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(ouv_day_easter(table[i].year),
			ouv_day_of(
				table[i].year, table[i].month, table[i].day));
	for (int year = 1600; year <= 4000; year++) {
		int32_t day = ouv_day_easter(year);

		assert_int_equal(ouv_day_weekday(day), 6);
		assert_in_range(
			day, ouv_day_of(year, 3, 22), ouv_day_of(year, 4, 25));
	}
}

/* ---- local time
 * ---------------------------------------------------------------
 */

static void
local_time_and_back(void **state)
{
	int32_t secs;

	(void)state;
	/* 2026-07-01T10:00:00Z is noon in Rome. */
	assert_int_equal(ouv_calendar_day(&rome, 1782900000, &secs),
		ouv_day_of(2026, 7, 1));
	assert_int_equal(secs, 12 * 3600);
	for (int64_t t = 1774746000 - 3 * DAY; t < 1774746000 + 3 * DAY;
		t += 600) {
		int32_t day = ouv_calendar_day(&rome, t, &secs);

		assert_int_equal(ouv_calendar_instant(&rome, day, secs), t);
	}
}

static void
the_hour_that_is_not_there_and_the_one_that_comes_twice(void **state)
{
	int32_t secs;
	int64_t gap = at(2026, 3, 29, 2, 30), twice = at(2026, 10, 25, 2, 30);

	(void)state;
	assert_int_equal(gap, 1774746000 + 1800);
	(void)ouv_calendar_day(&rome, gap, &secs);
	assert_int_equal(secs, 3 * 3600 + 1800);
	assert_int_equal(twice, 1792890000 - 1800); /* still summer time */
	assert_int_equal(at(2026, 10, 25, 3, 0), 1792890000 + 3600);
	assert_int_equal(at(2026, 3, 29, 3, 0), 1774746000);
}

/* ---- open and closed
 * -------------------------------------------------------------- */

static void
closed_days_say_why(void **state)
{
	static const struct {
		int y, m, d;
		const char *why;
	} table[] = { { 2026, 1, 1, "new-year" }, { 2026, 4, 3, "good-friday" },
		{ 2026, 4, 6, "easter-monday" }, { 2026, 4, 7, NULL },
		{ 2026, 5, 25, "last-monday" }, { 2026, 5, 18, NULL },
		{ 2027, 5, 31, "last-monday" }, { 2026, 9, 7, "first-monday" },
		{ 2026, 9, 14, NULL }, { 2025, 10, 4, "weekly" },
		{ 2026, 10, 4, "francis" }, { 2024, 10, 4, NULL },
		{ 2024, 2, 29, "leap-day" }, { 2026, 3, 1, "weekly" },
		{ 2026, 11, 21, "weekly" }, { 2026, 11, 23, NULL } };
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		bool open = ouv_calendar_open(&rome,
			ouv_day_of(table[i].y, table[i].m, table[i].d), &why);

		assert_int_equal(open, table[i].why == NULL);
		if (table[i].why == NULL)
			assert_null(why);
		else
			assert_string_equal(why, table[i].why);
	}
}

static void
service_hours_have_an_end_and_a_lunch(void **state)
{
	int64_t next;

	(void)state;
	/* Tuesday 2026-11-24 has a lunch. */
	assert_false(ouv_calendar_serving(&rome, at(2026, 11, 24, 8, 59)));
	assert_true(ouv_calendar_serving(&rome, at(2026, 11, 24, 9, 0)));
	assert_false(ouv_calendar_serving(&rome, at(2026, 11, 24, 13, 0)));
	assert_true(ouv_calendar_serving(&rome, at(2026, 11, 24, 14, 0)));
	assert_false(ouv_calendar_serving(&rome, at(2026, 11, 24, 18, 0)));
	assert_int_equal(
		ouv_calendar_next(&rome, at(2026, 11, 24, 10, 7), &next),
		OUV_OK);
	assert_int_equal(next, at(2026, 11, 24, 10, 7));
	assert_int_equal(
		ouv_calendar_next(&rome, at(2026, 11, 24, 13, 30), &next),
		OUV_OK);
	assert_int_equal(next, at(2026, 11, 24, 14, 0));
	/* Thursday evening before Good Friday: Tuesday after Easter. */
	assert_int_equal(
		ouv_calendar_next(&rome, at(2026, 4, 2, 18, 0), &next), OUV_OK);
	assert_int_equal(next, at(2026, 4, 7, 9, 0));
	next = 7;
	assert_int_equal(
		ouv_calendar_next(&rome, at(2032, 12, 31, 20, 0), &next),
		OUV_INVALID);
	assert_int_equal(next, 7);
}

/* ---- terms
 * ----------------------------------------------------------------------
 */

static int64_t
due_of(enum ouv_unit unit, int amount, int64_t from)
{
	struct ouv_due due = { 0 };

	assert_int_equal(
		ouv_calendar_due(&rome, unit, amount, from, &due), OUV_OK);
	return due.at;
}

static void
terms_end_when_they_should(void **state)
{
	(void)state;
	/* 24 hours from Monday 10:00, and from Friday 10:00 over a weekend */
	assert_int_equal(due_of(OUV_UNIT_HOURS, 24, at(2026, 11, 23, 10, 0)),
		at(2026, 11, 24, 10, 0));
	assert_int_equal(due_of(OUV_UNIT_HOURS, 24, at(2026, 11, 20, 10, 0)),
		at(2026, 11, 23, 10, 0));
	/* ... a Saturday gives the whole of Monday */
	assert_int_equal(due_of(OUV_UNIT_HOURS, 24, at(2026, 11, 21, 6, 0)),
		at(2026, 11, 23, 23, 59) + 59);
	/* two service hours from Tuesday 12:30: lunch does not count */
	assert_int_equal(
		due_of(OUV_UNIT_SERVICE_HOURS, 2, at(2026, 11, 24, 12, 30)),
		at(2026, 11, 24, 15, 30));
	/* ... and from Thursday 17:00 before Good Friday */
	assert_int_equal(
		due_of(OUV_UNIT_SERVICE_HOURS, 2, at(2026, 4, 2, 17, 0)),
		at(2026, 4, 7, 10, 0));
	/* ten calendar days that end on a Sunday go to Monday */
	assert_int_equal(due_of(OUV_UNIT_DAYS, 10, at(2026, 11, 12, 8, 0)),
		at(2026, 11, 23, 23, 59) + 59);
	/* ... and exact ones end on the Sunday */
	assert_int_equal(
		due_of(OUV_UNIT_EXACT_DAYS, 10, at(2026, 11, 12, 8, 0)),
		at(2026, 11, 22, 23, 59) + 59);
	/* five service days over Easter: 2 April + Tue Wed Thu Fri Mon */
	assert_int_equal(due_of(OUV_UNIT_SERVICE_DAYS, 5, at(2026, 4, 2, 8, 0)),
		at(2026, 4, 13, 23, 59) + 59);
	/* a term begun on a closed day does not count that day */
	assert_int_equal(
		due_of(OUV_UNIT_SERVICE_DAYS, 1, at(2026, 11, 21, 8, 0)),
		at(2026, 11, 23, 23, 59) + 59);
	/* the Sunday that is an hour short was no open day anyhow */
	assert_int_equal(due_of(OUV_UNIT_HOURS, 48, at(2026, 3, 27, 10, 0)),
		at(2026, 3, 31, 10, 0));
}

static void
every_step_says_why(void **state)
{
	struct ouv_step steps[20];
	struct ouv_due due = { .step_room = 20, .steps = steps };

	(void)state;
	assert_int_equal(ouv_calendar_due(&rome, OUV_UNIT_SERVICE_DAYS, 2,
				 at(2026, 4, 2, 8, 0), &due),
		OUV_OK);
	assert_int_equal(due.day_zero, ouv_day_of(2026, 4, 2));
	assert_int_equal(due.step_count, 6);
	assert_false(steps[0].counted);
	assert_string_equal(steps[0].why, "good-friday");
	assert_string_equal(steps[1].why, "weekly");
	assert_string_equal(steps[2].why, "weekly");
	assert_string_equal(steps[3].why, "easter-monday");
	assert_true(steps[4].counted && steps[5].counted);
	assert_null(steps[5].why);
	assert_int_equal(steps[5].day, ouv_day_of(2026, 4, 8));
	/* Saturday counts as a calendar day; the roll to Monday does not. */
	due = (struct ouv_due){ .step_room = 20, .steps = steps };
	assert_int_equal(ouv_calendar_due(&rome, OUV_UNIT_DAYS, 1,
				 at(2026, 11, 20, 8, 0), &due),
		OUV_OK);
	assert_int_equal(due.step_count, 3);
	assert_true(steps[0].counted && steps[0].why == NULL);
	assert_string_equal(steps[1].why, "weekly");
	assert_true(!steps[2].counted && steps[2].why == NULL);
	/* without room they are counted all the same */
	due = (struct ouv_due){ 0 };
	assert_int_equal(ouv_calendar_due(&rome, OUV_UNIT_DAYS, 1,
				 at(2026, 11, 20, 8, 0), &due),
		OUV_OK);
	assert_int_equal(due.step_count, 3);
}

static void
what_the_calendar_does_not_know_is_refused(void **state)
{
	struct ouv_due due = { .at = 7 };

	(void)state;
	assert_int_equal(ouv_calendar_due(&rome, OUV_UNIT_DAYS, 0,
				 at(2026, 1, 5, 8, 0), &due),
		OUV_INVALID);
	assert_int_equal(ouv_calendar_due(&rome, OUV_UNIT_DAYS, 10,
				 at(2032, 12, 25, 8, 0), &due),
		OUV_INVALID);
	assert_int_equal(ouv_calendar_due(&rome, OUV_UNIT_SERVICE_HOURS, 9999,
				 at(2032, 12, 1, 8, 0), &due),
		OUV_INVALID);
	assert_int_equal(ouv_calendar_due(&rome, OUV_UNIT_DAYS, 1,
				 at(2009, 12, 31, 8, 0), &due),
		OUV_INVALID);
	assert_int_equal(due.at, 7);
}

/* What holds for every day of twenty years, every unit, several amounts. */
static bool
is_open(int64_t at)
{
	return ouv_calendar_open(
		&rome, ouv_calendar_day(&rome, at, NULL), NULL);
}

static void
terms_never_go_back_nor_end_on_a_closed_day(void **state)
{
	static const int amounts[] = { 1, 2, 5, 24, 30 };
	int32_t first = ouv_day_of(2011, 1, 1), last = ouv_day_of(2030, 12, 31);

	(void)state;
	for (int unit = 0; unit < OUV_UNIT__COUNT; unit++) {
		for (size_t a = 0; a < 5; a++) {
			int64_t before = INT64_MIN;

			for (int32_t day = first; day <= last; day++) {
				int64_t from = ouv_calendar_instant(
					&rome, day, (day * 7919) % DAY / 2);
				int64_t due = due_of(
					(enum ouv_unit)unit, amounts[a], from);

				assert_true(due > from);
				assert_true(unit == OUV_UNIT_EXACT_DAYS ||
					    is_open(due));
				assert_true(due >= before);
				if (a > 0)
					assert_true(
						due >=
						due_of((enum ouv_unit)unit,
							amounts[a - 1], from));
				before = due;
			}
		}
	}
}

static void
counted_steps_add_up(void **state)
{
	struct ouv_step steps[400];

	(void)state;
	for (int32_t day = ouv_day_of(2011, 1, 1);
		day <= ouv_day_of(2030, 12, 31); day += 3) {
		struct ouv_due due = { .step_room = 400, .steps = steps };
		int counted = 0;
		size_t passed = 0;

		assert_int_equal(
			ouv_calendar_due(&rome, OUV_UNIT_SERVICE_DAYS, 10,
				ouv_calendar_instant(&rome, day, 0), &due),
			OUV_OK);
		for (size_t i = 0; i < due.step_count; i++) {
			assert_int_equal(steps[i].day, day + 1 + (int32_t)i);
			counted += steps[i].counted;
			passed += !steps[i].counted && steps[i].why != NULL;
		}
		assert_int_equal(counted, 10);
		assert_int_equal(passed + 10, due.step_count);
	}
}

static void
units_have_names(void **state)
{
	enum ouv_unit unit;

	(void)state;
	for (int i = 0; i < OUV_UNIT__COUNT; i++) {
		assert_int_equal(
			ouv_unit_parse(ouv_unit_name((enum ouv_unit)i), &unit),
			OUV_OK);
		assert_int_equal((int)unit, i);
	}
	assert_int_equal(ouv_unit_parse("weeks", &unit), OUV_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_count_up_without_a_gap),
		cmocka_unit_test(days_are_read_and_written),
		cmocka_unit_test(weekdays_are_those_of_the_wall),
		cmocka_unit_test(easter_is_on_its_published_sundays),
		cmocka_unit_test(local_time_and_back),
		cmocka_unit_test(
			the_hour_that_is_not_there_and_the_one_that_comes_twice),
		cmocka_unit_test(closed_days_say_why),
		cmocka_unit_test(service_hours_have_an_end_and_a_lunch),
		cmocka_unit_test(terms_end_when_they_should),
		cmocka_unit_test(every_step_says_why),
		cmocka_unit_test(what_the_calendar_does_not_know_is_refused),
		cmocka_unit_test(terms_never_go_back_nor_end_on_a_closed_day),
		cmocka_unit_test(counted_steps_add_up),
		cmocka_unit_test(units_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
