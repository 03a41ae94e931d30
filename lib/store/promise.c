/*
 * promise.c - the ledger: who promised what, until when, what became of it
 */
#include "inner.h"
#include "ouv/store_mediation.h"

static void
read_promise(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_promise *p = entry;

	p->id = row_id(row);
	p->n = (int)row_int(row);
	p->promiser = row_text(row, arena);
	p->person = row_id(row);
	p->item = row_id(row);
	p->source = row_text(row, arena);
	p->made_at = row_int(row);
	p->due_at = row_int(row);
	p->says_company = row_text(row, arena);
	p->says_consumer = row_text(row, arena);
	p->asked_at = row_int(row);
	p->state = row_text(row, arena);
	p->ended_at = row_int(row);
}

enum ouv_err
store_promises(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_promise **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_PROMISES, &res, ARGS(SQL_ID(case_id))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), read_promise, count_out);
	return OUV_OK;
}

enum ouv_err
store_promise_new(struct store_tx *tx, const struct ouv_id *case_id,
	struct store_promise *promise)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PROMISE_NEW, &res,
		ARGS(SQL_ID(&promise->id), SQL_ID(case_id),
			SQL_TEXT(promise->promiser),
			sql_id_or_null(&promise->person),
			SQL_ID(&promise->item), SQL_TEXT(promise->source),
			SQL_INT(promise->made_at), SQL_INT(promise->due_at))));
	row = row_at(res, 0);
	promise->n = (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_promise_asked(
	struct store_tx *tx, const struct ouv_id *case_id, int n, int64_t now)
{
	return sql_write(tx, SQL_PROMISE_ASKED,
		ARGS(SQL_ID(case_id), SQL_INT(n), SQL_INT(now)));
}

enum ouv_err
store_promise_says(struct store_tx *tx, const struct ouv_id *case_id, int n,
	const char *side, const char *says)
{
	return sql_write(tx, SQL_PROMISE_SAYS,
		ARGS(SQL_ID(case_id), SQL_INT(n), SQL_TEXT(side),
			SQL_TEXT(says)));
}

enum ouv_err
store_promise_end(struct store_tx *tx, const struct ouv_id *case_id, int n,
	const char *state, int64_t now)
{
	return sql_write(tx, SQL_PROMISE_END,
		ARGS(SQL_ID(case_id), SQL_INT(n), SQL_TEXT(state),
			SQL_INT(now)));
}

enum ouv_err
store_promises_void(
	struct store_tx *tx, const struct ouv_id *case_id, int64_t now)
{
	return sql_write(
		tx, SQL_PROMISES_VOID, ARGS(SQL_ID(case_id), SQL_INT(now)));
}

enum ouv_err
store_promise_end_task(struct store_tx *tx, const struct ouv_id *task,
	const char *state, int64_t now)
{
	return sql_write(tx, SQL_PROMISE_END_TASK,
		ARGS(SQL_ID(task), SQL_TEXT(state), SQL_INT(now)));
}

enum ouv_err
store_rating_add(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *party, const char *choice, const char *source,
	int64_t now)
{
	struct ouv_id id = ouv_id_new();

	return sql_write(tx, SQL_RATING_ADD,
		ARGS(SQL_ID(&id), SQL_ID(case_id), SQL_ID(party),
			SQL_TEXT(choice), SQL_TEXT(source), SQL_INT(now)));
}
