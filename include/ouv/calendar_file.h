/*
 * calendar_file.h - a calendar as an office writes it down
 * (calendars/NAME.json)
 *
 * Names of closed days are words for people: they live in the file, in each
 * language.  docs/calendars.md says how one is written.
 */
#ifndef OUV_CALENDAR_FILE_H
#define OUV_CALENDAR_FILE_H

#include "ouv/arena.h"
#include "ouv/calendar.h"

/* Where a file is wrong, in words for its editor (English). */
struct ouv_calendar_error {
	char file[128];
	char what[200];
};

struct ouv_calendar_name {
	const char *id, *law; /* law "" : none */
	const char *in[3];    /* pt-BR, en, it; never NULL */
};

#define OUV_CALENDAR_BASES 4

struct ouv_calendar_book {
	struct ouv_calendar calendar;
	/* What it extends, directly or not, the nearest first; then NULL. */
	const char *bases[OUV_CALENDAR_BASES + 1];
	const char *title[3];
	struct ouv_calendar_name *names; /* one for each calendar.closed */
};

/*
 * Reads folder/name.json and what it extends; everything lives in arena.
 *
 * OUV_NOT_FOUND: no such file, or no such time zone.  OUV_INVALID: it is not a
 * calendar.  Both say so in error_out.
 */
OUV_MUST_CHECK enum ouv_err ouv_calendar_read(struct ouv_arena *arena,
	const char *folder, const char *name,
	struct ouv_calendar_book *book_out,
	struct ouv_calendar_error *error_out);

#endif
