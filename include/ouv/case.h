/*
 * case.h - the words of the domain: states, kinds, lanes, roles, protocol
 *
 * Pure: no I/O, no clock, no memory of its own.  The labels are those of the
 * database's enum types (a test holds the two together).
 */
#ifndef OUV_CASE_H
#define OUV_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouv/err.h"

/* docs/mediation: the states of a case. */
enum ouv_state {
	OUV_STATE_HELD,     /* unattributed mail, a person decides */
	OUV_STATE_RECEIVED, /* registered, nobody has opened it    */
	OUV_STATE_TRIAGE,
	OUV_STATE_INFO,
	OUV_STATE_COMPANY,
	OUV_STATE_CONSUMER,
	OUV_STATE_MEDIATION,
	OUV_STATE_PROPOSAL,
	OUV_STATE_MERIT,
	OUV_STATE_PROVISIONAL,
	OUV_STATE_PLAN,
	OUV_STATE_CLOSED,
	OUV_STATE_REVIEW,
	OUV_STATE_ERASED,
	OUV_STATE_FORWARDED,
	OUV_STATE__COUNT
};

/* Staff roles; GATEWAY and TIMER are programs, the last two are parties. */
enum ouv_role {
	OUV_ROLE_OMBUDSMAN,
	OUV_ROLE_READER,
	OUV_ROLE_MEDIATOR,
	OUV_ROLE_INTAKE,
	OUV_ROLE_CUSTODIAN,
	OUV_ROLE_REGISTRAR,
	OUV_ROLE_ADMIN,
	OUV_ROLE_GATEWAY,
	OUV_ROLE_TIMER,
	OUV_ROLE_CONSUMER,
	OUV_ROLE_COMPANY,
	OUV_ROLE__COUNT
};

/* Who may see an item without a disclosure. */
enum ouv_lane {
	OUV_LANE_CONSUMER,
	OUV_LANE_COMPANY,
	OUV_LANE_INTERNAL,
	OUV_LANE__COUNT
};

/* What an item is. */
enum ouv_item_kind {
	OUV_ITEM_MAIL_IN,  /* a person's message                          */
	OUV_ITEM_AUTO_IN,  /* automatic mail: recorded, never answered     */
	OUV_ITEM_MAIL_OUT, /* ours, by a person                            */
	OUV_ITEM_AUTO_OUT, /* ours, by the system (acknowledgement)        */
	OUV_ITEM_NOTE,     /* internal                                     */
	OUV_ITEM_UNPARSED, /* could not be understood; raw bytes only      */
	OUV_ITEM__COUNT
};

