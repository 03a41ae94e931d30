/*
 * desk.h - what can be done at the office, and what can be seen there
 *
 * The only place where the services meet: programs read and change cases
 * through these functions.  Every change goes through one frame (lib/desk/
 * do.c): begin, load, ask the workflow, move, act, write the audit row, commit.
 * Everything returned lives in the arena given; case text is in there, so make
 * it OUV_ARENA_WIPE.
 */
#ifndef OUV_DESK_H
#define OUV_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouv/arena.h"
#include "ouv/buf.h"
#include "ouv/calendar.h"
#include "ouv/case.h"
#include "ouv/config.h"
#include "ouv/id.h"
#include "ouv/lint.h"
#include "ouv/mail.h"
#include "ouv/text.h"
#include "ouv/tmpl.h"
#include "ouv/vault.h"

/*
 * One worker's desk: a database connection, the keys its program holds, the
 * templates.  Not shared between threads (the templates and keys inside are).
 */
struct ouv_desk;

/* Which program opens it: decides the database role and the keys. */
enum ouv_desk_kind {
	OUV_DESK_GATEWAY,
	OUV_DESK_SERVER,
	OUV_DESK_OPERATOR,
};

/* What is shared by all desks of a process: keys, templates, audit signer. */
struct ouv_office;
/*
 * Reads secrets and templates.  OUV_INVALID, OUV_REFUSED, OUV_NOT_FOUND: said
 * on the log, one line each; the program must exit 1.
 */
OUV_MUST_CHECK enum ouv_err ouv_office_new(const struct ouv_config *config,
	enum ouv_desk_kind kind, struct ouv_office **office_out);
void ouv_office_free(struct ouv_office **office);
const struct ouv_config *ouv_office_config(const struct ouv_office *office);
const struct ouv_tmpl_set *ouv_office_templates(
	const struct ouv_office *office);
const struct ouv_key *ouv_office_pepper(const struct ouv_office *office);

/* Connects; OUV_TEMPORARY when the database does not answer, OUV_INVALID when
 * its schema is not the one this program knows, or the office in it is another
 * (both said on the log). */
OUV_MUST_CHECK enum ouv_err ouv_desk_open(
	struct ouv_office *office, struct ouv_desk **desk_out);
void ouv_desk_close(struct ouv_desk **desk);
/* Does the database answer? Reconnects when the connection was lost. */
OUV_MUST_CHECK enum ouv_err ouv_desk_ping(struct ouv_desk *desk);

/* ---- people and sessions --------------------------------------------------
 */

/* How pages look to somebody: as their system says, or as they chose. */
enum ouv_theme {
	OUV_THEME_AUTO,
	OUV_THEME_LIGHT,
	OUV_THEME_DARK,
	OUV_THEME_CONTRAST,
	OUV_THEME__COUNT
};
const char *ouv_theme_name(enum ouv_theme theme); /* "auto", "light", ... */
enum ouv_theme ouv_theme_parse(const char *name, enum ouv_theme fallback);

/* Somebody who has logged in; the identity opens what was granted to them. */
struct ouv_actor {
	struct ouv_id person;
	enum ouv_role role;
	const char *login, *name;
	enum ouv_lang lang;
	struct ouv_identity
		*identity; /* guarded memory, freed with the arena */
	uint8_t token[32]; /* of the session cookie */
	bool stepped;      /* gave a code in the last five minutes */
	int must; /* bits of enum ouv_must: asked for before any page */
	enum ouv_theme theme;
	bool keys;    /* the console may be moved about in with single keys */
	bool at_case; /* the last page of this session was one of a case */
};

/* Where somebody logs in from. */
struct ouv_visit {
	const char *address;    /* for the throttle; NULL: unknown */
	const char *user_agent; /* what the browser calls itself; NULL */
	uint8_t device[32];     /* token of the browser's own cookie */
};

/*
 * Password and TOTP in one step, in the order: throttles, Argon2id, TOTP (each
 * code once), session.  token_out: the new cookie.
 *
 * OUV_REFUSED: wrong login, password or code; which one is not told, and all
 * take the same time.  OUV_TEMPORARY: the database, or too many logins at
 * once.  OUV_CONFLICT: throttled, wait_secs_out says how long.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_login(struct ouv_desk *desk,
	const char *login, const char *password, const char *code,
	const struct ouv_visit *visit, uint8_t token_out[32],
	int *wait_secs_out);
/*
 * Who holds this cookie; slides the idle limit.  OUV_REFUSED: nobody, or no
 * longer.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_session(struct ouv_desk *desk,
	struct ouv_arena *arena, const uint8_t token[32],
	struct ouv_actor **actor_out);
/* For one command that asks for all three at once: logged in, and the code is
 * fresh.  Errors as ouv_desk_login. */
