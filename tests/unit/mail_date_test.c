/*
 * mail_date_test.c - dates as mailers write them, and what is no date
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../../lib/mail/internal.h"

/* clang-format off */
/* All of the same moment: 2026-02-02 10:00:00 UTC. */
static const char *const same[] = {
	"Mon, 02 Feb 2026 10:00:00 +0000",
	"Mon, 2 Feb 2026 10:00:00 GMT",
	"2 Feb 2026 10:00 UT",
	"2 Feb 26 10:00:00 Z",
	"2 Feb 126 10:00:00 Z",
	"Mon, 02 Feb 2026 07:00:00 -0300 (BRT)",
	"Mon, 02 Feb 2026 07:00:00 -03:00",
	"Mon, 02 Feb 2026 07:00:00 -3",
	"Mon, 02 Feb 2026 07:00:00 BRT",
	"Mon, 02 Feb 2026 05:00:00 EST",
	"Mon, 02 Feb 2026 11:00:00 CET",
	"Mon, 02 Feb 2026 11:00:00 GMT+0100",
	"Mon, 02 Feb 2026 11:00:00 +0100 (GMT+01:00)",
	"Mon,  2  Feb  2026  10:00:00  +0000",
	"Mon,02 Feb 2026 10:00:00 +0000",
	"Mon (dia (ruim)) , 02 (x) Feb 2026 10:00:00 +0000",
	"Mon, 02 Feb 2026 10:00:00",
	"Mon, 02 Feb 2026 10:00:00 -0000",
	"Mon, 02 Feb 2026 10:00:00 +9900",
	"Mon, 02 Feb 2026 10.00.00 +0000",
	"Mon Feb  2 10:00:00 2026",
	"Mon Feb  2 07:00:00 2026 -0300",
	"Mon Feb  2 10:00:00 UTC 2026",
	"Monday, February 2, 2026 10:00 AM",
	"Monday, 2 February 2026 10:00:00 +0000",
	"2026-02-02T10:00:00Z",
	"2026-02-02T10:00:00.123Z",
	"2026-02-02T07:00:00-03:00",
	"2026-02-02 10:00:00",
	"2026-02-02 07:00:00 -0300",
	"2026/02/02 10:00:00 +0000",
	"02-Feb-2026 10:00:00 +0000",
	"Mon, 02-Feb-26 10:00:00 GMT",
	"02/Feb/2026:10:00:00 +0000",
	"seg, 2 fev 2026 10:00:00 +0000",
	"segunda-feira, 2 de fevereiro de 2026 10:00:00 +0000",
	"lun, 2 feb 2026 11.00.00 +0100",
	"lun., 2 f\xc3\xa9vr. 2026 11:00:00 +0100",
	"Mo, 2 Feb 2026 11:00:00 MEZ",
	"\"Mon, 02 Feb 2026 10:00:00 +0000\"",
	"Mon, 02 Feb 2026 10:00:00 A",
	"Mon, 02 Feb 2026 12:00:00 UTC+02:00",
	"Mon, 02 Feb 2026 12:00:00 +0200 GMT",
	"Mon, 02 Feb 2026 11:00:00 +01000",
	"Mon, 02 Feb 0026 10:00:00 +0000",
	"Mon, 2Feb2026 10:00:00 +0000",
	"Mon, 02 Feb 2026 10:00:00 Martinica",
	"Mon, 02 Feb 2026 22:00:00 NZST",
	"20260202T100000Z",
	"20260202T070000-0300",
	"02.02.2026 10:00:00",
	"Mo 2.2.26 10.00",
	"2026-02-02 10h",
	"2 Feb 2026 10AM",
	"2 Feb 2026 10:00:00 a.m.",
	"lundi 2 f\xe9vrier 2026 10h00",
};