/* What can be done; each is a verb in lib/desk and a row of the workflow. */
enum ouv_action {
	/* moves, in the order of docs/mediation.md */
	OUV_ACTION_HOLD,          /*  1 no attribution                       */
	OUV_ACTION_REGISTER,      /*  2 a new manifestation                  */
	OUV_ACTION_OPEN,          /*  3 somebody looks after it              */
	OUV_ACTION_ASK,           /*  4 the consumer owes data               */
	OUV_ACTION_COMPLEMENT,    /*  5 ... and sent them                    */
	OUV_ACTION_LAPSE,         /*  6, 16 nobody answered                  */
	OUV_ACTION_REFUSE,        /*  7 inadmissible                         */
	OUV_ACTION_FORWARD,       /*  8 the light path                       */
	OUV_ACTION_FEED_BACK,     /*  9 what came of it                      */
	OUV_ACTION_SERVE,         /* 10 the company is told                  */
	OUV_ACTION_EXTEND,        /* 11 the company gets more time           */
	OUV_ACTION_ANSWER,        /* 12 the company's answer goes over       */
	OUV_ACTION_DECLINE,       /* 13 the company will not, or is silent   */
	OUV_ACTION_ACCEPT,        /* 14, 18 a party says yes                 */
	OUV_ACTION_REJECT,        /* 15 the consumer says no                 */
	OUV_ACTION_PROPOSE,       /* 17 settlement options                   */
	OUV_ACTION_NO_AGREEMENT,  /* 19 the file speaks                      */
	OUV_ACTION_DRAFT_OPINION, /* 20 a provisional opinion                */
	OUV_ACTION_DECIDE,        /* 21 the ombudsman decides                */
	OUV_ACTION_CONFIRM,       /* 22 the plan was kept, or broken         */
	OUV_ACTION_WITHDRAW,      /* 23 the consumer wants no more of it     */
	OUV_ACTION_ASK_REVIEW,    /* 24                                      */
	OUV_ACTION_DECIDE_REVIEW, /* 25                                      */
	OUV_ACTION_REOPEN,        /* 26                                      */
	OUV_ACTION_ERASE,         /* 27                                      */
	/* what moves nothing by itself */
	OUV_ACTION_APPEND,     /* a message joins its case                   */
	OUV_ACTION_RECORD,     /* gateway: automatic mail, kept, no effect   */
	OUV_ACTION_REPLY,      /* a letter in a colleague's words            */
	OUV_ACTION_HOLDING,    /* it takes longer: why, and until when       */
	OUV_ACTION_SUBSTITUTE, /* our last letter, to whom an absence names  */
	OUV_ACTION_ATTRIBUTE,  /* a held message goes to its case            */
	OUV_ACTION_RETRY,      /* a held message goes back to the gateway    */
	OUV_ACTION_EMPTY,      /* the last message left a held case          */
	OUV_ACTION_DISCARD,    /* a held case is set aside, with a reason    */
	OUV_ACTION_RESTORE,    /* ... and taken back                         */
	OUV_ACTION_TASK_DONE,  /* what no letter does was done               */
	OUV_ACTION_ASSIGN,     /* the case goes to another colleague         */
	OUV_ACTION_CONFLICT,   /* the actor cannot be impartial in this case */
	OUV_ACTION_CLASSIFY,   /* kind, severity, codes, articles, company   */
	OUV_ACTION_NOTE,       /* an internal note: also of a call           */
	OUV_ACTION_SECOND,     /* the second person confirms, or gives back  */
	OUV_ACTION_ASK_EXTENSION, /* the company asks for more time          */
	OUV_ACTION_CHOOSE,     /* a party's choice among the options         */
	OUV_ACTION_ATTEST,     /* was it done? the consumer, or the company  */
	OUV_ACTION_COMMENT,    /* a party's comment on a provisional opinion */
	OUV_ACTION_RATE,       /* was it resolved? after the end             */
	OUV_ACTION_EVIDENCE,   /* an item enters or leaves the index         */
	OUV_ACTION_TEAM,       /* who works on it beside the owner           */
	OUV_ACTION_DRAW,       /* blind rotation: to whom it falls           */
	OUV_ACTION_RECUSE,     /* a colleague is taken off, by order         */
	OUV_ACTION_LINK,       /* with another case: linked, merged          */
	OUV_ACTION_UNLINK,     /* ... taken back                             */
	OUV_ACTION_SPLIT,      /* a part becomes a case of its own           */
	OUV_ACTION_LEGAL_HOLD, /* nothing of it may be erased, or again may  */
	OUV_ACTION_HEAR,       /* both are shown the index, the same days    */
	OUV_ACTION_MERGE,      /* it goes on in another case of its consumer */
	OUV_ACTION_GRANT,      /* one more colleague gets the case's key     */
	OUV_ACTION_REVOKE,     /* ... and one fewer holds it                 */
	OUV_ACTION_DISCLOSE,   /* items are released to a party              */
	OUV_ACTION_WITHHOLD,   /* ... and no longer                          */
	OUV_ACTION_REDACT,     /* an extract with parts left out, as an item */
	OUV_ACTION_EXPORT,     /* a copy of it for the person it is about    */
	OUV_ACTION_ANSWER_REQUEST, /* what came of a request about data      */
	OUV_ACTION_CASE_FILE,      /* its file out, with what may be in it   */
	OUV_ACTION_WHOLE_FILE,     /* ... to an authority, nothing masked    */
	OUV_ACTION_TAKE_FILE,      /* ... after a second person confirmed it */
	OUV_ACTION_PRINT,          /* a letter on paper was printed          */
	OUV_ACTION_POST,           /* ... and taken to the post              */
	OUV_ACTION_DELIVERED,      /* ... it arrived, and on which day       */
	OUV_ACTION_RETURNED,       /* ... it came back                       */
	OUV_ACTION_REACH,          /* how a party is reached: mail or paper  */
	OUV_ACTION__COUNT
};

