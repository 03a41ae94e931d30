/*
 * store_keys.h - rows about keys: who holds which, what was released, words of
 * a case, the log's checkpoints, retention, the office's own keys
 *
 * Beside store.h and with its conventions.  Each section is one file of
 * lib/store and one sql_*.h.
 */
#ifndef OUV_STORE_KEYS_H
#define OUV_STORE_KEYS_H

#include "ouv/store.h"

/* ---- a new key for a case (rekey.c, sql_rekey.h)
 * ------------------------------ */

/* A person's row and that of whoever certified them (in either order). */
OUV_MUST_CHECK enum ouv_err store_person_signer(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	struct store_person **people_out, size_t *count_out);
/* The present grants of those who may go on holding the key: no colleague who
 * left or is in conflict.  The escrow's is among them (person zero). */
OUV_MUST_CHECK enum ouv_err store_rekey_grants(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_grant **list_out, size_t *count_out);
struct store_item_key {
	struct ouv_id id;
	uint8_t box[112];
};
OUV_MUST_CHECK enum ouv_err store_rekey_items(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id, int version,
	struct store_item_key **list_out, size_t *count_out);
/* Everything a new key changes; grants, items and capsules that are not named
 * keep nothing of the new one. */
struct store_rekey {
	struct ouv_id case_id, person; /* who makes it, and holds the old one */
	int from;                      /* version; the new one is the next */
	uint8_t cpk[32], sig[64];
	uint8_t old_box[112]; /* the old secret, sealed to the new key */
	struct ouv_str summary;
	const struct store_grant *grants;
	const struct store_item_key *items;
	const struct store_capsule *capsules; /* id, ct and both boxes */
	size_t grant_count, item_count, capsule_count;
};
/* OUV_CONFLICT: that is not the case's key now, or the person holds none. */
OUV_MUST_CHECK enum ouv_err store_rekey(
	struct store_tx *tx, const struct store_rekey *rekey);
/* Did somebody lose the key since it was made? */
OUV_MUST_CHECK enum ouv_err store_rekey_due(
	struct store_tx *tx, const struct ouv_id *case_id, bool *due_out);
/* Cases of which that is so and of which the person holds the key. */
OUV_MUST_CHECK enum ouv_err store_rekey_waiting(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person, int most,
	struct ouv_id **cases_out, size_t *count_out);
/* The secret of the version before this one. OUV_NOT_FOUND: none. */
OUV_MUST_CHECK enum ouv_err store_case_old_key(struct store_tx *tx,
	const struct ouv_id *case_id, int version, uint8_t box_out[112]);
/* When it began: what stays of a session while its cookie changes.
 * OUV_NOT_FOUND: it has ended. */
OUV_MUST_CHECK enum ouv_err store_session_begun(
	struct store_tx *tx, const uint8_t id[32], int64_t *begun_us_out);
/* OUV_REFUSED: that person's session that began then has ended. */
OUV_MUST_CHECK enum ouv_err store_session_lives(
	struct store_tx *tx, const struct ouv_id *person, int64_t begun_us);
/* OUV_REFUSED: the session that began then has ended, or that person holds the
 * key of the case no more. */
OUV_MUST_CHECK enum ouv_err store_still_holds(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person,
	int64_t begun_us);
/* At most so many pieces of an item, from that one on. */
OUV_MUST_CHECK enum ouv_err store_chunks_some(struct store_tx *tx,
	const struct ouv_id *item, int from, int most, store_chunk_fn *each,
	void *user, int *count_out);

/* ---- who holds a key (grant.c, sql_grant.h)
 * ----------------------------------- */

/* A case that somebody is to get the key of; its row is locked by now. */
struct store_grant_due {
	struct ouv_id case_id, person;
	int key_version;
	uint8_t box[112]; /* of whoever gives it */
	const char *why;
};
/* Active colleagues of these roles ("reader,ombudsman") who can get the key of
 * a case, have none, and from whom it was not taken back; nobody when that
 * holder has none. */
OUV_MUST_CHECK enum ouv_err store_grant_lacking(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *holder, const char *roles,
	struct ouv_id **list_out, size_t *count_out);
/* They are to get it; both programs. */
OUV_MUST_CHECK enum ouv_err store_grant_ask(struct store_tx *tx,
	const struct ouv_id *case_id, const char *roles, const char *why);
/* The keys of intake colleagues who had them as members of the desk alone end;
 * who they were.  None before the case has left triage. */
OUV_MUST_CHECK enum ouv_err store_grants_desk_end(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct ouv_id **list_out, size_t *count_out);
/* case_id zero: of any case.  Only what that holder can give; a case on which
 * another works at this moment is left out. */
OUV_MUST_CHECK enum ouv_err store_grants_due(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *holder, int most,
	struct store_grant_due **list_out, size_t *count_out);

