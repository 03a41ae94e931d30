/*
 * calendar_import.h - closed days that come with a file (iCalendar, RFC 5545)
 *
 * Whole days only.  What a file says is a proposal: a day counts once a person
 * has accepted it.  What is wrong is told in words for the operator (English).
 */
#ifndef OUV_CALENDAR_IMPORT_H
#define OUV_CALENDAR_IMPORT_H

#include "ouv/desk.h"

#define OUV_ICAL_BYTES ((size_t)1024 * 1024)
#define OUV_ICAL_EVENTS 2000
#define OUV_ICAL_DAYS 2000
#define OUV_ICAL_NAME 200

struct ouv_ical_day {
	int32_t day;
	const char *name; /* UTF-8, one line, at most OUV_ICAL_NAME bytes */
};
struct ouv_ical {
	size_t count; /* in order, each day once */
	struct ouv_ical_day *days;
	size_t cancelled; /* events */
	size_t outside;   /* days beyond the calendar's years */
};

/*
 * The days of a file within the years of that calendar.  Understood are events
 * of whole days, their yearly repetitions and exceptions; anything else is
 * refused, and then the whole file.  Pure: no file, no clock, no database.
 *
 * OUV_INVALID: too large, not iCalendar, or an event that is not understood;
 * what_out says which one and why.
 */
OUV_MUST_CHECK enum ouv_err ouv_ical_read(struct ouv_arena *arena,
	const char *text, size_t len, const struct ouv_calendar *calendar,
	struct ouv_ical *ical_out, char what_out[200]);

struct ouv_day_import {
	size_t proposed; /* new, for a person to decide */
	size_t known;    /* proposed or decided before */
	size_t closed;   /* the calendar has a name for that day already */
	size_t cancelled, outside;
};
/* All of a file or nothing.  source: the file's name, for whoever decides.
 * OUV_NOT_FOUND: no such calendar. */
OUV_MUST_CHECK enum ouv_err ouv_desk_days_import(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *calendar, const char *source,
	const char *text, size_t len, struct ouv_day_import *done_out,
	char what_out[200]);

struct ouv_imported_day {
	struct ouv_id id;
	const char *calendar, *name, *source;
	int32_t day;
	const char *state; /* proposed, accepted, refused */
	int64_t added_at, decided_at;
	const char *decided_by; /* a colleague's name; NULL: the operator */
};
/* In the order of their days; state "" : all. */
OUV_MUST_CHECK enum ouv_err ouv_desk_imported_days(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *state,
	struct ouv_imported_day **list_out, size_t *count_out);
/*
 * A person's decision; an accepted day counts from then on, and clocks that
 * run are computed anew.  actor NULL: the operator's, who may also change what
 * was decided (form_key is not needed then).
 *
 * OUV_REFUSED: neither ombudsman nor admin.  OUV_CONFLICT: decided already, or
 * there is no such day.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_day_decide(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_id *day, bool accept);

#endif
