/*
 * impartial.h - who may not work on what, who is trained for what, and how the
 * outcomes are spread
 *
 * Functions of the desk (desk.h) with its conventions; docs/impartiality.md
 * says why.
 */
#ifndef OUV_IMPARTIAL_H
#define OUV_IMPARTIAL_H

#include "ouv/desk.h"

/* ---- the conflict register
 * ----------------------------------------------------
 */

struct ouv_conflict {
	struct ouv_id id;
	const char *name;    /* of the colleague */
	const char *company; /* NULL: it is about a consumer */
	const char *kind;    /* worked-there, family, shares, ... */
	const char *note;    /* "" : none */
	const char *made_by;
	int32_t from_day, until_day; /* until 0: without end */
	int64_t made_at, ended_at;   /* 0: not ended */
	bool mine;
};
/* Everybody's for the ombudsman and administrators, else the actor's own. */
OUV_MUST_CHECK enum ouv_err ouv_desk_conflicts(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct ouv_conflict **list_out, size_t *count_out);
/*
 * Fields: who (a login; empty: oneself), company (its id) or case (a protocol
 * whose consumer is meant), kind, from, until (YYYY-MM-DD, may be empty), note.
 * From then on that person reads none of these cases: their keys go at once,
 * but never the last one.  Errors as ouv_desk_do; OUV_REFUSED: somebody else's
 * are entered by the ombudsman and administrators, with a fresh code.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_conflict_declare(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out);
/* By the ombudsman, never by oneself (OUV_REFUSED), with a fresh code; keys do
 * not come back, but may be given.  OUV_CONFLICT: it has ended already. */
OUV_MUST_CHECK enum ouv_err ouv_desk_conflict_end(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_id *conflict,
	struct ouv_verb_result *result_out);
/* The words of kind, in the schema's order; ended by NULL. */
extern const char *const ouv_conflict_kinds[];

/* ---- the training register
 * -----------------------------------------------------
 */

struct ouv_training {
	const char *name, *subject;
	int32_t on_day, until_day; /* until 0: it does not expire */
};
OUV_MUST_CHECK enum ouv_err ouv_desk_trainings(struct ouv_desk *desk,
	struct ouv_arena *arena, struct ouv_training **list_out,
	size_t *count_out);
/* Fields: who (a login), subject (code), on, until.  By the ombudsman and
 * administrators. */
OUV_MUST_CHECK enum ouv_err ouv_desk_training_add(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out);

/* What a form of these registers offers, in the reader's language. */
struct ouv_register_choices {
	size_t company_count, subject_count, sector_count;
	struct ouv_choice *companies, *subjects, *sectors;
};
OUV_MUST_CHECK enum ouv_err ouv_desk_register_choices(struct ouv_desk *desk,
	struct ouv_arena *arena, enum ouv_lang lang,
	struct ouv_register_choices *choices_out);

/* ---- the spread of outcomes
 * -----------------------------------------------------
 */

/* A name with fewer cases than this is counted together with others. */
#define OUV_SPREAD_LEAST 5

enum ouv_spread_by {
	OUV_SPREAD_ALL,
	OUV_SPREAD_COMPANY,
	OUV_SPREAD_MEDIATOR,
	OUV_SPREAD__COUNT
};
const char *ouv_spread_name(enum ouv_spread_by by);

/*
 * Of complaints closed in that time.  The three axes are independent, and each
 * adds up to `cases`: what was never established, or never rated, is a number
 * of its own and no part of a rate.
 */
struct ouv_spread {
	const char *who; /* "" : all, or those with too few */
	int64_t cases;
	int64_t founded, partly, unfounded, not_established, no_merit;
	int64_t kept, broken, refused, silent, none;
	int64_t resolved, not_resolved, not_rated;
};
/* Days on the office's wall, both included; until 0: today, from 0: a year
 * before.  Mediators and companies with
 * fewer than OUV_SPREAD_LEAST cases are one line together, the last, with the
 * smallest of the others where these alone are too few. */
OUV_MUST_CHECK enum ouv_err ouv_desk_spread(struct ouv_desk *desk,
	struct ouv_arena *arena, enum ouv_spread_by by, int32_t from_day,
	int32_t until_day, struct ouv_spread **list_out, size_t *count_out);
/* Of one company, of the last year.  OUV_NOT_FOUND: too few. */
OUV_MUST_CHECK enum ouv_err ouv_desk_spread_of(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_id *company,
	struct ouv_spread *spread_out);

/* A draw done again from what was recorded. */
struct ouv_drawn {
	int n;
	int64_t at;
	const char *recorded, *again; /* names; again NULL: no pool */
	bool same;
};
/* number: a protocol; needs no key.  OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err ouv_desk_draws_again(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *number,
	struct ouv_drawn **list_out, size_t *count_out);

#endif