struct ouv_credentials {
	const char *login, *password, *code;
	const char *agent; /* what stands in the list of their sessions */
};
OUV_MUST_CHECK enum ouv_err ouv_desk_enter(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_credentials *entry,
	struct ouv_actor **actor_out, int *wait_secs_out);
OUV_MUST_CHECK enum ouv_err ouv_desk_logout(
	struct ouv_desk *desk, const struct ouv_actor *actor);
/* The person's choice of language, kept. */
OUV_MUST_CHECK enum ouv_err ouv_desk_language(struct ouv_desk *desk,
	const struct ouv_actor *actor, enum ouv_lang lang);
/* Their choice of theme, and whether single keys do something; kept. */
OUV_MUST_CHECK enum ouv_err ouv_desk_theme(struct ouv_desk *desk,
	const struct ouv_actor *actor, enum ouv_theme theme);
OUV_MUST_CHECK enum ouv_err ouv_desk_keys_on(
	struct ouv_desk *desk, const struct ouv_actor *actor, bool on);

/* ---- reading ----------------------------------------------------------------
 */

/*
 * Where a held message may belong, best first.  lead says why: address (its
 * reply address), letter (it answers a letter of ours), message (it answers a
 * message of that case), sender (that address has this case).
 */
struct ouv_guess {
	const char *protocol; /* of the case; NULL: actor may not read it */
	const char *lead;
	const char *side; /* of the party meant: consumer company; "" none */
};

struct ouv_case_line {
	struct ouv_id id;
	const char *protocol; /* NULL: held, not yet registered */
	enum ouv_state state;
	/* opened from the summary; never NULL */
	const char *subject, *from_name, *from_addr;
	const char *owner;                  /* NULL: nobody's yet */
	int64_t opened_at, due_at, last_at; /* due_at 0: none */
	int items;
	bool failed;     /* a letter of this case could not be delivered */
	int tasks;       /* open tasks */
	const char *why; /* held: code of the first item's reason */
	int rev;         /* of its log: higher after each change */
	struct ouv_guess guess; /* held: the best; lead NULL: none */
	const char *aside;      /* code of the reason it was set aside; NULL */
	const char *words; /* lists of held mail: how it begins, on one line */
	bool in_scan;      /* found by a word that stands on a picture */
};

struct ouv_case_list {
	size_t count;
	struct ouv_case_line *lines;
	const char *after; /* cursor of the next page; NULL: the last one */
};

/* Mail that belongs to no case. */
enum ouv_held {
	OUV_HELD_WAITING, /* for a person, oldest first                  */
	OUV_HELD_ASIDE,   /* set aside with a reason, newest first       */
	OUV_HELD_MONTHS,  /* the months' files of automatic mail, likewise */
	OUV_HELD__COUNT
};
OUV_MUST_CHECK enum ouv_err ouv_desk_held(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	enum ouv_held which, const char *after, struct ouv_case_list *list_out);

/*
 * What a colleague did with a held case, for whoever holds a key to it; item,
 * or NULL, is one of its messages.
 *
 * OUV_NOT_FOUND: it is still held (that message, too), or not theirs to know.
 */
struct ouv_fate {
	const char *action;   /* attribute, register, discard, retry */
	const char *who;      /* a colleague's name */
	const char *protocol; /* where it is now; NULL: no key to that case */
	int64_t at;
	bool held; /* other messages that came with it still wait */
};
OUV_MUST_CHECK enum ouv_err ouv_desk_held_fate(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const char *item, struct ouv_fate *fate_out);

/* How far an outgoing message got. */
enum ouv_delivery {
	OUV_DELIVERY_NONE,    /* not an outgoing message              */
	OUV_DELIVERY_QUEUED,  /* will be sent                          */
	OUV_DELIVERY_RETRY,   /* refused for now, tried again at next_at */
	OUV_DELIVERY_UNKNOWN, /* the answer was lost; sent again        */
	OUV_DELIVERY_SENT,    /* the mail server took it               */
	OUV_DELIVERY_FAILED,  /* refused for good: needs a person      */
	OUV_DELIVERY_BOUNCED, /* came back: needs a person             */
	/* on paper (ouv/post.h) */
	OUV_DELIVERY_TO_PRINT,
	OUV_DELIVERY_PRINTED,
	OUV_DELIVERY_POSTED,
	OUV_DELIVERY_PRESUMED, /* counts as arrived: nobody said otherwise */
	OUV_DELIVERY_DELIVERED,
	OUV_DELIVERY_RETURNED,
	OUV_DELIVERY__COUNT
};
const char *ouv_delivery_name(enum ouv_delivery delivery);

