/*
 * calendar.h - when the office is open, and when a term ends
 *
 * Pure arithmetic on a calendar that somebody else has read: no I/O, no clock,
 * no time zone database.  A day is a number: days since 1970-01-01 in the
 * proleptic Gregorian calendar, as it stands on the office's wall.  An instant
 * is in seconds since the epoch, UTC.
 */
#ifndef OUV_CALENDAR_H
#define OUV_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouv/err.h"

/* ---- days -------------------------------------------------------------------
 */

#define OUV_DAY_MAX 11 /* "2026-12-03" with its zero byte */

bool ouv_day_valid(int year, int month, int day);
int32_t ouv_day_of(int year, int month, int day);
void ouv_day_split(int32_t day, int *year_out, int *month_out, int *day_out);
int ouv_day_weekday(int32_t day); /* 0 Monday ... 6 Sunday (ISO 8601) */
/* "2026-12-03" (RFC 3339 full-date) and nothing else; false: it is no day. */
bool ouv_day_read(const char *text, int32_t *day_out);
void ouv_day_write(int32_t day, char out[OUV_DAY_MAX]);
/* Easter Sunday of the Gregorian calendar, years 1583 to 4099. */
int32_t ouv_day_easter(int year);

/* ---- a calendar
 * -------------------------------------------------------------- */

/* Days on which the office is closed, year by year or once. */
enum ouv_closed_kind {
	OUV_CLOSED_YEARLY, /* month, day                                */
	OUV_CLOSED_EASTER, /* offset in days from Easter Sunday          */
	OUV_CLOSED_NTH,    /* the nth weekday of month; -1: the last one */
	OUV_CLOSED_ONCE,   /* day_number                                 */
	OUV_CLOSED__COUNT
};

struct ouv_closed {
	enum ouv_closed_kind kind;
	int month, day, offset, weekday, nth;
	int32_t day_number;
	int from_year, until_year; /* 0: no limit */
	const char *id;            /* "new-year": key of its names */
};

/* From at on local time is UTC + offset seconds. */
struct ouv_shift {
	int64_t at;
	int32_t offset;
};

#define OUV_HOURS_MOST 4

/* Seconds of the local day, [open, close), in order, not overlapping. */
struct ouv_hours {
	size_t count;
	struct {
		int32_t open, close;
	} list[OUV_HOURS_MOST];
};

struct ouv_calendar {
	const char *name;          /* "br" */
	const char *zone;          /* "America/Sao_Paulo" */
	int first_year, last_year; /* what it knows; outside is an error */
	size_t shift_count; /* at least 1; the first counts for all before */
	const struct ouv_shift *shifts;
	struct ouv_hours week[7]; /* Monday first; no hours: closed */
	size_t closed_count;
	const struct ouv_closed *closed;
};

/* The local day of an instant; secs_out (may be NULL) seconds since midnight.
 */
int32_t ouv_calendar_day(
	const struct ouv_calendar *calendar, int64_t at, int32_t *secs_out);
/*
 * The instant of a local time.  One that a shift leaves out (summer time
 * begins) is read as with the offset before it, so it comes after the gap;
 * of one that happens twice the first is meant.
 */
int64_t ouv_calendar_instant(
	const struct ouv_calendar *calendar, int32_t day, int32_t secs);

/* "2026-12-03T18:00:00-03:00" or "...Z" (RFC 3339 date-time), seconds and no
 * fractions of them; false: it is no instant. */
bool ouv_instant_read(const char *text, int64_t *at_out);
#define OUV_INSTANT_MAX 32
/* The same, as the wall of that calendar shows it. */
void ouv_instant_write(const struct ouv_calendar *calendar, int64_t at,
	char out[OUV_INSTANT_MAX]);

/* Is the office open at some time of that day?  why_out (may be NULL): the id
 * of what closes it, "weekly" for a weekday without hours, NULL: open. */
bool ouv_calendar_open(
	const struct ouv_calendar *calendar, int32_t day, const char **why_out);
/* Is it within service hours? */
bool ouv_calendar_serving(const struct ouv_calendar *calendar, int64_t at);
/* at itself within service hours, else the next opening.  OUV_INVALID: the
 * calendar ends before that. */
OUV_MUST_CHECK enum ouv_err ouv_calendar_next(
	const struct ouv_calendar *calendar, int64_t at, int64_t *next_out);

/* ---- terms
 * --------------------------------------------------------------------
 */

enum ouv_unit {
	OUV_UNIT_HOURS,         /* day and night, on open days           */
	OUV_UNIT_SERVICE_HOURS, /* while the office serves               */
	OUV_UNIT_DAYS,          /* every day, then out of closed days    */
	OUV_UNIT_SERVICE_DAYS,  /* days on which the office is open      */
	OUV_UNIT_EXACT_DAYS,    /* every day, then the last one as it is */
	OUV_UNIT__COUNT
};
const char *ouv_unit_name(enum ouv_unit unit); /* "hours", "service-hours" */
OUV_MUST_CHECK enum ouv_err ouv_unit_parse(
	const char *name, enum ouv_unit *unit_out);

/* Why a term ends when it does: every day after day zero, in order. */
struct ouv_step {
	int32_t day;
	bool counted;
	const char *why; /* not counted: what closes it.  NULL: counted, or
			    the open day that a term rolled forward to */
};

struct ouv_due {
	int64_t at;
	int32_t day_zero;  /* the day of receipt: never counted */
	size_t step_count; /* steps there are, written or not */
	size_t step_room;  /* in: how many fit into steps */
	struct ouv_step *steps;
};

/*
 * When a term of amount units that began at from ends.  Terms of days end
 * with the last second of their last day; one that falls on a closed day rolls
 * forward to the next open one, unless its days are exact.
 *
 * OUV_INVALID: amount is below 1, or the calendar ends before the term does
 * (due_out is left as it was).
 */
OUV_MUST_CHECK enum ouv_err ouv_calendar_due(
	const struct ouv_calendar *calendar, enum ouv_unit unit, int amount,
	int64_t from, struct ouv_due *due_out);

#endif
