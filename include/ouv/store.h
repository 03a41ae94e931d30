/*
 * store.h - the database: connection, transactions, rows
 *
 * The only door to libpq.  All SQL is in lib/store/sql.c.  A transaction is a
 * pipeline: writes are queued and sent without waiting, their results are
 * looked at when something is asked or committed, so a batch of a hundred mails
 * costs a few round trips.  Writing functions are named store_<row>_add/set
 * and take the transaction first; what they are given is copied.
 *
 * Errors of everything here: OUV_TEMPORARY (no database, lock or time limit,
 * connection lost; the caller tries the whole unit again), OUV_CONFLICT (a row
 * that had to change was not there: somebody was faster, or we are fenced),
 * OUV_INVALID (a statement the schema refuses: a defect, logged).
 */
#ifndef OUV_STORE_H
#define OUV_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouv/arena.h"
#include "ouv/buf.h"
#include "ouv/case.h"
#include "ouv/config.h"
#include "ouv/id.h"

struct store;
struct store_tx;

enum store_role {
	STORE_OWNER,
	STORE_GATEWAY,
	STORE_SERVER
};

/* ---- connection ------------------------------------------------------------
 */

/* OUV_INVALID: the schema's number is not the one this program was made for,
 * or a statement does not prepare. */
OUV_MUST_CHECK enum ouv_err store_open(const struct ouv_config *config,
	enum store_role role, struct store **store_out);
/* Without looking at the schema: for migrate. */
OUV_MUST_CHECK enum ouv_err store_open_bare(const struct ouv_config *config,
	enum store_role role, struct store **store_out);
void store_close(struct store **store);
/*
 * Does a connection string, as words or as an address, hold what is nobody's to
 * read?  OUV_INVALID: libpq does not understand it; logged without it.
 */
OUV_MUST_CHECK enum ouv_err store_dsn_secret(const char *dsn, bool *is_out);
/* Reconnects when the connection is gone. */
OUV_MUST_CHECK enum ouv_err store_ping(struct store *store);
/* Seconds by which the host's clock is ahead of the database's. */
OUV_MUST_CHECK enum ouv_err store_clock_skew(
	struct store *store, int64_t *skew_secs_out);
/* The descriptor to poll for notifications; -1 when not connected. */
int store_socket(const struct store *store);
OUV_MUST_CHECK enum ouv_err store_listen(
	struct store *store, const char *channel);
/* Takes in what arrived; true when there was a notification. */
bool store_notified(struct store *store);

/* Migrations: lib/store/migrate.c. */
#define STORE_SCHEMA 7
OUV_MUST_CHECK enum ouv_err store_migrate(
	struct store *store, const char *folder, int *applied_out);
/* Prepares every statement; says each that does not on the log. */
OUV_MUST_CHECK enum ouv_err store_check_sql(struct store *store);

/* ---- transactions
 * ------------------------------------------------------------ */

OUV_MUST_CHECK enum ouv_err store_begin(
	struct store *store, struct store_tx **tx_out);
/* The same, and everything is read as of one moment: what belongs together
 * fits together without a lock.  Not for changes. */
OUV_MUST_CHECK enum ouv_err store_begin_reading(
	struct store *store, struct store_tx **tx_out);
/* From here to store_apart all readings are one transaction, which begins with
 * the first: nothing is asked twice.  No store_begin meanwhile. */
void store_together(struct store *store);
OUV_MUST_CHECK enum ouv_err store_apart(struct store *store);
/* Sends what the page of that case will ask; nothing unless together. */
OUV_MUST_CHECK enum ouv_err store_ahead(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person);
/* Of this process: statements sent, and how often an answer was waited for. */
void store_counts(uint64_t *statements_out, uint64_t *waits_out);
/* Ends *tx and leaves NULL; on failure everything is undone. */
OUV_MUST_CHECK enum ouv_err store_commit(struct store_tx **tx);
/* For cleanup attributes; nothing when *tx is NULL. */
void store_rollback(struct store_tx **tx);
/* Waits for all queued writes and tells whether one failed. */
OUV_MUST_CHECK enum ouv_err store_flush(struct store_tx *tx);
/*
 * What becomes of it is told once it is known: STORE_DONE, STORE_UNDONE, or
 * STORE_UNKNOWN when the answer to COMMIT was lost; and in between what
 * store_savepoint and store_undo do.  One listener for a transaction;
 * store_end_user tells who listens, NULL: nobody yet.
 */
enum store_end {
	STORE_SAVED,
	STORE_BACK,
	STORE_DONE,
	STORE_UNDONE,
	STORE_UNKNOWN,
};
typedef void store_end_fn(void *user, enum store_end end);
void store_on_end(struct store_tx *tx, store_end_fn *fn, void *user);
void *store_end_user(const struct store_tx *tx);
/* Which transaction of its connection this is, from 1: so that what is asked
 * once in each can know whether it has been. */
uint64_t store_tx_number(const struct store_tx *tx);

/* ---- office and people
 * --------------------------------------------------------- */

