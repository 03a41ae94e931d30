/*
 * frame.h - what the files of the frame around a move share
 */
#ifndef OUV_DESK_FRAME_H
#define OUV_DESK_FRAME_H

#include "move.h"
#include "write.h"

#define READERS_MOST 8 /* people of one company who get a letter */

/* Everybody of one side who gets a letter. */
struct readers {
	bool there; /* the case has such a party */
	struct ouv_id party;
	struct consumer list[READERS_MOST];
	size_t count; /* 0: nobody can be found in the file */
};

/* One side's letter, looked at. */
struct move_letter {
	bool wanted;
	struct readers readers;
	struct draft draft; /* to the first reader; data: ours */
	struct ouv_check check;
};

/* One run of a verb; what the caller says, then what came of it. */
struct frame {
	const struct verb *verb;
	enum ouv_role role;
	const char *source;
	bool auth;
	bool preview;         /* look only: what fails is told, not refused */
	bool dry;             /* up to the letters, nothing is written */
	struct ouv_id second; /* who confirmed it; or zero */
	struct ouv_id party, item;

	uint64_t failed;
	struct moving move;
	struct move_letter letters[SIDES];
	struct store_clock *clocks; /* of the case, after it */
	size_t clock_count;
	int64_t due_at; /* of the case, after it; -1: as it was */
};

/* ---- move.c ----------------------------------------------------------------
 */

/*
 * Runs it as frame says, in the transaction and on the case of the call.
 * OUV_CONFLICT: the form was made for another revision, result says what
 * changed.  OUV_INVALID: fields (result), or there is no such act in this
 * state.  OUV_REFUSED: role, or guards (frame->failed).
 */
OUV_MUST_CHECK enum ouv_err move_run(
	struct verb_call *call, struct frame *frame);
void move_free(struct frame *frame);
/* The same for a verb without declared fields, whose run does more by itself.
 */
OUV_MUST_CHECK enum ouv_err move_plain(
	struct verb_call *call, struct frame *frame);
/* As whom the actor acts, from the fields "behalf" and "source". */
OUV_MUST_CHECK enum ouv_err move_whose(
	struct verb_call *call, struct frame *frame);
/* What every change of a case ends with, with or without declared fields:
 * clocks, state, owner, log.  m is as it was read, but for what the verb
 * changed. */
struct ending {
	enum ouv_state to;
	struct ouv_id owner; /* zero: as it is */
	int64_t due_at;      /* -1: as it is */
	const char *action;
	struct ouv_str details; /* for the log; empty: none */
};
OUV_MUST_CHECK enum ouv_err move_end(struct verb_call *call,
	struct store_mediation *m, const struct ending *ending);
/* Are there clocks that this row moves? */
bool move_has_clocks(
	const struct ouv_move *row, enum ouv_state from, enum ouv_state to);
/* A program acts, not a colleague. */
bool by_program(const struct verb_call *call);

/* ---- do.c ------------------------------------------------------------------
 */

const struct verb *const *verb_all(size_t *count_out);

/* ---- task.c ----------------------------------------------------------------
 */

/* Ends what this step of a colleague has settled: who enters what a party
 * decided, passes an answer on or writes to the company has read it. */
OUV_MUST_CHECK enum ouv_err tasks_settle(
	struct verb_call *call, const struct frame *frame);

/* ---- effect.c --------------------------------------------------------------
 */

/* What became of each clock from one list to the other, by that row. */
struct ouv_effects effects_of(struct ouv_arena *arena,
	const struct ouv_move *row, const struct store_clock *was,
	size_t was_count, const struct store_clock *is, size_t is_count);

/* ---- facts.c ---------------------------------------------------------------
 */

OUV_MUST_CHECK enum ouv_err facts_of(struct verb_call *call,
	const struct store_mediation *m, struct ouv_facts *facts_out);

/* ---- move_fields.c ---------------------------------------------------------
 */

/* By their declarations; what is wrong is told. */
OUV_MUST_CHECK enum ouv_err fields_check(
	struct verb_call *call, const struct ouv_field_decl *fields);
/* "option-2" */
const char *field_name(struct ouv_arena *arena, const char *field, int n);
/* Declared words that stand in a letter. */
size_t fields_typed(struct verb_call *call, const struct ouv_field_decl *fields,
	struct typed *typed, size_t most);
/* Is any day given among them? */
bool fields_dated(
	const struct verb_call *call, const struct ouv_field_decl *fields);

/* ---- move_letters.c --------------------------------------------------------
 */

OUV_MUST_CHECK enum ouv_err readers_load(
	struct verb_call *call, const char *side, struct readers *readers_out);
/* Writes and judges both letters; what stands against them is told. */
OUV_MUST_CHECK enum ouv_err letters_write(
	struct verb_call *call, struct frame *frame);
OUV_MUST_CHECK enum ouv_err letters_send(
	struct verb_call *call, struct frame *frame);
/* One letter to one side with the values all letters have; draft_free it. */
OUV_MUST_CHECK enum ouv_err letter_draft(struct verb_call *call,
	const struct frame *frame, int side, const char *text,
	const json_t *data, struct move_letter *letter_out);
/* To each of its readers; key: with the address the letter's dedupe key. */
OUV_MUST_CHECK enum ouv_err letter_deliver(struct verb_call *call,
	const struct move_letter *letter, const char *key, int *queued_out);

/* ---- move_post.c -----------------------------------------------------------
 */

/* The clock of a move whose letter goes on paper counts from the day on which
 * that letter counts as arrived. */
OUV_MUST_CHECK enum ouv_err move_on_paper(
	struct verb_call *call, struct frame *frame);
/* The clock that begins when this letter ("notice") is delivered; false: none
 * does. */
bool post_clock_of(const char *text, int *side_out, enum ouv_clock *clock_out);

/* ---- pending.c: acts that wait for a second person -------------------------
 */

OUV_MUST_CHECK enum ouv_err pending_keep(
	struct verb_call *call, const struct verb *verb);

/* ---- act.c -----------------------------------------------------------------
 */

/* Who acts when no person does. */
const struct ouv_actor *act_nobody(void);

#endif
