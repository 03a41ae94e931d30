/*
 * icalendar_test.c - closed days that come with a file, and files that are
 * hostile
 *
 * The texts are written as programs write them: CRLF, folded lines, a time zone
 * of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/calendar_import.h"

static const struct ouv_shift shifts[] = { { INT64_MIN, -10800 } };
static const struct ouv_calendar br = { .name = "br",
	.zone = "America/Sao_Paulo",
	.first_year = 2020,
	.last_year = 2030,
	.shift_count = 1,
	.shifts = shifts };

static int
set_up(void **state)
{
	*state = ouv_arena_new(OUV_ARENA_PLAIN);
	return 0;
}

static int
tear_down(void **state)
{
	struct ouv_arena *arena = *state;

	ouv_arena_free(&arena);
	return 0;
}

/* Of a calendar with these events; every \n becomes CRLF. */
static const char *
file_of(void **state, const char *events)
{
	const char *text = ouv_arena_printf(*state,
		"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//prova//PT\n%s"
		"END:VCALENDAR\n",
		events);
	char *out = ouv_arena_alloc(*state, 2 * strlen(text) + 1), *at = out;

	for (; *text != '\0'; text++) {
		if (*text == '\n')
			*at++ = '\r';
		*at++ = *text;
	}
	return out;
}

static struct ouv_ical
read_good(void **state, const char *events)
{
	const char *text = file_of(state, events);
	struct ouv_ical ical = { 0 };
	char what[200] = "";

	if (ouv_ical_read(*state, text, strlen(text), &br, &ical, what) !=
		OUV_OK)
		fail_msg("%s", what);
	return ical;
}

static void
is_day(const struct ouv_ical *ical, size_t i, int year, int month, int day,
	const char *name)
{
	assert_true(i < ical->count);
	assert_int_equal(ical->days[i].day, ouv_day_of(year, month, day));
	assert_string_equal(ical->days[i].name, name);
}