struct ouv_scan_state;
struct ouv_item_view {
	struct ouv_id id;
	int seq;
	enum ouv_item_kind kind;
	enum ouv_lane lane;
	const char *side; /* of the party it is from or to; NULL: none */
	int64_t at;
	struct ouv_mail mail; /* opened in this request */
	const char *author;   /* the colleague who wrote it; NULL: none */
	enum ouv_delivery delivery;
	int64_t sent_at, next_at;
	int attempts;
	const char *reply; /* the mail server's last words; NULL: none */
	const char *why;   /* hold, quarantine or record: code of the reason */
	size_t guess_count;
	struct ouv_guess *guesses;
	/* a company's absence note in force: our last letter may go to those
	 * of mail.absence.instead whose bit is set */
	bool may_substitute;
	uint32_t substitutes;
	bool is_new; /* came since the actor's last visit, and not from them */
	/* ouv/scan.h: attachments that are pictures of pages */
	size_t scan_count;
	const struct ouv_scan_state *scans;
};

/* Something a person must do that no letter does; open until done. */
struct ouv_task_view {
	struct ouv_id id;
	const char *kind;  /* other-channel, send-again, promise */
	int item_seq;      /* the message it is about; 0: none */
	struct ouv_id act; /* prepared for a second person; verb NULL: none */
	const char *verb;
	int64_t opened_at, due_at, done_at; /* done_at 0: open */
	const char *done_by;                /* a colleague's name; NULL: open */
	const char *outcome;                /* code; NULL: open */
	const char *note;  /* opened in this request; NULL: none */
	const char *words; /* of a promise, a call: its words; NULL: none */
	const char *whom;  /* a colleague's name; NULL: whose the case is */
};

/* Somebody who could look after a case: holds its key, has the role for its
 * state, has no conflict. */
struct ouv_candidate {
	const char *login, *name;
	bool away;        /* now */
	int32_t back_day; /* away: the day they are back */
};

/* A colleague who looked at a case in the last ten minutes. */
struct ouv_looker {
	const char *name;
	int64_t at;
	bool left; /* for another page, or logged out */
};

struct ouv_absence;
struct ouv_case_view {
	struct ouv_case_line line;
	const struct ouv_absence *owner_away; /* now; NULL: not away */
	const char *stand_in; /* who looks after it then; NULL: nobody */
	enum ouv_lang lang;   /* of the consumer */
	const char *consumer_name, *consumer_addr;
	bool may_reply; /* state and role allow it, and there is an address */
	bool has_company, may_hold; /* may write to it; put the date off */
	const char *company_name, *company_addr;
	enum ouv_lang company_lang;
	size_t item_count;
	struct ouv_item_view *items; /* oldest first */
	size_t task_count;
	struct ouv_task_view *tasks; /* oldest first */
	/* the hand-over: candidates by name, without the present owner */
	bool may_assign, may_conflict;
	bool in_conflict;    /* the actor said so: nothing may be done */
	struct ouv_id owner; /* zero: nobody */
	size_t candidate_count;
	struct ouv_candidate *candidates;
	/* held: what this actor may do with it now */
	bool may_attribute, may_register, may_discard, may_retry, may_restore;
	/* other colleagues who have it open, the last look first */
	size_t looker_count;
	struct ouv_looker *lookers;
};

/*
 * From here to ouv_desk_apart everything that is read of a case is of one
 * moment: one transaction, nothing asked twice, each message opened once and
 * kept in the request's arena.  For reading alone; both run in every case.
 * OUV_TEMPORARY: what was read may lack something.
 */
void ouv_desk_together(struct ouv_desk *desk, struct ouv_arena *arena);
OUV_MUST_CHECK enum ouv_err ouv_desk_apart(struct ouv_desk *desk);

/* Of this process: statements sent to the database, and how often an answer
 * was waited for. */
void ouv_desk_counts(uint64_t *statements_out, uint64_t *waits_out);

/*
 * One case file, opened with the actor's own keys; the reading is written to
 * the case's log, once a minute for each person.  number is a protocol in any
 * accepted shape, or the 32 hexadecimal digits of a held case.
 *
 * OUV_NOT_FOUND: no such case.  OUV_REFUSED: there is, and this person holds
 * no key to it.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_case(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, struct ouv_case_view *view_out);
/* The same for a page of the last messages: of a long case the letters of
 * before OUV_LAST_OPENED are not opened, and their mail is empty. */
#define OUV_LAST_OPENED 60
OUV_MUST_CHECK enum ouv_err ouv_desk_case_last(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, struct ouv_case_view *view_out);

/*
 * Whoever writes in a case has it open, however long ago its page was loaded.
 * Errors as ouv_desk_case.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_stay(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number);
/* This session is at no case any more. */
OUV_MUST_CHECK enum ouv_err ouv_desk_left(
	struct ouv_desk *desk, const struct ouv_actor *actor);

