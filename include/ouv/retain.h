/*
 * retain.h - how long files are kept, what falls due, and what stands against
 * an erasure
 *
 * Functions of the desk (desk.h) with its conventions; docs/retention.md says
 * why.  Nothing sealed is opened here.
 */
#ifndef OUV_RETAIN_H
#define OUV_RETAIN_H

#include "ouv/desk.h"
#include "ouv/term.h"

#define OUV_KEPT_DAYS 90 /* that one looks ahead */

enum ouv_kept_list {
	OUV_KEPT_DUE,     /* within OUV_KEPT_DAYS, or past */
	OUV_KEPT_HOLD,    /* a legal hold */
	OUV_KEPT_WAITING, /* for a second person */
	OUV_KEPT_ERASED,  /* the latest first */
	OUV_KEPT__COUNT
};
/* due, hold, waiting, erased. */
const char *ouv_kept_list_name(enum ouv_kept_list which);

struct ouv_kept {
	const char *protocol;
	int64_t closed_at, due_at, erased_at; /* 0: none */
	enum ouv_end end;                     /* OUV_END__COUNT: not known */
	const char *profile, *unit, *law;     /* NULL: no clock runs */
	int amount;
	int32_t review_day; /* of a hold; 0: none */
	int64_t waiting_at; /* 0: it does not */
	const char *author; /* of what waits; NULL */
	uint64_t against;   /* guards that would refuse its erasure now */
	bool readable;      /* the reader holds its key */
};
struct ouv_kept_page {
	struct ouv_kept *list;
	size_t count;
	const char *after; /* cursor of the next page; NULL: the last one */
};
/*
 * For custodians and the ombudsman; actor NULL: an operator.  after may be
 * NULL; most: lines.
 *
 * OUV_REFUSED: another role.  OUV_INVALID: after is not a cursor of ours.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_kept(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	enum ouv_kept_list which, const char *after, int most,
	struct ouv_kept_page *page_out);

struct ouv_kept_counts {
	int64_t of[OUV_KEPT__COUNT];
	int64_t now; /* of what falls due: already */
};
OUV_MUST_CHECK enum ouv_err ouv_desk_kept_counts(
	struct ouv_desk *desk, struct ouv_kept_counts *out);

/* May that person see these lists? */
bool ouv_kept_may(const struct ouv_actor *actor);

/* ---- mail that is no case: set aside, or in a month's file of automatic mail
 */

#define OUV_LOOSE_MOST 25 /* in one step, while keys are given to nobody */

struct ouv_loose {
	struct ouv_id id;
	int64_t since;     /* set aside; the month's end */
	const char *aside; /* the reason; NULL: a month's file */
	int month;         /* 202611; 0: it was set aside */
	int items;
	bool readable; /* the reader holds its key */
};
struct ouv_loose_page {
	struct ouv_loose *list; /* what may be erased: the oldest */
	size_t count;
	int64_t now, soon; /* of all: may be erased; within OUV_KEPT_DAYS */
	int aside_days, automatic_days; /* 0: no number of days, so never */
	/* What was shown: the same two erase just that. */
	int64_t at;
	char token[65];
};
/* As of that moment, no later than now; 0: now.  actor NULL: an operator.
 * OUV_REFUSED: another role than custodian and ombudsman. */
OUV_MUST_CHECK enum ouv_err ouv_desk_loose(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor, int64_t at,
	struct ouv_loose_page *page_out);
/*
 * Erases what was shown, all or nothing: its keys are destroyed; that it came,
 * and when, stays.  For custodians, with a fresh code.
 *
 * OUV_CONFLICT: it is not what was shown any more.  OUV_REFUSED: another role,
 * or with step_up a code first.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_loose_erase(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, int64_t at, const char *token, size_t *count_out,
	struct ouv_verb_result *result_out);

/* What is left of an erased case. */
struct ouv_tombstone {
	const char *protocol;
	int64_t opened_at, closed_at, erased_at;
	const char *kind, *merit, *resolution; /* NULL: none */
};
/* OUV_NOT_FOUND: no case of that number was erased. */
OUV_MUST_CHECK enum ouv_err ouv_desk_tombstone(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *number, struct ouv_tombstone *out);

#endif
