/*
 * grant.c - who holds which key, who is to get one, and who leaves
 */
#include "inner.h"
#include "ouv/store_keys.h"

static enum ouv_err
ask_ids(struct store_tx *tx, struct ouv_arena *arena, enum sql_id id,
	const struct sql_arg *args, size_t arg_count, struct ouv_id **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, id, &res, args, arg_count));
	*list_out = read_ids(res, arena, count_out);
	return OUV_OK;
}

/* The first row says that it was done. */
enum ouv_err
ask_done(struct store_tx *tx, struct ouv_arena *arena, enum sql_id id,
	const struct sql_arg *args, size_t arg_count, struct ouv_id **cases_out,
	size_t *count_out)
{
	struct ouv_id *list;
	size_t count;

	TRY(ask_ids(tx, arena, id, args, arg_count, &list, &count));
	if (count == 0)
		return OUV_CONFLICT;
	*cases_out = list + 1;
	*count_out = count - 1;
	return OUV_OK;
}

/* ---- by itself ------------------------------------------------------------
 */

enum ouv_err
store_grant_lacking(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *holder,
	const char *roles, struct ouv_id **list_out, size_t *count_out)
{
	return ask_ids(tx, arena, SQL_GRANT_LACKING,
		ARGS(SQL_ID(case_id), SQL_ID(holder), SQL_TEXT(roles)),
		list_out, count_out);
}

enum ouv_err
store_grant_ask(struct store_tx *tx, const struct ouv_id *case_id,
	const char *roles, const char *why)
{
	return sql_write(tx, SQL_GRANT_ASK,
		ARGS(SQL_ID(case_id), SQL_TEXT(roles), SQL_TEXT(why)));
}

enum ouv_err
store_grants_desk_end(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct ouv_id **list_out,
	size_t *count_out)
{
	return ask_ids(tx, arena, SQL_GRANTS_DESK_END, ARGS(SQL_ID(case_id)),
		list_out, count_out);
}

/* ---- several at once ------------------------------------------------------
 */

static void
row_due(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_grant_due *due = entry;

	due->case_id = row_id(row);
	due->key_version = (int)row_int(row);
	(void)row_bytes(row, due->box, sizeof(due->box));
	due->person = row_id(row);
	due->why = row_text(row, arena);
}

enum ouv_err
store_grants_due(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *holder, int most,
	struct store_grant_due **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_GRANTS_DUE, &res,
		ARGS(sql_id_or_null(case_id), SQL_ID(holder), SQL_INT(most))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_due, count_out);
	return OUV_OK;
}

enum ouv_err
store_keys_lacking(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_keys_wish *wish, int most,
	struct store_grant_due **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_KEYS_LACKING, &res,
		ARGS(SQL_ID(&wish->holder), SQL_ID(&wish->to),
			SQL_TEXT(wish->which), sql_id_or_null(&wish->of),
			SQL_INT(most))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_due, count_out);
	return OUV_OK;
}

enum ouv_err
store_keys_left(struct store_tx *tx, const struct store_keys_wish *wish,
	int64_t *left_out, int64_t *conflicts_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_KEYS_LEFT, &res,
		ARGS(SQL_ID(&wish->holder), SQL_ID(&wish->to),
			SQL_TEXT(wish->which), sql_id_or_null(&wish->of))));
	row = row_at(res, 0);
	*left_out = row_int(&row);
	*conflicts_out = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_grants_due_of(struct store_tx *tx, const struct ouv_id *owner,
	const struct ouv_id *substitute)
{
	return sql_write(
		tx, SQL_GRANTS_DUE_OF, ARGS(SQL_ID(owner), SQL_ID(substitute)));
}

/* ---- taken back -----------------------------------------------------------
 */

enum ouv_err
store_grant_revoke(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *person,
	const struct ouv_id *by, const char **outcome_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_GRANT_REVOKE, &res,
		ARGS(SQL_ID(case_id), SQL_ID(person), SQL_ID(by))));
	row = row_at(res, 0);
	*outcome_out = row_text(&row, arena);
	return OUV_OK;
}

static void
row_gone(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_key_gone *gone = entry;

	(void)arena;
	gone->case_id = row_id(row);
	gone->person = row_id(row);
}

enum ouv_err
store_ties_felt(struct store_tx *tx, struct ouv_arena *arena,
	struct store_key_gone **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_TIES_FELT, &res, NO_ARGS));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_gone, count_out);
	return OUV_OK;
}

/* ---- who they are ---------------------------------------------------------
 */

static enum ouv_role
row_role(struct row *row, struct ouv_arena *arena)
{
	enum ouv_role role;

	return ouv_role_parse(row_text(row, arena), &role) == OUV_OK
		       ? role
		       : OUV_ROLE__COUNT;
}

static void
row_reader(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_reader *reader = entry;

	reader->login = row_text(row, arena);
	reader->name = row_text(row, arena);
	reader->role = row_role(row, arena);
	reader->since_at = row_int(row);
	reader->given_by = row_text(row, arena);
	reader->why = row_text(row, arena);
	reader->due = row_bool(row);
}

enum ouv_err
store_readers(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *holder,
	struct store_reader **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(
		tx, SQL_READERS, &res, ARGS(SQL_ID(case_id), SQL_ID(holder))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_reader, count_out);
	return OUV_OK;
}

static void
row_staff(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_staff *who = entry;

	who->id = row_id(row);
	who->login = row_text(row, arena);
	who->name = row_text(row, arena);
	who->role = row_role(row, arena);
	who->active = row_bool(row);
	who->desk = row_bool(row);
	who->away = row_bool(row);
	who->held = row_int(row);
	who->owned = row_int(row);
	who->sessions = row_int(row);
	who->seen_at = row_int(row);
}

enum ouv_err
store_staff(struct store_tx *tx, struct ouv_arena *arena, const char *login,
	int idle_minutes, int session_hours, struct store_staff **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_STAFF, &res,
		ARGS(login != NULL ? SQL_TEXT(login) : SQL_NULL,
			SQL_INT(idle_minutes), SQL_INT(session_hours))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_staff, count_out);
	return OUV_OK;
}

/* ---- somebody leaves ------------------------------------------------------
 */

static void
row_stop(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_leave_stop *stop = entry;

	stop->case_id = row_id(row);
	stop->protocol = row_text(row, arena);
}

enum ouv_err
store_leave_stops(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, struct store_leave_stop **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_LEAVE_STOPS, &res, ARGS(SQL_ID(person))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_stop, count_out);
	return OUV_OK;
}

enum ouv_err
store_leave(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, struct ouv_id **cases_out,
	size_t *count_out)
{
	return ask_done(tx, arena, SQL_LEAVE, ARGS(SQL_ID(person)), cases_out,
		count_out);
}

enum ouv_err
store_role_others(
	struct store_tx *tx, const struct ouv_id *person, int *count_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_ROLE_OTHERS, &res, ARGS(SQL_ID(person))));
	row = row_at(res, 0);
	*count_out = (int)row_int(&row);
	return OUV_OK;
}
