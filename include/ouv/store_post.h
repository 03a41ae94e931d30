/*
 * store_post.h - letters on paper: what is to be printed, posted, and what
 * became of it (post.c, sql_post.h)
 *
 * Only lib/store and lib/desk.
 */
#ifndef OUV_STORE_POST_H
#define OUV_STORE_POST_H

#include "ouv/store_mediation.h"

struct store_post {
	struct ouv_id id, letter, case_id, item, party; /* letter: outbox row */
	const char *state; /* to-print, printed, posted, delivered, returned */
	bool addressed;
	int64_t made_at, moved_at;
	bool has_clock;
	enum ouv_clock clock;   /* that begins with its delivery */
	int round;              /* of that clock; 0: it has not begun */
	int64_t printed_at;     /* 0: not yet */
	const char *printed_by; /* a name; NULL */
	uint8_t pdf[32];
	int pages;
	int32_t posted, presumed, ended; /* days; 0: none */
	const char *service;             /* simple, registered, receipt; NULL */
	bool assumed; /* counts as arrived, for nobody said otherwise */
	struct ouv_id proof;
	struct ouv_str words; /* sealed with the item's key; empty: none */
	/* of the letter */
	struct ouv_id capsule;
	const char *kind; /* of the outbox: "notice" */
	const char *side; /* consumer, company */
	int seq;          /* of the item */
};

/* To be printed; party zero: none.  The letter's row goes with it. */
OUV_MUST_CHECK enum ouv_err store_post_add(
	struct store_tx *tx, const struct store_post *post);
/* OUV_NOT_FOUND: none of this case. */
OUV_MUST_CHECK enum ouv_err store_post(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *id, struct store_post *post_out);
/* Of a case, oldest first. */
OUV_MUST_CHECK enum ouv_err store_posts(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_post **list_out, size_t *count_out);

/* From one state to the next; OUV_CONFLICT (told later): it is in another. */
OUV_MUST_CHECK enum ouv_err store_post_printed(struct store_tx *tx,
	const struct store_post *post, const struct ouv_id *by, int64_t now);
OUV_MUST_CHECK enum ouv_err store_post_posted(
	struct store_tx *tx, const struct store_post *post, int64_t now);
/* delivered or returned, on the day post->ended. */
OUV_MUST_CHECK enum ouv_err store_post_ended(struct store_tx *tx,
	const struct store_post *post, const char *state, int64_t now);
/* Where it goes is known now: those of a party that nobody printed. */
OUV_MUST_CHECK enum ouv_err store_post_addressed(
	struct store_tx *tx, const struct ouv_id *party, bool addressed);
/* Its clock has begun (again). */
OUV_MUST_CHECK enum ouv_err store_post_round(
	struct store_tx *tx, const struct ouv_id *id, int round);
/* Whose day has come count as arrived (the gateway). */
OUV_MUST_CHECK enum ouv_err store_post_presume(struct store_tx *tx);

/* Letters to a party that came back for good: letter, item, capsule and kind of
 * each, oldest first. */
OUV_MUST_CHECK enum ouv_err store_post_lost(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *party, struct store_post **list_out,
	size_t *count_out);

/* One that was done is asked once more: item, kind, opened_at and due_at
 * count. */
OUV_MUST_CHECK enum ouv_err store_task_again(
	struct store_tx *tx, const struct store_task *task);

OUV_MUST_CHECK enum ouv_err store_party_by_post(
	struct store_tx *tx, const struct ouv_id *party, bool by_post);
/* Other words of a capsule, sealed with the case's present key.  OUV_CONFLICT
 * (told later): not by that person, or the case has another key by now. */
OUV_MUST_CHECK enum ouv_err store_capsule_reach(struct store_tx *tx,
	const struct ouv_id *person, const struct store_capsule *capsule);

/* ---- the register ---------------------------------------------------------
 */

enum store_post_list {
	STORE_POST_TO_PRINT, /* oldest first */
	STORE_POST_TO_POST,
	STORE_POST_UNDER_WAY,
	STORE_POST_DONE, /* the last first */
	STORE_POST__COUNT
};
struct store_post_line {
	struct store_case_line line;
	struct store_post post;
	int64_t at_us; /* for the cursor */
	uint8_t dek_box[112];
	int key_version; /* of dek_box */
};
/* Of cases whose key the person holds; after_us 0: from the start. */
OUV_MUST_CHECK enum ouv_err store_post_lines(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	enum store_post_list which, int64_t after_us,
	const struct ouv_id *after_id, int limit,
	struct store_post_line **list_out, size_t *count_out);
/* How many of each; of those to print how many have no address. */
OUV_MUST_CHECK enum ouv_err store_post_counts(struct store_tx *tx,
	const struct ouv_id *person, int64_t counts_out[STORE_POST__COUNT],
	int64_t *unaddressed_out);

#endif
