/*
 * term_test.c - terms over twenty years, with pauses, against a slow model
 *
 * The model knows no formula.  It cuts the years into quarters of an hour, asks
 * the C library's time zones (not ICU's) on which day of the wall each one
 * lies, and then only counts.  Runs from the project's folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "ouv/calendar_file.h"
#include "ouv/terms_file.h"

#define QUARTER 900
#define FIRST_YEAR 2016 /* the years in which terms begin */
#define LAST_YEAR 2035
#define MODEL_FIRST 2015
#define MODEL_LAST 2042
#define QUARTERS ((size_t)29 * 366 * 96)
#define DAYS (29 * 366)

static const char *const calendars[] = { "br", "br-sp", "it" };
static const char *const profiles[] = { "default", "seed", "br-public",
	"br-bank", "br-sac", "consumidor", "eu-adr", "lgpd", "gdpr" };
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- the model ------------------------------------------------------------
 */

static struct model {
	const struct ouv_calendar *calendar;
	int64_t start; /* of the first quarter */
	size_t count;
	int32_t *day; /* of each quarter, counted from the first one */
	bool *serving;
	bool open[DAYS];
	size_t end[DAYS]; /* the quarter after the day's last one */
} models[COUNT(calendars)];

static struct ouv_arena *arena;

/* Days since 1970 by counting years and months. */
static int32_t
slow_day(int year, int month, int day)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	int32_t n = day - 1;

	for (int y = 1970; y < year; y++)
		n += y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ? 366 : 365;
	for (int m = 1; m < month; m++)
		n += lengths[m - 1] +
		     (m == 2 && year % 4 == 0 &&
			     (year % 100 != 0 || year % 400 == 0));
	return n;
}

static bool
in_hours(const struct ouv_hours *hours, int secs)
{
	for (size_t i = 0; i < hours->count; i++)
		if (secs >= hours->list[i].open && secs < hours->list[i].close)
			return true;
	return false;
}

static void
make_model(struct model *m, const struct ouv_calendar *c)
{
	int32_t zero = slow_day(MODEL_FIRST, 1, 1), wall = -1;
	int date = 0;
	struct tm tm = { 0 };

	m->calendar = c;
	m->day = malloc(QUARTERS * sizeof(*m->day));
	m->serving = malloc(QUARTERS * sizeof(*m->serving));
	assert_true(m->day != NULL && m->serving != NULL);
	(void)setenv("TZ", c->zone, 1);
	tzset();
	/* the first midnight of the wall */
	tm.tm_year = MODEL_FIRST - 1900;
	tm.tm_mday = 1;
	tm.tm_isdst = -1;
	m->start = mktime(&tm);
	for (m->count = 0; m->count < QUARTERS; m->count++) {
		time_t at = m->start + (int64_t)m->count * QUARTER;
		size_t q = m->count;

		(void)localtime_r(&at, &tm);
		if (tm.tm_year + 1900 > MODEL_LAST)
			break;
		if (tm.tm_mday != date)
			wall = slow_day(tm.tm_year + 1900, tm.tm_mon + 1,
				       tm.tm_mday) -
			       zero;
		date = tm.tm_mday;
		m->day[q] = wall;
		m->end[wall] = q + 1;
		m->open[wall] = ouv_calendar_open(c, zero + wall, NULL);
		m->serving[q] = m->open[wall] &&
				in_hours(&c->week[(zero + wall + 3) % 7],
					tm.tm_hour * 3600 + tm.tm_min * 60);
	}
}

static int64_t
model_at(const struct model *m, size_t q)
{
	return m->start + (int64_t)q * QUARTER;
}

/* The last second before that quarter begins. */
static int64_t
just_before(const struct model *m, size_t q)
{
	return model_at(m, q) - 1;
}

/* Pauses: quarter by quarter, in pairs: stands still from the first, goes on
 * at the second. */
struct pauses {
	size_t count;
	size_t at[16];
};