/* The raw message, whole, to be shown (to keep it: download.h).  Errors as
 * above. */
OUV_MUST_CHECK enum ouv_err ouv_desk_item_raw(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const struct ouv_id *item,
	struct ouv_str *bytes_out);

/* ---- acting
 * -------------------------------------------------------------------- */

/* One field of a posted form, already checked for length and UTF-8. */
struct ouv_field {
	const char *name, *value;
};

/* What a verb says of a field that is wrong: code is a template key. */
struct ouv_field_error {
	const char *field, *code;
	const char *offer; /* a value that would do; NULL: none known */
};

struct ouv_check;
struct ouv_verb_result {
	size_t error_count; /* with OUV_INVALID */
	struct ouv_field_error errors[8];
	const char *location; /* where to go; NULL: the case page */
	bool repeated;        /* this form was already done: nothing changed */
	struct ouv_check
		*check;  /* with OUV_INVALID of a letter: its findings */
	uint64_t failed; /* with OUV_REFUSED: bits of the guards that failed */
	bool step_up;    /* with OUV_REFUSED: a code is asked for first; nothing
			    was done, the same form does it then */
	bool waiting; /* it waits for a second person; nothing else was done */
	struct ouv_copy *copy; /* of "export", "case-file", "take-file":
				  ouv/copy.h; else NULL */
	const struct ouv_dossier_look *look;    /* of a case file; else NULL */
	const struct ouv_post_printed *printed; /* of "print": ouv/post.h */
	int rev; /* with OUV_CONFLICT: the case's now, and what changed */
	size_t change_count;
	struct ouv_change *changes;
	const char *handed; /* with OUV_CONFLICT, when that is why: whose the
			       case is now, "": nobody's; NULL: not why */
};

/*
 * POST cases/<number>/<verb>.  form_key is the form's idempotency key (32 hex
 * digits): the second time the same key arrives nothing is done and repeated
 * is set.
 *
 * A field "rev" says which revision of the case the form was made for
 * (ouv_case_line.rev); without it nobody can have been faster.  "behalf"
 * (consumer, company) and "source" (letter, call, fax, chat) enter what a party
 * said to a colleague.
 *
 * OUV_NOT_FOUND: no such verb or case.  OUV_INVALID: fields, see result; or
 * there is no such act in this state.  OUV_REFUSED: role, grant, or a guard
 * (result says which).  OUV_CONFLICT: somebody was faster, result says what
 * changed.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_do(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const char *verb, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out);

/*
 * Verbs and their fields: "open"; "reply" (to: consumer or company; subject,
 * text; overrule: why warnings are passed over; promise_text and promise_by,
 * -2 to -5: what was promised, by when; seen: the number of the last message
 * its writer knows, OUV_CONFLICT with what that party wrote or was written
 * since); "holding" (reason, new_date, what_we_do, overrule, seen);
 * "substitute" (item: an absence note; to: an index into
 * mail.absence.instead).  Of held mail:
 * "attribute" (to: a protocol number, or guess: an index into the message's
 * guesses; as: consumer, company, third; item: one message of several;
 * remember: the sender's address is that party's from now on), "register"
 * (from_addr, from_name, subject: of a message that does not tell), "retry"
 * (item), "discard" (reason, note), "restore".  Of a letter that did not
 * arrive: "task-done" (task, outcome, note).  Who looks after it: "assign"
 * (to: a login; codes empty, unknown, away, no-key, conflict), "conflict" (the
 * actor cannot be impartial here: never again their case); both: owner, the id
 * of whose case it was at revision since, 32 times 0 for nobody's, OUV_CONFLICT
 * when it is another's.
 */

/* ---- writing to a party -----------------------------------------------------
 */

/* What a colleague may put into a letter: a sentence, a set of questions. */
struct ouv_piece {
	const char *name;  /* "piece/hear-you" */
	const char *group; /* empathy, questions, closing, ... */
	const char *title; /* in the reader's language */
	const char *text;  /* in the party's language, values put in */
};
/*
 * Pieces for a letter in this case, sorted by group and title; to is the party
 * that reads them ("consumer" or "", "company"), lang the language of their
 * titles.  What the case cannot fill in stands as [...]: the lint lets no such
 * letter out.  Errors as ouv_desk_case; OUV_INVALID: no such party.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_pieces(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const char *to, enum ouv_lang lang,
	struct ouv_piece **pieces_out, size_t *count_out);

/* A letter as it would go out now, and what the lint says of it. */
struct ouv_check {
	const char *to_name, *to_addr;
	enum ouv_lang lang;
	const char *subject, *text, *html; /* exactly what would be sent */
	/* ... to their page: by mail goes its number, its date and a link. */
	bool covered;
	size_t finding_count;
	const struct ouv_finding *findings; /* of the typed fields only */
	/* Of each finding the field it stands in, where its offset and line
	 * are; NULL: subject is "subject" and body is "text". */
	const char *const *fields;
	bool blocked; /* a finding blocks: nothing would be sent */
	bool warned;  /* a finding warns: needs a reason */
};
/*
 * The same fields as the verb ("reply", "holding"); nothing is changed.
 * Errors as ouv_desk_do; OUV_INVALID when a field is wrong, see result.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_check(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const char *verb, const struct ouv_field *fields,
	size_t field_count, struct ouv_check *check_out,
	struct ouv_verb_result *result_out);

/* ---- mediation: what a case is about, and what may happen next
 * ----------------
 */

