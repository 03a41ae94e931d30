/*
 * write.c - what a colleague's letter changes besides items and the outbox
 */
#include "inner.h"

enum ouv_err
store_party_side(struct store_tx *tx, const struct ouv_id *case_id,
	const char *side, struct ouv_id *party_out, int *code_version_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PARTY_SIDE, &res,
		ARGS(SQL_ID(case_id), SQL_TEXT(side))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*party_out = row_id(&row);
	*code_version_out = (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_promise_add(struct store_tx *tx, const struct store_task *task,
	const struct ouv_id *outbox)
{
	return sql_write(tx, SQL_PROMISE_ADD,
		ARGS(SQL_ID(&task->id), SQL_ID(&task->case_id), SQL_ID(outbox),
			sql_id_or_null(&task->party), SQL_INT(task->opened_at),
			SQL_INT(task->due_at), SQL_ID(&task->words)));
}

enum ouv_err
store_case_due(struct store_tx *tx, const struct ouv_id *case_id,
	int64_t was_at, int64_t due_at)
{
	return sql_write(tx, SQL_CASE_DUE,
		ARGS(SQL_ID(case_id), was_at != 0 ? SQL_INT(was_at) : SQL_NULL,
			SQL_INT(due_at)));
}

enum ouv_err
store_letters_since(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const char *side, int seq,
	struct ouv_change **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_LETTERS_SINCE, &res,
		ARGS(SQL_ID(case_id), SQL_TEXT(side), SQL_INT(seq))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_change, count_out);
	return OUV_OK;
}
