/*
 * term.h - deadline profiles, and clocks that pause
 *
 * A profile is a named set of terms; docs/deadlines.md says how one is written,
 * terms_file.h reads it.  The arithmetic of one term is calendar.h's.  Pure:
 * no clock, no file, no database.
 */
#ifndef OUV_TERM_H
#define OUV_TERM_H

#include "ouv/calendar.h"
#include "ouv/case.h"

/* amount 0: there is no such term. */
struct ouv_term {
	enum ouv_unit unit;
	int amount;
	const char *law; /* where it is written; "" : nowhere */
};

#define OUV_REMINDERS 2

/* What a profile says of one clock. */
struct ouv_terms_clock {
	struct ouv_term term, extension;
	/* so long before the due date; amount 0: none */
	struct ouv_term remind[OUV_REMINDERS];
	/* After a late reminder nothing lapses before so long. */
	struct ouv_term notice;
};

/* Terms that no clock of a case runs. */
enum ouv_limit {
	OUV_LIMIT_RESPONSE, /* the most a first answer may take: 48 h     */
	OUV_LIMIT_MESSAGE,  /* a call back                                */
	OUV_LIMIT_URGENT,
	OUV_LIMIT_POST, /* a letter on paper counts as arrived: days */
	OUV_LIMIT__COUNT
};
const char *ouv_limit_name(enum ouv_limit limit);

/* How a case ended, as far as it says how long its file is kept; the last two
 * are of mail that is no case, and count days. */
enum ouv_end {
	OUV_END_REFUSED,
	OUV_END_LAPSED, /* the consumer fell silent            */
	OUV_END_WITHDRAWN,
	OUV_END_FORWARDED, /* no dispute: passed on, and answered */
	OUV_END_SOLVED,    /* both agreed                         */
	OUV_END_DECIDED,
	OUV_END_SET_ASIDE, /* held mail: since it was set aside   */
	OUV_END_AUTOMATIC, /* a month's automatic mail: its end   */
	OUV_END__COUNT
};
const char *ouv_end_name(enum ouv_end end);
OUV_MUST_CHECK enum ouv_err ouv_end_parse(
	const char *name, enum ouv_end *end_out);
/* By the action that closed a case (NULL: it is not known): OUV_END__COUNT
 * when that says nothing. */
enum ouv_end ouv_end_of(const char *closed_by);

struct ouv_terms {
	const char *name;
	int n;                /* version; 0: the file's */
	const char *title[3]; /* pt-BR, en, it */
	const char *law;      /* of the whole; "" : none */
	const char *calendar; /* "" : the office's */
	struct ouv_terms_clock clocks[OUV_CLOCK__COUNT];
	struct ouv_term limits[OUV_LIMIT__COUNT];
	/* instead of the clock's own; amount 0: that one */
	struct ouv_term kept[OUV_END__COUNT];
};

/* How long the file of a case that ended so is kept; end may be
 * OUV_END__COUNT. */
const struct ouv_term *ouv_terms_kept(
	const struct ouv_terms *terms, enum ouv_end end);

/* The term of a clock or of a limit, by name; NULL: there is no such name. */
const struct ouv_term *ouv_terms_find(
	const struct ouv_terms *terms, const char *name);

/*
 * A term that may pause.  used is what was counted before `since`: days for
 * terms of days (service days: those on which the office was open), seconds of
 * counted time for terms of hours.  Pausing and going on at the same moment
 * changes nothing; what is left never grows.  In terms of days the day of the
 * pause counts and the day on which it goes on is a new day zero.
 */
struct ouv_run {
	enum ouv_unit unit;
	int amount;
	int64_t since, used;
};
/* When it ends, and why.  steps are those since the last pause.  Errors as
 * ouv_calendar_due. */
OUV_MUST_CHECK enum ouv_err ouv_run_due(const struct ouv_calendar *calendar,
	const struct ouv_run *run, struct ouv_due *due_out);
/*
 * used as of that moment; afterwards the run stands still.  OUV_REFUSED: it
 * has ended by then.  OUV_INVALID: the calendar does not know that moment.  The
 * run is left as it was then.
 */
OUV_MUST_CHECK enum ouv_err ouv_run_pause(
	const struct ouv_calendar *calendar, struct ouv_run *run, int64_t at);
/* Counts again from there. */
void ouv_run_resume(struct ouv_run *run, int64_t at);

#endif
