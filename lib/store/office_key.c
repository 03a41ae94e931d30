/*
 * office_key.c - the office's own keys: their backup, what lies under ESCROW,
 * how they stand
 */
#include "inner.h"
#include "ouv/store_keys.h"

enum ouv_err
store_is_empty(struct store *store, bool *is_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(conn_need(store));
	if (PQsendQueryParams(store->conn, sql_texts[SQL_IS_EMPTY].text, 0,
		    NULL, NULL, NULL, NULL, 1) != 1)
		return OUV_TEMPORARY;
	pipe_sent(store, SQL_IS_EMPTY);
	TRY(pipe_sync(store, &res));
	row = row_at(res, 0);
	*is_out = row_int(&row) == 0;
	return OUV_OK;
}

static void
row_secret(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_host_secret *secret = entry;

	secret->name = row_text(row, arena);
	secret->version = (int)row_int(row);
	(void)row_bytes(row, secret->box, sizeof(secret->box));
}

enum ouv_err
store_host_secrets(struct store_tx *tx, struct ouv_arena *arena,
	struct store_host_secret **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_HOST_SECRETS, &res, NO_ARGS));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_secret, count_out);
	return OUV_OK;
}

static void
row_escrow(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_escrow_case *c = entry;

	c->grant.case_id = row_id(row);
	c->protocol = row_text(row, arena);
	c->conflict = row_bool(row);
	c->grant.version = (int)row_int(row);
	(void)row_bytes(row, c->grant.box, sizeof(c->grant.box));
	c->grant.granted_by = row_id(row);
	(void)row_bytes(row, c->grant.sig, sizeof(c->grant.sig));
}

enum ouv_err
store_escrow_cases(struct store_tx *tx, struct ouv_arena *arena,
	const char *number, const struct ouv_id *person,
	struct store_escrow_case **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_ESCROW_CASES, &res,
		ARGS(number != NULL ? SQL_TEXT(number) : SQL_NULL,
			SQL_ID(person))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_escrow, count_out);
	return OUV_OK;
}

enum ouv_err
store_escrow_given_add(
	struct store_tx *tx, const struct store_escrow_given *given)
{
	return sql_write(tx, SQL_ESCROW_GIVEN_ADD,
		ARGS(SQL_ID(&given->case_id), SQL_INT(given->version),
			SQL_ID(&given->person),
			SQL_BYTES(given->grant_hash, sizeof(given->grant_hash)),
			SQL_ID(&given->first), SQL_ID(&given->second),
			SQL_BYTES(given->first_sig, sizeof(given->first_sig)),
			SQL_BYTES(
				given->second_sig, sizeof(given->second_sig))));
}

enum ouv_err
store_key_status(struct store_tx *tx, struct store_key_status *status_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_KEY_STATUS, &res, NO_ARGS));
	row = row_at(res, 0);
	*status_out = (struct store_key_status){ .cases = row_int(&row) };
	status_out->no_escrow = row_int(&row);
	status_out->nobody = row_int(&row);
	status_out->rekey_due = row_int(&row);
	status_out->people = row_int(&row);
	status_out->no_recovery = row_int(&row);
	status_out->escrow_given = row_int(&row);
	status_out->escrow_at = row_int(&row);
	status_out->drill_at = row_int(&row);
	return OUV_OK;
}
