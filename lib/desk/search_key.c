/*
 * search_key.c - the key of a case's words, for one person's searches
 *
 * Opening a grant is what a search costs.  So what came of it is kept beside
 * the grant, under a key that the person's secret alone gives: as secret as
 * the grant is, gone when it goes, and opened in a hundredth of the time.
 */
#include <string.h>

#include "search.h"

static void
context(const struct word_opener *opener, enum ouv_kind kind,
	const struct ouv_id *case_id, int version, struct ouv_context *out)
{
	context_make(opener->desk, kind, OUV_COLUMN_PERSON, case_id,
		&opener->actor->person, version, out);
}

void
word_opener_init(struct word_opener *opener, const struct ouv_desk *desk,
	const struct ouv_actor *actor)
{
	*opener = (struct word_opener){ .desk = desk, .actor = actor };
	ouv_box_public(actor->identity->box, opener->public);
	ouv_hash_keyed(actor->identity->box, "ouv-wkey", actor->person.b,
		sizeof(actor->person.b), opener->key);
}

void
word_opener_wipe(struct word_opener *opener)
{
	ouv_wipe(opener->key, sizeof(opener->key));
}

bool
word_key_kept(const struct word_opener *opener,
	const struct store_search_row *row, uint8_t key_out[OUV_KEY])
{
	struct ouv_context about;

	if (!row->has_key)
		return false;
	context(opener, OUV_KIND_WORD_KEY, &row->id, row->version, &about);
	return ouv_piece_open(&about, opener->key, row->key, sizeof(row->key),
		       0, key_out) == OUV_OK;
}

enum ouv_err
word_key_granted(const struct word_opener *opener,
	const struct store_search_row *row, uint8_t key_out[OUV_KEY])
{
	struct ouv_context about;
	uint8_t csk[OUV_KEY];

	context(opener, OUV_KIND_CASE_KEY, &row->id, row->version, &about);
	TRY(ouv_open_key_pair(&about, opener->public,
		opener->actor->identity->box, row->box, sizeof(row->box), csk));
	ouv_word_key(csk, key_out);
	ouv_wipe(csk, sizeof(csk));
	return OUV_OK;
}

void
word_key_keep(const struct word_opener *opener, const struct ouv_id *case_id,
	int version, const uint8_t key[OUV_KEY], struct store_word_key *out)
{
	struct ouv_context about;

	context(opener, OUV_KIND_WORD_KEY, case_id, version, &about);
	*out = (struct store_word_key){ .case_id = *case_id,
		.version = version };
	ouv_piece_seal(&about, opener->key, key, 0, out->box);
}
