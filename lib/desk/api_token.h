/*
 * api_token.h - what the files about programs of companies share
 */
#ifndef OUV_DESK_API_TOKEN_H
#define OUV_DESK_API_TOKEN_H

#include "ouv/api.h"
#include "ouv/store_api.h"
#include "page_seal.h"

/* What a token may do, as whoever made it signs it: beside the certificate of
 * its key (page_key.c), so that a row alone widens nothing. */
void scopes_cert(const struct ouv_desk *desk,
	const struct store_api_token *token, const uint8_t pk[OUV_KEY],
	struct ouv_cert *cert);
/* code: with its dashes. */
void bearer_write(const struct ouv_id *key, const char *code,
	char bearer_out[OUV_BEARER_MAX]);

/* Key, scopes and signature are written, by actor. */
struct token_wish {
	const struct ouv_actor *actor; /* person and identity count */
	const struct ouv_id *unit;
	const char *label;
	int days;
	unsigned scopes;
	int64_t now;
};
OUV_MUST_CHECK enum ouv_err token_make(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct token_wish *wish, struct ouv_id *key_out,
	char bearer_out[OUV_BEARER_MAX]);

#endif
