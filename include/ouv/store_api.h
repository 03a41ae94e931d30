/*
 * store_api.h - rows about programs of companies: what a token may do, how
 * often it asked, what was answered
 *
 * Beside store.h and with its conventions (lib/store/api.c, sql_api.h).  The
 * tokens themselves are page keys (store_page.h).
 */
#ifndef OUV_STORE_API_H
#define OUV_STORE_API_H

#include "ouv/store.h"

struct store_api_token {
	struct ouv_id page_key, unit, signer;
	int scopes; /* bits */
	uint8_t sig[64];
};
OUV_MUST_CHECK enum ouv_err store_api_token_add(
	struct store_tx *tx, const struct store_api_token *token);

struct store_api_line {
	struct ouv_id id, unit;
	int scopes;
	const char *label, *by; /* by: a colleague's name, or "" */
	int64_t made_at, expires_at, revoked_at, last_used_at; /* 0: not */
};
/* Newest first, also those that are over; unit zero: of everybody. */
OUV_MUST_CHECK enum ouv_err store_api_tokens(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *unit,
	struct store_api_line **list_out, size_t *count_out);

/* One request is counted in a window of so many seconds: this is number used,
 * the window ends in left_secs.  token: unit zero, if there is no such row. */
struct store_api_use {
	int used, left_secs;
	struct store_api_token token;
	bool works; /* the unit's contract and the company's membership run */
};
OUV_MUST_CHECK enum ouv_err store_api_count(struct store_tx *tx,
	const struct ouv_id *page_key, int window_secs,
	struct store_api_use *use_out);

/* A request that is done once. */
struct store_api_once {
	bool ours;           /* nobody did it yet: done or drop must follow */
	uint8_t request[32]; /* not ours: of whoever was first */
	int status;          /* 0: it is being done */
	const char *answer;
};
OUV_MUST_CHECK enum ouv_err store_api_once_begin(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *page_key,
	const uint8_t key[32], const uint8_t request[32],
	struct store_api_once *once_out);
OUV_MUST_CHECK enum ouv_err store_api_once_done(struct store_tx *tx,
	const struct ouv_id *page_key, const uint8_t key[32], int status,
	const char *answer);
OUV_MUST_CHECK enum ouv_err store_api_once_drop(struct store_tx *tx,
	const struct ouv_id *page_key, const uint8_t key[32]);

#endif
