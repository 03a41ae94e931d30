/*
 * company_page.h - what whoever answers for a company reads and does on its own
 * page, or a program of theirs by a token
 *
 * Functions of the desk (desk.h) with its conventions.  Each takes a visit
 * (page_key.h) and knows only the cases in which that reader can be written to;
 * of any other case all answer OUV_NOT_FOUND.  What stands in messages is read
 * by page_key.h.  docs/company-page.md.
 */
#ifndef OUV_COMPANY_PAGE_H
#define OUV_COMPANY_PAGE_H

#include "ouv/figures.h"
#include "ouv/page_key.h"

/* ---- who reads ---------------------------------------------------------- */

/* Why somebody has no way in any more. */
enum ouv_member_shut {
	OUV_MEMBER_OPEN,
	OUV_MEMBER_LEFT,       /* the contact is out of use               */
	OUV_MEMBER_UNIT_ENDED, /* the contract of the unit ended          */
	OUV_MEMBER_OVER,       /* the company is no member any more       */
	OUV_MEMBER_SHUT__COUNT
};
struct ouv_member_reader {
	enum ouv_member_shut shut;
	const char *name, *addr;    /* of a contact; "" : not of the register,
				       or a token */
	const char *company, *unit; /* "" : not of the register */
	bool owned;                 /* the unit is the company's own */
	int32_t until_day;          /* end of the unit's contract; 0: none */
	struct ouv_id contact, unit_id, company_id; /* zero: not known */
};
OUV_MUST_CHECK enum ouv_err ouv_desk_member_reader(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	struct ouv_member_reader *reader_out);
/* Whose link that is, for who pressed its button without a code; the fields of
 * the register alone.  OUV_NOT_FOUND: nobody's of a company. */
OUV_MUST_CHECK enum ouv_err ouv_desk_member_link(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *token,
	struct ouv_member_reader *reader_out);

/* ---- the list ----------------------------------------------------------- */

enum ouv_member_stage {
	OUV_MEMBER_OWED,    /* a step of the company's                      */
	OUV_MEMBER_WAITING, /* open, and somebody else's step               */
	OUV_MEMBER_CLOSED,
	OUV_MEMBER_STAGE__COUNT
};
const char *ouv_member_stage_name(enum ouv_member_stage stage);

struct ouv_member_line {
	const char *protocol;
	enum ouv_state state;
	enum ouv_member_stage stage;
	enum ouv_owes owes;
	int64_t opened_at, moved_at, closed_at; /* closed_at 0: open */
	int64_t due_at; /* of the next step, whoever owes it; 0: none */
	bool late;
	bool reading;          /* what they answered is being read */
	bool waiting;          /* what they decided is being carried out */
	const char *reference; /* their own number; "" */
	/* who of the company wrote last on the page, and when; "" and 0 */
	const char *last_by;
	int64_t last_at;
	size_t clock_count; /* 1: with the reason of due_at */
	struct ouv_clock_view *clocks;
};
struct ouv_member_wish {
	unsigned stages;    /* bits 1 << enum ouv_member_stage */
	int closed_days;    /* those closed so many days ago; 0: any */
	const char *search; /* of a protocol or reference; "" : all */
	const char *after;  /* cursor; NULL: the first page */
	int most;
	bool bare; /* without the reasons of dates */
};
struct ouv_member_lines {
	size_t count;
	struct ouv_member_line *list; /* soonest first; of closed ones alone
					  the last closed first */
	const char *after;            /* cursor; NULL: the last page */
	int64_t counts[OUV_MEMBER_STAGE__COUNT]; /* of all, whatever is
						     searched */
	int64_t late;
};
/* OUV_INVALID: no such cursor.  OUV_REFUSED: the reader has no way in. */
OUV_MUST_CHECK enum ouv_err ouv_desk_member_lines(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	const struct ouv_member_wish *wish, enum ouv_lang lang,
	struct ouv_member_lines *lines_out);

/* ---- one case ----------------------------------------------------------- */

#define OUV_MEMBER_POINTS 20

struct ouv_member_proof {
	int n, item_seq, part; /* part -1: the message */
	const char *side;
	int64_t added_at;
	bool readable; /* it was released to them, or is theirs */
};
struct ouv_member_promise {
	int n;
	const char *protocol, *promiser, *source, *state, *says_company;
	int64_t made_at, due_at, ended_at;
};
struct ouv_member_colleague {
	const char *name, *unit;
	bool gets_letters;
};
struct ouv_member_hand {
	const char *from, *to, *to_unit;
	bool both;
	int64_t at;
};
struct ouv_member_case {
	struct ouv_member_line line;
	const char *kind;    /* as ouv_case_kind_name; NULL */
	bool consumer_named; /* the consumer let their name be told */
	int last_seq;        /* number of the newest message of the company,
				to be sent back as `seen` */
	size_t point_count;  /* what is alleged, each to be answered */
	struct ouv_allegation_view *points;
	size_t choice_count; /* what they may decide now */
	struct ouv_party_choice choices[OUV_PARTY_CHOICES];
	bool may_answer, may_hand;
	size_t clock_count, proof_count, promise_count, colleague_count,
		hand_count;
	struct ouv_clock_view *clocks; /* those that run or stand still */
	struct ouv_member_proof *proofs;
	struct ouv_member_promise *promises;
	struct ouv_member_colleague *colleagues;
	struct ouv_member_hand *hands;
};
/* What was handed over to somebody and they cannot read yet is sealed to them
 * as far as this visit opens it. */