/* Refused as a whole, for that reason. */
static void
refused(void **state, const char *text, size_t len, const char *why)
{
	struct ouv_ical ical = { .count = 77 };
	char what[200] = "";

	assert_int_equal(ouv_ical_read(*state, text, len, &br, &ical, what),
		OUV_INVALID);
	if (strstr(what, why) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", what, why);
	assert_int_equal(ical.count, 77);
}

static void
refused_events(void **state, const char *events, const char *why)
{
	const char *text = file_of(state, events);

	refused(state, text, strlen(text), why);
}

#define EVENT(lines) "BEGIN:VEVENT\nUID:a@prova\n" lines "END:VEVENT\n"

/* ---- what is understood ---------------------------------------------------
 */

static void
whole_days_with_names(void **state)
{
	struct ouv_ical ical = read_good(state,
		EVENT("DTSTART;VALUE=DATE:20270209\n"
		      "DTEND;VALUE=DATE:20270210\n"
		      "SUMMARY:Terça-feira de Carnaval\n")
			EVENT("DTSTART;VALUE=DATE:20270125\n"
			      "SUMMARY:Aniversário de São Paulo\\, capital\n"
			      "TRANSP:TRANSPARENT\n"));

	assert_int_equal(ical.count, 2);
	is_day(&ical, 0, 2027, 1, 25, "Aniversário de São Paulo, capital");
	is_day(&ical, 1, 2027, 2, 9, "Terça-feira de Carnaval");
}

static void
several_days_end_before_the_day_after(void **state)
{
	struct ouv_ical ical = read_good(state,
		EVENT("DTSTART;VALUE=DATE:20271224\n"
		      "DTEND;VALUE=DATE:20271227\nSUMMARY:Recesso\n")
			EVENT("DTSTART;VALUE=DATE:20280228\nDURATION:P2D\n"
			      "SUMMARY:Obras\n")
				EVENT("DTSTART;VALUE=DATE:20290101\n"
				      "DTEND;VALUE=DATE:20290101\nSUMMARY:Um "
				      "dia\n"));

	assert_int_equal(ical.count, 6);
	is_day(&ical, 0, 2027, 12, 24, "Recesso");
	is_day(&ical, 2, 2027, 12, 26, "Recesso");
	is_day(&ical, 3, 2028, 2, 28, "Obras");
	is_day(&ical, 4, 2028, 2, 29, "Obras");
	is_day(&ical, 5, 2029, 1, 1, "Um dia");
}

static void
lines_may_be_folded_also_within_a_letter(void **state)
{
	struct ouv_ical ical = read_good(state,
		EVENT("DTSTART;VALUE=DA\n TE:2027\n 0709\n"
		      "SUMMARY:Revolu\xc3\n \xa7\xc3\xa3o\n\t Constitucio\n"
		      " nalista\n"));

	assert_int_equal(ical.count, 1);
	is_day(&ical, 0, 2027, 7, 9, "Revolução Constitucionalista");
}

static void
years_repeat_within_the_calendar(void **state)
{
	struct ouv_ical ical = read_good(
		state, EVENT("DTSTART;VALUE=DATE:19970909\n"
			     "RRULE:FREQ=YEARLY\nSUMMARY:Padroeira\n"));

	assert_int_equal(ical.count, 11); /* 2020 to 2030 */
	is_day(&ical, 0, 2020, 9, 9, "Padroeira");
	is_day(&ical, 10, 2030, 9, 9, "Padroeira");
	assert_int_equal(ical.outside, 23); /* 1997 to 2019 */
}

static void
weekdays_of_a_month_and_ends_and_exceptions(void **state)
{
	struct ouv_ical ical =
		read_good(state, EVENT("DTSTART;VALUE=DATE:20260525\n"
				       "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;"
				       "UNTIL=20290101\n"
				       "EXDATE;VALUE=DATE:20270531\nSUMMARY:"
				       "Feira\n") "BEGIN:VEVENT\nUID:b@"
						  "prova\nDTSTART;VALUE=DATE:"
						  "20240229\n"
						  "RRULE:FREQ=YEARLY;COUNT="
						  "2\nSUMMARY:Bissexto\nEND:"
						  "VEVENT\n"
						  "BEGIN:VEVENT\nUID:c@"
						  "prova\nDTSTART;VALUE=DATE:"
						  "20250103\n"
						  "RDATE;VALUE=DATE:20250203,"
						  "20250303\nSUMMARY:Balanço\n"
						  "END:VEVENT\n");

	is_day(&ical, 0, 2024, 2, 29, "Bissexto");
	is_day(&ical, 1, 2025, 1, 3, "Balanço");
	is_day(&ical, 2, 2025, 2, 3, "Balanço");
	is_day(&ical, 3, 2025, 3, 3, "Balanço");
	is_day(&ical, 4, 2026, 5, 25, "Feira");
	is_day(&ical, 5, 2028, 2, 29, "Bissexto"); /* leap days alone */
	is_day(&ical, 6, 2028, 5, 29, "Feira");
	assert_int_equal(ical.count, 7);
}

static void
one_turn_may_be_moved_or_cancelled(void **state)
{
	struct ouv_ical ical = read_good(state,
		/* before the event it belongs to */
		EVENT("RECURRENCE-ID;VALUE=DATE:20280615\n"
		      "DTSTART;VALUE=DATE:20280616\nSUMMARY:Festa adiada\n")
			EVENT("DTSTART;VALUE=DATE:20270615\n"
			      "RRULE:FREQ=YEARLY;COUNT=3\nSUMMARY:Festa\n")
				EVENT("RECURRENCE-ID;VALUE=DATE:20290615\n"
				      "DTSTART;VALUE=DATE:20290615\nSTATUS:"
				      "CANCELLED\n"
				      "SUMMARY:Festa\n"));

	assert_int_equal(ical.count, 2);
	is_day(&ical, 0, 2027, 6, 15, "Festa");
	is_day(&ical, 1, 2028, 6, 16, "Festa adiada");
	assert_int_equal(ical.cancelled, 1);
}

static void
what_is_cancelled_is_passed_over(void **state)
{
	struct ouv_ical ical = read_good(state,
		EVENT("DTSTART;VALUE=DATE:20270615\nSTATUS:CANCELLED\n"
		      "SUMMARY:Festa\n") EVENT("DTSTART;VALUE=DATE:"
					       "20270616\nSUMMARY:Feriado\n"));

	assert_int_equal(ical.count, 1);
	is_day(&ical, 0, 2027, 6, 16, "Feriado");
	assert_int_equal(ical.cancelled, 1);
	ical = read_good(
		state, "METHOD:CANCEL\n" EVENT(
			       "DTSTART;VALUE=DATE:20270615\nSUMMARY:Festa\n"));
	assert_int_equal(ical.count, 0);
	assert_int_equal(ical.cancelled, 1);
}

/* Some programs write whole days as midnight to midnight. */
static void
midnight_to_midnight_on_our_own_wall_is_a_day(void **state)
{
	struct ouv_ical ical = read_good(state,
		"BEGIN:VTIMEZONE\nTZID:America/Sao_Paulo\nBEGIN:STANDARD\n"
		"DTSTART:19700101T000000\nTZOFFSETFROM:-0300\n"
		"TZOFFSETTO:-0300\nEND:STANDARD\nEND:VTIMEZONE\n" EVENT(
			"DTSTART;TZID=America/Sao_Paulo:20270120T000000\n"
			"DTEND;TZID=America/Sao_Paulo:20270121T000000\n"
			"SUMMARY:São Sebastião\n")
			EVENT("DTSTART:20270121T000000\nDTEND:20270122T000000\n"
			      "SUMMARY:Ponte\n"));

	assert_int_equal(ical.count, 2);
	is_day(&ical, 0, 2027, 1, 20, "São Sebastião");
	is_day(&ical, 1, 2027, 1, 21, "Ponte");
}

static void
other_parts_of_a_calendar_are_passed_over(void **state)
{
	struct ouv_ical ical = read_good(state,
		"BEGIN:VTODO\nUID:t@prova\nSUMMARY:Comprar\nEND:VTODO\n"
		"X-WR-CALNAME:Feriados\n"
		"BEGIN:VEVENT\nUID:a@prova\nDTSTART;VALUE=DATE:20270209\n"
		"SUMMARY:Carnaval\nLOCATION:\n"
		"BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\n"
		"DESCRIPTION:x\nEND:VALARM\nEND:VEVENT\n");

	assert_int_equal(ical.count, 1);
	/* and a file of two calendars, and one that begins with a mark */
	ical = read_good(state,
		EVENT("DTSTART;VALUE=DATE:20270209\nSUMMARY:"
		      "Carnaval\n") "END:VCALENDAR\nBEGIN:"
				    "VCALENDAR\nVERSION:2.0\nPRODID:-/"
				    "/b\n"
				    "BEGIN:VEVENT\nUID:z\nDTSTART;"
				    "VALUE=DATE:20270210\n"
				    "SUMMARY:Cinzas\nEND:VEVENT\n");
	assert_int_equal(ical.count, 2);
}

static void
a_day_is_there_once_by_its_first_name(void **state)
{
	struct ouv_ical ical = read_good(state,
		EVENT("DTSTART;VALUE=DATE:20270209\nSUMMARY: Carnaval \n")
			EVENT("DTSTART;VALUE=DATE:20270209\nSUMMARY:Outro\n"));

	assert_int_equal(ical.count, 1);
	is_day(&ical, 0, 2027, 2, 9, "Carnaval");
}

static void
names_are_one_line_of_bounded_length(void **state)
{
	char lines[1200] = "DTSTART;VALUE=DATE:20270209\nSUMMARY:a\\nb\x01";
	struct ouv_ical ical;

	for (int i = 0; i < 150; i++)
		strcat(lines, "\xc3\xa9");
	strcat(lines, "\n");
	ical = read_good(
		state, ouv_arena_printf(*state,
			       "BEGIN:VEVENT\nUID:a\n%sEND:VEVENT\n", lines));
	assert_int_equal(ical.count, 1);
	assert_memory_equal(ical.days[0].name, "a b \xc3\xa9", 6);
	assert_true(strlen(ical.days[0].name) <= OUV_ICAL_NAME);
	assert_int_equal(strlen(ical.days[0].name) % 2, 0); /* no half letter */
}

/* ---- what is refused -------------------------------------------------------
 */

static void
a_time_of_day_is_refused(void **state)
{
	refused_events(state,
		EVENT("DTSTART;VALUE=DATE:20270209\nSUMMARY:Carnaval\n")
			EVENT("DTSTART:20270210T130000Z\nSUMMARY:Reunião\n"),
		"\"Reunião\" (?): has a time of day");
	refused_events(state,
		EVENT("DTSTART:20270210T000000Z\nSUMMARY:Londres\n"),
		"has a time of day");
	refused_events(state,
		EVENT("DTSTART;TZID=Europe/Rome:20270210T000000\n"
		      "SUMMARY:Roma\n"),
		"has a time of day");
	refused_events(state,
		EVENT("DTSTART;VALUE=DATE:20270210\n"
		      "DTEND:20270210T120000\nSUMMARY:Meio\n"),
		"has a time of day");
	refused_events(state,
		EVENT("DTSTART;VALUE=DATE:20270210\nDURATION:PT4H\n"
		      "SUMMARY:Meio\n"),
		"\"Meio\" (2027-02-10): does not last whole days");
}

static void
what_is_not_understood_is_refused(void **state)
{
	static const struct {
		const char *lines, *why;
	} bad[] = {
		{ "SUMMARY:Sem dia\n", "has no first day" },
		{ "DTSTART;VALUE=DATE:20270231\nSUMMARY:x\n", "" },
		{ "DTSTART;VALUE=DATE:amanhã\nSUMMARY:x\n", "" },
		{ "DTSTART;VALUE=DATE:20270210\n", "has no name" },
		{ "DTSTART;VALUE=DATE:20270210\nSUMMARY: \n", "has no name" },
		{ "DTSTART;VALUE=DATE:20270210\nDTEND;VALUE=DATE:20270209\n"
		  "SUMMARY:x\n",
			"less than a day" },
		{ "DTSTART;VALUE=DATE:20270210\nDTEND;VALUE=DATE:20370209\n"
		  "SUMMARY:x\n",
			"more than 60" },
		{ "DTSTART;VALUE=DATE:20270210\nRRULE:FREQ=WEEKLY\n"
		  "SUMMARY:x\n",
			"repeats in another way" },
		{ "DTSTART;VALUE=DATE:20270210\nRRULE:FREQ=SECONDLY\n"
		  "SUMMARY:x\n",
			"repeats in another way" },
		{ "DTSTART;VALUE=DATE:20270210\n"
		  "RRULE:FREQ=YEARLY;BYYEARDAY=100\nSUMMARY:x\n",
			"repeats in another way" },
		{ "DTSTART;VALUE=DATE:20270210\n"
		  "RRULE:FREQ=YEARLY;RSCALE=CHINESE\nSUMMARY:x\n",
			"" },
		{ "DTSTART;VALUE=DATE:20270210\nRRULE:FREQ=NEVER\n"
		  "SUMMARY:x\n",
			"" },
		{ "DTSTART;VALUE=DATE:20270210\nRRULE:FREQ=YEARLY\n"
		  "RRULE:FREQ=YEARLY;BYMONTH=3\nSUMMARY:x\n",
			"two ways" },
		{ "DTSTART;VALUE=DATE:20270210\n"
		  "RDATE;VALUE=PERIOD:20270210T000000Z/P1D\nSUMMARY:x\n",
			"" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused_events(state,
			ouv_arena_printf(*state,
				"BEGIN:VEVENT\nUID:a\n%sEND:VEVENT\n",
				bad[i].lines),
			bad[i].why);
}

static void
what_is_no_calendar_is_refused(void **state)
{
	static const char *const bad[] = { "", "\n", "x", "BEGIN",
		"BEGIN:VEVENT\nEND:VEVENT\n", "<html></html>",
		"BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\n",
		"BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n" };
	static const char zero[] = "BEGIN:VCALENDAR\0\nEND:VCALENDAR\n";
	static const char latin[] = "BEGIN:VCALENDAR\nX-N:S\xe3o\n"
				    "END:VCALENDAR\n";

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused(state, bad[i], strlen(bad[i]), "");
	refused(state, zero, sizeof(zero) - 1, "zero byte");
	refused(state, latin, sizeof(latin) - 1, "not UTF-8");
}

/* A string of many copies. */
static const char *
many(void **state, const char *one, size_t count)
{
	size_t len = strlen(one);
	char *out = ouv_arena_alloc(*state, len * count + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(out + i * len, one, len);
	return out;
}

static void
hostile_files_end_soon(void **state)
{
	const char *one = EVENT("DTSTART;VALUE=DATE:20270209\nSUMMARY:x\n");
	char *big = ouv_arena_alloc(*state, OUV_ICAL_BYTES + 2);

	memset(big, 'A', OUV_ICAL_BYTES + 1);
	refused(state, big, OUV_ICAL_BYTES + 1, "larger than 1 MiB");
	refused(state, big, OUV_ICAL_BYTES, "no iCalendar");
	refused_events(state, many(state, one, 2001), "more than 2000 events");
	refused_events(state, many(state, "BEGIN:VEVENT\n", 60000),
		"do not fit together");
	/* hidden in folded lines, in small letters */
	refused_events(state, many(state, "be\n gin:vevent\n", 50000),
		"do not fit together");
	refused_events(state,
		EVENT("DTSTART;VALUE=DATE:00010101\n"
		      "RRULE:FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;"
		      "BYDAY=MO,TU,WE,TH,FR\nSUMMARY:x\n"),
		"");
	/* one that never comes */
	refused_events(state,
		EVENT("DTSTART;VALUE=DATE:20270210\n"
		      "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n"
		      "SUMMARY:x\n"),
		"repeats in a way that is wrong");
	/* many lines of nothing, one line without an end */
	(void)read_good(state, many(state, "X-A:b\n", 100000));
	(void)read_good(state, ouv_arena_printf(*state, "X-A:%s\n",
				       many(state, "abcdefgh", 100000)));
}

static void
two_thousand_days_and_no_more(void **state)
{
	refused_events(state,
		EVENT("DTSTART;VALUE=DATE:20200101\n"
		      "RRULE:FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;"
		      "BYDAY=MO,TU,WE,TH\nSUMMARY:x\n"),
		"more than 2000 days");
}

/* The desk is not even looked at. */
static void
only_ombudsman_and_admin_decide(void **state)
{
	for (int role = 0; role < OUV_ROLE__COUNT; role++) {
		struct ouv_actor actor = { .role = (enum ouv_role)role };
		struct ouv_id day = { .b = { 1 } };

		if (role == OUV_ROLE_OMBUDSMAN || role == OUV_ROLE_ADMIN)
			continue;
		assert_int_equal(ouv_desk_day_decide(NULL, *state, &actor, "00",
					 &day, true),
			OUV_REFUSED);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole_days_with_names),
		TEST(several_days_end_before_the_day_after),
		TEST(lines_may_be_folded_also_within_a_letter),
		TEST(years_repeat_within_the_calendar),
		TEST(weekdays_of_a_month_and_ends_and_exceptions),
		TEST(one_turn_may_be_moved_or_cancelled),
		TEST(what_is_cancelled_is_passed_over),
		TEST(midnight_to_midnight_on_our_own_wall_is_a_day),
		TEST(other_parts_of_a_calendar_are_passed_over),
		TEST(a_day_is_there_once_by_its_first_name),
		TEST(names_are_one_line_of_bounded_length),
		TEST(a_time_of_day_is_refused),
		TEST(what_is_not_understood_is_refused),
		TEST(what_is_no_calendar_is_refused),
		TEST(hostile_files_end_soon),
		TEST(two_thousand_days_and_no_more),
		TEST(only_ombudsman_and_admin_decide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
