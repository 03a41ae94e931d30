/*
 * absence.h - what the files that read a note of absence share
 */
#ifndef OUV_MAIL_ABSENCE_H
#define OUV_MAIL_ABSENCE_H

#include "meaning.h"

/* A date as it stands in a text. */
struct away_date {
	int year; /* 0: not said */
	int month, day;
	bool either; /* "03/04" in English: nobody can tell */
};

enum away_order {
	ORDER_UNKNOWN,
	ORDER_DAY_FIRST,
	ORDER_MONTH_FIRST
};

/* What the mail's own Date field tells. */
struct away_clock {
	bool known;
	long today;            /* days since 1970-01-01, where it was sent */
	enum away_order order; /* of numbers, in English, by the time zone */
};

/*
 * The date at p, which is folded text; returns the bytes it takes, 0: there
 * is none.  Day and month are possible ones, but perhaps not together.
 */
size_t away_date_read(const char *p, bool english, struct away_date *date_out);
/* "3", "3rd", "3." of a range that names its month later; 0: none. */
size_t away_bare_day(const char *p, int *day_out);

/* How a year that was not said is chosen. */
enum away_year {
	AWAY_NEXT,  /* the next such day; a few days ago still counts */
	AWAY_BEFORE /* the last such day up to limit, else the nearest */
};

/*
 * The day meant, in days since 1970-01-01.  False: there is no such day, or
 * it could be two.  limit is the end of the absence for AWAY_BEFORE, -1: it
 * is not known.
 */
bool away_resolve(const struct away_date *date, const struct away_clock *clock,
	enum away_year how, long limit, long *day_out);
/* "2026-03-12" */
const char *away_iso(struct ouv_arena *arena, long day);

/* substitute.c: whom to write to instead, as the text names them */
void mail_substitutes(
	struct mail_view *view, const char *text, struct ouv_mail_addrs *out);

#endif
