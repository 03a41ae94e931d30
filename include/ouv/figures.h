/*
 * figures.h - what the office counts about itself, as tables
 *
 * Functions of the desk (desk.h) with its conventions; docs/figures.md defines
 * each figure: what is counted, of what, and what is left out.
 */
#ifndef OUV_FIGURES_H
#define OUV_FIGURES_H

#include "ouv/desk.h"

/* No percentage is given of fewer cases than this. */
#define OUV_FIGURE_LEAST 5

/* ---- which time -----------------------------------------------------------
 */

/* A year, a quarter or a month: "2026", "2026-Q3", "2026-07". */
struct ouv_period {
	int year, month; /* the first, 1 to 12 */
	int months;      /* 12, 3 or 1 */
};
#define OUV_PERIOD_MAX 9
/* Of the years 1970 to 9998. */
bool ouv_period_read(const char *text, struct ouv_period *period_out);
void ouv_period_write(
	const struct ouv_period *period, char out[OUV_PERIOD_MAX]);
/* The next one of its length; back: the one before. */
struct ouv_period ouv_period_step(const struct ouv_period *period, bool back);
int32_t ouv_period_from(const struct ouv_period *period);
int32_t ouv_period_before(const struct ouv_period *period); /* not in it */

/* ---- tables ---------------------------------------------------------------
 */

enum ouv_figure {
	OUV_FIGURE_TIMES,
	OUV_FIGURE_TYPE,
	OUV_FIGURE_CHANNEL,
	OUV_FIGURE_CONTACT,
	OUV_FIGURE_ARTICLE,
	OUV_FIGURE_REPLY,
	OUV_FIGURE_REPLY_HOURS,
	OUV_FIGURE_END,
	OUV_FIGURE_END_DAYS,
	OUV_FIGURE_BACKLOG,
	OUV_FIGURE_ENDED_BY,
	OUV_FIGURE_MERIT,
	OUV_FIGURE_RESOLUTION,
	OUV_FIGURE_RATING,
	OUV_FIGURE_MEDIATOR,
	OUV_FIGURE_COMPANY,
	OUV_FIGURE__COUNT
};

#define OUV_FIGURE_COLUMNS 6

struct ouv_figure_column {
	const char *code;
	bool is_share; /* else a number */
};
struct ouv_figure_kind {
	const char *name; /* of its address and its file */
	struct ouv_figure_column columns[OUV_FIGURE_COLUMNS];
};
const struct ouv_figure_kind *ouv_figure_kind(enum ouv_figure figure);
size_t ouv_figure_columns(enum ouv_figure figure);
/* OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err ouv_figure_parse(
	const char *name, enum ouv_figure *figure_out);

/* A number: part, or OUV_FIGURE_NONE where there is none.  A share: part of
 * whole; whole 0: part of no whole. */
struct ouv_cell {
	int64_t part, whole;
};
#define OUV_FIGURE_NONE (-1)

/* The percentage, rounded; false: there is no whole, or too small a one. */
bool ouv_figure_share(const struct ouv_cell *cell, int *percent_out);

struct ouv_figure_row {
	const char *code;  /* a code, or the id of a colleague or company */
	const char *label; /* NULL: the code has a word of the page */
	struct ouv_cell cells[OUV_FIGURE_COLUMNS];
};
struct ouv_figure_table {
	size_t count;
	struct ouv_figure_row *rows;
};
struct ouv_figures {
	struct ouv_period period;
	int64_t made_at; /* 0: never counted yet; all tables are then empty */
	struct ouv_figure_table tables[OUV_FIGURE__COUNT];
};

/* Needs no key: codes and counts alone. */
OUV_MUST_CHECK enum ouv_err ouv_desk_figures(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_period *period,
	enum ouv_lang lang, struct ouv_figures *figures_out);
/* Counts again, unless what was counted is younger than secs. */
OUV_MUST_CHECK enum ouv_err ouv_desk_figures_refresh(
	struct ouv_desk *desk, int secs, bool *made_out);

/* The first value in ascending order that at least percent of all `whole` are
 * not above; list is sorted by value; what is not in it is above any.
 * OUV_FIGURE_NONE: not reached. */
struct ouv_weight {
	int64_t value, n;
};
int64_t ouv_figure_rank(const struct ouv_weight *list, size_t count,
	int64_t whole, int percent);

#endif
