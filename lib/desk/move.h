/*
 * move.h - a move of a case: what its verb gets, and what the frame does
 *
 * The frame (do.c for a colleague, act.c for a party or the timer) does all
 * that moves have in common: load the file's row and facts, check the fields
 * by their declarations, ask the workflow and every guard, run the verb, set
 * the clocks, write and lint the letters, move the state, write the log.  A
 * verb says what it needs (fields) and does only what is its own (rows,
 * values for the letters).  Checking without doing, and an act that waits for
 * a second person, are the same run with its transaction rolled back.
 */
#ifndef OUV_DESK_MOVE_H
#define OUV_DESK_MOVE_H

#include "desk_impl.h"
#include "ouv/store_mediation.h"
#include "ouv/term.h"

enum {
	CONSUMER,
	COMPANY,
	SIDES
}; /* index of what there is of each party */

/* What is particular to a move while it runs; call->move points here. */
struct moving {
	const struct ouv_move *row;
	enum ouv_role role; /* as whom: the actor's, or the party's that they
			       enter an act for */
	const char *source; /* console, letter, call, fax, chat, mail, link,
			       timer */
	enum ouv_state to;  /* a verb sets it where row->to has several bits */
	struct ouv_facts facts;
	struct store_mediation m; /* the case's row; changed by the verb and
				     written by store_mediation_set */
	const struct consumer *party[SIDES]; /* NULL: there is none */
	/* letters: row->text, unless the verb changes them */
	const char *text[SIDES];
	json_t *data[SIDES]; /* values besides the common ones; never NULL */
	bool name_consumer;  /* the company may read who the consumer is */
	struct ouv_id item;  /* the message by which a party acted; or zero */
	struct ouv_id party_id; /* whose act it is; or zero */
	struct ouv_id second;   /* who confirmed it; or zero */
	const char *reason;     /* for the log's details; NULL: none */
	int64_t until; /* a day agreed for the clock of the new state, instead
			  of the profile's term; 0: none */
	bool dry;      /* nothing of it stays */
	/* move_post.c: one side's letter goes on paper, and this clock begins
	 * when it is delivered; term.amount 0: none does */
	struct {
		int side;
		enum ouv_clock clock;
		int round;
		struct ouv_term term;
	} paper;
	const struct ouv_calendar *days; /* the case's calendar */
	bool written; /* what it does has been written: it only is logged */
	/* What follows at once when this is done, and as whom; HOLD: nothing.
	 * When its guards refuse it, this one stays. */
	enum ouv_action then;
	enum ouv_role then_role;
};

/*
 * Values common to all letters of moves (templates/case.json), set by the
 * frame: protocol, name (of the reader), signature, company_name, your_by
 * (moment: when the reader's own step is due, after this move), next_by (when
 * the next step of whoever owes it is due), owes_you, owes_us, owes_other
 * (flags: who owes it), total_by (moment, optional), link_url (optional: the
 * reader's own page).
 */

/* ---- fields of a move: what was declared is checked before run() ------------
 */

/* "" when it was not sent; of many lines with LF only. n: 1 for the first of a
 * repeated field, which has no number in its name. */
const char *move_text(const struct verb_call *call, const char *field, int n);
bool move_flag(const struct verb_call *call, const char *field);
/* A day and its last second by the case's calendar; false: not given. */
bool move_day(const struct verb_call *call, const char *field, int n,
	int32_t *day_out, int64_t *end_out);
/* How many of a repeated field were given (without holes). */
int move_count(const struct verb_call *call, const char *field);

/* ---- what verbs use of others
 * -------------------------------------------------
 */

/* words.c: words of the case as an internal item; item_out names it. */
OUV_MUST_CHECK enum ouv_err words_keep(
	struct verb_call *call, const char *text, struct ouv_id *item_out);
/* The text again; needs the key of a person (OUV_REFUSED for programs). */
OUV_MUST_CHECK enum ouv_err words_read(struct verb_call *call,
	const struct ouv_id *item, const char **text_out);
/* task.c: a task for a person, once for each item and kind. */
OUV_MUST_CHECK enum ouv_err task_ask(struct verb_call *call, const char *kind,
	const struct ouv_id *item, int64_t due_at);
/* Is one of that kind open in this case? */
OUV_MUST_CHECK enum ouv_err task_waits(
	struct verb_call *call, const char *kind, bool *waits_out);
/* codes.c: what is in force today, in the order of the book; valid in this
 * transaction.  OUV_NOT_FOUND: no such code. */