static bool
stands(const struct pauses *p, size_t q)
{
	bool still = false;

	for (size_t i = 0; i < p->count && p->at[i] <= q; i++)
		still = i % 2 == 0;
	return still;
}

/* Hours: quarters that count are counted until there are enough. */
static int64_t
model_hours(const struct model *m, bool service, int64_t quarters, size_t q,
	const struct pauses *p)
{
	for (;; q++) {
		assert_true(q < m->count);
		if (stands(p, q) ||
			!(service ? m->serving[q] : m->open[m->day[q]]))
			continue;
		if (--quarters > 0)
			continue;
		/* midnight belongs to the day that ends */
		return m->end[m->day[q]] == q + 1 ? just_before(m, q + 1)
						  : model_at(m, q + 1);
	}
}

/* Days: a day counts when the term runs as its midnight comes.  When enough
 * have been counted it ends with the day, if that one is open or need not be.
 */
static int64_t
model_days(const struct model *m, bool service, bool exact, int64_t days,
	size_t q, const struct pauses *p)
{
	for (;; q = m->end[m->day[q]]) {
		int32_t today = m->day[q];

		assert_true(m->end[today] < m->count);
		if (stands(p, m->end[today] - 1))
			continue;
		if (days <= 0 && (exact || m->open[today]))
			return just_before(m, m->end[today]);
		days -= !service || m->open[today + 1];
	}
}

static int64_t
model_due(const struct model *m, enum ouv_unit unit, int amount, size_t q,
	const struct pauses *p)
{
	switch (unit) {
	case OUV_UNIT_HOURS:
		return model_hours(m, false, (int64_t)amount * 4, q, p);
	case OUV_UNIT_SERVICE_HOURS:
		return model_hours(m, true, (int64_t)amount * 4, q, p);
	case OUV_UNIT_DAYS:
		return model_days(m, false, false, amount, q, p);
	case OUV_UNIT_EXACT_DAYS:
		return model_days(m, false, true, amount, q, p);
	case OUV_UNIT_SERVICE_DAYS:
	case OUV_UNIT__COUNT:
		break;
	}
	return model_days(m, true, false, amount, q, p);
}

/* ---- what is tried -------------------------------------------------------
 */

/* Every different term that a shipped profile names. */
static struct ouv_term terms[64];
static size_t term_count;

static void
keep(const struct ouv_term *term)
{
	if (term->amount == 0)
		return;
	for (size_t i = 0; i < term_count; i++)
		if (terms[i].unit == term->unit &&
			terms[i].amount == term->amount)
			return;
	assert_true(term_count < COUNT(terms));
	terms[term_count++] = *term;
}

static int
set_up(void **state)
{
	(void)state;
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	for (size_t i = 0; i < COUNT(calendars); i++) {
		struct ouv_calendar_book *book =
			ouv_arena_alloc(arena, sizeof(*book));
		struct ouv_calendar_error error;

		if (ouv_calendar_read(arena, "calendars", calendars[i], book,
			    &error) != OUV_OK)
			fail_msg("%s: %s", error.file, error.what);
		make_model(&models[i], &book->calendar);
	}
	for (size_t i = 0; i < COUNT(profiles); i++) {
		struct ouv_terms one;
		char what[200];

		if (ouv_terms_read_file(arena, "deadlines", profiles[i], &one,
			    what) != OUV_OK)
			fail_msg("%s: %s", profiles[i], what);
		for (int n = 0; n < OUV_CLOCK__COUNT; n++) {
			keep(&one.clocks[n].term);
			keep(&one.clocks[n].extension);
		}
		for (int n = 0; n < OUV_LIMIT__COUNT; n++)
			keep(&one.limits[n]);
		for (int n = 0; n < OUV_END__COUNT; n++)
			keep(&one.kept[n]);
	}
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(calendars); i++) {
		free(models[i].day);
		free(models[i].serving);
	}
	ouv_arena_free(&arena);
	return 0;
}

