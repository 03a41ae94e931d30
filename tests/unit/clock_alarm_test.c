/*
 * clock_alarm_test.c - reminders ring while somebody is there, in their order,
 * and never before a clock began
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "../../lib/desk/clock.h"
#include "ouv/terms_file.h"

#define DAY INT64_C(86400)
#define HOUR INT64_C(3600)

static struct ouv_arena *arena;
static struct ouv_calendar_book book;
static struct ouv_terms terms;

static int
setup(void **state)
{
	struct ouv_calendar_error error;
	char what[200];

	(void)state;
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	assert_int_equal(
		ouv_calendar_read(arena, "calendars", "br", &book, &error),
		OUV_OK);
	assert_int_equal(ouv_terms_read_file(
				 arena, "deadlines", "default", &terms, what),
		OUV_OK);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ouv_arena_free(&arena);
	return 0;
}

/* 2026-06-01 09:00 in São Paulo, a Monday. */
#define MONDAY INT64_C(1780315200)

static struct store_clock
clock_due_on(enum ouv_clock kind, int64_t started_at, int64_t due_at)
{
	return (struct store_clock){ .kind = kind,
		.unit = "days",
		.started_at = started_at,
		.due_at = due_at };
}

/* The last second of the day so many days after a moment. */
static int64_t
end_of(int64_t at, int days)
{
	int32_t day = ouv_calendar_day(&book.calendar, at, NULL);

	return ouv_calendar_instant(&book.calendar, day + days + 1, 0) - 1;
}

static void
every_alarm_rings_while_the_office_serves(void **state)
{
	struct store_alarm alarms[ALARMS_MOST];
	size_t rung = 0;

	(void)state;
	for (int kind = 0; kind < OUV_CLOCK__COUNT; kind++)
		for (int hour = 0; hour < 24 * 500; hour += 7) {
			int64_t begun = MONDAY + hour * HOUR;
			struct store_clock c =
				clock_due_on((enum ouv_clock)kind, begun,
					end_of(begun, 1 + hour % 23));
			size_t n = clock_alarms(
				&book.calendar, &terms, &c, begun, alarms);

			for (size_t i = 0; i < n; i++)
				assert_true(ouv_calendar_serving(
					&book.calendar, alarms[i].at));
			rung += n;
		}
	assert_true(rung > 20000);
}

static void
alarms_come_in_their_order_and_after_the_beginning(void **state)
{
	struct store_alarm alarms[ALARMS_MOST];

	(void)state;
	for (int hour = 0; hour < 24 * 200; hour += 5) {
		int64_t begun = MONDAY + hour * HOUR;
		struct store_clock c = clock_due_on(
			OUV_CLOCK_COMPANY, begun, end_of(begun, 1 + hour % 20));

		assert_int_equal(
			clock_alarms(&book.calendar, &terms, &c, begun, alarms),
			3);
		assert_string_equal(alarms[0].kind, "remind");
		assert_string_equal(alarms[1].kind, "remind-2");
		assert_string_equal(alarms[2].kind, "lapse");
		assert_true(begun < alarms[0].at);
		assert_true(alarms[0].at <= alarms[1].at);
		assert_true(alarms[1].at <= alarms[2].at);
		assert_true(alarms[2].at > c.due_at);
	}
}

/* Ten days from Monday 1 June: the end of Thursday 11 June; reminders four
 * days and one day before.  4 June 2026 is Corpus Christi, but the fourth day
 * before the 11th is Sunday the 7th: it goes back to Friday the 5th. */
static void
a_reminder_on_a_closed_day_goes_back(void **state)
{
	struct store_clock c = clock_due_on(
		OUV_CLOCK_COMPANY, MONDAY, MONDAY - 9 * HOUR + 11 * DAY - 1);
	struct store_alarm alarms[ALARMS_MOST];
	char day[3][OUV_DAY_MAX];

	(void)state;
	assert_int_equal(
		clock_alarms(&book.calendar, &terms, &c, MONDAY, alarms), 3);
	for (int i = 0; i < 3; i++)
		ouv_day_write(
			ouv_calendar_day(&book.calendar, alarms[i].at, NULL),
			day[i]);
	assert_string_equal(day[0], "2026-06-05");
	assert_string_equal(day[1], "2026-06-10");
	assert_string_equal(day[2], "2026-06-12");
}

/* The office is closed from Saturday 6 June to Sunday 28 June.  The law's last
 * day, the 20th, lies in it: whoever is there hears of it on the 5th, also
 * when the request came that very noon; its end is seen on the 29th. */
