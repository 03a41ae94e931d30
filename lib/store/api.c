/*
 * api.c - what a company's program may do, how often it asked, what it was told
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_api.h"

enum ouv_err
store_api_token_add(struct store_tx *tx, const struct store_api_token *token)
{
	return sql_write(tx, SQL_API_TOKEN_ADD,
		ARGS(SQL_ID(&token->page_key), SQL_ID(&token->unit),
			SQL_INT(token->scopes), SQL_ID(&token->signer),
			SQL_BYTES(token->sig, sizeof(token->sig))));
}

static void
row_line(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_api_line *l = entry;

	l->id = row_id(row);
	l->unit = row_id(row);
	l->scopes = (int)row_int(row);
	l->label = row_text(row, arena);
	l->by = row_text(row, arena);
	l->made_at = row_int(row);
	l->expires_at = row_int(row);
	l->revoked_at = row_int(row);
	l->last_used_at = row_int(row);
}

enum ouv_err
store_api_tokens(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *unit, struct store_api_line **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_API_TOKENS, &res, ARGS(sql_id_or_null(unit))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_line, count_out);
	return OUV_OK;
}

enum ouv_err
store_api_count(struct store_tx *tx, const struct ouv_id *page_key,
	int window_secs, struct store_api_use *use_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_API_COUNT, &res,
		ARGS(SQL_ID(page_key), SQL_INT(window_secs))));
	row = row_at(res, 0);
	use_out->used = (int)row_int(&row);
	use_out->left_secs = (int)row_int(&row);
	use_out->token.page_key = *page_key;
	use_out->token.unit = row_id(&row);
	use_out->token.scopes = (int)row_int(&row);
	use_out->token.signer = row_id(&row);
	(void)row_bytes(&row, use_out->token.sig, sizeof(use_out->token.sig));
	use_out->works = row_bool(&row);
	return OUV_OK;
}

/* ---- done once -------------------------------------------------------------
 */

enum ouv_err
store_api_once_begin(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *page_key, const uint8_t key[32],
	const uint8_t request[32], struct store_api_once *once_out)
{
	PGresult *begun RESULT;
	PGresult *there RESULT;
	struct row row;

	*once_out = (struct store_api_once){ .answer = "" };
	TRY(sql_read(tx, SQL_API_ONCE_BEGIN, &begun,
		ARGS(SQL_ID(page_key), SQL_BYTES(key, 32),
			SQL_BYTES(request, 32))));
	once_out->ours = PQntuples(begun) == 1;
	if (once_out->ours)
		return OUV_OK;
	TRY(sql_read(tx, SQL_API_ONCE, &there,
		ARGS(SQL_ID(page_key), SQL_BYTES(key, 32))));
	/* Given up by another request just now: as if it were being done. */
	memcpy(once_out->request, request, sizeof(once_out->request));
	if (PQntuples(there) == 0)
		return OUV_OK;
	row = row_at(there, 0);
	(void)row_bytes(&row, once_out->request, sizeof(once_out->request));
	once_out->status = (int)row_int(&row);
	once_out->answer = row_text(&row, arena);
	return OUV_OK;
}

enum ouv_err
store_api_once_done(struct store_tx *tx, const struct ouv_id *page_key,
	const uint8_t key[32], int status, const char *answer)
{
	return sql_write(tx, SQL_API_ONCE_DONE,
		ARGS(SQL_ID(page_key), SQL_BYTES(key, 32), SQL_INT(status),
			SQL_TEXT(answer)));
}

enum ouv_err
store_api_once_drop(struct store_tx *tx, const struct ouv_id *page_key,
	const uint8_t key[32])
{
	return sql_write(tx, SQL_API_ONCE_DROP,
		ARGS(SQL_ID(page_key), SQL_BYTES(key, 32)));
}
