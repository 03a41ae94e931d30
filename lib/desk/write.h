/*
 * write.h - a letter in a colleague's words, from the form to the outbox
 *
 * A verb fills a draft from its fields; the draft is looked at (write_check.c)
 * and, when nothing stands against it, sent (write.c).
 */
#ifndef OUV_DESK_WRITE_H
#define OUV_DESK_WRITE_H

#include "desk_impl.h"

#define PROMISES_MOST 5
#define TYPED_MOST 24

/* A field whose words stand in the letter; LF, no blanks at its ends. */
struct typed {
	const char *field, *text;
	bool subject;
	const char *other_lang; /* of the other party, if it reads it too */
};

/* What the letter promises, and until when. */
struct promise {
	const char *words;
	int64_t due_at;
};

struct draft {
	const char *side; /* consumer, company */
	struct consumer to;
	struct letter_out letter; /* data: ours, see draft_free */
	struct typed typed[TYPED_MOST];
	size_t typed_count;
	struct promise promises[PROMISES_MOST];
	size_t promise_count;
	bool dated; /* the letter itself says by when: no promise is open */
	const char *overrule; /* why warnings are passed over; "" : no reason */
	int64_t due_at;       /* the case's new date; 0: as it is */
};
void draft_free(struct draft *draft);

/* ---- fields.c ------------------------------------------------------------ */

/* The field's words with LF only; empty and too long (characters) are told. */
const char *field_words(struct verb_call *call, const char *field, size_t most,
	bool one_line, bool needed);
/* YYYY-MM-DD, on which the office is open, from today + after days on; the
 * end of that day.  What is wrong is told; false then. */
bool field_day(struct verb_call *call, const struct ouv_calendar *calendar,
	const char *field, int after, int32_t *day_out, int64_t *end_out);
/* "2026-03-12" */
const char *field_day_text(struct ouv_arena *arena, int32_t day);
/* promise_text and promise_by, -2 to -5. */
OUV_MUST_CHECK enum ouv_err field_promises(
	struct verb_call *call, struct draft *draft);

/* ---- party.c: to whom, in which thread, what is whose ---------------------
 */

/* OUV_NOT_FOUND: no such party, or without an address. */
OUV_MUST_CHECK enum ouv_err party_find(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct opened *opened, const char *side,
	struct consumer *party_out);
/* Lane, thread and what the lint must know, from draft->side and ->to. */
OUV_MUST_CHECK enum ouv_err party_letter(
	struct verb_call *call, struct draft *draft);

/* ---- write.c ------------------------------------------------------------- */

/* Whom to write to, from the field "to"; company: it may be the company. */
OUV_MUST_CHECK enum ouv_err draft_to(
	struct verb_call *call, struct draft *draft, bool company);
/* Template, protocol, name, signature; the verb adds its own to the data. */
OUV_MUST_CHECK enum ouv_err draft_begin(struct verb_call *call,
	struct draft *draft, const char *template, const char *kind);
/* Draft, judge, send: what "reply" and "holding" have in common. */
typedef enum ouv_err draft_fn(struct verb_call *call, struct draft *draft);
OUV_MUST_CHECK enum ouv_err draft_run(
	struct verb_call *call, draft_fn *make, struct draft *draft);
draft_fn reply_draft, holding_draft;
/* Why warnings were passed over, and which, as a note. */
OUV_MUST_CHECK enum ouv_err draft_overruled(struct verb_call *call,
	const struct draft *draft, const struct ouv_check *check);

/* ---- check.c ------------------------------------------------------------- */

/* The letter as it would go out, and what the lint says of it. */
OUV_MUST_CHECK enum ouv_err draft_judge(struct verb_call *call,
	const struct draft *draft, struct ouv_check *check_out);

/* ---- verb_substitute.c --------------------------------------------------- */

/* An absence note of a company, as it lies in its case. */
struct substitute_note {
	const struct store_item *item;
	const struct ouv_mail *mail;
	const struct consumer *company;
	const char *consumer_addr; /* NULL: not known */
	int64_t now;
};
/* Which of mail->absence.instead our last letter may go to: bit n. */
uint32_t substitute_offers(struct ouv_arena *arena,
	const struct ouv_calendar *calendar,
	const struct substitute_note *note);
/* A letter that could go there: to the company itself. */
bool substitute_is_letter(const struct store_item *item,
	const struct ouv_mail *mail, const struct consumer *company);

#endif
