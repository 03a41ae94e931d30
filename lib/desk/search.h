/*
 * search.h - what finding words shares: folding, tokens, taking a case in
 */
#ifndef DESK_SEARCH_H
#define DESK_SEARCH_H

#include "desk_impl.h"
#include "ouv/search.h"
#include "ouv/store_keys.h"

/* ---- search_fold.c: a text as words that are found however they were typed
 * ------ */

enum fold_kind {
	FOLD_WORD,
	FOLD_NUMBER, /* digits however they were grouped; see fold_words */
	FOLD_ADDRESS,
};

/* part: it stands inside a number or an address that is told as well. */
typedef void fold_fn(void *user, enum fold_kind kind, bool part,
	const char *word, size_t len);

#define FOLD_TEXT ((size_t)1 << 20) /* bytes of one text taken in at most */
#define FOLD_LONG 64                /* characters of a word that count */

/*
 * The words of a text: case, accents and shape (NFKC) are taken away, words of
 * one letter and the commonest ones left out.  A number of at least eight
 * digits, grouped by . - / ( ) or not, is told as one: its last eight digits
 * after "~" up to thirteen, all of them from fourteen on.  blanks: those group
 * digits too.
 */
void fold_words(struct ouv_arena *arena, const char *text, size_t len,
	bool blanks, fold_fn *tell, void *user);

/* ---- search_tokens.c: words as tokens of one case
 * -------------------------------- */

#define TOKENS_MOST 20000 /* of one case */
#define TOKENS_PAD 16

/* A set of them. */
struct tokens {
	struct ouv_arena *arena;
	uint8_t key[OUV_KEY];
	uint64_t *slots; /* 0: free */
	size_t size, count;
};
/* Forget the key with tokens_wipe. */
void tokens_init(struct tokens *tokens, struct ouv_arena *arena,
	const uint8_t csk[OUV_KEY]);
void tokens_wipe(struct tokens *tokens);
/* False: it is in the set, or the set is full. */
bool tokens_put(struct tokens *tokens, const uint8_t token[OUV_WORD]);
void tokens_text(
	struct tokens *tokens, struct ouv_arena *scratch, const char *text);
/* Words read from a picture: each is told from one that was typed as well. */
void tokens_scan(
	struct tokens *tokens, struct ouv_arena *scratch, const char *text);
void token_scan(const uint8_t key[OUV_KEY], const char *word, size_t len,
	uint8_t out[OUV_WORD]);
/* Those of the set that are not in `known`, and random ones up to a multiple of
 * TOKENS_PAD; in the order of their values, which says nothing. */
uint8_t (*tokens_new(const struct tokens *tokens, struct tokens *known,
	size_t *count_out))[OUV_WORD];

/* ---- search_key.c: the key of a case's words
 * ---------------------------------------- */

struct word_opener {
	const struct ouv_desk *desk;
	const struct ouv_actor *actor;
	uint8_t public[OUV_KEY];
	uint8_t key[OUV_KEY]; /* of what is kept */
};
/* Forget the key with word_opener_wipe. */
void word_opener_init(struct word_opener *opener, const struct ouv_desk *desk,
	const struct ouv_actor *actor);
void word_opener_wipe(struct word_opener *opener);
/* As an earlier search left it; false: it did not, or it was altered. */
bool word_key_kept(const struct word_opener *opener,
	const struct store_search_row *row, uint8_t key_out[OUV_KEY]);
/* From the grant. */
OUV_MUST_CHECK enum ouv_err word_key_granted(const struct word_opener *opener,
	const struct store_search_row *row, uint8_t key_out[OUV_KEY]);
void word_key_keep(const struct word_opener *opener,
	const struct ouv_id *case_id, int version, const uint8_t key[OUV_KEY],
	struct store_word_key *out);

/* ---- search_index.c: taking a case in
 * -------------------------------------------- */

/*
 * Takes in what is not yet, part by part: a message's words, then each of its
 * attachments.  One part at least; none is begun after `until_ms` (monotonic).
 * left_out: something remains.  A case that changed under our hands, or that
 * the actor can open no more, is left for the next time.
 *
 * OUV_TEMPORARY: so are attachments that cannot be read now.
 */
OUV_MUST_CHECK enum ouv_err index_case(struct ouv_desk *desk,
	const struct ouv_actor *actor, const struct ouv_id *id,
	int64_t until_ms, bool *left_out);

#endif