/* Cases that one can open and another cannot.  which: open, mine, of (those
 * that `of` looks after), desk, closed. */
struct store_keys_wish {
	struct ouv_id holder, to, of;
	const char *which;
};
OUV_MUST_CHECK enum ouv_err store_keys_lacking(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_keys_wish *wish, int most,
	struct store_grant_due **list_out, size_t *count_out);
/* How many they are, and how many more of which that colleague must not get
 * the key. */
OUV_MUST_CHECK enum ouv_err store_keys_left(struct store_tx *tx,
	const struct store_keys_wish *wish, int64_t *left_out,
	int64_t *conflicts_out);
/* The open cases of somebody who goes away. */
OUV_MUST_CHECK enum ouv_err store_grants_due_of(struct store_tx *tx,
	const struct ouv_id *owner, const struct ouv_id *substitute);

/* outcome: revoked, no-key, last-holders, refused. */
OUV_MUST_CHECK enum ouv_err store_grant_revoke(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *person, const struct ouv_id *by,
	const char **outcome_out);

/* The key of that case that somebody held, and holds no more. */
struct store_key_gone {
	struct ouv_id case_id, person;
};
/* Ties that have begun are felt by those who hold keys (the gateway). */
OUV_MUST_CHECK enum ouv_err store_ties_felt(struct store_tx *tx,
	struct ouv_arena *arena, struct store_key_gone **list_out,
	size_t *count_out);

struct store_reader {
	const char *login, *name;
	enum ouv_role role;
	int64_t since_at;
	const char *given_by; /* NULL: it came with the case */
	const char *why;
	bool due; /* is only to get it */
};
/* None for who cannot open the case. */
OUV_MUST_CHECK enum ouv_err store_readers(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *holder, struct store_reader **list_out,
	size_t *count_out);
struct store_staff {
	struct ouv_id id;
	const char *login, *name;
	enum ouv_role role;
	bool active, desk, away;
	int64_t held, owned; /* open cases: can open, looks after */
	int64_t sessions, seen_at;
};
/* login NULL: everybody, who left last. */
OUV_MUST_CHECK enum ouv_err store_staff(struct store_tx *tx,
	struct ouv_arena *arena, const char *login, int idle_minutes,
	int session_hours, struct store_staff **list_out, size_t *count_out);

struct store_leave_stop {
	struct ouv_id case_id;
	const char *protocol; /* NULL: a held case */
};
/* Cases of which too few could open them, were that person's keys gone; at most
 * 100. */
OUV_MUST_CHECK enum ouv_err store_leave_stops(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	struct store_leave_stop **list_out, size_t *count_out);
/* The cases they could open.  OUV_CONFLICT: something stands against it, or
 * they have left already; nothing was done, and the transaction goes on. */
OUV_MUST_CHECK enum ouv_err store_leave(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	struct ouv_id **cases_out, size_t *count_out);
/* How many others of that person's role can log in. */
OUV_MUST_CHECK enum ouv_err store_role_others(
	struct store_tx *tx, const struct ouv_id *person, int *count_out);

/* ---- addresses of cases that are over (address.c, sql_address.h)
 * ---------------- */

/* The gateway can read none of these cases' addresses any more; at most so
 * many, and their rows are locked. */
OUV_MUST_CHECK enum ouv_err store_addresses_end(struct store_tx *tx,
	struct ouv_arena *arena, int most, struct ouv_id **cases_out,
	size_t *count_out);
/* Capsules that it cannot read, with the box of the case, while a letter waits
 * to leave or a task asks for an address. */
OUV_MUST_CHECK enum ouv_err store_addresses_lacking(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id, int version,
	struct store_item_key **list_out, size_t *count_out);
/* A later call gives OUV_CONFLICT when the person has no key of it. */
OUV_MUST_CHECK enum ouv_err store_address_back(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person,
	const struct ouv_id *capsule, int version, const uint8_t box[112]);

/* ---- passwords, codes, sessions (account.c, sql_account.h)
 * ---------------------- */

/* The same session under another cookie, and a code was given for it now.
 * OUV_CONFLICT: it has ended. */
OUV_MUST_CHECK enum ouv_err store_session_step(struct store_tx *tx,
	const uint8_t id[32], const uint8_t new_id[32],
	const uint8_t wrapped[104]);
/* What the browser calls itself, sealed. */
OUV_MUST_CHECK enum ouv_err store_session_agent(
	struct store_tx *tx, const uint8_t id[32], struct ouv_str agent);
struct store_session_row {
	uint8_t id[32];
	int64_t created_at, seen_at;
	struct ouv_str agent; /* empty: none */
};
/* Those that are still good, last used first. */
OUV_MUST_CHECK enum ouv_err store_sessions(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person, int idle_minutes,
	int hours, struct store_session_row **list_out, size_t *count_out);