OUV_MUST_CHECK enum ouv_err codes_list(struct ouv_desk *desk,
	struct store_tx *tx, const char *book,
	const struct store_code **list_out, size_t *count_out);
OUV_MUST_CHECK enum ouv_err codes_find(struct ouv_desk *desk,
	struct store_tx *tx, const char *book, const char *code,
	const struct store_code **code_out);
/* The label of a code in a language; NULL: no such code in force. */
OUV_MUST_CHECK enum ouv_err code_label(struct ouv_desk *desk,
	struct store_tx *tx, const char *book, const char *code,
	enum ouv_lang lang, const char **label_out);
/* terms_live.c: the case's profile and calendar, as they count now. */
OUV_MUST_CHECK enum ouv_err terms_live(struct ouv_desk *desk,
	struct store_tx *tx, const char *name,
	const struct ouv_terms **terms_out);
OUV_MUST_CHECK enum ouv_err calendar_live(struct ouv_desk *desk,
	struct store_tx *tx, const char *name,
	const struct ouv_calendar **calendar_out);
/* What a step of a due date is closed by: its name and law in words; NULL for
 * a weekday without hours and for the office's own closings. */
OUV_MUST_CHECK enum ouv_err calendar_why(struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_calendar *calendar,
	const char *why, enum ouv_lang lang, const char **name_out,
	const char **law_out);

/* clock.c: clocks of a case; the frame calls clock_move, verbs seldom.  What
 * the row begins, stops, pauses, resumes; clocks that the new state may not
 * run stop, and silence begins anew when the consumer hears of it.  due_out:
 * the case's own date; 0: none. */
OUV_MUST_CHECK enum ouv_err clock_move(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, const struct ouv_move *row,
	enum ouv_state to, int64_t now, int64_t *due_out);
/* Begins it anew; nothing where the profile has no such term. */
OUV_MUST_CHECK enum ouv_err clock_begin(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, enum ouv_clock kind, int n,
	int64_t now);
/* It stands still, and goes on with what was left of it. */
OUV_MUST_CHECK enum ouv_err clock_pause(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, enum ouv_clock kind, int64_t now);
OUV_MUST_CHECK enum ouv_err clock_resume(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, enum ouv_clock kind, int64_t now);
/* A clock that ends on a day agreed (promises): n names it. */
OUV_MUST_CHECK enum ouv_err clock_until(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, enum ouv_clock kind, int n,
	int64_t due_at, int64_t now);
OUV_MUST_CHECK enum ouv_err clock_extend(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, enum ouv_clock kind, int64_t now,
	int64_t *due_out);
OUV_MUST_CHECK enum ouv_err clock_stop(struct store_tx *tx,
	const struct ouv_id *case_id, enum ouv_clock kind, int n, int64_t now);
/* All clocks as that move would leave them, in a list with room for one more;
 * nothing is written. */
OUV_MUST_CHECK enum ouv_err clock_after(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, const struct ouv_move *row,
	enum ouv_state to, int64_t now, struct store_clock **list_out,
	size_t *count_out);
/* When that clock would end if it began now; nothing is written. */
OUV_MUST_CHECK enum ouv_err clock_would(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct store_mediation *m, enum ouv_clock kind, int64_t now,
	int64_t *due_out);

/* hearing.c: a side was shown the index, answered, or let it lapse. */
OUV_MUST_CHECK enum ouv_err hearing_sent(
	struct verb_call *call, int side, int64_t due_at);
OUV_MUST_CHECK enum ouv_err hearing_answered(struct verb_call *call, int side);
OUV_MUST_CHECK enum ouv_err hearing_lapsed(struct verb_call *call, int side);
/* Its term is longer now. */
OUV_MUST_CHECK enum ouv_err hearing_extended(
	struct verb_call *call, int side, int64_t due_at);
/* Until when a side may comment that is to have as many days as the other. */
OUV_MUST_CHECK enum ouv_err hearing_due(
	struct verb_call *call, int side, int64_t *due_out);
/* verb_evidence.c: [{n, title}] of the index for a letter; a program, which
 * cannot read the titles, gets none. */
OUV_MUST_CHECK enum ouv_err evidence_titles(
	struct verb_call *call, int side, json_t *list);
/* recommendation.c: the registrar looks at the company's seal. */
OUV_MUST_CHECK enum ouv_err seal_review(
	struct verb_call *call, const struct ouv_id *item);

/* promise.c: one promise into the ledger, with its clock (of source "answer"
 * it begins when the answer is accepted). */
OUV_MUST_CHECK enum ouv_err promise_make(struct verb_call *call,
	const char *promiser, const char *words, const char *source,
	int64_t due_at);