/* The same numbers in every run. */
static uint64_t seed = 20261122;

static size_t
any(size_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed % below);
}

/* A quarter of each day of the twenty years, not the same each day. */
static size_t
quarter_of(const struct model *m, int32_t day)
{
	return m->end[day] - 1 - (size_t)(day * 7919 % 92);
}

static int32_t
first_day(void)
{
	return slow_day(FIRST_YEAR, 1, 1) - slow_day(MODEL_FIRST, 1, 1);
}

static int32_t
last_day(void)
{
	return slow_day(LAST_YEAR, 12, 31) - slow_day(MODEL_FIRST, 1, 1);
}

static int64_t
due_of(const struct model *m, enum ouv_unit unit, int amount, int64_t from)
{
	struct ouv_due due = { 0 };

	if (ouv_calendar_due(m->calendar, unit, amount, from, &due) != OUV_OK)
		fail_msg("%s: %d %s from %lld has no end", m->calendar->name,
			amount, ouv_unit_name(unit), (long long)from);
	return due.at;
}

/* ---- claims ---------------------------------------------------------------
 */

static void
every_shipped_term_ends_where_the_model_says(void **state)
{
	static const struct pauses none = { 0 };

	(void)state;
	assert_true(term_count >= 12);
	for (size_t c = 0; c < COUNT(models); c++) {
		const struct model *m = &models[c];

		for (size_t t = 0; t < term_count; t++)
			for (int32_t day = first_day(); day <= last_day();
				day++) {
				size_t q = quarter_of(m, day);
				int64_t due = due_of(m, terms[t].unit,
					terms[t].amount, model_at(m, q));

				if (due == model_due(m, terms[t].unit,
						   terms[t].amount, q, &none))
					continue;
				fail_msg("%s: %d %s from %lld end at %lld",
					m->calendar->name, terms[t].amount,
					ouv_unit_name(terms[t].unit),
					(long long)model_at(m, q),
					(long long)due);
			}
	}
}

static bool
is_open(const struct model *m, int64_t at)
{
	return ouv_calendar_open(
		m->calendar, ouv_calendar_day(m->calendar, at, NULL), NULL);
}

static void
later_from_or_longer_never_ends_earlier(void **state)
{
	(void)state;
	for (size_t c = 0; c < COUNT(models); c++)
		for (size_t t = 0; t < term_count; t++) {
			const struct model *m = &models[c];
			int64_t before = 0;

			for (int32_t day = first_day(); day <= last_day();
				day++) {
				int64_t from = model_at(m, quarter_of(m, day));
				int64_t due = due_of(m, terms[t].unit,
					terms[t].amount, from);

				assert_true(due > from && due >= before);
				assert_true(due_of(m, terms[t].unit,
						    terms[t].amount + 1,
						    from) >= due);
				assert_true(
					terms[t].unit == OUV_UNIT_EXACT_DAYS ||
					is_open(m, due));
				before = due;
			}
		}
}

/* Quarter by quarter around the days on which the wall jumps and leap days. */
static void
it_holds_at_every_quarter_of_odd_days(void **state)
{
	static const struct pauses none = { 0 };
	static const struct {
		size_t calendar;
		int year, month, day;
	} odd[] = { { 0, 2017, 10, 14 }, { 0, 2018, 2, 17 }, { 0, 2018, 11, 3 },
		{ 0, 2019, 2, 16 }, { 0, 2020, 2, 28 }, { 0, 2024, 2, 28 },
		{ 2, 2016, 2, 28 }, { 2, 2026, 3, 28 }, { 2, 2026, 10, 24 },
		{ 2, 2028, 2, 28 }, { 1, 2018, 11, 2 } };

	(void)state;
	for (size_t i = 0; i < COUNT(odd); i++) {
		const struct model *m = &models[odd[i].calendar];
		int32_t day = slow_day(odd[i].year, odd[i].month, odd[i].day) -
			      slow_day(MODEL_FIRST, 1, 1);

		for (size_t q = m->end[day - 2]; q < m->end[day + 2]; q++)
			for (size_t t = 0; t < term_count; t++)
				assert_int_equal(due_of(m, terms[t].unit,
							 terms[t].amount,
							 model_at(m, q)),
					model_due(m, terms[t].unit,
						terms[t].amount, q, &none));
	}
}