/* What must hold before a move: docs/mediation.md. */
enum ouv_guard {
	OUV_GUARD_STORED,       /* raw kept and hashed                        */
	OUV_GUARD_HUMAN,        /* not automatic mail                         */
	OUV_GUARD_AUTH,         /* it is the party: address and sender, link,
				   or a colleague who heard it              */
	OUV_GUARD_PERSON,       /* the timer proposes, a person confirms      */
	OUV_GUARD_FREE,         /* no declared conflict with either party     */
	OUV_GUARD_QUALIFIED,    /* trained for a case of this severity        */
	OUV_GUARD_EYES,         /* a second person confirmed                  */
	OUV_GUARD_LINT,         /* every letter passed                        */
	OUV_GUARD_COMPLAINT,    /* it is one                                  */
	OUV_GUARD_NO_DISPUTE,   /* it is none: the light path                 */
	OUV_GUARD_CLASSIFIED,   /* severity, difficulty, remedy, article      */
	OUV_GUARD_CHAIN,        /* which company, which unit                  */
	OUV_GUARD_IDENTITY,     /* may the company know who complains?        */
	OUV_GUARD_TEAM,         /* complex: two                               */
	OUV_GUARD_NOT_ASKED,    /* questions are asked once                   */
	OUV_GUARD_NOT_EXTENDED, /* more time once                             */
	OUV_GUARD_IN_TIME,      /* before the clock ran out                   */
	OUV_GUARD_REFUSABLE,    /* within the term for refusals               */
	OUV_GUARD_LAPSED,       /* the clock ran out                          */
	OUV_GUARD_REMINDED,     /* a reminder was delivered                   */
	OUV_GUARD_REMINDED_TWICE,
	OUV_GUARD_POINTS,     /* a mediator saw each point answered         */
	OUV_GUARD_HEARD,      /* both: same index, same days, answered or
				 lapsed                                   */
	OUV_GUARD_AGREED,     /* both chose the same option                 */
	OUV_GUARD_COMMENTED,  /* both commented, or the term ran out        */
	OUV_GUARD_ASKED,      /* the consumer was asked whether it was done */
	OUV_GUARD_NOT_AUTHOR, /* who decides did not write the opinion      */
	OUV_GUARD_NEW_READER, /* was not in the case before                 */
	OUV_GUARD_WINDOW,     /* the window for a review is open            */
	OUV_GUARD_REOPENABLE, /* ... for reopening                          */
	OUV_GUARD_LATE_MAIL,  /* a person wrote after the end               */
	OUV_GUARD_RETAINED,   /* it was kept as long as it must be          */
	OUV_GUARD_NO_HOLD,    /* no legal hold                              */
	OUV_GUARD_NOTIFIED,   /* the notice before erasure was delivered    */
	OUV_GUARD_QUIET,      /* nothing came since                         */
	OUV_GUARD_REQUEST,    /* it is a request about somebody's own data  */
	OUV_GUARD_NO_REQUEST, /* it is none                                 */
	OUV_GUARD_CONFIRMED,  /* a second person confirmed a case file of
				 theirs, not long ago                    */
	OUV_GUARD__COUNT
};

/* Who owes the next step. */
enum ouv_owes {
	OUV_OWES_NONE,
	OUV_OWES_OFFICE,
	OUV_OWES_CONSUMER,
	OUV_OWES_COMPANY,
	OUV_OWES_BOTH,
	OUV_OWES__COUNT
};

