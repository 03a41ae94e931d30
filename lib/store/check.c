/*
 * check.c - does every statement fit the schema, and may its role run it
 */
#include <stdio.h>

#include "inner.h"
#include "ouv/log.h"

static enum ouv_err
check_one(struct store *store, enum sql_id id)
{
	const struct sql_text *sql = &sql_texts[id];
	PGresult *res RESULT;

	if (PQsendPrepare(store->conn, "", sql->text, 0, NULL) != 1)
		return OUV_TEMPORARY;
	pipe_sent(store, id);
	if (PQsendDescribePrepared(store->conn, "") != 1)
		return OUV_TEMPORARY;
	pipe_sent(store, id);
	TRY(pipe_sync(store, &res));
	if (PQnparams(res) == sql->args)
		return OUV_OK;
	ouv_log_error("database: %s takes %d arguments, not %d", sql->name,
		PQnparams(res), sql->args);
	return OUV_INVALID;
}

enum ouv_err
store_check_sql(struct store *store)
{
	enum ouv_err err = OUV_OK, one;

	if (store->tx.open)
		return OUV_INVALID;
	TRY(conn_need(store));
	for (enum sql_id id = 0; id < SQL__COUNT; id++) {
		one = check_one(store, id);
		if (one == OUV_TEMPORARY)
			return one;
		if (one != OUV_OK)
			err = OUV_INVALID;
	}
	return err;
}

enum ouv_err
sql_probe(struct store *store, enum sql_id id, char sqlstate_out[6])
{
	const struct sql_text *sql = &sql_texts[id];
	const char *nothing[32] = { NULL };
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;

	TRY(store_begin(store, &tx));
	TRY(store_flush(tx));
	store->sqlstate[0] = '\0';
	if (PQsendQueryParams(store->conn, sql->text, sql->args, NULL, nothing,
		    NULL, NULL, 1) != 1)
		return OUV_TEMPORARY;
	pipe_sent(store, id);
	err = pipe_sync(store, NULL);
	if (store->conn == NULL)
		return OUV_TEMPORARY;
	(void)snprintf(
		sqlstate_out, 6, "%s", err == OUV_OK ? "" : store->sqlstate);
	return OUV_OK;
}