/* Known by hand: Brazil's clocks went back at midnight of 17 February 2019, so
 * that the 16th had 25 hours; an office open on Saturdays owes until its end.
 */
static void
a_day_with_an_hour_twice_ends_with_its_last_second(void **state)
{
	struct ouv_calendar c = *models[0].calendar;
	struct ouv_due due = { 0 };

	(void)state;
	c.week[5] = c.week[4];
	/* Friday 15 February 2019, 12:00 -02:00 */
	assert_int_equal(ouv_calendar_due(&c, OUV_UNIT_SERVICE_DAYS, 1,
				 1550239200, &due),
		OUV_OK);
	assert_int_equal(due.at, 1550372399); /* 2019-02-17T02:59:59Z */
}

/* What a case does: waits, goes on, waits again. */
static void
pauses_add_up_to_the_model(void **state)
{
	(void)state;
	for (int round = 0; round < 6000; round++) {
		const struct model *m = &models[any(COUNT(models))];
		const struct ouv_term *term = &terms[any(term_count)];
		size_t q = quarter_of(
			m, first_day() + (int32_t)any((size_t)(last_day() -
							       first_day())));
		struct ouv_run run = { term->unit, term->amount, model_at(m, q),
			0 };
		struct pauses p = { 0 };
		struct ouv_due due = { 0 };
		size_t at = q, pairs = any(6);

		if (term->amount > 100)
			continue; /* years: nobody waits for them here */
		while (p.count < 2 * pairs) {
			enum ouv_err err;

			at += any(p.count == 0 ? 600 : 300);
			err = ouv_run_pause(m->calendar, &run, model_at(m, at));
			if (err == OUV_REFUSED)
				break;
			assert_int_equal(err, OUV_OK);
			p.at[p.count++] = at;
			at += any(900);
			p.at[p.count++] = at;
			ouv_run_resume(&run, model_at(m, at));
		}
		assert_int_equal(ouv_run_due(m->calendar, &run, &due), OUV_OK);
		if (due.at == model_due(m, term->unit, term->amount, q, &p))
			continue;
		fail_msg("%s: %d %s from %lld with %zu pauses end at %lld, "
			 "not %lld",
			m->calendar->name, term->amount,
			ouv_unit_name(term->unit), (long long)model_at(m, q),
			p.count / 2, (long long)due.at,
			(long long)model_due(
				m, term->unit, term->amount, q, &p));
	}
}

static int64_t
grain(enum ouv_unit unit)
{
	return unit == OUV_UNIT_HOURS || unit == OUV_UNIT_SERVICE_HOURS ? 3600
									: 1;
}

/* used + rest = amount, at any second; a pause of no length is none. */
static void
what_was_used_and_what_is_left_are_the_whole(void **state)
{
	size_t tried = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		const struct model *m = &models[any(COUNT(models))];
		const struct ouv_term *term = &terms[any(term_count)];
		int64_t whole = term->amount * grain(term->unit);
		int64_t from =
			model_at(m, quarter_of(m,
					    first_day() + (int32_t)any(7000))) +
			(int64_t)any(QUARTER);
		struct ouv_run run = { term->unit, term->amount, from, 0 };
		struct ouv_run same;
		struct ouv_due due = { 0 }, again = { 0 };
		int64_t at;

		assert_int_equal(ouv_run_due(m->calendar, &run, &due), OUV_OK);
		assert_int_equal(
			due.at, due_of(m, term->unit, term->amount, from));
		at = from + (int64_t)any((size_t)(due.at - from));
		same = run;
		assert_int_equal(ouv_run_pause(m->calendar, &same, at), OUV_OK);
		assert_true(same.used >= 0 && same.used <= whole);
		ouv_run_resume(&same, at);
		assert_int_equal(
			ouv_run_due(m->calendar, &same, &again), OUV_OK);
		assert_int_equal(again.at, due.at);
		/* the rest alone, as a term of its own */
		if (grain(term->unit) == 1 && same.used < whole) {
			assert_int_equal(due_of(m, term->unit,
						 (int)(whole - same.used), at),
				due.at);
			tried++;
		}
		/* gone on later, it ends later or at the same time */
		ouv_run_resume(&same, at + (int64_t)any(10 * 86400));
		assert_int_equal(
			ouv_run_due(m->calendar, &same, &again), OUV_OK);
		assert_true(again.at >= due.at);
	}
	assert_true(tried > 3000);
}

