/*
 * due.c - what falls due: clocks that run and open tasks, of the cases that
 * somebody may read
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_console.h"

static enum ouv_err
row_due(PGresult *res, int n, struct ouv_arena *arena, struct store_due *due)
{
	struct row row = row_at(res, n);

	TRY(row_case(&row, arena, &due->line.c));
	(void)row_bytes(&row, due->line.box, sizeof(due->line.box));
	due->line.owner_name = row_text(&row, arena);
	due->due_us = row_int(&row);
	due->due_at = due->due_us / 1000000;
	due->key = row_text(&row, arena);
	due->task = row_text(&row, arena);
	return due->task != NULL ? OUV_OK : row_clock(&row, arena, &due->clock);
}

enum ouv_err
store_dues(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, bool mine, int64_t from_us,
	int64_t until_at, const char *after_key, int limit,
	struct store_due **list_out, size_t *count_out)
{
	PGresult *res RESULT;
	struct store_due *list;
	size_t count;

	TRY(sql_read(tx, SQL_DUES, &res,
		ARGS(SQL_ID(person), SQL_BOOL(mine), SQL_INT(from_us),
			SQL_INT(until_at), SQL_TEXT(after_key),
			SQL_INT(limit))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		TRY(row_due(res, (int)i, arena, &list[i]));
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_due_counts(struct store_tx *tx, const struct ouv_id *person, bool mine,
	const int64_t *bounds, size_t count, int64_t *clocks_out,
	int64_t *tasks_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_DUE_COUNTS, &res,
		ARGS(SQL_ID(person), SQL_BOOL(mine),
			sql_ints(sql_scratch(tx->store), bounds, count))));
	memset(clocks_out, 0, (count + 1) * sizeof(*clocks_out));
	memset(tasks_out, 0, (count + 1) * sizeof(*tasks_out));
	for (int i = 0; i < PQntuples(res); i++) {
		struct row row = row_at(res, i);
		size_t at = (size_t)row_int(&row);
		bool task = row_bool(&row);

		if (at <= count)
			(task ? tasks_out : clocks_out)[at] = row_int(&row);
	}
	return OUV_OK;
}
