/*
 * loose.c - mail that is no case: what was set aside, and the months' files of
 * automatic mail; how long it is kept
 */
#include "inner.h"
#include "ouv/store_keys.h"

static void
row_loose(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_loose *one = entry;

	one->id = row_id(row);
	one->since = row_int(row);
	one->aside = row_text(row, arena);
	one->month = (int)row_int(row);
	one->items = (int)row_int(row);
	one->readable = row_bool(row);
}

enum ouv_err
store_loose(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_loose_ask *ask, struct store_loose **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_LOOSE_DUE, &res,
		ARGS(SQL_INT(ask->aside), SQL_INT(ask->automatic),
			SQL_ID(&ask->reader), SQL_INT(ask->most))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_loose, count_out);
	return OUV_OK;
}

enum ouv_err
store_loose_count(struct store_tx *tx, const struct store_loose_ask *ask,
	int64_t *count_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_LOOSE_COUNT, &res,
		ARGS(SQL_INT(ask->aside), SQL_INT(ask->automatic))));
	row = row_at(res, 0);
	*count_out = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_loose_erase(struct store_tx *tx, const struct ouv_id *id, int64_t before)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(
		tx, SQL_LOOSE_ERASE, &res, ARGS(SQL_ID(id), SQL_INT(before))));
	row = row_at(res, 0);
	return row_bool(&row) ? OUV_OK : OUV_CONFLICT;
}
