/*
 * scan.c - words read from pictures: which pages there are, and what they say
 */
#include "inner.h"
#include "ouv/store_scan.h"

static void
row_state(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_scan_state *state = entry;

	state->item = row_id(row);
	state->part = (int)row_int(row);
	state->done = (int)row_int(row);
	state->head = row_str(row, arena);
}

enum ouv_err
store_scan_states(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_scan_state **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_SCAN_STATES, &res, ARGS(SQL_ID(case_id))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_state, count_out);
	return OUV_OK;
}

enum ouv_err
store_scan_rows(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *item, int part, struct store_scan_rows *rows_out)
{
	PGresult *res RESULT;
	int count;

	TRY(sql_read(
		tx, SQL_SCAN_ROWS, &res, ARGS(SQL_ID(item), SQL_INT(part))));
	count = PQntuples(res);
	*rows_out = (struct store_scan_rows){
		.pages = ouv_arena_array(arena, (size_t)count, sizeof(int))
	};
	for (int i = 0; i < count; i++) {
		struct row row = row_at(res, i);
		int page = (int)row_int(&row);

		if (page == 0)
			rows_out->head = row_str(&row, arena);
		else
			rows_out->pages[rows_out->count++] = page;
	}
	return OUV_OK;
}

enum ouv_err
store_scan_page(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *item, int part,
	int page, struct ouv_str *ct_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_SCAN_PAGE, &res,
		ARGS(SQL_ID(case_id), SQL_ID(item), SQL_INT(part),
			SQL_INT(page))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*ct_out = row_str(&row, arena);
	return OUV_OK;
}

enum ouv_err
store_scan_add(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *item, int part, int page, struct ouv_str ct)
{
	return sql_write(tx, SQL_SCAN_ADD,
		ARGS(SQL_ID(case_id), SQL_ID(item), SQL_INT(part),
			SQL_INT(page), SQL_BYTES(ct.p, ct.len)));
}

static void
row_due(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_scan_due *due = entry;

	due->item = row_id(row);
	due->part = (int)row_int(row);
	due->page = (int)row_int(row);
	due->ct = row_str(row, arena);
	due->key_version = (int)row_int(row);
	(void)row_bytes(row, due->dek_box, sizeof(due->dek_box));
}

enum ouv_err
store_scan_due(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, int most,
	struct store_scan_due **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(
		tx, SQL_SCAN_DUE, &res, ARGS(SQL_ID(case_id), SQL_INT(most))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_due, count_out);
	return OUV_OK;
}

enum ouv_err
store_scan_taken(struct store_tx *tx, const struct ouv_id *case_id, int version,
	const struct store_scan_due *list, size_t count)
{
	struct ouv_arena *scratch = sql_scratch(tx->store);
	int64_t *parts = ouv_arena_array(scratch, count, sizeof(*parts));
	int64_t *pages = ouv_arena_array(scratch, count, sizeof(*pages));

	if (count == 0)
		return tx->failed;
	for (size_t i = 0; i < count; i++) {
		parts[i] = list[i].part;
		pages[i] = list[i].page;
	}
	return sql_write(tx, SQL_SCAN_TAKEN,
		ARGS(SQL_ID(case_id), SQL_INT(version),
			sql_ids(scratch, &list->item, sizeof(*list), count),
			sql_ints(scratch, parts, count),
			sql_ints(scratch, pages, count)));
}
