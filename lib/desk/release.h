/*
 * release.h - what the files about releases to a party share
 */
#ifndef OUV_DESK_RELEASE_H
#define OUV_DESK_RELEASE_H

#include "move.h"
#include "ouv/disclosure.h"
#include "ouv/store_keys.h"

/* What stands in place of what is left out; the same for every length. */
#define RELEASE_MARK                                       \
	"\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88" \
	"\xe2\x96\x88"

/* "7": the words of message 7; "7.2": its second attachment. */
bool piece_read(const char *value, int *seq_out, int *part_out);
/* May any of it be released at all?  Notes of the office are not. */
bool release_may(const struct store_item *item);
/* There are words, and none of them is its writer's own. */
bool release_only_quotes(struct ouv_arena *arena, const struct ouv_mail *mail);
/*
 * The words that a party reads of a message: without what it quotes, and
 * without the secret half of our own links and addresses, which would let a
 * reader act as somebody else.
 */
const char *release_words(const struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_mail *mail);
const char *release_mask(
	const struct ouv_desk *desk, struct ouv_arena *arena, const char *text);

/* A piece as it was chosen and looked up. */
struct piece {
	const char *field; /* of the form */
	int part;
	const struct store_item *item;
	struct ouv_mail mail;
};
struct release {
	const char *side, *mode;
	struct ouv_id party;
	int64_t expires_at;
	int max_opens;
	const struct piece *pieces;
	size_t piece_count;
};
/* Writes it down; id_out names it, url_out is for the letter alone. */
OUV_MUST_CHECK enum ouv_err release_make(struct verb_call *call,
	const struct release *release, struct ouv_id *id_out,
	const char **url_out);
/*
 * The context of a piece's box.  Until when and how often are in it: a row in
 * which either was raised opens nothing.
 */
void release_context(const struct ouv_desk *desk,
	const struct store_disclosure *d, const struct ouv_id *item,
	struct ouv_context *context_out);
/* Opens a box; also one of before the limits were in the context, which made
 * anew has none of these. */
OUV_MUST_CHECK enum ouv_err release_piece(const struct ouv_desk *desk,
	const struct store_disclosure *d,
	const struct store_disclosure_piece *piece, const uint8_t key[OUV_KEY],
	uint8_t dek_out[OUV_KEY]);
/* Why it opens no more, as ouv_disclosure.over; NULL: it does. */
const char *release_over(const struct store_disclosure *d, int64_t now);

#endif
