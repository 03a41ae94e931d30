/*
 * reply_code.c - the codes that letters bear, when the key that makes them was
 * changed
 *
 * One key makes them while one of the programs was started before the other
 * key came: what leaves must be known to both.
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/store_keys.h"

const struct ouv_key *
tok_present(const struct ouv_desk *desk)
{
	const struct ouv_key *key = desk->office->k_tok;
	const struct ouv_key *former = ouv_key_former(key);

	return former == NULL || desk->tok_held ? key : former;
}

/* Nothing is asked but while there is one before it. */
static enum ouv_err
ask_held(struct ouv_desk *desk, struct store_tx *tx)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) = NULL;
	const struct ouv_key *key = desk->office->k_tok;
	struct store_key_taken *taken;
	size_t count;
	int held = 0;

	if (desk->tok_held || ouv_key_former(key) == NULL)
		return OUV_OK;
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	TRY(store_key_taken(tx, arena, &taken, &count));
	for (size_t i = 0; i < count; i++)
		held += strcmp(taken[i].name, "k_tok") == 0 &&
			taken[i].version >= (int)ouv_key_version(key);
	desk->tok_held = held == 2;
	return OUV_OK;
}

enum ouv_err
reply_code(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *party, int version,
	bool fresh, char code_out[OUV_CODE_MAX])
{
	const struct ouv_key *key;
	uint8_t raw[OUV_CODE_RAW];
	struct ouv_id address;

	TRY(ask_held(desk, tx));
	key = tok_present(desk);
	ouv_code_make(key, case_id, party, (uint32_t)version, code_out);
	/* The first key's rows came with the parties. */
	if (!fresh && ouv_key_version(key) == 1)
		return OUV_OK;
	TRY(ouv_code_read(code_out, strlen(code_out), raw, NULL));
	ouv_code_id(raw, &address);
	return store_reply_address_add(tx, &address, case_id, party, version);
}
