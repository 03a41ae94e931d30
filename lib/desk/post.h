/*
 * post.h - what the files about letters on paper share
 */
#ifndef DESK_POST_H
#define DESK_POST_H

#include "frame.h"
#include "ouv/post.h"
#include "ouv/store_post.h"

/* What only those who hold the case's key may know of a letter's way; each may
 * be "", never NULL. */
struct post_words {
	const char *name, *postal; /* as it was printed */
	const char *lang;          /* of its reader */
	const char *tracking;
	const char *why; /* it came back; or what shows that it arrived */
};

/* post_words.c: with the key of the letter's item.  Those of a row that has
 * none yet are empty. */
OUV_MUST_CHECK enum ouv_err post_words_open(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct store_post *post,
	const uint8_t dek[OUV_KEY], struct post_words *words_out);
void post_words_seal(struct ouv_desk *desk, struct ouv_arena *arena,
	struct store_post *post, const uint8_t dek[OUV_KEY],
	const struct post_words *words);
/* The key of its item, for who holds that of the case. */
OUV_MUST_CHECK enum ouv_err post_key(struct verb_call *call,
	const struct store_post *post, uint8_t dek[OUV_KEY]);

/* post_paper.c: what stands on the sheet, by the words that are stored.
 * OUV_REFUSED: no address is known; OUV_INVALID: its words cannot be read. */
OUV_MUST_CHECK enum ouv_err post_paper(struct verb_call *call,
	const struct store_post *post, struct post_words *words,
	const uint8_t dek[OUV_KEY], struct ouv_post_paper *paper_out);

/* post.c: a task about this letter, asked once more if it was done. */
OUV_MUST_CHECK enum ouv_err post_ask(struct ouv_desk *desk, struct store_tx *tx,
	struct casefile *file, const struct store_post *post, const char *kind,
	int64_t now, const struct ouv_id *by);

/* post_enclosed.c: what a letter that releases something has with it. */
OUV_MUST_CHECK enum ouv_err post_enclosed(struct verb_call *call,
	const struct store_post *post, const struct store_item *item,
	struct ouv_print_letter *letter);

/* post_clock.c: it counts as delivered at that moment: its clock begins then,
 * anew if it had begun. */
OUV_MUST_CHECK enum ouv_err post_clock_from(
	struct verb_call *call, const struct store_post *post, int64_t from);
/* It did not arrive: nobody's time runs. */
OUV_MUST_CHECK enum ouv_err post_clock_off(
	struct verb_call *call, const struct store_post *post);

#endif