enum ouv_field_kind {
	OUV_FIELD_LINE,
	OUV_FIELD_WORDS,    /* many lines */
	OUV_FIELD_DAY,      /* YYYY-MM-DD, an open day to come */
	OUV_FIELD_PAST_DAY, /* any day up to today */
	OUV_FIELD_CODE,     /* of a codebook */
	OUV_FIELD_WORD,     /* one of a few, by their codes */
	OUV_FIELD_FLAG,     /* "1" */
	OUV_FIELD_NUMBER,
	OUV_FIELD_PERSON,   /* a login */
	OUV_FIELD_ITEM,     /* the number of a message of this case */
	OUV_FIELD_PROTOCOL, /* of another case */
	OUV_FIELD_COMPANY,  /* a unit of the register, by its id */
	OUV_FIELD_PIECES,   /* of messages, as boxes to tick: "7" its words,
			       "7.2" its second attachment; any of NAME,
			       NAME-2, ... may lack */
	OUV_FIELD_EVIDENCE, /* entries of the index, as boxes: their numbers;
			       any may lack */
	OUV_FIELD__COUNT
};
/* What a verb asks for; a form is made of these alone. */
struct ouv_field_decl {
	const char *name;
	enum ouv_field_kind kind;
	bool required;
	int most;         /* characters of LINE, WORDS; the highest NUMBER */
	int repeat;       /* up to so many, named NAME, NAME-2, ...; 0: one */
	const char *book; /* of CODE */
	const char *const *words; /* of WORD, NULL at the end */
	bool letter;    /* its words stand in a letter: the lint reads them */
	bool from_item; /* its form begins with the text of the field "item" */
	const char *side; /* of ITEM: what a person of that side wrote; NULL:
			     any */
};
struct ouv_choice {
	const char *value, *label; /* label NULL: words by value */
	const char *group; /* label of the level above; NULL: none.  Choices of
			      one group follow each other */
};
struct ouv_form_field {
	const struct ouv_field_decl *decl;
	const char *value;       /* what the case has now; "" : nothing */
	const char *const *more; /* ... of the second, third, ... of a repeated
				    field, NULL at the end; NULL: none */
	size_t choice_count;
	const struct ouv_choice *choices; /* of CODE, PERSON, ITEM, COMPANY */
};
/* Something this person may do next, or could if the guards held. */
struct ouv_next {
	const struct ouv_move *move;
	const char *verb;
	enum ouv_role role; /* theirs, or the party's they would enter it for */
	uint64_t failed;    /* guards that fail now, without EYES and LINT */
	size_t field_count;
	const struct ouv_form_field *fields;
};
/* Verbs that have declared fields, moves first; labels in lang.  Errors as
 * ouv_desk_case. */
OUV_MUST_CHECK enum ouv_err ouv_desk_next(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, enum ouv_lang lang, struct ouv_next **list_out,
	size_t *count_out);
/* The same without their fields, for which messages would be opened. */
OUV_MUST_CHECK enum ouv_err ouv_desk_next_bare(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, enum ouv_lang lang, struct ouv_next **list_out,
	size_t *count_out);

/* What an act does to one clock of its case. */
enum ouv_effect_kind {
	OUV_EFFECT_BEGINS,
	OUV_EFFECT_MOVES, /* runs on, to another date */
	OUV_EFFECT_GOES_ON,
	OUV_EFFECT_PAUSES,
	OUV_EFFECT_ENDS,
	OUV_EFFECT__COUNT
};
struct ouv_effect {
	enum ouv_clock clock;
	enum ouv_effect_kind kind;
	int64_t due_at;   /* its end; 0: later, it stands still, or is over */
	const char *unit; /* as ouv_unit_name; "date": a day agreed */
	int amount;
};
struct ouv_effects {
	bool known;   /* false: it depends on what is typed */
	bool later;   /* once a second person confirms it: no date is known */
	bool arrival; /* the company's time begins when the notice arrives */
	size_t count;
	const struct ouv_effect *list; /* what begins first, what ends last */
};
/* What that verb does to the clocks if done now, whatever stands against it; to
 * is the party a letter goes to, role as whose act it is.  Errors as
 * ouv_desk_case; OUV_INVALID also: no such act in this state. */
