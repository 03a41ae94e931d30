/*
 * fuzz_date.c - whatever is read as a date is a moment that a calendar has,
 * and reads the same when it is written as it should be
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../lib/mail/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Midnight of 1899-12-30, and of 10000-01-03: no zone is a day and a half. */
#define EARLIEST INT64_C(-2209161600)
#define LATEST INT64_C(253402473600)

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
must_read(const char *text, int64_t expected)
{
	int64_t date = 0;

	must(mail_date((struct ouv_str){ text, strlen(text) }, &date));
	must(date == expected);
}

static void
check_written(const struct tm *tm, int64_t date)
{
	char text[100];

	must(strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", tm) >
		0);
	must_read(text, date);
	must(strftime(text, sizeof(text), "%d %b %Y %H:%M:%S GMT", tm) > 0);
	must_read(text, date);
	must(strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", tm) > 0);
	must_read(text, date);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_str raw = { size > 0 ? (const char *)data : "", size };
	int64_t date = 0;
	struct tm tm;
	time_t t;

	if (!mail_date(raw, &date)) {
		must(date == 0); /* a failed call leaves its output alone */
		return 0;
	}
	must(date >= EARLIEST && date <= LATEST);
	t = (time_t)date;
	must(gmtime_r(&t, &tm) != NULL);
	if (tm.tm_year < 0 || tm.tm_year > 8099)
		return 0;
	check_written(&tm, date);
	return 0;
}