/* What is counted; terms by the same names are in a deadline profile. */
enum ouv_clock {
	OUV_CLOCK_HOLD,      /* a held mail waits for a person               */
	OUV_CLOCK_RESPONSE,  /* the first answer by a person                 */
	OUV_CLOCK_REFUSAL,   /* until when a case may be refused             */
	OUV_CLOCK_INFO,      /* the consumer owes data                       */
	OUV_CLOCK_FEEDBACK,  /* the light path                               */
	OUV_CLOCK_COMPANY,   /* the company owes an answer                   */
	OUV_CLOCK_CONSUMER,  /* the consumer owes an evaluation              */
	OUV_CLOCK_MEDIATION, /* the mediator owes options                    */
	OUV_CLOCK_PROPOSAL,  /* both owe a choice                            */
	OUV_CLOCK_OPINION,   /* the office owes an opinion                   */
	OUV_CLOCK_COMMENT,   /* both may comment                             */
	OUV_CLOCK_PROMISE,   /* the plan's last date                         */
	OUV_CLOCK_ATTEST,    /* the consumer says whether it was done        */
	OUV_CLOCK_TOTAL,     /* the whole case                               */
	OUV_CLOCK_SILENCE,   /* nobody may hear nothing for so long          */
	OUV_CLOCK_REVIEW,    /* the office owes a decision on a review       */
	OUV_CLOCK_REVIEW_WINDOW, /* until when a review may be asked for     */
	OUV_CLOCK_REOPEN_WINDOW,
	OUV_CLOCK_RETENTION, /* how long the file is kept                    */
	OUV_CLOCK__COUNT
};

#define OUV_STATE_BIT(state) (1U << (state))
/* The bit of "there is no case yet". */
#define OUV_STATE_NEW OUV_STATE_BIT(OUV_STATE__COUNT)
#define OUV_ROLE_BIT(role) (1U << (role))
#define OUV_CLOCK_BIT(clock) (1U << (clock))
#define OUV_GUARD_BIT(guard) (UINT64_C(1) << (guard))

/* One row of the workflow (lib/case/workflow.c). */
struct ouv_move {
	int n; /* its number in docs/mediation.md; 0: it is none of those */
	enum ouv_action action;
	uint32_t from;   /* bits of states, OUV_STATE_NEW */
	uint32_t to;     /* one bit, or several: the verb says which one; 0: the
			    case stays where it is */
	uint32_t roles;  /* who: bits */
	uint32_t second; /* with OUV_GUARD_EYES: who may confirm */
	uint64_t guards;
	/* Of the clocks started those of the new state are.  Started again, a
	 * clock begins anew. */
	uint32_t start, stop, pause, resume;
	const char *text[2]; /* to the consumer, to the company: the text
				"mail/NAME"; NULL: none */
	bool told;           /* the company's only if it knows of the case */
	bool step_up;        /* a colleague gives a fresh code first */
};

/* What a state means (lib/case/workflow.c). */
struct ouv_state_info {
	bool open;
	enum ouv_owes owes;
	uint32_t clocks;      /* that may run in it */
	enum ouv_clock clock; /* the one whose end says when the step is due;
				 OUV_CLOCK__COUNT: none */
};
const struct ouv_state_info *ouv_state_info(enum ouv_state state);

/*
 * What a guard needs to know: of who acts, and of the file.  Computed from the
 * file (lib/desk/facts.c), never ticked by a person.
 */
struct ouv_facts {
	/* who acts */
	bool person, auth, free, qualified, second;
	bool author;   /* of the opinion */
	bool involved; /* acted in this case before */
	/* the message or the letters of this act */
	bool stored, human, linted, points;
	/* the file */
	bool kinded;  /* its kind is known */
	bool dispute; /* ... and it is a complaint */
	bool request; /* ... and it is about the writer's own data */
	bool classified, chain, identity, complex;
	int team; /* people who work on it */
	bool asked, extended;
	bool lapsed;   /* the clock of this state ran out */
	int reminders; /* delivered since that clock began */
	bool refusable, heard, agreed, commented, consumer_asked;
	bool company_told;
	bool review_open, reopen_open, late_mail;
	bool retained, legal_hold, notified, quiet;
	bool confirmed; /* a case file of who acts */
};
/* Does it hold for somebody acting in that role?  Guards that do not concern a
 * role hold for it (the timer needs reminders, the company does not). */
bool ouv_guard_holds(enum ouv_guard guard, enum ouv_role role,
	const struct ouv_facts *facts);
/* Bits of the guards of this move that fail; 0: go. */
uint64_t ouv_guards_failed(const struct ouv_move *move, enum ouv_role role,
	const struct ouv_facts *facts);

/* Labels as in the database; never NULL for a value below __COUNT. */
const char *ouv_state_name(enum ouv_state state);
const char *ouv_role_name(enum ouv_role role);
const char *ouv_lane_name(enum ouv_lane lane);
const char *ouv_item_kind_name(enum ouv_item_kind kind);
const char *ouv_action_name(enum ouv_action action);
const char *ouv_guard_name(enum ouv_guard guard);
const char *ouv_owes_name(enum ouv_owes owes);
const char *ouv_clock_name(enum ouv_clock clock);
/* OUV_INVALID: no such label. */
OUV_MUST_CHECK enum ouv_err ouv_state_parse(
	const char *label, enum ouv_state *state_out);