OUV_MUST_CHECK enum ouv_err ouv_desk_effects(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const char *verb, enum ouv_role role,
	const char *to, struct ouv_effects *effects_out);

/* What would happen: the letters to both, and what stands against it. */
struct ouv_preview {
	uint64_t failed; /* guards, without EYES */
	enum ouv_state to;
	bool second;                /* it would wait for a second person */
	struct ouv_check letter[2]; /* consumer, company; subject NULL: none */
	struct ouv_effects effects;
};
/* The same fields as the verb; nothing is changed.  Errors as ouv_desk_do, but
 * a guard that fails is in preview_out and no error. */
OUV_MUST_CHECK enum ouv_err ouv_desk_preview(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const char *verb, const struct ouv_field *fields,
	size_t field_count, struct ouv_preview *preview_out,
	struct ouv_verb_result *result_out);

/* A clock of a case, with its reasons. */
struct ouv_clock_view {
	enum ouv_clock clock;
	int n;
	const char *state;          /* running, paused, stopped */
	int64_t started_at, due_at; /* due_at 0: it pauses */
	bool lapsed;
	const char *profile, *calendar, *law; /* "" : none */
	const char *unit; /* as ouv_unit_name; "date": a day agreed */
	int amount;
	int32_t day_zero;
	size_t step_count; /* days after day zero, since the last pause */
	const struct ouv_step *steps;
	const char *const *why; /* of each step: the name of what closes that
				   day, in the reader's language; NULL */
};
struct ouv_allegation_view {
	const char *code, *label, *article, *article_label, *law, *law_label;
};
struct ouv_option_view {
	int n;
	const char *words, *promiser;
	int64_t due_at;
	bool consumer, company; /* chose it */
};
struct ouv_promise_view {
	int n;
	const char *words, *promiser, *source, *state;
	const char *says_company, *says_consumer; /* NULL: nothing yet */
	int64_t made_at, due_at, ended_at;
};
struct ouv_evidence_view {
	int n, item_seq, part; /* part -1: the message */
	const char *title, *side;
	int64_t added_at;
};
struct ouv_hearing_view {
	int round;
	const char *side;
	int last_n, days;
	int64_t sent_at, due_at, answered_at, lapsed_at;
};
struct ouv_opinion_view {
	int n;
	const char *kind, *merit, *words, *author, *reader; /* reader NULL */
	int64_t at;
};
struct ouv_pending_view {
	struct ouv_id id;
	const char *action, *author;
	int64_t at;
	bool mine, may_decide;
	bool gone; /* in this state of the case it cannot be done any more */
	size_t field_count;
	const struct ouv_field *fields; /* as they were typed */
	const char **labels; /* of codes in the reader's language; else NULL */
	/* what its author did not know, of what is judged */
	size_t change_count;
	struct ouv_change *changes;
};
/* What was prepared, to write on with. */
struct ouv_prepared {
	const char *action, *author;
	int64_t at, decided_at;              /* decided_at 0: it waits */
	const char *decision, *second, *why; /* NULL: none */
	size_t field_count;
	const struct ouv_field *fields; /* as they were typed */
};
struct ouv_link_view {
	struct ouv_id id;
	const char *kind, *protocol; /* NULL: the reader holds no key to it */
	bool outward; /* this case is the one that was merged, split off */
	int64_t at;
};
struct ouv_draw_entry {
	const char *name, *against; /* why not; NULL: in the pool */
	int load;
};
struct ouv_draw_view {
	int64_t at;
	const char *chosen, *by; /* NULL: by itself */
	size_t pool_count;
	const struct ouv_draw_entry *pool;
};
struct ouv_mediation {
	/* codes; NULL: not known.  *_label in the reader's language */
	const char *kind, *severity, *difficulty;
	const char *service, *service_label, *remedy, *remedy_label;
	const char *contact_channel, *direction, *identity;
	bool urgent, legal_hold;
	/* of a request about data; NULL */
	const char *right_label, *outcome, *denial_label;
	int32_t first_instance; /* 0: none */
	const char *company, *unit, *profile, *calendar;
	const char *merit, *resolution, *rating, *ground, *ground_label;
	enum ouv_owes owes;
	int64_t due_at; /* of whoever owes the next step; 0: none */
	int64_t complete_at, closed_at;
	size_t clock_count, allegation_count, option_count, promise_count,
		evidence_count, hearing_count, opinion_count, pending_count,
		link_count, draw_count, team_count;
	struct ouv_clock_view *clocks;
	struct ouv_allegation_view *allegations;
	struct ouv_option_view *options; /* of the last round */
	struct ouv_promise_view *promises;
	struct ouv_evidence_view *evidence; /* the index now */
	struct ouv_hearing_view *hearings;
	bool heard;        /* as the guard says it */
	uint32_t lacks[2]; /* of consumer, company: bits of ouv_hearing_lack */
	struct ouv_opinion_view *opinions;
	struct ouv_pending_view *pending;
	struct ouv_link_view *links;
	struct ouv_draw_view *draws;
	const char **team; /* names */
};
/* The file as mediators see it.  Errors as ouv_desk_case. */
OUV_MUST_CHECK enum ouv_err ouv_desk_mediation(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, enum ouv_lang lang, struct ouv_mediation *view_out);
/* act: 32 hexadecimal digits.  OUV_NOT_FOUND: there is none in this case, or it
 * was carried out.  Else errors as ouv_desk_case. */
