/*
 * store_company_page.h - rows of what a company reads and does on its own page
 *
 * Beside store.h and with its conventions (lib/store/company_page.c,
 * sql_company_page.h).  Whose cases: those that struct store_member_of names.
 */
#ifndef OUV_STORE_COMPANY_PAGE_H
#define OUV_STORE_COMPANY_PAGE_H

#include "ouv/store_mediation.h"

/* A contact (or capsule) or, kind "token", a unit; case_id not zero: of that
 * case alone. */
struct store_member_of {
	const char *kind;
	struct ouv_id reader, case_id, page_key;
};

/* ---- who ---------------------------------------------------------------- */

struct store_member_who {
	struct ouv_id contact, unit, company; /* contact zero: a unit's token */
	const char *name, *addr, *unit_name, *company_name, *sector;
	bool active, owned;
	int32_t from_day, until_day, member_until; /* 0: no end */
	enum ouv_lang lang;
};
/* By the id of a contact or of a unit.  OUV_NOT_FOUND: neither. */
OUV_MUST_CHECK enum ouv_err store_member_who(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *reader,
	struct store_member_who *who_out);

/* ---- cases -------------------------------------------------------------- */

struct store_member_case {
	struct ouv_id id, party;
	const char *protocol, *kind, *identity; /* kind, identity: NULL */
	enum ouv_state state;
	int stage; /* 0 owed, 1 waiting, 2 closed */
	int64_t opened_at, moved_at, closed_at, due_at;
	bool waiting, reading;
	bool asked;                      /* for more time, once */
	const char *last_by, *last_what; /* NULL */
	int64_t last_at;
	int64_t sort; /* of the list, with the id */
};
struct store_member_wish {
	unsigned stages; /* bits */
	int closed_days;
	const char *search;        /* part of a protocol; "" : all */
	const struct ouv_id *also; /* cases that fit the search besides */
	size_t also_count;
	int64_t after; /* sort and id of the last one; 0: from the first */
	struct ouv_id after_id;
	int most;
};
OUV_MUST_CHECK enum ouv_err store_member_cases(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_member_of *member,
	const struct store_member_wish *wish,
	struct store_member_case **list_out, size_t *count_out);
/* counts of the three stages, and how many are late. */
OUV_MUST_CHECK enum ouv_err store_member_counts(struct store_tx *tx,
	const struct store_member_of *member, int64_t counts_out[3],
	int64_t *late_out);
/* By its number; NULL: the member's one case.  OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_member_case(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_member_of *member,
	const char *protocol, struct store_member_case *case_out);

/* ---- what was written on the page --------------------------------------- */

struct store_member_post {
	struct ouv_id item, case_id, contact, points; /* zero: none */
	const char *what;
	bool tell; /* by mail: it was received */
	int64_t at;
};
OUV_MUST_CHECK enum ouv_err store_member_post_add(
	struct store_tx *tx, const struct store_member_post *post);
/* The newest message of that party after that number, if it was no reference:
 * who wrote it (NULL: not on the page), as what ("mail"), when.
 * OUV_NOT_FOUND: none. */
OUV_MUST_CHECK enum ouv_err store_member_faster(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *party, int seen, const char **by_out,
	const char **what_out, int64_t *at_out);
/* Whether that contact's company gets all of the text by mail (of a contact
 * that is in no register: true), and whether the contact has a page to open. */
OUV_MUST_CHECK enum ouv_err store_member_mail(struct store_tx *tx,
	const struct ouv_id *contact, bool *all_out, bool *page_out);
/* Number of the newest message of that party; 0: none. */
OUV_MUST_CHECK enum ouv_err store_member_last_seq(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *party, int *seq_out);
/* The newest answer of a case that waits to be read and has points: its message
 * and them.  OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_member_points(struct store_tx *tx,
	const struct ouv_id *case_id, int *seq_out, struct ouv_id *points_out);
/* Own numbers of cases that the page key opens, the newest of each. */
struct store_member_reference {
	struct store_item item;
	uint8_t box[112];
};
OUV_MUST_CHECK enum ouv_err store_member_references(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_member_of *member,
	struct store_member_reference **list_out, size_t *count_out);

/* What a page key opens of a case now; own: all of that message. */
struct store_member_open {
	int seq, part;
	bool own;
};
OUV_MUST_CHECK enum ouv_err store_member_opens(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *page_key,
	const struct ouv_id *case_id, struct store_member_open **list_out,
	size_t *count_out);

