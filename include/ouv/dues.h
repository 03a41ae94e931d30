/*
 * dues.h - what falls due, and when: clocks that run and open tasks, in the
 * cases that somebody may read
 *
 * Functions of the desk (desk.h) with its conventions; docs/deadlines.md.
 */
#ifndef OUV_DUES_H
#define OUV_DUES_H

#include "ouv/desk.h"

/* One date. */
struct ouv_due_row {
	struct ouv_case_line line; /* number, subject, owner; no counts */
	int64_t due_at;
	const char *key;             /* its own, also when its date moves */
	const char *task;            /* kind of a task; NULL: it is a clock */
	struct ouv_clock_view clock; /* with the reason of its date */
};
struct ouv_due_list {
	size_t count;
	struct ouv_due_row *rows;
	const char *after; /* cursor of the next page; NULL: the last one */
};
/* Days on the office's wall. */
struct ouv_due_wish {
	bool mine;          /* of cases that they look after */
	int32_t from, last; /* both included; last 0: without end, from 0: from
			       the oldest on */
	const char *after;  /* NULL: the first page */
	bool bare;          /* without subjects and reasons */
	int most;
};
/* OUV_INVALID: no such cursor. */
OUV_MUST_CHECK enum ouv_err ouv_desk_dues(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const struct ouv_due_wish *wish, enum ouv_lang lang,
	struct ouv_due_list *list_out);

/* How many fall due before days[0], and from each to the next; of the last
 * there is no number.  clocks, tasks: count numbers each, [0] is late. */
OUV_MUST_CHECK enum ouv_err ouv_desk_due_counts(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor, bool mine,
	const int32_t *days, size_t count, int64_t *clocks_out,
	int64_t *tasks_out);

#endif
