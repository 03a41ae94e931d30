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
#include "ouv/case.h"
#include "ouv/config.h"
#include "ouv/id.h"
#include "ouv/mail.h"
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

/* Somebody who has logged in; the identity opens what was granted to them. */
struct ouv_actor {
	struct ouv_id person;
	enum ouv_role role;
	const char *login, *name;
	enum ouv_lang lang;
	struct ouv_identity
		*identity; /* guarded memory, freed with the arena */
	uint8_t token[32]; /* of the session cookie */
};

/*
 * Password and TOTP in one step, in the order: throttles, Argon2id, TOTP (each
 * code once), session.  address is where the request came from (throttle
 * only; may be NULL).  token_out: the new cookie.
 *
 * OUV_REFUSED: wrong login, password or code; which one is not told, and all
 * take the same time.  OUV_TEMPORARY: the database, or too many logins at
 * once.  OUV_CONFLICT: throttled, wait_secs_out says how long.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_login(struct ouv_desk *desk,
	const char *login, const char *password, const char *code,
	const char *address, const char *user_agent, uint8_t token_out[32],
	int *wait_secs_out);
/*
 * Who holds this cookie; slides the idle limit.  OUV_REFUSED: nobody, or no
 * longer.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_session(struct ouv_desk *desk,
	struct ouv_arena *arena, const uint8_t token[32],
	struct ouv_actor **actor_out);
OUV_MUST_CHECK enum ouv_err ouv_desk_logout(
	struct ouv_desk *desk, const struct ouv_actor *actor);
/* The person's choice of language, kept. */
OUV_MUST_CHECK enum ouv_err ouv_desk_language(struct ouv_desk *desk,
	const struct ouv_actor *actor, enum ouv_lang lang);

/* ---- reading ----------------------------------------------------------------
 */

enum ouv_queue {
	OUV_QUEUE_OPEN,   /* every open case I may read                */
	OUV_QUEUE_MINE,   /* of which I am the owner                   */
	OUV_QUEUE_NEW,    /* received, nobody has opened it            */
	OUV_QUEUE_DUE,    /* due within a day, or overdue               */
	OUV_QUEUE_CLOSED, /* closed                                     */
	OUV_QUEUE__COUNT
};
const char *ouv_queue_name(enum ouv_queue queue); /* "open", "mine", ... */
OUV_MUST_CHECK enum ouv_err ouv_queue_parse(
	const char *name, enum ouv_queue *queue_out);

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
	struct ouv_guess guess; /* held: the best; lead NULL: none */
	const char *aside;      /* code of the reason it was set aside; NULL */
};

#define OUV_COUNT_MOST 1000

struct ouv_case_list {
	size_t count;
	struct ouv_case_line *lines;
	const char *after; /* cursor of the next page; NULL: the last one */
	int64_t counts[OUV_QUEUE__COUNT]; /* OUV_COUNT_MOST: so many or more */
};

/*
 * Cases the actor holds a grant for, newest activity first, at most 50.
 * OUV_INVALID: after is not a cursor of ours.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_list(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	enum ouv_queue queue, const char *after,
	struct ouv_case_list *list_out);

/* Mail that belongs to no case: held for a person, oldest first, or (set_aside)
 * what was set aside with a reason, newest first. */
OUV_MUST_CHECK enum ouv_err ouv_desk_held(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor, bool set_aside,
	const char *after, struct ouv_case_list *list_out);

/* How far an outgoing message got. */
enum ouv_delivery {
	OUV_DELIVERY_NONE,    /* not an outgoing message              */
	OUV_DELIVERY_QUEUED,  /* will be sent                          */
	OUV_DELIVERY_RETRY,   /* refused for now, tried again at next_at */
	OUV_DELIVERY_UNKNOWN, /* the answer was lost; sent again        */
	OUV_DELIVERY_SENT,    /* the mail server took it               */
	OUV_DELIVERY_FAILED,  /* refused for good: needs a person      */
	OUV_DELIVERY_BOUNCED, /* came back: needs a person             */
	OUV_DELIVERY__COUNT
};
const char *ouv_delivery_name(enum ouv_delivery delivery);

struct ouv_item_view {
	struct ouv_id id;
	int seq;
	enum ouv_item_kind kind;
	enum ouv_lane lane;
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
};

/* Something a person must do that no letter does; open until done. */
struct ouv_task_view {
	struct ouv_id id;
	const char *kind; /* other-channel, send-again */
	int item_seq;     /* the message it is about; 0: none */
	int64_t opened_at, due_at, done_at; /* done_at 0: open */
	const char *done_by;                /* a colleague's name; NULL: open */
	const char *outcome;                /* code; NULL: open */
	const char *note; /* opened in this request; NULL: none */
};

struct ouv_case_view {
	struct ouv_case_line line;
	enum ouv_lang lang; /* of the consumer */
	const char *consumer_name, *consumer_addr;
	bool may_reply; /* state and role allow it, and there is an address */
	size_t item_count;
	struct ouv_item_view *items; /* oldest first */
	size_t task_count;
	struct ouv_task_view *tasks; /* oldest first */
	/* held: what this actor may do with it now */
	bool may_accept, may_register, may_discard, may_retry, may_restore;
};

/*
 * One case file, opened with the actor's own keys; the reading is written to
 * the case's log.  number is a protocol in any accepted shape, or the 32
 * hexadecimal digits of a held case.
 *
 * OUV_NOT_FOUND: no such case.  OUV_REFUSED: there is, and this person holds
 * no key to it.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_case(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, struct ouv_case_view *view_out);

/*
 * The raw message, or (part >= 0) one attachment decoded; name and type as the
 * sender gave them.  Errors as above.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_item_bytes(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const struct ouv_id *item, int part,
	struct ouv_str *bytes_out, const char **name_out,
	const char **type_out);

/* ---- acting
 * -------------------------------------------------------------------- */

/* One field of a posted form, already checked for length and UTF-8. */
struct ouv_field {
	const char *name, *value;
};

/* What a verb says of a field that is wrong: code is a template key. */
struct ouv_field_error {
	const char *field, *code;
};

struct ouv_verb_result {
	size_t error_count; /* with OUV_INVALID */
	struct ouv_field_error errors[8];
	const char *location; /* where to go; NULL: the case page */
	bool repeated;        /* this form was already done: nothing changed */
};

/*
 * POST cases/<number>/<verb>.  form_key is the form's idempotency key (32 hex
 * digits): the second time the same key arrives nothing is done and repeated
 * is set.
 *
 * OUV_NOT_FOUND: no such verb or case.  OUV_INVALID: fields, see result.
 * OUV_REFUSED: role, state or grant.  OUV_CONFLICT: somebody was faster.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_do(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const char *verb, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out);

/*
 * Verbs and their fields: "open"; "reply" (subject, text).  Of held mail:
 * "accept" (to: a protocol number, or guess: an index into the message's
 * guesses; as: consumer, company, third; item: one message of several;
 * remember: the sender's address is that party's from now on), "register"
 * (from_addr, from_name, subject: of a message that does not tell), "retry"
 * (item), "discard" (reason, note), "restore".  Of a letter that did not
 * arrive: "task-done" (task, outcome, note).
 */

#endif
