/*
 * store_page.h - rows of the keys by which a party reads on its own page
 *
 * Beside store.h and with its conventions (lib/store/page.c, sql_page.h).  What
 * is read here is not believed: lib/desk/page_key.c checks each key's
 * certificate before anything is sealed to it.
 */
#ifndef OUV_STORE_PAGE_H
#define OUV_STORE_PAGE_H

#include "ouv/store.h"

struct store_page_key {
	struct ouv_id id, case_id, reader, signer; /* case_id may be zero */
	const char *kind, *label;          /* consumer, contact, token */
	uint8_t pk[32], sig[64], name[32]; /* name: written, never read */
	int64_t made_at, expires_at, revoked_at, last_used_at; /* 0: not */
};
/* A live key, and whose messages of a case it opens; capsule zero: all of that
 * party, else of letters only those that went there. */
struct store_page_reader {
	struct ouv_id case_id, party, capsule;
	struct store_page_key key;
};
struct store_page_box {
	struct ouv_id page_key, item, disclosure; /* disclosure may be zero */
	int part; /* -1: the message, or its words */
	uint8_t box[112];
};

/* All of them in one statement; count 0 of both: none.  A box that is there
 * already stays.  OUV_CONFLICT (told later): that reader got another key. */
OUV_MUST_CHECK enum ouv_err store_page_write(struct store_tx *tx,
	const struct store_page_key *keys, size_t key_count,
	const struct store_page_box *boxes, size_t box_count);
OUV_MUST_CHECK enum ouv_err store_page_readers(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *cases, size_t case_count,
	struct store_page_reader **list_out, size_t *count_out);

/* What those keys ought to open and do not yet, of their own and of what was
 * handed over to them; most: of each.  Server only. */
struct store_page_lack {
	struct ouv_id page_key, party, item, disclosure;
	int key_version, part;
	uint8_t dek_box[112];
	int64_t until_at; /* of what was released */
};
OUV_MUST_CHECK enum ouv_err store_page_missing(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id, int most,
	struct store_page_lack **list_out, size_t *count_out);
/* How many messages that key does not open yet. */
OUV_MUST_CHECK enum ouv_err store_page_lacks(struct store_tx *tx,
	const struct ouv_id *page_key, const struct ouv_id *case_id,
	int *count_out);

/* OUV_NOT_FOUND.  Also one that is over. */
OUV_MUST_CHECK enum ouv_err store_page_key_named(struct store_tx *tx,
	struct ouv_arena *arena, const uint8_t name[32],
	struct store_page_key *key_out);
OUV_MUST_CHECK enum ouv_err store_page_key(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *id,
	struct store_page_key *key_out);
/* All that reader ever had, in the order in which they were made. */
OUV_MUST_CHECK enum ouv_err store_page_keys_of(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *reader,
	struct store_page_key **list_out, size_t *count_out);
/* One, or whatever a reader has, is over; its boxes and visits go. */
OUV_MUST_CHECK enum ouv_err store_page_key_end(
	struct store_tx *tx, const struct ouv_id *id, const char *why);
OUV_MUST_CHECK enum ouv_err store_page_keys_end(
	struct store_tx *tx, const struct ouv_id *reader, const char *why);
OUV_MUST_CHECK enum ouv_err store_page_made_since(struct store_tx *tx,
	const struct ouv_id *reader, int secs, int *count_out);
/* Visits and keys whose time is over, and what was released and is. */
OUV_MUST_CHECK enum ouv_err store_page_sweep(struct store_tx *tx, int64_t now);

/* Half an hour of reading; id: hash of its cookie. */
struct store_page_visit {
	uint8_t id[32];
	uint8_t box[76]; /* OUV_PIECE */
	int64_t expires_at;
	struct store_page_key key; /* of add: its id alone */
};
OUV_MUST_CHECK enum ouv_err store_page_visit_add(
	struct store_tx *tx, const struct store_page_visit *visit);
/* OUV_NOT_FOUND: none, or it or its key is over. */
OUV_MUST_CHECK enum ouv_err store_page_visit(struct store_tx *tx,
	struct ouv_arena *arena, const uint8_t id[32], int64_t now,
	struct store_page_visit *visit_out);
OUV_MUST_CHECK enum ouv_err store_page_visit_end(
	struct store_tx *tx, const uint8_t id[32]);
/* The case of that id (or zero) or number (or NULL), and whose messages of it
 * the key opens.  OUV_NOT_FOUND: nobody's. */
struct store_page_case {
	struct ouv_id case_id, party;
	const char *protocol;
};
OUV_MUST_CHECK enum ouv_err store_page_case(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *page_key,
	const struct ouv_id *case_id, const char *protocol,
	struct store_page_case *case_out);

/* One box with its message; side of who wrote or gets it, or NULL. */
struct store_page_item {
	struct store_item item;
	struct ouv_id disclosure; /* zero: their own */
	int part;
	uint8_t box[112];
	int64_t until_at;
	const char *side;
};
/* Newest first, of at most so many messages before that number. */
OUV_MUST_CHECK enum ouv_err store_page_items(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *page_key,
	const struct ouv_id *case_id, int before, int most, int64_t now,
	struct store_page_item **list_out, size_t *count_out);

/* ---- asking for another code -----------------------------------------------
 */

struct store_page_ask {
	struct ouv_id id;
	const char *kind, *protocol;    /* protocol may be NULL */
	struct ouv_id token, token_was; /* or zero */
};
/* The gateway is woken. */
OUV_MUST_CHECK enum ouv_err store_page_ask_add(
	struct store_tx *tx, const struct store_page_ask *ask);
/* OUV_NOT_FOUND: nobody asks. */
OUV_MUST_CHECK enum ouv_err store_page_ask_take(struct store_tx *tx,
	struct ouv_arena *arena, struct store_page_ask *ask_out);
OUV_MUST_CHECK enum ouv_err store_page_ask_done(
	struct store_tx *tx, const struct ouv_id *id, const char *outcome);
/* Cases and consumers it means, five at most. */
struct store_page_asker {
	struct ouv_id case_id, party;
};
OUV_MUST_CHECK enum ouv_err store_page_askers(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_page_ask *ask,
	struct store_page_asker **list_out, size_t *count_out);
/* Active contacts by id and address. */
struct store_page_contact {
	struct ouv_id id;
	const char *addr;
};
OUV_MUST_CHECK enum ouv_err store_page_contacts(struct store_tx *tx,
	struct ouv_arena *arena, struct store_page_contact **list_out,
	size_t *count_out);
/* The newest case in which that contact can be written to.  OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err store_page_contact_case(struct store_tx *tx,
	const struct ouv_id *contact, struct ouv_id *case_out,
	struct ouv_id *capsule_out, struct ouv_id *party_out);

#endif