/* The one whose name begins so. OUV_CONFLICT: they have none such. */
OUV_MUST_CHECK enum ouv_err store_session_end_one(struct store_tx *tx,
	const struct ouv_id *person, const uint8_t half[16]);
/* All of them but this one (zeros: all). */
OUV_MUST_CHECK enum ouv_err store_session_end_others(
	struct store_tx *tx, const struct ouv_id *person, const uint8_t id[32]);
/* An authenticator and a recovery code that wait to be confirmed: empty,
 * none.  OUV_NOT_FOUND: the session has ended. */
OUV_MUST_CHECK enum ouv_err store_session_new(struct store_tx *tx,
	struct ouv_arena *arena, const uint8_t id[32], struct ouv_str *totp_out,
	struct ouv_str *recovery_out);
/* p NULL: nothing waits any more. */
OUV_MUST_CHECK enum ouv_err store_session_totp_new(
	struct store_tx *tx, const uint8_t id[32], struct ouv_str box);
OUV_MUST_CHECK enum ouv_err store_session_recovery_new(
	struct store_tx *tx, const uint8_t id[32], struct ouv_str wrap);

/* In place of what was there.  OUV_CONFLICT: key->pk is not theirs (any more),
 * or they have left. */
OUV_MUST_CHECK enum ouv_err store_person_key_set(
	struct store_tx *tx, const struct store_person_key *key);
OUV_MUST_CHECK enum ouv_err store_person_totp_set(struct store_tx *tx,
	const struct ouv_id *person, struct ouv_str box, int64_t step);
/* Bits of person.must: these are done, those are asked for. */
OUV_MUST_CHECK enum ouv_err store_person_must(
	struct store_tx *tx, const struct ouv_id *person, int done, int asked);

/* Did they log in with this browser before, and say that it is theirs? */
OUV_MUST_CHECK enum ouv_err store_device_is(struct store_tx *tx,
	const struct ouv_id *person, const uint8_t id[32], bool *is_out,
	bool *known_out);
/* They do now; new_out: for the first time. */
OUV_MUST_CHECK enum ouv_err store_device_used(struct store_tx *tx,
	const struct ouv_id *person, const uint8_t id[32], bool *new_out);
/* When somebody last logged in as them from another browser than this one,
 * which they have not said is theirs; 0: nobody. */
OUV_MUST_CHECK enum ouv_err store_device_news(struct store_tx *tx,
	const struct ouv_id *person, const uint8_t id[32], int64_t *at_out);
/* All of them are theirs. */
OUV_MUST_CHECK enum ouv_err store_device_known(
	struct store_tx *tx, const struct ouv_id *person);

/* person: id, pk, sig_pk, the certificate, totp_box; all_the_same: even if it
 * leaves too few who can open a case (store_leave_stops).  OUV_CONFLICT: it
 * does, and nothing was written; or, of ask, whoever certified it is no
 * administrator, or the person is one. */
OUV_MUST_CHECK enum ouv_err store_invite_ask(struct store_tx *tx,
	const struct store_person *person, const struct store_person_key *key,
	bool all_the_same);
/* The same by the operator, for anybody. */
OUV_MUST_CHECK enum ouv_err store_invite_put(struct store_tx *tx,
	const struct store_person *person, const struct store_person_key *key,
	bool all_the_same);
/* OUV_NOT_FOUND: none, or its time is over. */
OUV_MUST_CHECK enum ouv_err store_invite(struct store_tx *tx,
	const struct ouv_id *person, struct store_person_key *key_out);
/* Of these keys; the cases that were open to the ones before.  OUV_CONFLICT: as
 * above. */
OUV_MUST_CHECK enum ouv_err store_invite_take(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	const uint8_t pk[32], struct ouv_id **cases_out, size_t *count_out);

/* ---- what was released to a party (disclosure.c, sql_disclosure.h)
 * ---------------- */

struct store_disclosure {
	struct ouv_id id, case_id, party, code_item; /* code_item may be zero */
	int n;
	const char *side, *mode; /* link, code */
	const char *by_name, *revoked_by_name, *protocol;
	int opened, max_opens;
	int64_t created_at, expires_at, first_opened_at, last_opened_at,
		revoked_at; /* 0: not */
	bool erased;        /* its case is */
};
struct store_disclosure_piece {
	struct ouv_id disclosure, item;
	int n, item_seq, part; /* part -1: the words of the message */
	bool has_box;          /* false: it is over */
	uint8_t box[76];       /* OUV_PIECE */
};
/* d->n is taken; the case's row must be locked. */
OUV_MUST_CHECK enum ouv_err store_disclosure_add(struct store_tx *tx,
	const struct store_disclosure *d, const uint8_t link_id[32],
	const struct ouv_id *by);
OUV_MUST_CHECK enum ouv_err store_disclosure_piece_add(
	struct store_tx *tx, const struct store_disclosure_piece *p);