static void
a_laws_last_day_in_a_recess_is_told_before_it(void **state)
{
	struct ouv_closed closed[23];
	struct ouv_calendar recess = book.calendar;
	struct ouv_terms lgpd;
	struct store_alarm alarms[ALARMS_MOST];
	const int64_t begun[] = { MONDAY, MONDAY + 4 * DAY + 3 * HOUR };
	char day[2][OUV_DAY_MAX], what[200];

	(void)state;
	for (size_t i = 0; i < 23; i++)
		closed[i] = (struct ouv_closed){ .kind = OUV_CLOSED_ONCE,
			.day_number = ouv_day_of(2026, 6, 6 + (int)i),
			.id = "recess" };
	recess.closed = closed;
	recess.closed_count = 23;
	assert_int_equal(
		ouv_terms_read_file(arena, "deadlines", "lgpd", &lgpd, what),
		OUV_OK);
	for (size_t i = 0; i < 2; i++) {
		struct store_clock c = clock_due_on(
			OUV_CLOCK_TOTAL, begun[i], end_of(begun[0], 19));

		assert_int_equal(
			clock_alarms(&recess, &lgpd, &c, begun[i], alarms), 2);
		for (int n = 0; n < 2; n++)
			ouv_day_write(
				ouv_calendar_day(&recess, alarms[n].at, NULL),
				day[n]);
		assert_string_equal(alarms[0].kind, "remind");
		assert_string_equal(day[0], "2026-06-05");
		assert_string_equal(alarms[1].kind, "lapse");
		assert_string_equal(day[1], "2026-06-29");
	}
}

/* What nobody must be told or asked at its end has no alarm. */
static void
windows_and_held_mail_ring_nothing(void **state)
{
	static const enum ouv_clock silent[] = { OUV_CLOCK_HOLD,
		OUV_CLOCK_REVIEW_WINDOW, OUV_CLOCK_REOPEN_WINDOW };
	struct store_alarm alarms[ALARMS_MOST];

	(void)state;
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		struct store_clock c =
			clock_due_on(silent[i], MONDAY, end_of(MONDAY, 10));

		assert_int_equal(clock_alarms(&book.calendar, &terms, &c,
					 MONDAY, alarms),
			0);
	}
}

/* Two service days after Friday at noon: the end of Tuesday, so Wednesday. */
static void
a_notice_leaves_the_time_that_the_profile_says(void **state)
{
	int64_t friday = MONDAY + 4 * DAY + 3 * HOUR;
	char day[OUV_DAY_MAX];

	(void)state;
	ouv_day_write(ouv_calendar_day(&book.calendar,
			      clock_notice(&book.calendar, &terms,
				      OUV_CLOCK_COMPANY, friday),
			      NULL),
		day);
	assert_string_equal(day, "2026-06-10");
}

/* The step's clock, else the first of the others but silence. */
static void
a_case_is_due_when_its_step_is(void **state)
{
	struct store_clock list[] = {
		clock_due_on(OUV_CLOCK_SILENCE, MONDAY, MONDAY + 1 * DAY),
		clock_due_on(OUV_CLOCK_TOTAL, MONDAY, MONDAY + 5 * DAY),
		clock_due_on(OUV_CLOCK_COMPANY, MONDAY, MONDAY + 9 * DAY),
		clock_due_on(OUV_CLOCK_CONSUMER, MONDAY, MONDAY + 2 * DAY),
	};

	(void)state;
	assert_int_equal(
		clock_case_due(OUV_STATE_COMPANY, list, 4), MONDAY + 9 * DAY);
	list[2].state = STORE_CLOCK_PAUSED;
	assert_int_equal(
		clock_case_due(OUV_STATE_COMPANY, list, 4), MONDAY + 5 * DAY);
	list[1].state = STORE_CLOCK_STOPPED;
	assert_int_equal(clock_case_due(OUV_STATE_COMPANY, list, 4), 0);
	list[1].state = STORE_CLOCK_RUNNING;
	assert_int_equal(clock_case_due(OUV_STATE_CLOSED, list, 4), 0);
}

/* Every letter that a rule names is there, and every end that opens a task
 * knows which. */
static void
the_rules_are_complete(void **state)
{
	static const bool asks[END__COUNT] = { [END_TASK] = true,
		[END_CONFIRM] = true,
		[END_HEARING] = true,
		[END_PROMISE] = true,
		[END_ATTEST] = true,
		[END_ERASE] = true };

	(void)state;
	for (int k = 0; k < OUV_CLOCK__COUNT; k++) {
		const struct clock_rule *rule = clock_rule((enum ouv_clock)k);
		int texts = 0;

		assert_true(!asks[rule->end] || rule->task != NULL);
		for (int i = 0; i < OUV_REMINDERS; i++)
			for (int s = 0; s < SIDES; s++) {
				const char *text = rule->remind[i][s];
				FILE *file;

				if (text == NULL)
					continue;
				texts++;
				file = fopen(
					ouv_arena_printf(arena,
						"templates/mail/%s.json", text),
					"re");
				assert_non_null(file);
				(void)fclose(file);
			}
		assert_true(rule->told <= texts);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_alarm_rings_while_the_office_serves),
		cmocka_unit_test(
			alarms_come_in_their_order_and_after_the_beginning),
		cmocka_unit_test(a_reminder_on_a_closed_day_goes_back),
		cmocka_unit_test(a_laws_last_day_in_a_recess_is_told_before_it),
		cmocka_unit_test(windows_and_held_mail_ring_nothing),
		cmocka_unit_test(
			a_notice_leaves_the_time_that_the_profile_says),
		cmocka_unit_test(a_case_is_due_when_its_step_is),
		cmocka_unit_test(the_rules_are_complete),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