/* Known by hand, with the calendar of Italy in April 2026. */
static void
a_pause_over_easter(void **state)
{
	const struct ouv_calendar *it = models[2].calendar;
	/* 1 April 2026, 12:00 in Rome, a Wednesday */
	struct ouv_run run = { OUV_UNIT_SERVICE_DAYS, 5, 1775037600, 0 };
	struct ouv_due due = { 0 };

	(void)state;
	/* Thu 2, Fri 3, Tue 7 (Easter Monday the 6th), Wed 8, Thu 9 */
	assert_int_equal(ouv_run_due(it, &run, &due), OUV_OK);
	assert_int_equal(due.at, 1775771999); /* 2026-04-09T21:59:59Z */
	/* stands still from Friday the 3rd to Wednesday the 15th */
	assert_int_equal(ouv_run_pause(it, &run, 1775210400), OUV_OK);
	assert_int_equal(run.used, 2);
	ouv_run_resume(&run, 1776247200);
	assert_int_equal(ouv_run_due(it, &run, &due), OUV_OK);
	/* 16, 17 and Monday the 20th */
	assert_int_equal(due.at, 1776722399);
	assert_int_equal(due.day_zero, ouv_day_of(2026, 4, 15));
}

/* Known by hand: the office is closed from 20 December 2027 to 6 January; the
 * fifteenth day after the 8th is the 23rd, whoever is there. */
static void
a_laws_last_day_does_not_wait_for_the_office(void **state)
{
	struct ouv_closed recess = { .kind = OUV_CLOSED_ONCE, .id = "recess" };
	struct ouv_calendar c = *models[0].calendar;
	struct ouv_closed list[18];
	struct ouv_terms lgpd;
	struct ouv_due due = { 0 };
	const struct ouv_term *total;
	char what[200];

	(void)state;
	for (size_t i = 0; i < COUNT(list); i++) {
		list[i] = recess;
		list[i].day_number = ouv_day_of(2027, 12, 20) + (int32_t)i;
	}
	c.closed = list;
	c.closed_count = COUNT(list);
	assert_int_equal(
		ouv_terms_read_file(arena, "deadlines", "lgpd", &lgpd, what),
		OUV_OK);
	total = &lgpd.clocks[OUV_CLOCK_TOTAL].term;
	/* 2027-12-08T10:00:00-03:00 to 2027-12-23T23:59:59-03:00 */
	assert_int_equal(ouv_calendar_due(&c, total->unit, total->amount,
				 1828270800, &due),
		OUV_OK);
	assert_int_equal(due.at, 1829617199);
	assert_int_equal(
		ouv_calendar_due(&c, OUV_UNIT_DAYS, 15, 1828270800, &due),
		OUV_OK);
	assert_int_equal(due.at, 1830913199); /* Friday 7 January */
}