/* The clocks of all promises that are open, for a case that comes into (or
 * back to) its plan; count_out: how many. */
OUV_MUST_CHECK enum ouv_err promise_clocks(
	struct verb_call *call, size_t *count_out);

/* act.c: an act of a party or of the timer, in the caller's transaction.  On
 * anything but OUV_OK the caller rolls back.  failed_out: guards (with
 * OUV_REFUSED). */
struct act {
	struct ouv_id case_id;
	enum ouv_action action;
	enum ouv_role role;
	struct ouv_id party, item; /* or zero */
	const char *source;        /* mail, link, timer */
	bool auth;
	const struct ouv_field *fields;
	size_t field_count;
	int64_t now;
};
OUV_MUST_CHECK enum ouv_err act_run(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct act *act, uint64_t *failed_out);

/* party_act.c: after act_run of a row of party_act.  With OUV_OK in the same
 * transaction: the party hears that it is in, where no move says so; with a
 * refusal in the one that writes the outcome: that a person looks at it. */
OUV_MUST_CHECK enum ouv_err party_act_ran(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, const struct act *act,
	enum ouv_err err);
/* party_page.c: the reader's own page; "" without a reply code.  In the arena.
 */
/* The page itself, where one types number and code: "https://.../t", "/p". */
const char *page_base_url(
	struct ouv_desk *desk, struct ouv_arena *arena, bool company);
const char *link_url(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct consumer *to);

/* Counts a post of whoever has a link, right or wrong; wait_out: for how long
 * it may not be tried again, 0: go on. */
OUV_MUST_CHECK enum ouv_err link_count(struct ouv_desk *desk, const char *token,
	const char *address, int *wait_out);

/* grant.c: a colleague, whether on the desk or not, whose certificate holds.
 * OUV_NOT_FOUND: not here any more; OUV_REFUSED: it does not hold. */
OUV_MUST_CHECK enum ouv_err grant_certified(struct verb_call *call,
	const struct ouv_id *person, const struct colleague **out);
/* The case's key for one more colleague, in this session; why: as
 * store_grant_add has it. */
OUV_MUST_CHECK enum ouv_err grant_give(
	struct verb_call *call, const struct ouv_id *person, const char *why);
OUV_MUST_CHECK enum ouv_err grant_person(
	struct verb_call *call, const char *login, struct ouv_id *out);

/* One automatic letter outside of a move (a reminder): mail/TEXT to every main
 * address of a side, with the common values as the file is now.  queued_out:
 * how many; where the lint stops one a task write-by-hand opens. */
struct act_letter {
	struct ouv_id case_id;
	int side;
	const char *text;   /* "last-call" */
	json_t *data;       /* besides the common ones; borrowed */
	const char *dedupe; /* with the address: once for ever */
	int64_t now;
};
OUV_MUST_CHECK enum ouv_err act_letter(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct act_letter *letter, int *queued_out);

/* ---- parts of the case's view: each in a file of its own
 * -----------------------
 */

struct mv {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	const struct ouv_actor *actor;
	const struct opened *opened;
	enum ouv_lang lang;
	struct ouv_mediation *out;
};
/* words.c: words of an internal item; "" where they do not open (altered): that
 * hides nothing else of the file. */
OUV_MUST_CHECK enum ouv_err mv_words(
	struct mv *mv, const struct ouv_id *item, const char **text_out);
/* mv_about.c: what a code is called; NULL: there is none. */
OUV_MUST_CHECK enum ouv_err mv_label(struct mv *mv, const char *book,
	const char *code, const char **label_out);
OUV_MUST_CHECK enum ouv_err mv_clocks(struct mv *mv); /* mv_clocks.c */
/* One clock with the reason of its date; of mv no case is needed. */
OUV_MUST_CHECK enum ouv_err mv_clock_view(struct mv *mv,
	const struct store_clock *clock, int64_t now,
	struct ouv_clock_view *view_out);
OUV_MUST_CHECK enum ouv_err mv_about(struct mv *mv);   /* mv_about.c: what it
							  is about, company */
OUV_MUST_CHECK enum ouv_err mv_agreed(struct mv *mv);  /* mv_agreed.c: options,
							  promises */
OUV_MUST_CHECK enum ouv_err mv_file(struct mv *mv);    /* mv_file.c: evidence,
							  hearing, opinions,
							  links */
OUV_MUST_CHECK enum ouv_err mv_pending(struct mv *mv); /* mv_pending.c */
OUV_MUST_CHECK enum ouv_err mv_people(struct mv *mv);  /* mv_people.c: team,
							  draws */

#endif