OUV_MUST_CHECK enum ouv_err ouv_desk_member_case(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	const char *number, enum ouv_lang lang,
	struct ouv_member_case *case_out);

/* ---- writing ------------------------------------------------------------ */

/* What is answered to one allegation, in the order of the case's points. */
struct ouv_member_point {
	const char *happened, *offered; /* "" */
	const char *by; /* YYYY-MM-DD: what is offered is a promise; "" */
};
/*
 * what:
 *   answer     words and points; state company: each point has one of its
 *              words.  A mediator reads it and passes it on
 *   message    words for the office, in any state
 *   ask-datum  words: what the consumer is to be asked; a task for the office
 *   reference  words: their own number of the case, one line; "" takes it away
 *   else one of the case's choices: its action, with choice
 */
struct ouv_member_said {
	const char *what, *choice; /* choice "" : none */
	const char *words;         /* as typed; "" */
	const char *text;          /* all of it as people read it; "" : words */
	size_t point_count;
	const struct ouv_member_point *points;
	const char *upload, *files; /* as OUV_UPLOAD_FIELD; "" : none */
	int seen; /* last_seq as the form had it; -1: do it anyway */
	const char *form_key; /* as in ouv_desk_do; twice does it once */
	bool look;            /* check it, and write nothing */
};
struct ouv_member_done {
	int seq; /* of the message; 0: it was in already */
	struct ouv_verb_result result; /* fields: words, choice, happened,
					  offered, by (each -2, -3...), files;
					  codes: empty, too-long, not-a-date,
					  past, no-offer, gone, unknown */
	/* with OUV_CONFLICT: what was not seen; name "" : not known */
	const char *faster_name, *faster_what;
	int64_t faster_at;
};
/*
 * OUV_INVALID: fields (result).  OUV_CONFLICT: somebody of the company wrote
 * since (faster_at > 0), or that is not theirs to decide now.  OUV_REFUSED: the
 * reader has no way in.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_member_say(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	const char *number, const struct ouv_member_said *said,
	struct ouv_member_done *done_out);

/* What a company answered to each point, as fields of the verb "answer", for
 * the colleague who passes it on; none: it was not written on the page.  Errors
 * as ouv_desk_case. */
OUV_MUST_CHECK enum ouv_err ouv_desk_member_answer(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, struct ouv_field **fields_out, size_t *count_out);

/* ---- handing a case over ------------------------------------------------ */

struct ouv_member_heir {
	struct ouv_id contact;
	const char *name, *unit;
	bool owned, away;
};
/* To whom: active, of the same company, of a unit that works today, and not
 * who reads. */
OUV_MUST_CHECK enum ouv_err ouv_desk_member_heirs(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	const char *number, struct ouv_member_heir **list_out,
	size_t *count_out);
struct ouv_member_handing {
	const char *to; /* id of the contact, 32 hexadecimal digits */
	bool both;      /* letters go on to whoever hands over as well */
	const char *form_key;
};
/*
 * What this visit opens of the case is sealed to theirs, an address for them is
 * made, both are told by mail, the case's log says so.
 *
 * OUV_INVALID: result's field "to" (empty, unknown: not one of the heirs).
 * OUV_REFUSED: the reader has no way in, or is a token.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_member_hand(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	const char *number, const struct ouv_member_handing *handing,
	struct ouv_verb_result *result_out);

/* ---- figures and promises ----------------------------------------------- */

/* Shares with their wholes; of the sector nothing where it is few. */
struct ouv_member_sum {
	int64_t cases, companies; /* complaints begun; of how many companies */
	struct ouv_cell answered; /* in time, of terms that are over */
	int64_t median_days;      /* to the answer; OUV_FIGURE_NONE */
	int64_t answers;          /* ... of so many */
	struct ouv_cell founded;  /* founded or partly, of those judged */
	struct ouv_cell agreed;   /* agreed and kept, of those ended */
	struct ouv_cell silent; /* no answer or no agreement, of those ended */
	struct ouv_cell resolved; /* of those rated */
	struct ouv_cell kept;     /* promises, of those ended */
};
struct ouv_member_figures {
	struct ouv_period period;
	bool of_unit;       /* of an outsourced unit alone */
	const char *sector; /* its word; NULL: none */
	struct ouv_member_sum own, others;
	bool has_others; /* enough of enough other companies */
};
OUV_MUST_CHECK enum ouv_err ouv_desk_member_figures(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	const struct ouv_period *period, enum ouv_lang lang,
	struct ouv_member_figures *figures_out);

struct ouv_member_advice {
	const char *protocol, *state;
	int64_t made_at, due_at;
};
struct ouv_member_debts {
	size_t promise_count, advice_count;
	struct ouv_member_promise *promises; /* the company's; open ones, then
						 those of a year */
	struct ouv_member_advice *advice;
};
OUV_MUST_CHECK enum ouv_err ouv_desk_member_debts(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	struct ouv_member_debts *debts_out);

#endif