/* All of a case, in their order. */
OUV_MUST_CHECK enum ouv_err store_disclosures(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_disclosure **list_out, size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_disclosure_pieces(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_disclosure_piece **list_out, size_t *count_out);
/* OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_disclosure_by_link(struct store_tx *tx,
	struct ouv_arena *arena, const uint8_t link_id[32],
	struct store_disclosure *d_out);
OUV_MUST_CHECK enum ouv_err store_disclosure(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *id,
	struct store_disclosure *d_out);
/* One opening more.  OUV_CONFLICT: used up, over, taken back. */
OUV_MUST_CHECK enum ouv_err store_disclosure_open(
	struct store_tx *tx, const struct ouv_id *id, int64_t now);
/* Its keys go with it.  OUV_CONFLICT: it was taken back already. */
OUV_MUST_CHECK enum ouv_err store_disclosure_revoke(struct store_tx *tx,
	const struct ouv_id *case_id, int n, const struct ouv_id *by,
	int64_t now);
/* Half an hour of reading; id: hash of its cookie, box: the link's key. */
struct store_visit {
	uint8_t id[32];
	struct ouv_id disclosure;
	uint8_t box[76]; /* OUV_PIECE */
	int64_t expires_at;
};
/* Sweeps what is over as well. */
/* Visits that are over go, and the keys of what is over with them. */
OUV_MUST_CHECK enum ouv_err store_disclosures_end(
	struct store_tx *tx, int64_t now);
OUV_MUST_CHECK enum ouv_err store_visit_add(
	struct store_tx *tx, const struct store_visit *visit, int64_t now);
/* OUV_NOT_FOUND: none, or over. */
OUV_MUST_CHECK enum ouv_err store_visit(struct store_tx *tx,
	const uint8_t id[32], int64_t now, struct store_visit *visit_out);

/* ---- words of a case (words.c, sql_words.h)
 * ------------------------------------ */

/* A case this person holds a key to, as a search goes through them. */
struct store_search_row {
	struct ouv_id id;
	int version, items, indexed;
	bool halfway; /* of the message after `indexed` something is taken in */
	bool pages;   /* some that were read from pictures are not taken in */
	int64_t last_us;
	uint8_t box[112];
	bool has_key; /* word_key, made at an earlier search */
	uint8_t key[76];
};
/* All that are registered and not erased, newest activity first. */
OUV_MUST_CHECK enum ouv_err store_search_cases(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	struct store_search_row **rows_out, size_t *count_out);
/* The lines of these, in the order above; last_at counts microseconds. */
OUV_MUST_CHECK enum ouv_err store_search_lines(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	const struct ouv_id *ids, size_t id_count,
	struct store_case_line **lines_out, size_t *count_out);
/* One word of one case, asked for. */
struct store_word {
	struct ouv_id case_id;
	uint8_t token[8];
};
/* The cases that have at least `each` of the pairs asked for, which are all
 * different: one for each word. */
OUV_MUST_CHECK enum ouv_err store_words_find(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_word *words, size_t count,
	int each, struct ouv_id **ids_out, size_t *count_out);
/* Cases of that address, of those this person holds a key to. */
OUV_MUST_CHECK enum ouv_err store_ident_find(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	const struct store_token *token, struct ouv_id **ids_out,
	size_t *count_out);
/* The tokens a case has. */
OUV_MUST_CHECK enum ouv_err store_words(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	uint8_t (**tokens_out)[8], size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_words_add(struct store_tx *tx,
	const struct ouv_id *case_id, uint8_t (*tokens)[8], size_t count);
/* The highest number of an item whose words were taken in, and of which item
 * after it how many parts, under this key (0: none). OUV_NOT_FOUND. */
struct store_indexed {
	int upto, seq, part;
	bool pages; /* some that were read from pictures are not taken in */
};
OUV_MUST_CHECK enum ouv_err store_case_indexed_get(struct store_tx *tx,
	const struct ouv_id *case_id, int version,
	struct store_indexed *indexed_out);
/* Never less than somebody else took in. */
OUV_MUST_CHECK enum ouv_err store_case_part(struct store_tx *tx,
	const struct ouv_id *case_id, int version, int seq, int part);
/* What a person's next search opens instead of the grant; of a grant that is
 * gone none is kept. */
struct store_word_key {
	struct ouv_id case_id;
	int64_t version;
	uint8_t box[76];
};
OUV_MUST_CHECK enum ouv_err store_word_keys_add(struct store_tx *tx,
	const struct ouv_id *person, const struct store_word_key *keys,
	size_t count);
/* Guarded by the number and the key we read: OUV_CONFLICT. */
OUV_MUST_CHECK enum ouv_err store_case_indexed(struct store_tx *tx,
	const struct ouv_id *case_id, int was, int now, int version);

/* ---- the log's checkpoints (checkpoint.c, sql_checkpoint.h)
 * --------------------- */

struct store_checkpoint {
	struct ouv_id signer;
	int64_t n, at_us, signer_seq, events;
	uint8_t root[32], prev[32], sig[64];
	struct ouv_str heads; /* OUV_HEAD bytes each */
	const char *kind;     /* of the signer; read only */
	bool mailed;
};
/* The same one twice is one. */
OUV_MUST_CHECK enum ouv_err store_checkpoint_add(
	struct store_tx *tx, const struct store_checkpoint *checkpoint);
/* Is this entry in the log? */
OUV_MUST_CHECK enum ouv_err store_audit_is(struct store_tx *tx,
	const struct ouv_id *chain, int64_t seq, const uint8_t hash[32],
	bool *is_out);
/* The server's process behind a transaction; 0: the line is cut. */
int store_tx_backend(const struct store_tx *tx);
/* Does a transaction of another line, by that process, still run?  Then nobody
 * knows yet what it will have written. */
OUV_MUST_CHECK enum ouv_err store_backend_busy(
	struct store_tx *tx, int backend, bool *busy_out);
/* A chain that is no case's: whoever adds to it is alone with it until their
 * transaction ends.  Queued; before store_audit_head. */
OUV_MUST_CHECK enum ouv_err store_chain_lock(
	struct store_tx *tx, const struct ouv_id *chain);
/* Of each signer the newest that was not mailed; without heads. */
OUV_MUST_CHECK enum ouv_err store_checkpoints_unmailed(struct store_tx *tx,
	struct ouv_arena *arena, int most, struct store_checkpoint **list_out,
	size_t *count_out);
/* That one was, and with it those before it. */
OUV_MUST_CHECK enum ouv_err store_checkpoint_mailed(
	struct store_tx *tx, const struct ouv_id *signer, int64_t n);

/* For the verifier, which needs no more than SELECT: in pages, what is given to
 * each() is borrowed for the call and its error stops.  Those of a signer after
 * that number. */
typedef enum ouv_err store_checkpoint_fn(
	const struct store_checkpoint *checkpoint, void *user);
OUV_MUST_CHECK enum ouv_err store_checkpoint_walk(struct store *store,
	const struct ouv_id *signer, int64_t after, store_checkpoint_fn *each,
	void *user);
/* The first of these heads that is not in the log; other_out: there is another
 * entry in its place.  OUV_NOT_FOUND: all are there. */
OUV_MUST_CHECK enum ouv_err store_heads_missing(struct store *store,
	struct ouv_str heads, struct ouv_id *chain_out, int64_t *seq_out,
	bool *other_out);
struct store_signer {
	struct ouv_id id, person; /* person zero: signed by a program's key */
	const char *kind;
	uint8_t mac_box[112], sig[64];
	uint8_t public[32], root_sig[64]; /* of the person */
	int64_t started_us;
};
typedef enum ouv_err store_signer_fn(
	const struct store_signer *signer, void *user);
OUV_MUST_CHECK enum ouv_err store_signer_walk(
	struct store *store, store_signer_fn *each, void *user);
/* OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_signer_one(struct store *store,
	struct ouv_arena *arena, const struct ouv_id *id,
	struct store_signer *signer_out);
/* Its entries with a number above after, up to until: signer, signer_seq,
 * chain, seq, hash, mac. */
OUV_MUST_CHECK enum ouv_err store_signer_events(struct store *store,
	const struct ouv_id *signer, int64_t after, int64_t until,
	store_audit_fn *each, void *user);
/* An entry, or a checkpoint (its signer and n), of a signer nobody knows.
 * OUV_NOT_FOUND: there is none. */
OUV_MUST_CHECK enum ouv_err store_audit_orphan(
	struct store *store, struct ouv_id *chain_out, int64_t *seq_out);
/* A case whose key is of another version than the entries about new keys say,
 * and the last of these entries (0: none).  OUV_NOT_FOUND: there is none. */
OUV_MUST_CHECK enum ouv_err store_audit_rekeys(
	struct store *store, struct ouv_id *chain_out, int64_t *seq_out);
/* Of the gateway and the server, every version. */
OUV_MUST_CHECK enum ouv_err store_signing_keys(struct store *store,
	struct ouv_arena *arena, struct store_office_key **list_out,
	size_t *count_out);
struct store_audit_status {
	int64_t events, signers, checkpoints, unmailed, unsealed;
	int64_t newest_us, mailed_us; /* 0: never */
};
OUV_MUST_CHECK enum ouv_err store_audit_status(
	struct store *store, struct store_audit_status *status_out);

/* ---- the log as people read it (history.c, sql_history.h)
 * ----------------------- */

struct store_history {
	struct store_audit event;
	const char *actor, *object; /* names of colleagues, or "" */
	const char *program;        /* kind of the signer */
	int item;                   /* number of a message of the case; or 0 */
	const char *lane;           /* of that message, or "" */
};
/* The newest before that number, newest first; 0: from the end. */
OUV_MUST_CHECK enum ouv_err store_history_case(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *chain, int64_t before,
	int most, struct store_history **list_out, size_t *count_out);
/* What stands in no case: of that person (zero: anybody), not before from_us,
 * and before the entry (before_us, chain, seq); newest first. */
struct store_history_ask {
	struct ouv_id person, chain;
	int64_t from_us, before_us, seq;
};
OUV_MUST_CHECK enum ouv_err store_history_own(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_history_ask *ask, int most,
	struct store_history **list_out, size_t *count_out);
/* One chain whole, oldest first; as store_audit_walk. */
OUV_MUST_CHECK enum ouv_err store_history_chain(struct store_tx *tx,
	const struct ouv_id *chain, store_audit_fn *each, void *user);
/* Whoever may read it or not.  OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_history_case_id(struct store_tx *tx,
	const char *protocol, const struct ouv_id *id, struct ouv_id *id_out);
/* Did they do that in this chain since then? */
OUV_MUST_CHECK enum ouv_err store_history_since(struct store_tx *tx,
	const struct ouv_id *chain, const struct ouv_id *actor,
	const char *action, int64_t since_us, bool *did_out);
/* Does the office's own log have this since then?  number_out: of the case it
 * is about; NULL: none. */
OUV_MUST_CHECK enum ouv_err store_distrust_said(struct store_tx *tx,
	struct ouv_arena *arena, const char *action,
	const struct ouv_id *object, const char *name, int64_t since_us,
	bool *said_out, const char **number_out);
struct store_history_person {
	struct ouv_id id;
	const char *login, *name;
};
/* Those who have left as well, by name. */
OUV_MUST_CHECK enum ouv_err store_history_people(struct store_tx *tx,
	struct ouv_arena *arena, struct store_history_person **list_out,
	size_t *count_out);

/* ---- retention and requests (retention.c, sql_retention.h)
 * ---------------------- */

/* A file that is kept, or was, and what stands against its erasure. */
struct store_kept {
	struct ouv_id case_id;
	const char *protocol;
	int64_t closed_at, due_at, erased_at; /* 0: none */
	const char *closed_by;                /* the action; NULL: unknown */
	const char *profile, *unit, *law; /* of its clock; NULL: none runs */
	int amount;
	bool hold;
	int32_t review_day; /* of the hold; 0: none */
	bool retained, notified, quiet;
	int64_t waiting_at; /* for a second person; 0: it does not */
	const char *author; /* who asked for that */
	bool readable;      /* the reader holds its key */
	int64_t cursor;     /* with case_id: where the next page begins */
};
enum store_kept_list {
	STORE_KEPT_DUE,
	STORE_KEPT_HOLD,
	STORE_KEPT_WAITING,
	STORE_KEPT_ERASED, /* the latest first */
	STORE_KEPT__COUNT
};
struct store_kept_ask {
	struct ouv_id reader;
	int64_t after; /* of the line before, with its id; zero: from the top */
	struct ouv_id after_id;
	int most;
	int64_t now, until; /* what falls due before that */
};
OUV_MUST_CHECK enum ouv_err store_kept(struct store_tx *tx,
	struct ouv_arena *arena, enum store_kept_list which,
	const struct store_kept_ask *ask, struct store_kept **list_out,
	size_t *count_out);
struct store_kept_count {
	int64_t due, now; /* before that day; of them, before now */
	int64_t hold, waiting, erased;
};
OUV_MUST_CHECK enum ouv_err store_kept_count(struct store_tx *tx, int64_t now,
	int64_t until, struct store_kept_count *out);
/* What is left of an erased case. OUV_NOT_FOUND: none of that number was. */
struct store_tombstone {
	struct ouv_id case_id;
	const char *protocol;
	int64_t opened_at, closed_at, erased_at;
	const char *closed_by, *kind, *merit, *resolution; /* NULL: none */
};
OUV_MUST_CHECK enum ouv_err store_tombstone(struct store_tx *tx,
	struct ouv_arena *arena, const char *protocol,
	struct store_tombstone *out);
/* Those of these numbers whose cases were erased. */
OUV_MUST_CHECK enum ouv_err store_erased_numbers(struct store_tx *tx,
	struct ouv_arena *arena, const char *const *numbers, size_t count,
	const char ***erased_out, size_t *erased_count_out);
/* The day on which a legal hold is looked at again; 0: none. */
OUV_MUST_CHECK enum ouv_err store_hold_review_set(
	struct store_tx *tx, const struct ouv_id *case_id, int32_t day);
/* A task for every hold whose day has come and that has none. */
OUV_MUST_CHECK enum ouv_err store_holds_due(struct store_tx *tx, int32_t today,
	int64_t now, int64_t due_at, int64_t *count_out);
/* Are there addresses of that side, and none the gateway can still read? */
OUV_MUST_CHECK enum ouv_err store_side_shut(struct store_tx *tx,
	const struct ouv_id *case_id, const char *side, bool *shut_out);
OUV_MUST_CHECK enum ouv_err store_task_is_open(struct store_tx *tx,
	const struct ouv_id *case_id, const char *kind, bool *open_out);
/* Somebody was told of the erasure: before that moment nothing is erased.  By
 * that task, if it was about this; zero: by a letter. */
OUV_MUST_CHECK enum ouv_err store_kept_told(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *task, int64_t until);
/* The end of that clock rings then. */
OUV_MUST_CHECK enum ouv_err store_lapse_at(struct store_tx *tx,
	const struct ouv_id *case_id, enum ouv_clock kind, int64_t at);

/* ---- mail that is no case (loose.c, sql_loose.h)
 * -------------------------------- */

/* What was set aside before `aside`; months that ended before `automatic`. */
struct store_loose_ask {
	struct ouv_id reader;
	int64_t aside, automatic;
	int most;
};
struct store_loose {
	struct ouv_id id;
	int64_t since;     /* set aside; the month's end */
	const char *aside; /* the reason; NULL: a month's file */
	int month;         /* 202611; 0: it was set aside */
	int items;
	bool readable; /* the reader holds its key */
};
/* The oldest first. */
OUV_MUST_CHECK enum ouv_err store_loose(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_loose_ask *ask,
	struct store_loose **list_out, size_t *count_out);
/* How many there are in all; most and reader are not looked at. */
OUV_MUST_CHECK enum ouv_err store_loose_count(struct store_tx *tx,
	const struct store_loose_ask *ask, int64_t *count_out);
/* OUV_CONFLICT: it is none of these any more, or not that old. */
OUV_MUST_CHECK enum ouv_err store_loose_erase(
	struct store_tx *tx, const struct ouv_id *id, int64_t before);

/* ---- keys of the office (office_key.c, sql_office_key.h)
 * ------------------------ */

/* Is there anything in this database yet?  For store_open_bare. */
OUV_MUST_CHECK enum ouv_err store_is_empty(struct store *store, bool *is_out);
/* A secret of a host, sealed to ESCROW. */
struct store_host_secret {
	const char *name; /* svc, k_id, ... */
	int version;
	uint8_t box[112];
};
/* By name, then version. */
OUV_MUST_CHECK enum ouv_err store_host_secrets(struct store_tx *tx,
	struct ouv_arena *arena, struct store_host_secret **list_out,
	size_t *count_out);
/* The key of a case as it lies sealed to ESCROW. */
struct store_escrow_case {
	struct store_grant grant; /* of its present key */
	const char *protocol;     /* NULL: a held case */
	bool conflict;            /* that person may not have it */
};
/* Cases that are not erased: the one of this number or id (32 digits), or
 * (NULL) all. */
OUV_MUST_CHECK enum ouv_err store_escrow_cases(struct store_tx *tx,
	struct ouv_arena *arena, const char *number,
	const struct ouv_id *person, struct store_escrow_case **list_out,
	size_t *count_out);
struct store_escrow_given {
	struct ouv_id case_id, person, first, second;
	int version;
	uint8_t grant_hash[32], first_sig[64], second_sig[64];
};
OUV_MUST_CHECK enum ouv_err store_escrow_given_add(
	struct store_tx *tx, const struct store_escrow_given *given);
/* Which version of a secret a program holds; of svc the server's is the one it
 * seals to.  It never goes back. */
OUV_MUST_CHECK enum ouv_err store_gateway_holds(
	struct store_tx *tx, const char *name, int version);
OUV_MUST_CHECK enum ouv_err store_server_holds(
	struct store_tx *tx, const char *name, int version);
struct store_key_taken {
	const char *program, *name;
	int version;
};
OUV_MUST_CHECK enum ouv_err store_key_taken(struct store_tx *tx,
	struct ouv_arena *arena, struct store_key_taken **list_out,
	size_t *count_out);
/* The last change of a secret.  done: nothing has to be moved, or all was. */
struct store_rotation {
	const char *name;
	int version, stage;
	int64_t began_at, moved;
	bool done;
};
OUV_MUST_CHECK enum ouv_err store_rotation_add(
	struct store_tx *tx, const char *name, int version, bool done);
OUV_MUST_CHECK enum ouv_err store_rotations(struct store_tx *tx,
	struct ouv_arena *arena, struct store_rotation **list_out,
	size_t *count_out);
/* What is to be moved from the former svc or k_id, locked for this transaction.
 * OUV_NOT_FOUND: nothing, or not yet, or somebody else is at it. */
OUV_MUST_CHECK enum ouv_err store_rotation_next(struct store_tx *tx,
	const char *name, int *version_out, int *stage_out,
	struct ouv_id *at_out);
OUV_MUST_CHECK enum ouv_err store_rotation_moved(struct store_tx *tx,
	const char *name, int stage, const struct ouv_id *at, int64_t moved,
	bool done);
struct store_svc_box {
	struct ouv_id id, case_id, row; /* the last two: of its context */
	uint8_t box[112];
};
OUV_MUST_CHECK enum ouv_err store_svc_boxes(struct store_tx *tx,
	struct ouv_arena *arena, int stage, const struct ouv_id *after,
	struct store_svc_box **list_out, size_t *count_out);
OUV_MUST_CHECK enum ouv_err store_svc_reseal(struct store_tx *tx, int stage,
	const struct store_svc_box *old, const uint8_t box[112]);
/* The versions below this one: their backup goes, their public half (kind, or
 * NULL) is marked. */
OUV_MUST_CHECK enum ouv_err store_key_retire(
	struct store_tx *tx, const char *name, const char *kind, int version);
/* Who has a password, a recovery code or an invitation under a former pepper;
 * login NULL: a party's link that has not run out. */
struct store_key_left {
	const char *login;
};
OUV_MUST_CHECK enum ouv_err store_key_left(struct store_tx *tx,
	struct ouv_arena *arena, int version, struct store_key_left **list_out,
	size_t *count_out);
/* Cases that are not erased with letters of before k_tok was changed; of them,
 * those that are open or may be opened again. */
OUV_MUST_CHECK enum ouv_err store_key_letters(
	struct store_tx *tx, int64_t *cases_out, int64_t *live_out);
/* Another recovery code is asked for if theirs is of an older pepper. */
OUV_MUST_CHECK enum ouv_err store_person_renew_paper(
	struct store_tx *tx, const struct ouv_id *person, int version);
/* ---- another k_id (ident.c, sql_ident.h)
 * ---------------------------------------- */

/* Every row of these tokens says the present one; nothing before both programs
 * hold it, or when the former is retired. */
OUV_MUST_CHECK enum ouv_err store_idents_move(struct store_tx *tx,
	const struct store_token *tokens, size_t count, int64_t *moved_out);
/* The same with what stands in a case; whole: what it has besides is looked for
 * there no more. */
OUV_MUST_CHECK enum ouv_err store_case_idents_move(struct store_tx *tx,
	const struct ouv_id *case_id, int version,
	const struct store_token *tokens, size_t count, bool whole);
/* Addresses that the gateway can read, 200 behind that one. */
OUV_MUST_CHECK enum ouv_err store_ident_capsules(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *after,
	struct store_capsule **list_out, size_t *count_out);
/* Does the one before this version stand, and what was made by it? */
OUV_MUST_CHECK enum ouv_err store_ident_former(
	struct store_tx *tx, int version, bool *is_out);
/* May its tokens be moved: do both programs hold this version as well? */
OUV_MUST_CHECK enum ouv_err store_ident_moves(
	struct store_tx *tx, int version, bool *is_out);
/* Cases this person can open that have tokens of before this version, that one
 * first if it has some, and as many others; none before tokens may be moved. */
OUV_MUST_CHECK enum ouv_err store_idents_cases(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person, int version,
	const struct ouv_id *first, int most, struct ouv_id **list_out,
	size_t *count_out);
/* What lies under a k_id before this version. */
struct store_idents_left {
	int64_t names, cases; /* tokens; the cases that have some */
	int64_t lost;         /* of the tokens: their case says not of what */
	int64_t ties;         /* in force, with consumers */
	int64_t coming;       /* mails that are not filed */
	int64_t held;         /* mails that wait for a decision */
	int64_t recent;       /* mails of the last seven days */
};
OUV_MUST_CHECK enum ouv_err store_idents_left(
	struct store_tx *tx, int version, struct store_idents_left *left_out);
/* Nothing of it is kept; ties end. */
OUV_MUST_CHECK enum ouv_err store_idents_retire(
	struct store_tx *tx, int version);

struct store_key_status {
	int64_t cases;        /* that are not erased */
	int64_t no_escrow;    /* of them, without a grant to ESCROW */
	int64_t nobody;       /* of them, that nobody who can log in can open */
	int64_t rekey_due;    /* of them, waiting for a new key */
	int64_t people;       /* active */
	int64_t no_recovery;  /* of them, with no confirmed recovery code */
	int64_t escrow_given; /* keys that came out of the escrow */
	int64_t escrow_at;    /* when last; 0: never */
	int64_t drill_at;     /* of the last one; 0: never */
};
OUV_MUST_CHECK enum ouv_err store_key_status(
	struct store_tx *tx, struct store_key_status *status_out);

#endif