struct store_office_key {
	/* svc alone: the gateway does not hold it yet, nothing may be sealed
	 * to it */
	bool waits;
	int64_t retired_us; /* store_signing_keys: 0: not yet */
	const char *kind;   /* escrow, svc, gateway, server */
	int version;
	uint8_t public[32], sig[64];
};
OUV_MUST_CHECK enum ouv_err store_office_tenant(struct store_tx *tx,
	struct ouv_id *tenant_out); /* OUV_NOT_FOUND: no key init yet */
OUV_MUST_CHECK enum ouv_err store_office_keys(struct store_tx *tx,
	struct ouv_arena *arena, struct store_office_key **keys_out,
	size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_office_add(
	struct store_tx *tx, const struct ouv_id *tenant);
OUV_MUST_CHECK enum ouv_err store_office_key_add(
	struct store_tx *tx, const struct store_office_key *key);
OUV_MUST_CHECK enum ouv_err store_host_secret_add(struct store_tx *tx,
	const char *name, int version, const uint8_t box[112]);

struct store_person {
	struct ouv_id id;
	const char *login, *name, *lang; /* NULL for the gateway's view */
	enum ouv_role role;
	bool desk, active;
	uint8_t pk[32], sig_pk[32];
	struct ouv_id cert_admin;
	uint8_t cert_sig[64];
	bool has_admin_sig;
	uint8_t admin_sig[64];
	struct ouv_str totp_box;
	int64_t totp_last_step;
	int must; /* bits of enum ouv_must (account.h) */
};
struct store_person_key {
	struct ouv_id person;
	int how;
	uint8_t pk[32]; /* whose secret half it is; not read back */
	uint8_t salt[16], commit[16], wrapped[104];
	int ops, version;
	int64_t mem;
};
/* Who gets a grant to each new case (desk), who certifies them (admins), and
 * whoever certified the key of a case, whether still here or not. */
OUV_MUST_CHECK enum ouv_err store_person_certified(struct store_tx *tx,
	struct ouv_arena *arena, struct store_person **people_out,
	size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_person_by_login(struct store_tx *tx,
	struct ouv_arena *arena, const char *login,
	struct store_person *person_out); /* OUV_NOT_FOUND */
OUV_MUST_CHECK enum ouv_err store_person_by_id(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *id,
	struct store_person *person_out); /* OUV_NOT_FOUND */
OUV_MUST_CHECK enum ouv_err store_person_list(struct store_tx *tx,
	struct ouv_arena *arena, struct store_person **people_out,
	size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_person_key(struct store_tx *tx,
	const struct ouv_id *person, int how,
	struct store_person_key *key_out); /* OUV_NOT_FOUND */
OUV_MUST_CHECK enum ouv_err store_person_add(
	struct store_tx *tx, const struct store_person *person);
OUV_MUST_CHECK enum ouv_err store_person_key_add(
	struct store_tx *tx, const struct store_person_key *key);
/* OUV_CONFLICT: the step is not later than the last one used. Asked at once;
 * the transaction goes on. */
OUV_MUST_CHECK enum ouv_err store_person_totp_used(
	struct store_tx *tx, const struct ouv_id *person, int64_t step);
OUV_MUST_CHECK enum ouv_err store_person_lang(
	struct store_tx *tx, const struct ouv_id *person, const char *lang);

/* ---- sessions, throttle, form keys
 * ---------------------------------------------- */

struct store_session {
	struct ouv_id person;
	uint8_t wrapped[104];
	bool stepped;   /* a code was given in the last five minutes */
	char theme[16]; /* what the person chose */
	bool keys;
	bool at_case; /* its last page was one of a case */
};
/* Also ends this person's oldest sessions beyond `most`. */
OUV_MUST_CHECK enum ouv_err store_session_add(struct store_tx *tx,
	const uint8_t id[32], const struct ouv_id *person,
	const uint8_t wrapped[104], const uint8_t ua_hash[32], int most);
/* Slides `seen`. OUV_NOT_FOUND: none, idle too long, too old. */
OUV_MUST_CHECK enum ouv_err store_session_use(struct store_tx *tx,
	const uint8_t id[32], int idle_minutes, int hours,
	struct store_session *session_out);
OUV_MUST_CHECK enum ouv_err store_session_end(
	struct store_tx *tx, const uint8_t id[32]);
/* Seconds to wait for this scope and token; 0: go on. */
OUV_MUST_CHECK enum ouv_err store_throttle_wait(struct store_tx *tx,
	const char *scope, const struct ouv_id *token, int *secs_out);
/* One more failure; beyond `free` failures the wait doubles, up to max_secs.
 * Failures older than window_secs are forgotten. */
OUV_MUST_CHECK enum ouv_err store_throttle_fail(struct store_tx *tx,
	const char *scope, const struct ouv_id *token, int free, int max_secs,
	int window_secs);
OUV_MUST_CHECK enum ouv_err store_throttle_clear(
	struct store_tx *tx, const char *scope, const struct ouv_id *token);
/* OUV_CONFLICT: this form was already carried out. Asked at once; the
 * transaction goes on. */
OUV_MUST_CHECK enum ouv_err store_form_key_use(struct store_tx *tx,
	const struct ouv_id *key, const struct ouv_id *person,
	const char *verb);

/* Rows that have served their time go: counts of two days ago and, of the
 * server, sessions that ended by themselves, form keys of a month ago and files
 * of forms that nobody finished. */
OUV_MUST_CHECK enum ouv_err store_sweep_server(
	struct store_tx *tx, int idle_minutes, int session_hours);
OUV_MUST_CHECK enum ouv_err store_sweep_gateway(struct store_tx *tx);

/* ---- cases: writing
 * ----------------------------------------------------------------- */

struct store_case {
	struct ouv_id id;
	const char *protocol; /* NULL: none */
	enum ouv_state state;
	int desk_month; /* 202611, or 0: an ordinary case */
	const char *lang, *channel;
	int64_t opened_at, due_at, last_at;
	int items, key_version;
	struct ouv_str summary;
	struct ouv_id owner; /* zero: nobody */
	bool rekey_due;      /* somebody lost the key since it was made */
};
OUV_MUST_CHECK enum ouv_err store_case_add(
	struct store_tx *tx, const struct store_case *c);
OUV_MUST_CHECK enum ouv_err store_case_key_add(struct store_tx *tx,
	const struct ouv_id *case_id, int version, const uint8_t cpk[32],
	const struct ouv_id *signer, const uint8_t sig[64]);

struct store_grant {
	struct ouv_id case_id, person, granted_by;
	int version;
	uint8_t pk[32]; /* what the box is sealed to; written only */
	uint8_t box[112], sig[64];
};
/* These and store_grant_add: a later call gives OUV_TEMPORARY when a person has
 * other keys by now, or has left. */
OUV_MUST_CHECK enum ouv_err store_grants_add(
	struct store_tx *tx, const struct store_grant *grants, size_t count);
OUV_MUST_CHECK enum ouv_err store_party_add(struct store_tx *tx,
	const struct ouv_id *id, const struct ouv_id *case_id,
	const char *side);
OUV_MUST_CHECK enum ouv_err store_reply_address_add(struct store_tx *tx,
	const struct ouv_id *id, const struct ouv_id *case_id,
	const struct ouv_id *party, int version);
/*
 * A blind token of an address or a Message-ID: under the present k_id, and
 * under the one before (the same if there is none).  What is asked for is found
 * under either; what is written says the present one once both programs hold
 * it, and then all rows of the token do.
 */
struct store_token {
	struct ouv_id now, before;
	int version; /* of now */
};
enum store_ident {
	STORE_IDENT_ADDRESS = 1, /* of a party              */
	STORE_IDENT_MESSAGE = 2, /* a Message-ID we have    */
	STORE_IDENT_COPY = 3,    /* who was in copy         */
};
OUV_MUST_CHECK enum ouv_err store_ident_add(struct store_tx *tx,
	const struct store_token *token, enum store_ident kind,
	const struct ouv_id *case_id, const struct ouv_id *party);

struct store_capsule {
	struct ouv_id id, case_id, party;
	int key_version;
	struct ouv_str ct;
	uint8_t box_case[112], box_svc[112];
	bool has_svc;
	bool main;             /* one of several addresses of its party */
	struct ouv_id contact; /* of the register; zero: none */
	bool by_post; /* of its party: letters go on paper; read only */
};
OUV_MUST_CHECK enum ouv_err store_capsule_add(
	struct store_tx *tx, const struct store_capsule *capsule);

struct store_item {
	struct ouv_id id, case_id;
	int seq; /* 0: next of the case, whose row must be locked */
	enum ouv_item_kind kind;
	enum ouv_lane lane;
	struct ouv_id party, author; /* zero: none */
	int64_t at;
	const char *why;  /* may be NULL */
	int key_version;  /* of dek_box; body_version: of the body's context */
	int body_version; /* store_item_add takes key_version for both */
	uint8_t dek_box[112];
	struct ouv_str body;
	int64_t raw_padded;
};
OUV_MUST_CHECK enum ouv_err store_item_add(
	struct store_tx *tx, const struct store_item *item);
OUV_MUST_CHECK enum ouv_err store_chunk_add(struct store_tx *tx,
	const struct ouv_id *item, int n, const void *data, size_t len);
/* last and items of the case after `added` more items. */
OUV_MUST_CHECK enum ouv_err store_case_touch(struct store_tx *tx,
	const struct ouv_id *id, int added, int64_t last_at);
/* Guarded by the state we read: OUV_CONFLICT. owner zero: unchanged. */
OUV_MUST_CHECK enum ouv_err store_case_move(struct store_tx *tx,
	const struct ouv_id *id, enum ouv_state from, enum ouv_state to,
	const struct ouv_id *owner);
/* First of n consecutive numbers, without gaps: a rollback gives them back. */
OUV_MUST_CHECK enum ouv_err store_protocol_take(
	struct store_tx *tx, int year, int n, int64_t *first_out);

/* ---- cases: reading
 * -------------------------------------------------------------------- */

/* Locks the row until the end of the transaction; by id. OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_case_lock(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *id,
	struct store_case *c_out);
/* By protocol, or by id when protocol is NULL; with the person's own grant.
 * OUV_NOT_FOUND: no case; OUV_REFUSED: no grant. */
OUV_MUST_CHECK enum ouv_err store_case_find(struct store_tx *tx,
	struct ouv_arena *arena, const char *protocol, const struct ouv_id *id,
	const struct ouv_id *person, struct store_case *c_out,
	struct store_grant *grant_out);

struct store_case_line {
	struct store_case c;
	uint8_t box[112]; /* the person's grant */
	const char *owner_name;
	bool failed;
	int tasks;         /* open ones */
	const char *aside; /* code of the reason; NULL: not set aside */
	int rev;           /* grows with each change */
};
/* queue: held (what waits for a person, oldest first), aside or months (files
 * of automatic mail), newest first; after: last_at and id of the line before,
 * 0: from the start.  Others: store_work. */
OUV_MUST_CHECK enum ouv_err store_case_list(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person, const char *queue,
	int64_t after_us, const struct ouv_id *after_id, int limit,
	struct store_case_line **lines_out, size_t *count_out);
/* The moment of the last line, in microseconds, for its cursor, is last_at in
 * lines of store_case_list: there last_at counts microseconds. */
/* The same for one case. OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_case_line_of(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *id,
	const struct ouv_id *person, struct store_case_line *line_out);

struct store_item_row {
	struct store_item item;
	const char *author_name;
	const char *side; /* of its party: consumer, company; NULL: none */
	/* its outbox row */
	bool has_outbox;
	const char *out_state; /* queued, unknown, sent, failed, bounced */
	int attempts;
	int64_t sent_at, next_at;
	const char *last_text;
	/* on paper: what became of it (store_post.h), and on which day */
	const char *post_state; /* NULL: not on paper */
	bool post_assumed;      /* counts as arrived */
	int32_t post_day;       /* 0: none */
};
OUV_MUST_CHECK enum ouv_err store_items(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_item_row **rows_out, size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_item(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *item, struct store_item *item_out);
typedef enum ouv_err store_chunk_fn(
	int n, const void *data, size_t len, void *user);
/* All chunks in order; transit: through the gateway's function. */
OUV_MUST_CHECK enum ouv_err store_chunks(struct store_tx *tx,
	const struct ouv_id *item, bool transit, store_chunk_fn *each,
	void *user);
/* The capsules of a case (server's view). */
OUV_MUST_CHECK enum ouv_err store_capsules(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_capsule **capsules_out, size_t *count_out);
/* The first party of a side. OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_party_side(struct store_tx *tx,
	const struct ouv_id *case_id, const char *side,
	struct ouv_id *party_out, int *code_version_out);
/* What was written to that side, or came from it, after that number: "append"
 * came, "reply" and "holding" went. */
OUV_MUST_CHECK enum ouv_err store_letters_since(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id, const char *side,
	int seq, struct ouv_change **list_out, size_t *count_out);
/* Guarded by the date we read (0: none): OUV_CONFLICT. */
OUV_MUST_CHECK enum ouv_err store_case_due(struct store_tx *tx,
	const struct ouv_id *case_id, int64_t was_at, int64_t due_at);
/* The case's public key and its certificate. */
struct store_case_key {
	int version;
	uint8_t cpk[32], sig[64];
	struct ouv_id signer;
};
OUV_MUST_CHECK enum ouv_err store_case_key(struct store_tx *tx,
	const struct ouv_id *case_id, int version,
	struct store_case_key *key_out);

/* ---- the gateway: what do we know of these mails?
 * -------------------------------------------- */

/* Where a token leads; row number i of the question. */
struct store_lead {
	int mail; /* index given in the question */
	struct ouv_id case_id, party;
	bool company;               /* the party's side */
	int version;                /* of a reply address */
	struct ouv_id sender_party; /* whom the sender's address is in that
				       case; zero: nobody */
	bool sender_company;
	bool sender_copied;   /* was in copy of a message of that case */
	const char *protocol; /* of a sender's case; else NULL */
};
struct store_question {
	int mail;
	struct store_token key;    /* or (twice) reply address id, outbox id */
	struct store_token sender; /* zero: none */
};
/* By reply address. */
OUV_MUST_CHECK enum ouv_err store_leads_by_address(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_question *questions,
	size_t count, struct store_lead **leads_out, size_t *leads_count_out);
/* By the name of an outgoing message of ours (Message-ID, VERP). */
OUV_MUST_CHECK enum ouv_err store_leads_by_outbox(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_question *questions,
	size_t count, struct store_lead **leads_out, size_t *leads_count_out);
/* By a Message-ID we have seen. */
OUV_MUST_CHECK enum ouv_err store_leads_by_message(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_question *questions,
	size_t count, struct store_lead **leads_out, size_t *leads_count_out);
/* By the address of the sender (key and sender): at most 8 newest open cases,
 * with their numbers. */
OUV_MUST_CHECK enum ouv_err store_leads_by_sender(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_question *questions,
	size_t count, struct store_lead **leads_out, size_t *leads_count_out);
/* By the address of a recipient (key): open cases of which recipient (party)
 * and sender (sender_party) are two parties. */
OUV_MUST_CHECK enum ouv_err store_leads_by_recipient(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_question *questions,
	size_t count, struct store_lead **leads_out, size_t *leads_count_out);
/* The newest desk file of this month; OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_desk_file(
	struct store_tx *tx, int desk_month, struct ouv_id *case_out);
/* One more mail or automatic answer in a bucket; start_at is its window's
 * beginning. */
struct store_rate {
	const char *scope;
	struct ouv_id token;
	int64_t start_at;
	int count; /* filled: the sum, this one included */
};
/* All in one statement; equal buckets in one call count one after another. */
OUV_MUST_CHECK enum ouv_err store_rates_add(struct store_tx *tx,
	struct ouv_arena *arena, struct store_rate *rates, size_t count);

/* ---- held mail: guesses, and what a person does with it
 * ------------------------------------ */

struct store_guess {
	struct ouv_id item, case_id, party;
	int n;                /* from 0, best first */
	const char *lead;     /* address, letter, message, sender */
	const char *side;     /* filled: consumer, company; "" none */
	const char *protocol; /* filled; NULL: no grant to that case */
};
OUV_MUST_CHECK enum ouv_err store_guesses_add(
	struct store_tx *tx, const struct store_guess *guesses, size_t count);
/* Of all items of a case, in their order. */
OUV_MUST_CHECK enum ouv_err store_guesses(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *person, struct store_guess **guesses_out,
	size_t *count_out);
/* Of the first message of each of these cases: why it is held, the best guess
 * (lead NULL: none), and of its row what opens it (body empty: there is none,
 * or it is too long for a list). */
struct store_held_note {
	const char *why;
	struct store_guess guess;
	struct store_item first;
};
OUV_MUST_CHECK enum ouv_err store_held_notes(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_case_line *lines,
	size_t count, const struct ouv_id *person,
	struct store_held_note **notes_out);
/* What a person did with a held case, as far as who asks may know; item zero:
 * with any of its messages.  OUV_NOT_FOUND: nothing yet, or not for them. */
struct store_held_fate {
	const char *action, *who;
	const char *protocol; /* where it is now; NULL: not theirs to know */
	int64_t at;
	bool held; /* others of its messages still wait */
};
OUV_MUST_CHECK enum ouv_err store_held_fate(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *person, const struct ouv_id *item,
	struct store_held_fate *fate_out);

/* The message leaves the held case `from`, whose row we have locked, for
 * item->case_id; id, seq, lane, party and the sealed parts are as in item.
 * OUV_CONFLICT: it is not there any more, or the case is not held. */
OUV_MUST_CHECK enum ouv_err store_held_move(struct store_tx *tx,
	const struct ouv_id *from, const struct store_item *item);
/* Back to the gateway. Errors as above. */
OUV_MUST_CHECK enum ouv_err store_held_retry(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *item,
	const uint8_t dek_box_svc[112]);
/* The next protocol number, for a held case. OUV_CONFLICT: it is not one. */
OUV_MUST_CHECK enum ouv_err store_held_number(struct store_tx *tx,
	const struct ouv_id *case_id, int year, int64_t *number_out);
/* id, protocol, lang, due_at and summary (empty: as it was) as in c; its
 * messages become the party's.  OUV_CONFLICT: it is not held. */
OUV_MUST_CHECK enum ouv_err store_held_register(struct store_tx *tx,
	const struct store_case *c, const struct ouv_id *party);
/* reason NULL: not any more. */
OUV_MUST_CHECK enum ouv_err store_case_aside(
	struct store_tx *tx, const struct ouv_id *id, const char *reason);
OUV_MUST_CHECK enum ouv_err store_case_is_aside(
	struct store_tx *tx, const struct ouv_id *id, bool *aside_out);
/* Whose address this is in a case; zero: nobody's. */
OUV_MUST_CHECK enum ouv_err store_ident_party(struct store_tx *tx,
	const struct store_token *token, const struct ouv_id *case_id,
	struct ouv_id *party_out);

/* ---- tasks
 * ---------------------------------------------------------------------------------
 */

struct store_task {
	struct ouv_id id, case_id, item, party, note; /* zero: none */
	struct ouv_id words;  /* of a promise, a call: the item that holds it */
	struct ouv_id person; /* who is asked; zero: whoever has the case */
	const char *whom;     /* their name; NULL: nobody in particular */
	const char *kind;     /* other-channel, ... */
	int64_t opened_at, due_at, done_at; /* done_at 0: open */
	int item_seq;
	const char *done_by, *outcome;
	struct ouv_id act; /* prepared for a second person; zero: none */
	const char *verb;  /* its action; NULL: none */
};
/* Once for each letter and kind: opened_out says whether it was now. */
OUV_MUST_CHECK enum ouv_err store_task_add(
	struct store_tx *tx, const struct store_task *task, bool *opened_out);
OUV_MUST_CHECK enum ouv_err store_tasks(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_task **tasks_out, size_t *count_out);
/* OUV_NOT_FOUND: no such task of this case. */
OUV_MUST_CHECK enum ouv_err store_task_find(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *task, const char **kind_out);
/* A promise, made in the letter that outbox names: kind and item are set
 * here.  OUV_CONFLICT: no such letter of that case. */
OUV_MUST_CHECK enum ouv_err store_promise_add(struct store_tx *tx,
	const struct store_task *task, const struct ouv_id *outbox);
/* Somebody is to be called back: words and person say what and by whom. */
OUV_MUST_CHECK enum ouv_err store_callback_add(
	struct store_tx *tx, const struct store_task *task);
/* All of this kind that are open, about that side's messages (NULL: any). */
OUV_MUST_CHECK enum ouv_err store_tasks_settled(struct store_tx *tx,
	const struct ouv_id *case_id, const char *kind, const char *side,
	const struct ouv_id *person);
/* OUV_CONFLICT: it was done already. note may be zero. */
OUV_MUST_CHECK enum ouv_err store_task_done(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *task,
	const struct ouv_id *person, const char *outcome,
	const struct ouv_id *note);
/* Where a letter of ours lies, and to whom it goes. OUV_NOT_FOUND. */
struct store_letter {
	struct ouv_id case_id, item, party;
	struct ouv_id capsule; /* to whom; only of store_letter_of, as kind */
	char kind[40];
};
OUV_MUST_CHECK enum ouv_err store_letter_of(struct store_tx *tx,
	const struct ouv_id *outbox, struct store_letter *letter_out);

/* ---- texts
 * ---------------------------------------------------------------------------------
 */

struct store_text {
	const char *name;    /* "mail/ack" */
	int n, from_n;       /* from_n -1: no roll-back */
	const char *content; /* as it was signed */
	const char *reason;
	const char *overrule;         /* NULL: no warning was passed over */
	struct ouv_id author, second; /* second zero: nobody yet */
	int64_t at, second_at;
	uint8_t sig[64], second_sig[64];
	bool has_second_sig, published, refused;
	const char *second_why;
	const char *author_name, *second_name; /* NULL: the gateway's view */
};
/* Differs from what it was as soon as something was published. */
struct store_text_stamp {
	int64_t count, last_us;
};
OUV_MUST_CHECK enum ouv_err store_text_stamp(
	struct store_tx *tx, struct store_text_stamp *stamp_out);
/* The newest published version of every text; name: of that one, older than
 * before_n. */
OUV_MUST_CHECK enum ouv_err store_text_published(struct store_tx *tx,
	struct ouv_arena *arena, const char *name, int before_n,
	struct store_text **list_out, size_t *count_out);
/* Whoever signed a version, whether still here or not, and administrators. */
OUV_MUST_CHECK enum ouv_err store_text_signers(struct store_tx *tx,
	struct ouv_arena *arena, struct store_person **people_out,
	size_t *count_out);
/* Newest first. */
OUV_MUST_CHECK enum ouv_err store_text_versions(struct store_tx *tx,
	struct ouv_arena *arena, const char *name, struct store_text **list_out,
	size_t *count_out);
struct store_text_step {
	const char *name, *author_name;
	int n;
	int64_t at;
	bool waiting;
};
/* All, without their words; by name, newest first. */
OUV_MUST_CHECK enum ouv_err store_text_history(struct store_tx *tx,
	struct ouv_arena *arena, struct store_text_step **list_out,
	size_t *count_out);
/* The highest number so far; 0: none. */
OUV_MUST_CHECK enum ouv_err store_text_last(
	struct store_tx *tx, const char *name, int *n_out);
/* OUV_CONFLICT (told later): that number is taken. */
OUV_MUST_CHECK enum ouv_err store_text_add(
	struct store_tx *tx, const struct store_text *version);
/* second and its fields, and published. OUV_CONFLICT: it was decided already,
 * or a later version is live. */
OUV_MUST_CHECK enum ouv_err store_text_decide(
	struct store_tx *tx, const struct store_text *version);

/* ---- absences
 * ---------------------------------------------------------------------------------
 */

struct store_absence {
	struct ouv_id id, person, substitute, made_by; /* zero: the office,
							  nobody */
	const char *reason;                            /* "vacation", ... */
	int32_t first_day, last_day, back_day;
	int64_t starts_at, ends_at, made_at, called_off_at;
	const char *signed_as, *substitute_as; /* names in the note */
	const char *urgent_name, *urgent_email, *urgent_phone; /* "" : none */
	/* not of store_absences_live: */
	const char *login, *name; /* NULL: the office */
	int told;
};
/* Differs from what it was as soon as an absence is added or called off. */
struct store_absence_stamp {
	int64_t count, called_off;
};
OUV_MUST_CHECK enum ouv_err store_absence_stamp(
	struct store_tx *tx, struct store_absence_stamp *stamp_out);
/* Every closing of the office, and of persons what is not over at now. */
OUV_MUST_CHECK enum ouv_err store_absences_live(struct store_tx *tx,
	struct ouv_arena *arena, int64_t now, struct store_absence **list_out,
	size_t *count_out);
/* Those that touch these days, first come first. */
OUV_MUST_CHECK enum ouv_err store_absences(struct store_tx *tx,
	struct ouv_arena *arena, int32_t from_day, int32_t until_day,
	struct store_absence **list_out, size_t *count_out);
/* OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_absence(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *id,
	struct store_absence *absence_out);
/* Nobody else adds one until this transaction ends. */
OUV_MUST_CHECK enum ouv_err store_absence_lock(struct store_tx *tx);
OUV_MUST_CHECK enum ouv_err store_absence_add(
	struct store_tx *tx, const struct store_absence *absence);
/* OUV_CONFLICT (told later): it is over, or was called off. */
OUV_MUST_CHECK enum ouv_err store_absence_end(
	struct store_tx *tx, const struct ouv_id *id, const struct ouv_id *by);
/* The open cases of a colleague, by state: how many, and how many of them a
 * substitute holds no key to. */
struct store_absence_cases {
	enum ouv_state state;
	int64_t count;
};
OUV_MUST_CHECK enum ouv_err store_absence_cases(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *owner,
	struct store_absence_cases **list_out, size_t *count_out);
/* Whose these cases are: owners_out[i], zero for nobody's. */
OUV_MUST_CHECK enum ouv_err store_case_owners(struct store_tx *tx,
	const struct ouv_id *cases, size_t count, struct ouv_id *owners_out);
/* The absence of a case's owner now, and who looks after it (name; NULL:
 * nobody).  OUV_NOT_FOUND: the owner is there, or it has none. */
OUV_MUST_CHECK enum ouv_err store_case_stand_in(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_absence *absence_out, const char **name_out);
/* Who is told of which absence: granted is set for whom nobody has told since
 * not_since, and from now on they count as told.  No pair twice. */
struct store_note {
	struct ouv_id absence, sender;
	bool granted; /* filled */
};
OUV_MUST_CHECK enum ouv_err store_notes_claim(struct store_tx *tx,
	struct store_note *notes, size_t count, int64_t now, int64_t not_since);
/* Of a party's reply address. OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_party_code(
	struct store_tx *tx, const struct ouv_id *party, int *version_out);

/* ---- floods
 * --------------------------------------------------------------------------------
 */

/* The held case of a sender's flood in the window that begins at start_at. */
struct store_burst {
	struct ouv_id token;
	int64_t start_at;
	struct ouv_id case_id; /* filled; zero: none yet */
};
OUV_MUST_CHECK enum ouv_err store_bursts(
	struct store_tx *tx, struct store_burst *bursts, size_t count);
OUV_MUST_CHECK enum ouv_err store_burst_set(
	struct store_tx *tx, const struct store_burst *burst);

/* ---- the gateway: mail in
 * --------------------------------------------------------------------- */

/* Takes or renews; epoch_out fences. OUV_CONFLICT: another holds it. */
OUV_MUST_CHECK enum ouv_err store_lease(struct store *store,
	const char *mailbox, const struct ouv_id *holder, int secs,
	int64_t *epoch_out);

struct store_inbound {
	struct ouv_id id;
	const char *mailbox;
	bool has_uid;
	int64_t uidvalidity, uid;
	uint8_t raw_mac[32], canon_mac[32];
	/* the same under the k_id before; zero: there is none */
	uint8_t raw_before[32], canon_before[32];
	int mac_version; /* of raw_mac */
	int64_t size, padded;
	uint8_t dek_box_svc[112];
	bool oversize;
	int attempts; /* as claimed */
	int64_t lease_epoch;
	const char *error_code;
};
/* Queued with its lease already taken by worker; chunks follow with
 * store_inbound_chunk.  A mail known by its canonical MAC becomes a row
 * 'duplicate' without chunks. */
OUV_MUST_CHECK enum ouv_err store_inbound_add(struct store_tx *tx,
	const struct store_inbound *inbound, const struct ouv_id *worker);
OUV_MUST_CHECK enum ouv_err store_inbound_chunk(struct store_tx *tx,
	const struct ouv_id *inbound, int n, const void *data, size_t len);
/* State of rows by id, in the order given: "received", "duplicate", ... or
 * NULL when the row is not there. */
OUV_MUST_CHECK enum ouv_err store_inbound_states(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *ids, size_t count,
	const char **states_out);
/* Which of these UIDs have a row: known_out[i]. */
OUV_MUST_CHECK enum ouv_err store_inbound_known(struct store *store,
	struct ouv_arena *arena, const char *mailbox, int64_t uidvalidity,
	const uint32_t *uids, size_t count, bool *known_out);
/* Waiting rows whose lease is free, oldest first, leased to worker. */
OUV_MUST_CHECK enum ouv_err store_inbound_claim(struct store *store,
	struct ouv_arena *arena, const struct ouv_id *worker, int limit,
	struct store_inbound **rows_out, size_t *count_out);
/* Guarded by the lease epoch: OUV_CONFLICT. state: filed, quarantine. */
OUV_MUST_CHECK enum ouv_err store_inbound_filed(struct store_tx *tx,
	const struct ouv_id *id, int64_t epoch, const char *state,
	const struct ouv_id *case_id, const char *outcome,
	const char *error_code);
/* Gives the lease back after a failure; tried again after delay_secs. */
OUV_MUST_CHECK enum ouv_err store_inbound_failed(struct store *store,
	const struct ouv_id *id, int64_t epoch, const char *error_code,
	int delay_secs);
/* Seconds until the next waiting row is due; -1: none waits. */
OUV_MUST_CHECK enum ouv_err store_inbound_next(
	struct store *store, int *secs_out);
/* UIDs filed at least settle_hours ago and not yet moved. */
OUV_MUST_CHECK enum ouv_err store_inbound_settled(struct store *store,
	struct ouv_arena *arena, const char *mailbox, int64_t uidvalidity,
	int settle_hours, uint32_t **uids_out, size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_inbound_moved(struct store *store,
	const char *mailbox, int64_t uidvalidity, const uint32_t *uids,
	size_t count);

/* ---- mail out
 * -------------------------------------------------------------------------------------
 */

struct store_outbox {
	struct ouv_id id, case_id, item, capsule;
	const char *kind, *dedupe_key;
	bool null_path;
	bool paper; /* nobody sends it: no box of the gateway's */
	uint8_t dek_box_svc[112];
	int attempts; /* as claimed, this one included */
	int64_t lease_epoch;
	bool expired;
	/* the capsule */
	struct ouv_id party;
	int key_version;
	struct ouv_str capsule_ct;
	bool has_capsule_box;
	uint8_t capsule_box_svc[112];
};
OUV_MUST_CHECK enum ouv_err store_outbox_add(
	struct store_tx *tx, const struct store_outbox *out);
/* Wakes the dispatcher at commit. */
OUV_MUST_CHECK enum ouv_err store_outbox_notify(struct store_tx *tx);
/* Due rows, leased; a row whose last try has no end becomes 'unknown'; each
 * gets its new try, all in one transaction. */
OUV_MUST_CHECK enum ouv_err store_outbox_claim(struct store *store,
	struct ouv_arena *arena, const struct ouv_id *worker, int limit,
	struct store_outbox **rows_out, size_t *count_out);
struct store_outbox_end {
	const char *state; /* sent, failed, queued (again), unknown */
	const char *phase;
	int code;
	const char *text;
	int delay_secs; /* queued, unknown */
	bool answered;  /* false: the answer was lost, the try stays open */
};
/* Guarded by the epoch: OUV_CONFLICT. sent and failed destroy the key. */
OUV_MUST_CHECK enum ouv_err store_outbox_finish(struct store_tx *tx,
	const struct store_outbox *row, const struct store_outbox_end *end);
/* A delivery report named this message. hard: it came back for good. */
OUV_MUST_CHECK enum ouv_err store_outbox_bounced(
	struct store_tx *tx, const struct ouv_id *id, const char *text);
/* Seconds until the next row is due; -1: none waits. */
OUV_MUST_CHECK enum ouv_err store_outbox_next(
	struct store *store, int *secs_out);

/* ---- the log
 * ----------------------------------------------------------------------------------------
 */

struct store_audit {
	struct ouv_id chain, signer, actor, object;
	int64_t seq, at_us, signer_seq;
	const char *action;
	struct ouv_str details; /* sealed, may be empty */
	uint8_t prev[32], hash[32], mac[16];
};
OUV_MUST_CHECK enum ouv_err store_audit_signer_add(struct store_tx *tx,
	const struct ouv_id *id, const char *kind, const uint8_t mac_box[112],
	const uint8_t sig[64], const struct store_person *person);
/* seq 0 and zeros when the chain is empty. */
OUV_MUST_CHECK enum ouv_err store_audit_head(struct store_tx *tx,
	const struct ouv_id *chain, int64_t *seq_out, uint8_t hash_out[32]);
OUV_MUST_CHECK enum ouv_err store_audit_add(
	struct store_tx *tx, const struct store_audit *event);
/* Every event, by chain and seq, in pages: calls each(); its error stops. The
 * event's texts are borrowed for the call. */
typedef enum ouv_err store_audit_fn(
	const struct store_audit *event, void *user);
OUV_MUST_CHECK enum ouv_err store_audit_walk(struct store *store,
	struct ouv_arena *arena, store_audit_fn *each, void *user);

/* ---- colleagues
 * -------------------------------------------------------------------- */

struct store_profile {
	const char *title, *phone; /* "" : none */
	bool blue;
};
/* Without a row: nothing, in black. */
OUV_MUST_CHECK enum ouv_err store_profile(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	struct store_profile *profile_out);
OUV_MUST_CHECK enum ouv_err store_profile_set(struct store_tx *tx,
	const struct ouv_id *person, const struct store_profile *profile);
/* Did that person say that they cannot be impartial in this case? */
OUV_MUST_CHECK enum ouv_err store_conflict_is(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person,
	bool *is_out);
OUV_MUST_CHECK enum ouv_err store_conflict_add(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person);
/* The case's row is locked. */
OUV_MUST_CHECK enum ouv_err store_case_owner(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *owner);
/* Whose it is now; zero and NULL: nobody's. */
OUV_MUST_CHECK enum ouv_err store_case_owned(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct ouv_id *owner_out, const char **name_out);
/* An active colleague, as seen from a case. */
struct store_candidate {
	struct ouv_id person;
	const char *login, *name;
	enum ouv_role role;
	bool key, conflict, away;
	int32_t back_day; /* away: the day they are back */
};
/* By name. */
OUV_MUST_CHECK enum ouv_err store_candidates(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_candidate **list_out, size_t *count_out);

#endif