static void
what_is_over_does_not_pause(void **state)
{
	const struct ouv_calendar *it = models[2].calendar;
	struct ouv_run run = { OUV_UNIT_DAYS, 1, 1775037600, 0 }, before = run;
	struct ouv_due due = { 0 };

	(void)state;
	assert_int_equal(ouv_run_due(it, &run, &due), OUV_OK);
	assert_int_equal(ouv_run_pause(it, &run, due.at), OUV_REFUSED);
	assert_int_equal(ouv_run_pause(it, &run, due.at + 86400), OUV_REFUSED);
	assert_memory_equal(&run, &before, sizeof(run));
	assert_int_equal(ouv_run_pause(it, &run, due.at - 1), OUV_OK);
	/* a clock that goes back counts nothing and takes nothing away */
	assert_int_equal(ouv_run_pause(it, &before, 1775037000), OUV_OK);
	assert_int_equal(before.used, 0);
	assert_int_equal(before.since, 1775037600);
}

static void
beyond_the_calendar_is_an_error(void **state)
{
	const struct ouv_calendar *br = models[0].calendar;
	/* 2045-12-20 */
	struct ouv_run run = { OUV_UNIT_DAYS, 30, 2397402000, 0 };
	struct ouv_due due = { .at = 7 };

	(void)state;
	assert_int_equal(ouv_run_due(br, &run, &due), OUV_INVALID);
	assert_int_equal(due.at, 7);
	/* Within it a pause is no error. */
	assert_int_equal(
		ouv_run_pause(br, &run, 2397402000 + 3 * 86400), OUV_OK);
	assert_int_equal(run.used, 3);
	assert_int_equal(
		ouv_run_pause(br, &run, 2397402000 + 30 * 86400), OUV_INVALID);
	run.amount = 0;
	assert_int_equal(ouv_run_due(br, &run, &due), OUV_INVALID);
}

static void
instants_are_read_and_written(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
	} good[] = { { "1970-01-01T00:00:00Z", 0 },
		{ "2026-11-22T07:00:00-03:00", 1795341600 },
		{ "2026-11-22T10:00:00+00:00", 1795341600 },
		{ "2026-11-22T23:30:00+13:30", 1795341600 },
		{ "2024-02-29T23:59:59Z", 1709251199 } };
	static const char *const bad[] = { "", "2026-11-22",
		"2026-11-22T10:00:00", "2026-11-22 10:00:00Z",
		"2026-11-22T24:00:00Z", "2026-02-29T10:00:00Z",
		"2026-11-22T10:60:00Z", "2026-11-22T10:00:00z",
		"2026-11-22T10:00:00+3:00", "2026-11-22T10:00:00+03:00 ",
		"2026-11-22T10:00:00.5Z", "2026-11-22T10:00:00+24:00" };
	char text[OUV_INSTANT_MAX];
	int64_t at;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(ouv_instant_read(good[i].text, &at));
		assert_int_equal(at, good[i].at);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (ouv_instant_read(bad[i], &at))
			fail_msg("\"%s\" was read", bad[i]);
	ouv_instant_write(models[0].calendar, 1795341600, text);
	assert_string_equal(text, "2026-11-22T07:00:00-03:00");
	ouv_instant_write(models[0].calendar, 1550239200, text); /* summer */
	assert_string_equal(text, "2019-02-15T12:00:00-02:00");
	ouv_instant_write(models[2].calendar, 1775037600, text);
	assert_string_equal(text, "2026-04-01T12:00:00+02:00");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shipped_term_ends_where_the_model_says),
		cmocka_unit_test(later_from_or_longer_never_ends_earlier),
		cmocka_unit_test(it_holds_at_every_quarter_of_odd_days),
		cmocka_unit_test(
			a_day_with_an_hour_twice_ends_with_its_last_second),
		cmocka_unit_test(pauses_add_up_to_the_model),
		cmocka_unit_test(what_was_used_and_what_is_left_are_the_whole),
		cmocka_unit_test(a_pause_over_easter),
		cmocka_unit_test(a_laws_last_day_does_not_wait_for_the_office),
		cmocka_unit_test(what_is_over_does_not_pause),
		cmocka_unit_test(beyond_the_calendar_is_an_error),
		cmocka_unit_test(instants_are_read_and_written),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