OUV_MUST_CHECK enum ouv_err ouv_role_parse(
	const char *label, enum ouv_role *role_out);
OUV_MUST_CHECK enum ouv_err ouv_lane_parse(
	const char *label, enum ouv_lane *lane_out);
OUV_MUST_CHECK enum ouv_err ouv_item_kind_parse(
	const char *label, enum ouv_item_kind *kind_out);
OUV_MUST_CHECK enum ouv_err ouv_action_parse(
	const char *label, enum ouv_action *action_out);
OUV_MUST_CHECK enum ouv_err ouv_clock_parse(
	const char *label, enum ouv_clock *clock_out);

/* What a case is about (database enums of the same names). */
enum ouv_kind_of_case {
	OUV_CASE_COMPLAINT,
	OUV_CASE_SUGGESTION,
	OUV_CASE_QUESTION,
	OUV_CASE_CRITICISM,
	OUV_CASE_PRAISE,
	OUV_CASE_REPORT,
	OUV_CASE_DATA_REQUEST, /* about their own data: docs/requests.md */
	OUV_CASE__COUNT
};
const char *ouv_case_kind_name(enum ouv_kind_of_case kind);

/*
 * The only code that compares states.  OUV_INVALID: this action does not exist
 * in this state; OUV_REFUSED: it does, but not for this role.
 */
OUV_MUST_CHECK enum ouv_err ouv_workflow_find(enum ouv_state from,
	enum ouv_action action, enum ouv_role role,
	const struct ouv_move **move_out);
/* All rows, for printing and for tests. */
const struct ouv_move *ouv_workflow_rows(size_t *count_out);
/* Who must be able to read a case for its next step (lib/case/key_need.c): in
 * one of these states, or while that act waits for a second person. */
struct ouv_key_need {
	uint32_t states;       /* OUV_STATE_BIT; 0: none */
	enum ouv_action waits; /* OUV_ACTION__COUNT: none */
	uint32_t roles;        /* OUV_ROLE_BIT */
	const char *why;       /* code */
};
const struct ouv_key_need *ouv_key_needs(size_t *count_out);
/* The only state a move leads to; from itself where it stays.  OUV_STATE__COUNT
 * when the verb must say which one. */
enum ouv_state ouv_move_to(const struct ouv_move *move, enum ouv_state from);
/* False for closed and erased. */
bool ouv_state_is_open(enum ouv_state state);

/*
 * Public number of a case: YYYY-NNNNNN-D.  D is a Damm check digit over the
 * digits before it (H. M. Damm, 2004): every single wrong digit and every
 * exchange of neighbours is caught.  N has six digits, more when a year needs
 * them.
 */
#define OUV_PROTOCOL_MAX 24
void ouv_protocol_format(int year, int64_t number, char out[OUV_PROTOCOL_MAX]);
/*
 * Accepts surrounding blanks and any of "-", ".", "/" or a blank between the
 * groups, or none; writes the canonical form.  OUV_INVALID: wrong shape or
 * wrong check digit.
 */
OUV_MUST_CHECK enum ouv_err ouv_protocol_parse(
	const char *text, char canonical_out[OUV_PROTOCOL_MAX]);

/* Languages the office writes. */
enum ouv_lang {
	OUV_LANG_PT_BR,
	OUV_LANG_EN,
	OUV_LANG_IT,
	OUV_LANG__COUNT
};
/* "pt-BR", "en", "it": template folders and HTML lang. */
const char *ouv_lang_tag(enum ouv_lang lang);
/* Any tag ("pt", "it-IT", "EN_us"); fallback when unknown or NULL. */
enum ouv_lang ouv_lang_parse(const char *tag, enum ouv_lang fallback);

/* Something that happened to a case since somebody looked. */
struct ouv_change {
	int64_t at;
	const char *who; /* a colleague's name; NULL: a program or a party */
	const char *action;
	int item; /* the number of the message that came or went; 0: none */
};

#endif