static const struct {
	const char *text, *iso;
} others[] = {
	{ "Tue, 3 Mar 2026 00:00:00 +0000",         "2026-03-03T00:00:00" },
	{ "mar, 3 feb 2026 00:00:00 +0000",         "2026-02-03T00:00:00" },
	{ "martedi 3 marzo 2026 00:00",             "2026-03-03T00:00:00" },
	{ "ter, 5 mai 2026 12:30:00 -0300",         "2026-05-05T15:30:00" },
	{ "5 ott 2026 12:30:00 +0200",              "2026-10-05T10:30:00" },
	{ "5 out 2026 12:30:00 -0300",              "2026-10-05T15:30:00" },
	{ "5 Dez 2026 12:30:00 +0100",              "2026-12-05T11:30:00" },
	{ "5 ao\xc3\xbbt 2026 12:30:00 +0200",      "2026-08-05T10:30:00" },
	{ "5 d\xc3\xa9" "c 2026 12:30:00 +0100",    "2026-12-05T11:30:00" },
	{ "5 juin 2026 12:30 +0200",                "2026-06-05T10:30:00" },
	{ "5 juil. 2026 12:30 +0200",               "2026-07-05T10:30:00" },
	{ "5 M\xc3\xa4rz 2026 12:30 +0100",         "2026-03-05T11:30:00" },
	{ "5 set 2026 9:05",                        "2026-09-05T09:05:00" },
	{ "29 Feb 2024 23:59:59 +0000",             "2024-02-29T23:59:59" },
	{ "31 Dec 2026 23:59:60 +0000",             "2027-01-01T00:00:00" },
	{ "31 Dec 2026 24:00:00 +0000",             "2027-01-01T00:00:00" },
	{ "1 Jan 70 00:00:00 GMT",                  "1970-01-01T00:00:00" },
	{ "1 Jan 49 00:00:00 GMT",                  "2049-01-01T00:00:00" },
	{ "2 Feb 2026 12:30 AM",                    "2026-02-02T00:30:00" },
	{ "2 Feb 2026 12:30 PM",                    "2026-02-02T12:30:00" },
	{ "2 Feb 2026 1:30 pm",                     "2026-02-02T13:30:00" },
	{ "2 Feb 2026",                             "2026-02-02T00:00:00" },
	{ "5 M\xe4rz 2026 12:30 +0100",                "2026-03-05T11:30:00" },
	{ "lundi 3 ao\xfbt 2026 10:00",               "2026-08-03T10:00:00" },
	{ "jeu. 3 d\xe9" "cembre 2026 10h30",         "2026-12-03T10:30:00" },
	{ "5 J\xc3\xa4nner 2026 10:00",               "2026-01-05T10:00:00" },
	{ "2 Feb 2026 10PM",                         "2026-02-02T22:00:00" },
	{ "2 Feb 2026 1:00:00 p.m.",                 "2026-02-02T13:00:00" },
	{ "20260203",                                "2026-02-03T00:00:00" },
	/* day first, unless something else makes more sense */
	{ "02/03/2026 10:00:00",                     "2026-03-02T10:00:00" },
	{ "02.03.2026 10:00",                        "2026-03-02T10:00:00" },
	{ "13/02/2026 10:00:00",                     "2026-02-13T10:00:00" },
	{ "02/13/2026 10:00:00",                     "2026-02-13T10:00:00" },
	{ "Tue, 02/03/2026 10:00:00",                "2026-02-03T10:00:00" },
	{ "Mon, 02/03/2026 10:00:00",                "2026-03-02T10:00:00" },
	{ "2/3/2026 3:05:07 PM",                     "2026-02-03T15:05:07" },
	{ "seg, 02/03/2026 3:05 PM",                 "2026-03-02T15:05:00" },
	{ "2 Feb 2026 23:30:00 -0130",              "2026-02-03T01:00:00" },
};

static const char *const none[] = {
	"", " ", "ontem", "Mon, ", "Feb 2026", "30 Feb 2026 10:00:00",
	"29 Feb 2026 10:00:00", "0 Feb 2026", "32 Jan 2026 10:00",
	"2 Feb 2026 25:00:00", "2 Feb 2026 10:61:00", "2 Feb 2026 24:00:01",
	"2 Xyz 2026 10:00:00", "2026-13-02T10:00:00Z", "2026-00-02", "(((((",
	"99999999999999999999", "2 Feb 99999 10:00", "2 Feb 1026 10:00",
	"+0000", ":::", "----", "2 Feb", "10:00:00", "13/13/2026",
	"20261302", "20260230T100000Z", "1.2", "99.99.2026",
};
/* clang-format on */

static struct ouv_str
str(const char *text)
{
	return (struct ouv_str){ text, strlen(text) };
}

static void
every_way_to_write_a_moment_is_that_moment(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		int64_t at = 0;

		if (!mail_date(str(same[i]), &at) || at != 1770026400)
			fail_msg("%s: %lld", same[i], (long long)at);
	}
}

static void
odd_dates_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		int64_t at = 0;
		time_t seconds;
		struct tm tm;
		char iso[40] = "";

		if (mail_date(str(others[i].text), &at)) {
			seconds = (time_t)at;
			strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%S",
				gmtime_r(&seconds, &tm));
		}
		if (strcmp(iso, others[i].iso) != 0)
			fail_msg("%s: %s", others[i].text, iso);
	}
}

static void
what_is_no_date_is_refused_and_leaves_the_result_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		int64_t at = 77;

		if (mail_date(str(none[i]), &at) || at != 77)
			fail_msg("%s: %lld", none[i], (long long)at);
	}
}

/* Our arithmetic against the system's, through leap years and centuries. */
static void
every_day_of_three_centuries_is_counted_right(void **state)
{
	(void)state;
	for (time_t day = -2208988800; day < 7258118400; day += 604800) {
		struct tm tm;
		char text[60];
		int64_t at = 0;

		strftime(text, sizeof(text), "%d %b %Y %H:%M:%S +0000",
			gmtime_r(&day, &tm));
		assert_true(mail_date(str(text), &at));
		assert_int_equal(at, day);
	}
}

/* A date at the very end of memory: nothing behind it may be touched. */
static void
a_date_may_end_anywhere(void **state)
{
	const char *text =
		"Mon, 02-Feb-2026T10:00:00.5+01:00 (x) PM 2026-02-02T";

	(void)state;
	for (size_t len = 1; len <= strlen(text); len++) {
		char *copy = malloc(len);
		int64_t at;

		memcpy(copy, text, len);
		(void)mail_date((struct ouv_str){ copy, len }, &at);
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_to_write_a_moment_is_that_moment),
		cmocka_unit_test(odd_dates_are_understood),
		cmocka_unit_test(
			what_is_no_date_is_refused_and_leaves_the_result_alone),
		cmocka_unit_test(every_day_of_three_centuries_is_counted_right),
		cmocka_unit_test(a_date_may_end_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