/* ---- handing over ------------------------------------------------------- */

struct store_member_heir {
	struct ouv_id id;
	const char *name, *addr, *unit_name;
	bool owned;
	int32_t away_from, away_until;
	enum ouv_lang lang;
};
OUV_MUST_CHECK enum ouv_err store_member_heirs(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *contact, int32_t day,
	struct store_member_heir **list_out, size_t *count_out);
struct store_member_hand {
	struct ouv_id id, case_id, giver, heir;
	bool both;
	/* read only */
	const char *giver_name, *heir_name, *heir_unit;
	int64_t at;
};
/* OUV_REFUSED: by the register that is not possible. */
OUV_MUST_CHECK enum ouv_err store_member_hand_add(
	struct store_tx *tx, const struct store_member_hand *hand, int32_t day);
OUV_MUST_CHECK enum ouv_err store_member_hands(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_member_hand **list_out, size_t *count_out);
/* What opens for page key mine of that case and not for whom it was handed
 * over to: the box of mine, the heir's key. */
struct store_member_lack {
	struct ouv_id heir_key, item, disclosure;
	int part;
	uint8_t box[112];
	int64_t until_at;
};
OUV_MUST_CHECK enum ouv_err store_member_lacks(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *page_key,
	const struct ouv_id *case_id, int most,
	struct store_member_lack **list_out, size_t *count_out);
struct store_member_colleague {
	const char *name, *unit_name;
	bool main;
};
OUV_MUST_CHECK enum ouv_err store_member_colleagues(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *party,
	struct store_member_colleague **list_out, size_t *count_out);

/* ---- the gateway tells -------------------------------------------------- */

/* What nobody was told of yet.  OUV_NOT_FOUND: nothing. */
struct store_member_untold {
	struct ouv_id id, case_id; /* the message; or the hand-over */
	const char *what;
};
OUV_MUST_CHECK enum ouv_err store_member_untold(struct store_tx *tx,
	struct ouv_arena *arena, struct store_member_untold *untold_out);
OUV_MUST_CHECK enum ouv_err store_member_told(
	struct store_tx *tx, const struct ouv_id *item);
OUV_MUST_CHECK enum ouv_err store_member_hand_untold(struct store_tx *tx,
	struct ouv_arena *arena, struct store_member_hand *hand_out);
OUV_MUST_CHECK enum ouv_err store_member_hand_told(
	struct store_tx *tx, const struct ouv_id *id);

/* ---- figures ------------------------------------------------------------ */

enum store_member_sum {
	STORE_SUM_CASES,
	STORE_SUM_COMPANIES,
	STORE_SUM_IN_TIME,
	STORE_SUM_ANSWERABLE,
	STORE_SUM_ANSWERS,
	STORE_SUM_MEDIAN, /* days; -1: none */
	STORE_SUM_FOUNDED,
	STORE_SUM_JUDGED,
	STORE_SUM_AGREED,
	STORE_SUM_SILENT,
	STORE_SUM_ENDED,
	STORE_SUM_RESOLVED,
	STORE_SUM_RATED,
	STORE_SUM_KEPT,
	STORE_SUM_PROMISED,
	STORE_SUM__COUNT
};
/* own: of that company (unit not zero: of the unit alone); else of all others
 * of its sector. */
OUV_MUST_CHECK enum ouv_err store_member_sums(struct store_tx *tx,
	const struct ouv_id *company, const struct ouv_id *unit, bool own,
	const char *zone, int32_t from_day, int32_t before_day,
	int64_t sums_out[STORE_SUM__COUNT]);
struct store_member_promise {
	int n;
	const char *protocol, *promiser, *source, *state, *says_company;
	int64_t made_at, due_at, ended_at;
};
/* The company's own of cases of that member: those that run, and those that
 * ended since. */
OUV_MUST_CHECK enum ouv_err store_member_promises(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_member_of *member,
	int64_t since_at, struct store_member_promise **list_out,
	size_t *count_out);
struct store_member_advice {
	const char *protocol, *state;
	int64_t made_at, due_at;
};
OUV_MUST_CHECK enum ouv_err store_member_advices(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_member_of *member,
	struct store_member_advice **list_out, size_t *count_out);

#endif
