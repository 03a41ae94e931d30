/*
 * session.c - who is logged in, who has to wait, which forms were carried out
 *
 * Every moment here is the database's: several servers share one clock.
 */
#include <stdio.h>

#include "inner.h"

enum ouv_err
store_session_add(struct store_tx *tx, const uint8_t id[32],
	const struct ouv_id *person, const uint8_t wrapped[104],
	const uint8_t ua_hash[32], int most)
{
	TRY(sql_write(tx, SQL_SESSION_TRIM,
		ARGS(SQL_ID(person), SQL_INT(most > 1 ? most - 1 : 0))));
	return sql_write(tx, SQL_SESSION_ADD,
		ARGS(SQL_BYTES(id, 32), SQL_ID(person), SQL_BYTES(wrapped, 104),
			SQL_BYTES(ua_hash, 32)));
}

enum ouv_err
store_session_use(struct store_tx *tx, const uint8_t id[32], int idle_minutes,
	int hours, struct store_session *session_out)
{
	PGresult *res RESULT;
	struct store_session session;
	struct row row;

	TRY(sql_read(tx, SQL_SESSION_GET, &res,
		ARGS(SQL_BYTES(id, 32), SQL_INT(idle_minutes),
			SQL_INT(hours))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	session.person = row_id(&row);
	(void)row_bytes(&row, session.wrapped, sizeof(session.wrapped));
	session.stepped = row_bool(&row);
	(void)snprintf(session.theme, sizeof(session.theme), "%s",
		row_text(&row, sql_scratch(tx->store)));
	session.keys = row_bool(&row);
	session.at_case = row_bool(&row);
	if (row_bool(&row))
		TRY(sql_write(tx, SQL_SESSION_SEEN, ARGS(SQL_BYTES(id, 32))));
	*session_out = session;
	return OUV_OK;
}

enum ouv_err
store_session_end(struct store_tx *tx, const uint8_t id[32])
{
	return sql_write(tx, SQL_SESSION_END, ARGS(SQL_BYTES(id, 32)));
}

enum ouv_err
store_throttle_wait(struct store_tx *tx, const char *scope,
	const struct ouv_id *token, int *secs_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_THROTTLE_WAIT, &res,
		ARGS(SQL_TEXT(scope), SQL_ID(token))));
	row = row_at(res, 0);
	*secs_out = PQntuples(res) == 0 ? 0 : (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_throttle_fail(struct store_tx *tx, const char *scope,
	const struct ouv_id *token, int free, int max_secs, int window_secs)
{
	return sql_write(tx, SQL_THROTTLE_FAIL,
		ARGS(SQL_TEXT(scope), SQL_ID(token), SQL_INT(free),
			SQL_INT(max_secs), SQL_INT(window_secs)));
}

enum ouv_err
store_throttle_clear(
	struct store_tx *tx, const char *scope, const struct ouv_id *token)
{
	return sql_write(
		tx, SQL_THROTTLE_CLEAR, ARGS(SQL_TEXT(scope), SQL_ID(token)));
}

/* Asked at once and no failure of the transaction: a form sent twice is an
 * answer, not a trouble. */
enum ouv_err
store_form_key_use(struct store_tx *tx, const struct ouv_id *key,
	const struct ouv_id *person, const char *verb)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_FORM_KEY_USE, &res,
		ARGS(SQL_ID(key), SQL_ID(person), SQL_TEXT(verb))));
	return PQntuples(res) == 1 ? OUV_OK : OUV_CONFLICT;
}

enum ouv_err
store_sweep_server(struct store_tx *tx, int idle_minutes, int session_hours)
{
	TRY(sql_write(tx, SQL_UPLOAD_SWEEP, NO_ARGS));
	return sql_write(tx, SQL_SWEEP_SERVER,
		ARGS(SQL_INT(idle_minutes), SQL_INT(session_hours)));
}

enum ouv_err
store_sweep_gateway(struct store_tx *tx)
{
	TRY(sql_write(tx, SQL_PAGE_ASK_SWEEP, NO_ARGS));
	return sql_write(tx, SQL_SWEEP_GATEWAY, NO_ARGS);
}
