/*
 * batch.h - a batch of mails being filed, all in one transaction
 */
#ifndef OUV_DESK_BATCH_H
#define OUV_DESK_BATCH_H

#include "attribute.h"
#include "page_seal.h"

struct batch {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	struct colleague *colleagues;
	size_t colleague_count;
	struct incoming *in;
	size_t count;
	int64_t now;
	int year;
	int64_t protocol;       /* next number */
	struct casefile *files; /* locked or made in this batch */
	size_t file_count;
	struct store_guess *guesses;
	size_t guess_count;
	bool letters;
	struct ouv_id *opened[2]; /* new cases: registered, held */
	size_t opened_count[2];
	struct page_pile pile; /* keys of parties' pages, and what is
				  sealed to them: written at the end */
	struct ouv_id *asked;  /* cases whose readers are known */
	size_t asked_count;
	struct page_readers readers; /* theirs */
};

#define HOUR 3600
#define DAY 86400

/* ---- batch.c: the case files of a batch ---------------------------------- */

enum ouv_lang batch_language(const struct batch *b, const struct incoming *in);
/* Locked, once in a batch. */
OUV_MUST_CHECK enum ouv_err batch_existing(
	struct batch *b, const struct ouv_id *id, struct casefile **out);
/* A new case for a mail; desk_month 0: an ordinary one. */
OUV_MUST_CHECK enum ouv_err batch_new(struct batch *b,
	const struct incoming *in, enum ouv_state state, int desk_month,
	struct casefile **out);
/* The month's file of automatic mail that belongs to no case. */
OUV_MUST_CHECK enum ouv_err batch_desk_file(
	struct batch *b, const struct incoming *in, struct casefile **out);
/* Who reads on a page of their own, of all cases that letters join: one
 * question. */
OUV_MUST_CHECK enum ouv_err batch_readers(struct batch *b);
/* One more item is in it. */
OUV_MUST_CHECK enum ouv_err batch_count_item(
	struct batch *b, const struct casefile *file);

/* ---- burst.c: floods ------------------------------------------------------
 */

/* Counts the mails that would open or hold; what is too much for one sender in
 * an hour is held, with in->burst set. */
OUV_MUST_CHECK enum ouv_err burst_find(struct batch *b);
/* The one held case of a flood. */
OUV_MUST_CHECK enum ouv_err burst_file(
	struct batch *b, struct incoming *in, struct casefile **out);

/* ---- absence_note.c: who is told that somebody is away --------------------
 */

/* Sets in->away and in->note; whoever gets a note counts as told. */
OUV_MUST_CHECK enum ouv_err note_find(struct batch *b);
/* The note that answers a letter in its case, if one goes out. */
OUV_MUST_CHECK enum ouv_err note_send(
	struct batch *b, struct incoming *in, struct casefile *file);

/* ---- party_act.c: what a party's answer decides
 * ------------------------------
 */

/* Locks the cases in which a letter may be one, and asks about all at once. */
OUV_MUST_CHECK enum ouv_err say_find(struct batch *b);
/* A letter that joins its case: an act, a task, or nothing. */
OUV_MUST_CHECK enum ouv_err say_filed(
	struct batch *b, struct incoming *in, struct casefile *file);

/* ---- late.c: mail for a case that is over, or goes on in another -----------
 */

/* After it was decided: to which case, or to a new one. */
OUV_MUST_CHECK enum ouv_err late_find(struct batch *b);
/* A person is asked whether to open the case again. */
OUV_MUST_CHECK enum ouv_err late_ask(
	struct batch *b, const struct incoming *in, struct casefile *file);
/* The new case follows the closed one. */
OUV_MUST_CHECK enum ouv_err late_follow(struct batch *b,
	const struct incoming *in, const struct casefile *file);

/* ---- bounce.c: what became of our letters ----------------------------------
 */

/* A report that names a letter of ours: its state, and the task. */
OUV_MUST_CHECK enum ouv_err bounce_note(
	struct batch *b, const struct incoming *in);

#endif