OUV_MUST_CHECK enum ouv_err ouv_desk_prepared(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const char *act, struct ouv_prepared *prepared_out);

/*
 * A day was closed or opened: every running clock of that calendar (NULL: of
 * all) is counted again, its alarms and the case's date go along, and the log
 * of each case that moved says "clock-moved".  In transactions of its own: call
 * it after the commit of the day.  changed_out: clocks.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_recompute(
	struct ouv_desk *desk, const char *calendar, int64_t *changed_out);

/* ---- colleagues and absences ------------------------------------------------
 */

struct ouv_colleague {
	struct ouv_id id;
	const char *login, *name;
	enum ouv_role role;
	bool away;              /* now */
	int32_t back_day;       /* away: the day they are back */
	const char *substitute; /* away: name; NULL: none */
};
OUV_MUST_CHECK enum ouv_err ouv_desk_colleagues(struct ouv_desk *desk,
	struct ouv_arena *arena, struct ouv_colleague **list_out,
	size_t *count_out);

/* What stands under the letters of a colleague. */
struct ouv_profile {
	const char *title, *phone; /* "" : none */
	bool blue;
};
OUV_MUST_CHECK enum ouv_err ouv_desk_profile(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct ouv_profile *profile_out);
/* Fields: title, phone, color (black, blue). Errors as ouv_desk_do. */
OUV_MUST_CHECK enum ouv_err ouv_desk_profile_set(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out);

/*
 * What stands below the words of that colleague's letters with this profile:
 * thanks, name, title, telephone, as the text of the office says it now.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_signature(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const struct ouv_profile *profile, enum ouv_lang lang,
	const char **text_out);

enum ouv_absence_reason {
	OUV_ABSENCE_VACATION,
	OUV_ABSENCE_HOLIDAY,
	OUV_ABSENCE_BUSINESS_TRIP,
	OUV_ABSENCE_TRAINING,
	OUV_ABSENCE_EXTERNAL_MEETING,
	OUV_ABSENCE__COUNT
};
const char *ouv_absence_reason_name(enum ouv_absence_reason reason);

struct ouv_absence {
	struct ouv_id id, person; /* zero: the whole office */
	const char *login, *name; /* of the person; "" for the office */
	enum ouv_absence_reason reason;
	int32_t first_day, last_day, back_day;
	const char *urgent_name, *urgent_email, *urgent_phone; /* "" : none */
	const char *substitute;         /* name; NULL: none */
	int64_t made_at, called_off_at; /* 0: not called off */
	bool now;                       /* in effect at this moment */
	int told;                       /* notes sent so far */
};
/* Those that touch these days, first come first. */
OUV_MUST_CHECK enum ouv_err ouv_desk_absences(struct ouv_desk *desk,
	struct ouv_arena *arena, int32_t from_day, int32_t until_day,
	struct ouv_absence **list_out, size_t *count_out);
/*
 * Fields: who (a login, or "office"; empty: oneself), reason, first, last
 * (YYYY-MM-DD), urgent_name, urgent_email, urgent_phone, substitute (a login;
 * persons only).  A person enters their own; ombudsman and admin anybody's and
 * the office's.  Errors as ouv_desk_do; codes: empty, unknown, not-a-date,
 * past, order, overlaps, too-long, not-an-address, no-contact, away (the
 * substitute is absent himself), not-yourself, calendar-ends, not-a-phone,
 * wrong-role (the substitute may not do that work), no-key (offer: of how
 * many cases), blocked (the lint would not let the note
 * out).
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_absence_add(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out);
/*
 * The same fields; nothing is changed: the note as it would go out, in each
 * language.  The substitute's name and the case's number are the examples of
 * the text where the fields do not say them.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_absence_preview(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_text_letter letters_out[OUV_LANG__COUNT],
	struct ouv_verb_result *result_out);
/* Ends it now, or takes back one to come. OUV_CONFLICT: it is over. */
OUV_MUST_CHECK enum ouv_err ouv_desk_absence_end(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_id *absence);

