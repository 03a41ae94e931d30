/*
 * page_seal.h - what the files about keys of parties' pages share
 *
 * Writing to a party seals the message to its live page keys: casefile_item
 * does it for every item, whoever writes.  In a batch of mails keys and boxes
 * are collected and written at once.
 */
#ifndef OUV_DESK_PAGE_SEAL_H
#define OUV_DESK_PAGE_SEAL_H

#include "desk_impl.h"
#include "ouv/page_key.h"
#include "ouv/store_mediation.h"
#include "ouv/store_page.h"
#include "ouv/upload.h"
#include "upload_use.h"

/* ---- access_code.c: codes as people read and type them ---------------------
 */

/* A fresh one of 100 bits, in groups of four, none of digits alone: no rule
 * takes it for a telephone number. */
const char *access_code_new(const struct ouv_desk *desk,
	struct ouv_arena *arena, uint8_t raw_out[OUV_CODE_RAW]);
/* As it was heard and typed.  OUV_INVALID. */
OUV_MUST_CHECK enum ouv_err access_code_read(
	const char *typed, uint8_t raw_out[OUV_CODE_RAW]);
/* text without such codes; each is an ellipsis. */
const char *access_code_hidden(struct ouv_arena *arena, const char *text);

/* ---- page_key.c: keys ------------------------------------------------------
 */

/* Those of a case, each with a certificate that holds. */
struct page_readers {
	size_t count;
	struct store_page_reader *list;
};
OUV_MUST_CHECK enum ouv_err page_readers_load(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *cases, size_t case_count,
	struct page_readers *readers_out);
/* Of the case being written, asked once. */
OUV_MUST_CHECK enum ouv_err page_readers_of(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file);

/* What a batch writes at its end. */
struct page_pile {
	struct store_page_key *keys;
	struct store_page_box *boxes;
	size_t key_count, key_room, box_count, box_room;
};
OUV_MUST_CHECK enum ouv_err page_pile_write(
	struct store_tx *tx, const struct page_pile *pile);

/* OUV_INVALID: none of ours. */
OUV_MUST_CHECK enum ouv_err page_kind_parse(
	const char *name, enum ouv_page_kind *kind_out);
/* Does its certificate hold?  OUV_REFUSED: it does not, and that is told. */
OUV_MUST_CHECK enum ouv_err page_key_check(struct ouv_desk *desk,
	struct store_tx *tx, const struct store_page_key *key);

struct page_wish {
	enum ouv_page_kind kind;
	struct ouv_id reader;
	struct ouv_id case_id; /* it is for that one alone; zero: not */
	const char *label;     /* NULL: none */
	int days;              /* 0: as is usual for its kind */
	int64_t now;
	/* Who certifies it; NULL: the gateway. */
	const struct ouv_actor *actor;
};
/* Written (into the pile, if there is one).  The code is in the arena and
 * nowhere else: print it, once. */
OUV_MUST_CHECK enum ouv_err page_key_make(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct page_pile *pile,
	const struct page_wish *wish, struct store_page_key *key_out,
	const char **code_out);
/* A consumer's: what they had is over.  to->page_code is set, and what is
 * written to the file from now on is sealed to it.  fresh: the party is new. */
OUV_MUST_CHECK enum ouv_err page_key_consumer(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	const struct ouv_actor *actor, bool fresh, int64_t now,
	struct consumer *to);
/* A contact's, if they have none: else to->page_code stays NULL. */
OUV_MUST_CHECK enum ouv_err page_key_contact(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	const struct ouv_actor *actor, int64_t now, struct consumer *to);
/* Has that person of a company a live one?  The file's readers are loaded. */
bool page_has_key(const struct casefile *file, const struct consumer *to);

/* ---- page_box.c: sealing ---------------------------------------------------
 */

/* The context of one box; release zero: their own message. */
void page_box_context(const struct ouv_desk *desk,
	const struct ouv_id *page_key, const struct ouv_id *case_id,
	const struct ouv_id *item, int part, const struct ouv_id *release,
	int64_t until_at, struct ouv_context *context_out);
/* An item of the case being written; capsule: to whom a letter goes; NULL:
 * to all of its party. */
OUV_MUST_CHECK enum ouv_err page_seal_item(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	const struct store_item *item, const uint8_t dek[OUV_KEY],
	const struct ouv_id *capsule);
/* What was released to a party, but by a code. */
struct release;
OUV_MUST_CHECK enum ouv_err page_seal_release(struct verb_call *call,
	const struct release *release, const struct ouv_id *disclosure);
/* What its readers ought to open and do not yet, of what was handed over to
 * one of them too, in the session of somebody who has the case open: a part of
 * it each time. */
OUV_MUST_CHECK enum ouv_err page_catch_up(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct opened *opened);

/* ---- party_page.c ----------------------------------------------------------
 */

/* Whom the token of a letter's link names: of a company the one address the
 * letter went to. */
struct party_link {
	struct store_say say;
	struct ouv_id capsule, contact; /* or zero */
};
/* OUV_NOT_FOUND: nobody, or no longer; both ask the same. */
OUV_MUST_CHECK enum ouv_err party_of_token(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, const char *token,
	struct party_link *link_out);

/* What a page says of where the case stands, and what may be decided now. */
void party_fill(struct ouv_arena *arena, const struct store_say *say,
	struct ouv_party_page *view);
bool party_offers(const struct ouv_party_page *view, const char *action,
	const char *choice);
/* Held, erased or without a number is none to a party: OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err party_is_there(const struct store_say *say);

/* ---- party_words.c ---------------------------------------------------------
 */

/* Words of a party, with files that lie there for its form. */
struct party_words {
	const struct store_say *say;
	const char *text;
	int64_t at;
	const struct upload_list *files; /* NULL: none */
	struct verb_call *call;          /* needed with files */
};
/* As a message of the case; locks it. */
OUV_MUST_CHECK enum ouv_err party_words_keep(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct party_words *words, struct ouv_id *item_out);

/* ---- page_visit.c ----------------------------------------------------------
 */

struct page_limit {
	const char *scope;
	int free, max_secs, window_secs;
};
/* Whoever tries is counted, right or wrong. */
OUV_MUST_CHECK enum ouv_err page_count(struct ouv_desk *desk,
	const struct page_limit *limits, const struct ouv_id *counted,
	size_t count, int *wait_out);

/* ---- page_read.c -----------------------------------------------------------
 */

/* The case of that number (or the visit's own), if the visit may read of it. */
OUV_MUST_CHECK enum ouv_err page_case_of(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	const char *number, struct store_page_case *case_out);

/* ---- page_ask.c: the gateway's part ----------------------------------------
 */

OUV_MUST_CHECK enum ouv_err tick_page_asks(
	struct ouv_desk *desk, size_t *done_out);

#endif