/* A day of the office as it is now: calendar file and closings together. */
struct ouv_office_day {
	int32_t day;
	bool open;
	const char *why[OUV_LANG__COUNT];  /* closed: name; NULL: weekly, or: */
	const struct ouv_absence *closing; /* the office's own; NULL: not so */
	const char *law;                   /* "" : none */
	struct ouv_hours hours;
};
/* OUV_INVALID: outside of what the calendar knows. */
OUV_MUST_CHECK enum ouv_err ouv_desk_days(struct ouv_desk *desk,
	struct ouv_arena *arena, int32_t from_day, int32_t until_day,
	struct ouv_office_day **list_out, size_t *count_out);

/* ---- the office's texts -----------------------------------------------------
 */

enum ouv_version_state {
	OUV_VERSION_WAITING, /* for a second person                     */
	OUV_VERSION_LIVE,
	OUV_VERSION_PAST, /* was live, or overtaken                  */
	OUV_VERSION_REFUSED,
	OUV_VERSION_DOUBTFUL, /* a signature does not hold: never used   */
	OUV_VERSION__COUNT
};
const char *ouv_version_state_name(enum ouv_version_state state);

struct ouv_text_version {
	int n; /* 0: the product's own text */
	enum ouv_version_state state;
	int from_n; /* rolled back to; -1: not a roll-back */
	const char *author, *reason, *second, *second_why; /* names; NULL */
	const char *overrule; /* why warnings were passed over; NULL */
	bool mine;            /* the actor wrote it, so he may not decide */
	int64_t at, second_at;
	const char *body[OUV_LANG__COUNT];
};

/* What the lint and the declaration say of one language of a text. */
struct ouv_text_finding {
	enum ouv_lang lang;
	const char *rule; /* lint rule, or unknown-variable, missing-variable,
			     template-error, parity */
	bool blocks;
	int line, column;
	const char *found;
	const char *says[OUV_LANG__COUNT]; /* NULL: words by rule */
};

struct ouv_text_line {
	const struct ouv_text_decl *decl;
	int live_n; /* of the live version, whatever it goes back to; 0: none */
	bool waiting;
	int64_t changed_at; /* 0: never */
	const char *changed_by;
	size_t finding_count;              /* of the live version */
	const char *body[OUV_LANG__COUNT]; /* live, for finding words in it */
};

struct ouv_text_view {
	const struct ouv_text_decl *decl;
	size_t version_count; /* newest first; the last one is n = 0 */
	struct ouv_text_version *versions;
	int live_n;
	size_t finding_count; /* of the live version */
	struct ouv_text_finding *findings;
	bool may_change, may_decide;
};

OUV_MUST_CHECK enum ouv_err ouv_desk_texts(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct ouv_text_line **list_out, size_t *count_out);
/* OUV_NOT_FOUND: no such text. */
OUV_MUST_CHECK enum ouv_err ouv_desk_text(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *name, struct ouv_text_view *view_out);
/* What would be said of these bodies; NULL body: not there. Pure. */
OUV_MUST_CHECK enum ouv_err ouv_desk_text_check(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *name,
	const char *const body[OUV_LANG__COUNT],
	struct ouv_text_finding **findings_out, size_t *count_out);
/*
 * A new version.  Fields: body-pt-BR, body-en, body-it, reason, or from (the
 * number of a version to go back to, 0: the product's own) and reason;
 * overrule (why warnings are passed over); base (the live number when it was
 * begun, optional).  Live at once, or waiting for a second person when the
 * text goes out by itself.  Errors as ouv_desk_do; OUV_CONFLICT: another
 * version than base is live by now;
 * codes: empty, too-long, same, blocked (findings that block), warned
 * (findings that want a reason in overrule).
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_text_propose(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *name, const char *form_key, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out);
/*
 * The second person.  Fields: n, decision (publish, refuse), why (needed to
 * refuse).  OUV_REFUSED: the author, or no right.  OUV_CONFLICT: decided
 * already, or a later version is live.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_text_decide(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *name, const char *form_key, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out);
/*
 * Bodies as they would arrive, with the examples of the declaration, or with
 * the values of a case that the actor may open (number).  OUV_INVALID: it does
 * not render; error_out says where.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_text_preview(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *name, const char *body, enum ouv_lang lang,
	const char *number, struct ouv_text_letter *letter_out,
	struct ouv_tmpl_error *error_out);

#endif
